"""Quotas that come from above: entered with the document that gives them, beside the computed ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db import quotas, units
from db.conferences import Conference
from db.quotas import Quota
from db.session import AsyncSession
from domain.access import Actor
from domain.conferences import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.plans import SeatGroup
from domain.snapshots import told
from service import conferences
from service.access import expect_held, expect_named
from service.audit import record


@dataclass(frozen=True, slots=True)
class Document:
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


async def receive(
    session: AsyncSession,
    actor: Actor,
    conference: Conference,
    *,
    unit: UUID,
    group: str,
    seats: int,
    document: Document,
) -> Quota:
    """Enter what the level above gave a unit. An adopted allocation of our own may not say otherwise."""
    terms = await conferences.terms_of(session, conference)
    wanted = _group(terms, group)
    await expect_named(session, actor, unit)
    if (await units.described(session, [unit], conference.as_of)) == []:
        raise Invalid("unit_not_found", errors=[Finding("unit_not_found", pointer="/unit")])
    await conferences.in_chain(session, conference.congress, unit, conference.as_of)
    if await quotas.find(session, conference.id, unit, group) is not None:
        raise Conflict("quota_conference_unit_group_key")
    quota = Quota(
        conference=conference.id,
        unit=unit,
        group=group,
        source="received",
        document=told(document),
        seats=seats,
        nominee_limit=wanted.nominees(seats),
    )
    session.add(quota)
    await session.flush()
    await _record(session, actor, conference, quota, "quota_received")
    return quota


async def replace(
    session: AsyncSession, actor: Actor, quota: Quota, *, seats: int, document: Document
) -> Misfit | None:
    """Another number by another document; a list that no longer fits is named, nobody is cut."""
    if quota.source != "received":
        raise Conflict("quota_not_received")
    conference = await conferences.get(session, actor, quota.conference)
    await expect_held(session, actor, conference.congress, conference.unit)
    terms = await conferences.terms_of(session, conference)
    fit(quota, seats, _group(terms, quota.group).nominees(seats))
    quota.document = told(document)
    session.add(quota)
    await session.flush()
    await _record(session, actor, conference, quota, "quota_replaced")
    return misfit(quota) if quota.excess_taken or quota.excess_nominated else None


async def get(session: AsyncSession, actor: Actor, id: UUID, *, lock: bool = False) -> Quota:  # noqa: A002
    """One quota within the actor's reach; with ``lock``, for the council of its unit or of its conference."""
    quota = await quotas.get(session, actor, id)
    if quota is None:
        raise NotFound("quota_not_found")
    if lock:
        conference = await conferences.get(session, actor, quota.conference)
        await expect_held(session, actor, conference.congress, quota.unit)
        await session.refresh(quota, with_for_update=True)
    return quota


async def of_conference(
    session: AsyncSession, actor: Actor, conference: Conference
) -> tuple[Sequence[Quota], Mapping[UUID, tuple[str, str]]]:
    """The quotas of a conference that the actor sees, and the names of their units."""
    rows = await quotas.of_conference(session, conference.id, actor=actor)
    return rows, await units.named(session, [row.unit for row in rows], conference.as_of)


def fit(quota: Quota, seats: int, nominee_limit: int) -> None:
    """Give a quota another size; what is taken beyond it is recorded as excess, not cut."""
    quota.seats, quota.nominee_limit, quota.version = seats, nominee_limit, quota.version + 1
    quota.excess_taken = max(0, quota.taken + quota.distributed - seats)
    quota.excess_nominated = max(0, quota.nominated + quota.distributed - nominee_limit)


def misfit(quota: Quota) -> Misfit:
    """What a quota says of a list that no longer fits."""
    return Misfit(quota.unit, quota.group, quota.seats, quota.taken, quota.nominee_limit, quota.nominated)


def _group(terms: ConferenceTerms, name: str) -> SeatGroup:
    for group in terms.seat_groups:
        if group.id == name and group.filled_by == "units":
            return group
    raise Invalid("group_unknown", errors=[Finding("group_unknown", {}, "/group")])


async def _record(
    session: AsyncSession, actor: Actor, conference: Conference, quota: Quota, act: str
) -> None:
    said: dict[str, Plain] = {
        "unit": str(quota.unit),
        "group": quota.group,
        "seats": quota.seats,
        "document": dict(quota.document or {}),
    }
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, act, "quota", quota.id, said, plan=plan)
