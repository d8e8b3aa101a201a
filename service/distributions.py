"""Distributing a quota: the seats of a unit over the units below it, by an exact rule of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID

from db import quotas, units
from db.conferences import Conference
from db.quotas import Quota
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import Figures
from domain.apportionment import Apportionment, Claim, Rule, Tie, apportion
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.snapshots import told
from service import conferences
from service.allocations.preparing import figures_of
from service.audit import record
from service.clock import today
from service.quotas import Misfit, committed, fit, misfit, resize


@dataclass(frozen=True, slots=True)
class Draw:
    """How a tie was settled: ``order`` holds the tied units, the first served first.

    A tie that waits is stored nowhere, so that no seed could be shown to have come after it: lots are drawn
    by hand. ``tied_digest`` is the tie's as it was answered; a draw made for other figures settles nothing.
    """

    tied_digest: str
    how: Literal["lot_by_hand", "decision"]
    order: tuple[str, ...]
    minutes: str
    drawn_by: str
    drawn_on: date


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a unit shares its seats: by a measure, with bounds for each, and a draw where it ties."""

    measure: str
    rule: Rule
    floor: int = 0
    cap: int | None = None
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class Distributed:
    """What came of it: the answer, the quotas below, and lists that no longer fit."""

    answer: Apportionment
    quotas: Sequence[Quota]
    misfits: Sequence[Misfit]


async def distribute(session: AsyncSession, actor: Actor, quota: Quota, sharing: Sharing) -> Distributed:
    """Share what a unit has not filled itself over the units right below it; again replaces it.

    Nobody who was accepted below is cut: a unit keeps at least the seats that are taken there. Nothing is
    stored while a lot is required or no solution exists: the answer says which.
    """
    conference = await conferences.get(session, actor, quota.conference)
    conferences.alive(conference)
    if quota.nominated > quota.taken:
        raise Conflict("nominations_pending", {"pending": quota.nominated - quota.taken})
    below = await _below(session, conference, quota.unit)
    _known(below, sharing.measure, quota.group)
    rows = {row.unit: row for row in await quotas.below(session, quota.id)}
    _expect_first(quota, sharing.draw)
    answer = _shared(quota, sharing, below, {unit: await committed(session, rows[unit]) for unit in rows})
    if answer.status != "decided":
        return Distributed(answer, (), ())
    written = await _write(session, quota, rows, answer)
    quota.distributed = sum(row.seats for row in written)
    quota.distribution = _told(quota, sharing, answer)
    fit(quota, quota.seats, quota.nominee_limit)
    session.add(quota)
    await session.flush()
    said: dict[str, Plain] = {"measure": sharing.measure, "seats": dict(answer.by_id)}
    if sharing.draw is not None:
        said["draw"] = {"how": sharing.draw.how, "drawn_by": sharing.draw.drawn_by}
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "quota_distributed", "quota", quota.id, said, plan=plan)
    late = [misfit(row) for row in written if row.excess_taken or row.excess_nominated]
    return Distributed(answer, written, late)


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


def _shared(
    quota: Quota, sharing: Sharing, below: Sequence[Figures], held: Mapping[UUID, int]
) -> Apportionment:
    """The seats that are left to share: without those taken by the unit, or by one no longer below it."""
    claims = [_claim(unit, sharing, held.get(UUID(unit.unit), 0)) for unit in below]
    here = {claim.id for claim in claims}
    gone = sum(taken for unit, taken in held.items() if str(unit) not in here)
    seats = max(0, quota.seats - quota.taken - gone)
    answer = apportion(seats, claims, sharing.rule)
    if sharing.draw is None:
        return answer
    if answer.tie is None or answer.tie.digest != sharing.draw.tied_digest:
        errors = [Finding("no_such_tie", {"stage": quota.group}, "/settlement/tied_digest")]
        raise Invalid("no_such_tie", errors=errors)
    return apportion(seats, claims, sharing.rule, lots=_order(sharing.draw, answer.tie))


def _claim(unit: Figures, sharing: Sharing, taken: int) -> Claim:
    cap = None if sharing.cap is None else max(sharing.cap, taken)
    return Claim(unit.unit, Fraction(unit.of(sharing.measure) or 0), max(sharing.floor, taken), cap)


def _order(draw: Draw, tie: Tie) -> tuple[str, ...]:
    """The drawn order."""
    errors = []
    if not draw.order:
        errors.append(Finding("missing", {}, "/settlement/order"))
    elif sorted(draw.order) != sorted(tie.ids):
        errors.append(Finding("order_names_other_units", {"units": list(tie.ids)}, "/settlement/order"))
    if draw.drawn_on > today():
        errors.append(Finding("day_in_future", {}, "/settlement/drawn_on"))
    if errors:
        raise Invalid("settlement_faulty", errors=errors)
    return draw.order


async def _write(
    session: AsyncSession, quota: Quota, held: Mapping[UUID, Quota], answer: Apportionment
) -> list[Quota]:
    """One quota for each unit below, those of an earlier distribution changed in their place."""
    rows = []
    gone = {str(unit): await committed(session, row) for unit, row in held.items()}
    for unit, seats in {**gone, **answer.by_id}.items():
        row = held.get(UUID(unit)) or Quota(
            conference=quota.conference,
            unit=UUID(unit),
            group=quota.group,
            source="distributed",
            parent=quota.id,
            seats=seats,
            nominee_limit=seats,
        )
        await resize(session, row, seats, seats)
        rows.append(row)
    await session.flush()
    return rows


def _told(quota: Quota, sharing: Sharing, answer: Apportionment) -> dict[str, Plain]:
    """How it was shared, with its proof and the record of the draw."""
    settlement = None if sharing.draw is None else told(sharing.draw)
    return {
        "measure": sharing.measure,
        "certificate": answer.certificate,
        "settlement": settlement,
        "settled": [*_settled(quota), *([settlement] if settlement else [])],
    }


def _settled(quota: Quota) -> list[dict[str, Any]]:
    """The record of every tie that was settled for this quota, whatever has replaced it since."""
    told = quota.distribution or {}
    return [*told.get("settled", filter(None, [told.get("settlement")]))]


def _expect_first(quota: Quota, draw: Draw | None) -> None:
    """A lot is drawn once: sharing the same figures again gives nobody a second chance at it."""
    for earlier in _settled(quota):
        same = draw is not None and earlier["tied_digest"] == draw.tied_digest
        if draw and same and earlier["how"] != "decision" and tuple(earlier["order"]) != draw.order:
            raise Conflict("tie_drawn_before", {"how": earlier["how"], "order": earlier["order"]})
