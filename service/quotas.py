"""Quotas that come from above: entered with the document that gives them, beside the computed ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db import quotas, units
from db.conferences import Conference
from db.quotas import Quota
from db.session import AsyncSession
from domain.conferences import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.plans import SeatGroup
from domain.snapshots import plain_record
from service import conferences
from service.access import expect_may_act_for, expect_unit_visible
from service.audit import record_event
from service.work import Work

MOST_NOMINEES = 10**9
"""However a plan multiplies, no unit names more; the database counts them in 32 bits."""


@dataclass(frozen=True, slots=True)
class QuotaDocument:
    """The paper that gives a quota: kind, issuing organ, number and day, and its conditions in words."""

    kind: str
    organ: str
    number: str
    dated: date
    conditions: str | None = None


@dataclass(frozen=True, slots=True)
class Misfit:
    """A unit's list that no longer fits its quota. Nobody is cut: the unit and its superior settle it."""

    unit: UUID
    group: str
    seats: int
    taken: int
    nominee_limit: int
    nominated: int


async def receive_quota(
    work: Work,
    conference: Conference,
    *,
    unit: UUID,
    group: str,
    seats: int,
    document: QuotaDocument,
) -> Quota:
    """Enter what the level above gave a unit. An adopted allocation of our own may not say otherwise."""
    conferences.expect_not_cancelled(conference)
    terms = await conferences.load_terms(work.session, conference)
    wanted = _get_seat_group(terms, group)
    _expect_within_group(terms, wanted, seats)
    await expect_unit_visible(work, unit)
    if (await units.describe_units(work.session, [unit], conference.as_of)) == []:
        raise Invalid("unit_not_found", errors=[Finding("unit_not_found", pointer="/unit")])
    await conferences.expect_unit_in_chain(work.session, conference.congress, unit, conference.as_of)
    if not await units.is_direct_child(
        work.session, conference.congress, unit, conference.unit, conference.as_of
    ):
        raise Invalid("unit_not_below_conference", errors=[Finding("unit_not_below_conference", {}, "/unit")])
    if await quotas.find_unit_quota(work.session, conference.id, unit, group) is not None:
        raise Conflict("quota_conference_unit_group_key")
    quota = Quota(
        conference=conference.id,
        unit=unit,
        group=group,
        source="received",
        document=plain_record(document),
        seats=seats,
        nominee_limit=compute_nominee_limit(wanted, seats),
    )
    work.session.add(quota)
    await work.session.flush()
    await _record_act(work, conference, quota, "quota_received")
    return quota


async def replace_quota(work: Work, quota: Quota, *, seats: int, document: QuotaDocument) -> Misfit | None:
    """Another number by another document; a list that no longer fits is named, nobody is cut."""
    if quota.source != "received":
        raise Conflict("quota_not_received")
    conference = await conferences.get_conference(work, quota.conference)
    await expect_may_act_for(work, conference.congress, conference.unit)
    conferences.expect_not_cancelled(conference)
    terms = await conferences.load_terms(work.session, conference)
    group = _get_seat_group(terms, quota.group)
    _expect_within_group(terms, group, seats)
    await resize_quota(work.session, quota, seats, compute_nominee_limit(group, seats))
    quota.document = plain_record(document)
    work.session.add(quota)
    await work.session.flush()
    await _record_act(work, conference, quota, "quota_replaced")
    return build_misfit(quota) if quota.excess_taken or quota.excess_nominated else None


async def get_quota(work: Work, id: UUID, *, lock: bool = False) -> Quota:  # noqa: A002
    """One quota within the actor's reach.

    ``lock`` is for the council of its unit or of its conference; it holds the quota, and first the state of
    the conference: an adoption takes them in the same order.
    """
    if lock:
        place = await quotas.find_conference_unit(work.session, work.actor, id)
        if place is None:
            raise NotFound("quota_not_found")
        conference = await conferences.get_conference(work, place[0], share=True)
        await expect_may_act_for(work, conference.congress, place[1])
    quota = await quotas.find_quota(work.session, work.actor, id, lock=lock)
    if quota is None:
        raise NotFound("quota_not_found")
    return quota


async def list_conference_quotas(
    work: Work, conference: Conference
) -> tuple[Sequence[Quota], Mapping[UUID, tuple[str, str]]]:
    """The quotas of a conference that the actor sees, and the names of their units."""
    rows = await quotas.list_quotas(work.session, conference.id, actor=work.actor)
    return rows, await units.map_names_by_unit(work.session, [row.unit for row in rows], conference.as_of)


