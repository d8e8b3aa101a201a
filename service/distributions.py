"""Distributing a quota: the seats of a unit over the units below it, by an exact rule of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from db import quotas, units
from db.conferences import Conference
from db.quotas import Quota
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import Figures
from domain.apportionment import Apportionment, Claim, Rule, apportion
from domain.findings import Conflict, Finding, Plain
from service import conferences
from service.allocations.preparing import figures_of
from service.audit import record
from service.quotas import Misfit, fit, misfit


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a unit shares its seats: by a measure, with bounds for each, and a drawn order where it ties."""

    measure: str
    rule: Rule
    floor: int = 0
    cap: int | None = None
    lots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Distributed:
    """What came of it: the answer, the quotas below, and lists that no longer fit."""

    answer: Apportionment
    quotas: Sequence[Quota]
    misfits: Sequence[Misfit]


async def distribute(session: AsyncSession, actor: Actor, quota: Quota, sharing: Sharing) -> Distributed:
    """Share a quota over the units right below its unit in the congress chain; again replaces it.

    Nothing is stored while a lot is required or no solution exists: the answer says which.
    """
    conference = await conferences.get(session, actor, quota.conference)
    below = await _below(session, conference, quota.unit)
    _known(below, sharing.measure, quota.group)
    claims = [
        Claim(unit.unit, Fraction(unit.of(sharing.measure) or 0), sharing.floor, sharing.cap)
        for unit in below
    ]
    answer = apportion(quota.seats, claims, sharing.rule, lots=sharing.lots)
    if answer.status != "decided":
        return Distributed(answer, (), ())
    rows = await _write(session, quota, answer)
    quota.distributed, quota.version = quota.seats, quota.version + 1
    quota.distribution = {"measure": sharing.measure, "certificate": answer.certificate}
    fit(quota, quota.seats, quota.nominee_limit)
    session.add(quota)
    await session.flush()
    told: dict[str, Plain] = {"measure": sharing.measure, "seats": dict(answer.by_id)}
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "quota_distributed", "quota", quota.id, told, plan=plan)
    late = [misfit(row) for row in rows if row.excess_taken or row.excess_nominated]
    return Distributed(answer, rows, late)


async def _below(session: AsyncSession, conference: Conference, unit: UUID) -> list[Figures]:
    pairs = await units.children(session, conference.congress, [unit], conference.as_of)
    if not pairs:
        raise Conflict("unit_has_nobody_below")
    return await figures_of(session, [child for _, child in pairs], conference.as_of)


def _known(below: Sequence[Figures], measure: str, group: str) -> None:
    errors = [
        Finding("figure_unknown", {"stage": group, "unit": unit.code, "name": unit.name, "measure": measure})
        for unit in below
        if unit.of(measure) is None
    ]
    if errors:
        raise Conflict("allocation_cannot_start", {"errors": len(errors)}, errors=errors)


async def _write(session: AsyncSession, quota: Quota, answer: Apportionment) -> list[Quota]:
    """One quota for each unit below, those of an earlier distribution changed in their place."""
    held: Mapping[UUID, Quota] = {row.unit: row for row in await quotas.below(session, quota.id)}
    rows = []
    for unit, seats in {**{str(unit): 0 for unit in held}, **answer.by_id}.items():
        row = held.get(UUID(unit)) or Quota(
            conference=quota.conference,
            unit=UUID(unit),
            group=quota.group,
            source="distributed",
            parent=quota.id,
            seats=seats,
            nominee_limit=seats,
        )
        fit(row, seats, seats)
        session.add(row)
        rows.append(row)
    await session.flush()
    return rows
