"""Who stands for a list where several units named a person, and who keeps a seat that they have already."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from domain.findings import Finding, Plain, Severity
from domain.nominations import NominationState
from domain.selection.pool import NomineeStatus

Place = tuple[UUID, str]
"""Unit and seat group."""


class NominationRecord(Protocol):
    """A nomination as it is stored. The rules below read it, and change nothing."""

    id: UUID
    person: UUID
    unit: UUID
    group: str
    state: NominationState


Row = TypeVar("Row", bound=NominationRecord)


def choose_candidates(
    rows: Iterable[Row],
    *,
    beside: Collection[UUID] = (),
    dropped: Collection[UUID] = (),
    before: Collection[UUID] = (),
) -> list[Row]:
    """The nominations by which people stand, where several units named a person.

    Drafts do not count, and whoever sits ``beside`` the elected, by office, roll or invitation, does not
    stand. Of a person's nominations that with the seat counts, else the one that stood ``before``, else
    those that the council has not ``dropped``; if all were dropped, one of them is enough. Several that are
    left are for the council to choose from: ``check_pool`` finds the person twice.
    """
    by_person: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        if row.state != NominationState.DRAFT and row.person not in beside:
            by_person[row.person].append(row)
    kept: list[Row] = []
    for same in by_person.values():
        kept += (
            [row for row in same if row.state == NominationState.ACCEPTED]
            or [row for row in same if row.id in before]
            or [row for row in same if row.id not in dropped]
            or same[:1]
        )
    return kept


def list_duplicates(rows: Iterable[Row], standing: Sequence[Row]) -> list[Row]:
    """The nominations that are set aside, since their people stand by another or sit beside the elected."""
    kept = {row.id for row in standing}
    return [row for row in rows if row.state != NominationState.DRAFT and row.id not in kept]


def check_duplicates(duplicates: Sequence[NominationRecord], beside: Collection[UUID]) -> list[Finding]:
    """What is said of nominations that are set aside."""
    found = []
    for row in duplicates:
        params: dict[str, Plain] = {"nomination": str(row.id)}
        code = "selection_already_invited" if row.person in beside else "selection_stands_by_another"
        found.append(Finding(code, params, severity=Severity.WARNING))
    return found


def check_seated_elsewhere(rows: Iterable[NominationRecord], elsewhere: Collection[UUID]) -> list[Finding]:
    """What is said of people who are delegates ``elsewhere``, to another congress, and cannot be chosen."""
    return [
        Finding("selection_goes_elsewhere", {"nomination": str(row.id)}, severity=Severity.WARNING)
        for row in rows
        if row.person in elsewhere
    ]


def check_barred_seats(rows: Iterable[NominationRecord], barred: Collection[UUID]) -> list[Finding]:
    """What is said of accepted people whom the plan does not take, since no list with them is passed now."""
    return [
        Finding("selection_seat_without_list", {"nomination": str(row.id)}, severity=Severity.WARNING)
        for row in rows
        if row.id in barred and row.state == NominationState.ACCEPTED
    ]


def choose_status(
    row: NominationRecord,
    *,
    erased: Collection[UUID],
    reopened: Collection[Place],
    fixed: Collection[UUID] = (),
    barred: Collection[UUID] = (),
) -> NomineeStatus:
    """Whoever has a seat keeps it, and who is ``fixed`` by a list that was passed has one, but in places that
    are ``reopened``. Nobody is sent of whom nothing is held any more, or who is ``barred`` by the plan: also
    not who was accepted while a vote stood for them that was revoked since."""
    if row.person in erased or row.id in barred:
        return NomineeStatus.INELIGIBLE
    is_reopened = (row.unit, row.group) in reopened
    if row.state == NominationState.ACCEPTED and not is_reopened:
        return NomineeStatus.SEATED
    return NomineeStatus.PASSED if row.id in fixed and not is_reopened else NomineeStatus.FREE