async def resize_quota(session: AsyncSession, quota: Quota, seats: int, nominee_limit: int) -> None:
    """Give a quota another size. The quota must be locked.

    Where its own people and what it distributed no longer fit, the units below keep only the seats that are
    taken; the others come back, so that all together never accept more than the quota has.
    """
    if quota.taken + quota.distributed > seats:
        await _recall_seats(session, quota)
    set_quota_size(quota, seats, nominee_limit)
    session.add(quota)


async def count_committed_seats(session: AsyncSession, quota: Quota) -> int:
    """The seats that nobody can take from a quota any more: accepted people, its own and those below it."""
    if not quota.distributed:
        return quota.taken
    return quota.taken + sum(
        [
            await count_committed_seats(session, row)
            for row in await quotas.lock_child_quotas(session, quota.id)
        ]
    )


async def _recall_seats(session: AsyncSession, quota: Quota) -> None:
    """Leave every quota below as many seats as are taken there."""
    below = await quotas.lock_child_quotas(session, quota.id)
    for row in below:
        if row.distributed:
            await _recall_seats(session, row)
        held = row.taken + row.distributed
        set_quota_size(row, held, held)
        session.add(row)
    quota.distributed = sum(row.seats for row in below)


def set_quota_size(quota: Quota, seats: int, nominee_limit: int) -> None:
    """Give a quota another size; what is taken beyond it is recorded as excess, not cut."""
    quota.seats, quota.nominee_limit, quota.version = seats, nominee_limit, quota.version + 1
    quota.excess_taken = max(0, quota.taken + quota.distributed - seats)
    quota.excess_nominated = max(0, quota.nominated + quota.distributed - nominee_limit)


def compute_nominee_limit(group: SeatGroup, seats: int) -> int:
    """How many a unit may name for its seats, as the plan has it."""
    return min(group.compute_nominee_limit(seats), MOST_NOMINEES)


def expect_no_other_source(held: Iterable[Quota], places: Mapping[tuple[UUID, str], str]) -> None:
    """Raise ``Conflict`` for places, (unit, group) → the unit's code, that have seats from somewhere else.

    From above, or from the unit over it; a received quota of nothing does not count.
    """
    others = [row for row in held if (row.unit, row.group) in places and not _is_empty(row)]
    received = [places[row.unit, row.group] for row in others if row.source == "received"]
    if received:
        errors = [Finding("quota_received_already", {"units": [unit]}) for unit in received]
        raise Conflict("quota_received_already", {"units": received}, errors=errors)
    shared = [places[row.unit, row.group] for row in others if row.source == "distributed"]
    if shared:
        errors = [Finding("quota_distributed_already", {"units": [unit]}) for unit in shared]
        raise Conflict("quota_distributed_already", {"units": shared}, errors=errors)


def _is_empty(quota: Quota) -> bool:
    used = quota.seats or quota.taken or quota.nominated or quota.distributed
    return quota.source == "received" and not used


def build_misfit(quota: Quota) -> Misfit:
    """What a quota says of a list that no longer fits."""
    return Misfit(quota.unit, quota.group, quota.seats, quota.taken, quota.nominee_limit, quota.nominated)


def _get_seat_group(terms: ConferenceTerms, name: str) -> SeatGroup:
    for group in terms.seat_groups:
        if group.id == name and group.filled_by == "units":
            return group
    raise Invalid("group_unknown", errors=[Finding("group_unknown", {}, "/group")])


def _expect_within_group(terms: ConferenceTerms, group: SeatGroup, seats: int) -> None:
    """No unit has more seats than its group, or than the whole conference where the group has no number."""
    known = [most for most in (group.seats, group.maximum, terms.cap) if most is not None]
    if known and seats > min(known):
        params: dict[str, Plain] = {"seats": seats, "most": min(known), "group": group.id}
        raise Invalid("quota_over_group", params, errors=[Finding("quota_over_group", params, "/seats")])


async def _record_act(work: Work, conference: Conference, quota: Quota, act: str) -> None:
    said: dict[str, Plain] = {
        "unit": str(quota.unit),
        "group": quota.group,
        "seats": quota.seats,
        "document": dict(quota.document or {}),
    }
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, act, "quota", quota.id, said, plan=plan)
