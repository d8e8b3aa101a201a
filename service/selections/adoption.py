"""Adopting a list: its decision is recorded, its nominees get their seats and become delegates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db import quotas, rolls, selections, votes
from db.allocations import Decision
from db.columns import now
from db.nominations import Nomination
from db.selections import Delegate, Selection
from domain.decisions import SelectionState
from domain.findings import Conflict, Plain
from domain.nominations import NominationState
from domain.selection.adoption import (
    ListedNomination,
    ListToAdopt,
    SeatChanges,
    SeatedDelegate,
    check_list_to_adopt,
    derive_seat_changes,
)
from domain.selection.summaries import PlaceOutcome
from domain.selection.wishes import REOPENED_CODE
from service.audit import store_row
from service.decisions import AdoptionDocument, begin_adoption, complete_adoption
from service.names import name_nominees_in
from service.selections.pool import get_selection_rule
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class _LockedList:
    """A list that is to be adopted, and the rows that its adoption changes."""

    adopted: ListToAdopt
    nominations: Mapping[UUID, Nomination]
    delegates: Sequence[Delegate]


async def adopt_selection(
    work: Work,
    case: Case,
    selection: Selection,
    versions: Sequence[tuple[Selection, datetime | None]],
    document: AdoptionDocument,
) -> Decision:
    """Adopt an approved list; the one that it came from is superseded. Returns the decision.

    ``versions`` are all those of the conference, locked, and when the inputs of each were frozen. Raises
    ``Conflict`` where, since the list was computed, a nomination was withdrawn, sent again or accepted, a
    person was erased or became a delegate to another congress, a vote was revoked that the plan requires, or
    seats were changed; and raises as
    :func:`service.decisions.begin_adoption`.
    """
    await begin_adoption(work, case, selection, [row for row, _ in versions], document)
    frozen_at = next(at for row, at in versions if row is selection)
    locked = await _lock_current_list(work, case, selection, frozen_at)
    await _seat_delegates(work, selection, locked)
    changes: dict[str, Plain] = {"state": SelectionState.ADOPTED, "delegates": len(locked.adopted.chosen)}
    return await complete_adoption(work, case, selection, document, changes)


async def _lock_current_list(
    work: Work, case: Case, selection: Selection, frozen_at: datetime | None
) -> _LockedList:
    """A list on which nothing has changed since it was computed.

    Everybody on it is still nominated, and no place has more of them than seats; otherwise ``Conflict``.
    """
    if frozen_at is None:  # an actor who may adopt a list may read its frozen inputs
        raise RuntimeError("an approved list has frozen inputs")
    places = await selections.list_selection_places(work.session, selection.id)
    chosen = frozenset(row.nomination for row in places if row.outcome is PlaceOutcome.CHOSEN)
    found = await selections.lock_listed_nominations(work.session, work.actor, case.conference.id, chosen)
    nominations = {row.id: _read_nomination(row, erased=erased) for row, erased in found}
    elsewhere = await _list_seated_elsewhere(work, case, chosen, nominations)
    free = {
        (row.unit, row.group): row.seats + row.excess_taken - row.distributed
        for row in await quotas.list_quotas(work.session, case.conference.id, lock=True)
    }
    delegates = await selections.list_delegates(work.session, case.conference.id, lock=True)
    adopted = ListToAdopt(
        chosen,
        frozenset(each.nomination for each in selection.leaving),
        _read_reopened_places(selection),
        frozen_at,
        nominations,
        [SeatedDelegate(row.id, row.nomination, (row.unit, row.group)) for row in delegates],
        await _list_unpassed(work, case, nominations),
    )
    by_office = await _list_seated_by_office(work, case, chosen, nominations)
    if wrong := check_list_to_adopt(adopted, free, elsewhere, by_office):
        await name_nominees_in(work, wrong)
        raise Conflict("selection_outdated", {"selection": str(selection.id)}, errors=wrong)
    return _LockedList(adopted, {row.id: row for row, _ in found}, delegates)


def _read_nomination(row: Nomination, *, erased: bool) -> ListedNomination:
    state = NominationState(row.state)
    return ListedNomination(row.id, row.person, (row.unit, row.group), state, row.submitted_at, erased)


def _read_reopened_places(selection: Selection) -> frozenset[tuple[UUID, str]]:
    """The places in which the council let seats be given again."""
    return frozenset(
        (UUID(str(each.params["unit"])), str(each.params["group"]))
        for each in selection.findings
        if each.code == REOPENED_CODE
    )


async def _list_seated_elsewhere(
    work: Work, case: Case, chosen: Iterable[UUID], nominations: Mapping[UUID, ListedNomination]
) -> frozenset[UUID]:
    """Delegates to another congress by a list that was adopted since, where the plan allows only one."""
    if not case.tier.congress or get_selection_rule(case.tier).both_congresses:
        return frozenset()
    await selections.lock_congresses(work.session)
    people = {nominations[one].person for one in chosen if one in nominations}
    return await selections.list_people_seated_elsewhere(work.session, case.conference, people)


async def _list_seated_by_office(
    work: Work, case: Case, chosen: Iterable[UUID], nominations: Mapping[UUID, ListedNomination]
) -> frozenset[UUID]:
    """People of the list who were put on the organiser's list by office since."""
    if not any(group.filled_by == "ex_officio" for group in case.terms.seat_groups):
        return frozenset()
    people = {nominations[one].person for one in chosen if one in nominations}
    return await rolls.list_seated_by_office(work.session, case.conference.id, people)


async def _list_unpassed(work: Work, case: Case, nominations: Iterable[UUID]) -> frozenset[UUID]:
    """Nominations without a list that was passed, where the plan takes nobody else."""
    if case.tier.list_vote is None or not case.tier.list_vote.required:
        return frozenset()
    voted = await votes.map_votes_by_nomination(work.session, case.conference.id)
    return frozenset(one for one in nominations if one not in voted or not voted[one].passed)


async def _seat_delegates(work: Work, selection: Selection, locked: _LockedList) -> None:
    """First free the seats given up, then fill seats, so that no quota is ever over its number."""
    changes = derive_seat_changes(locked.adopted)
    for row in locked.delegates:
        if row.id in changes.ended:
            row.ended_at, row.ended_reason = now(), changes.ended[row.id]
            work.session.add(row)
    await _store_states(work, locked.nominations, changes.given_up)
    await _store_states(work, locked.nominations, changes.taken)
    work.session.add_all(_build_delegates(selection, locked.nominations, changes))
    await work.session.flush()


async def _store_states(
    work: Work, rows: Mapping[UUID, Nomination], states: Mapping[UUID, NominationState]
) -> None:
    for one, state in states.items():
        rows[one].state = state
    await store_row(work, *(rows[one] for one in states))


def _build_delegates(
    selection: Selection, rows: Mapping[UUID, Nomination], changes: SeatChanges
) -> list[Delegate]:
    """A delegate for each newcomer."""
    made = []
    for one, replaced in changes.replaced.items():
        row = rows[one]
        if row.quota is None:  # the database has a CHECK for this
            raise RuntimeError("a submitted nomination has a quota")
        made.append(
            Delegate(
                conference=selection.conference,
                unit=row.unit,
                group=row.group,
                quota=row.quota,
                person=row.person,
                nomination=row.id,
                selection=selection.id,
                replaces=replaced,
            )
        )
    return made
