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
from domain.allocations import UnitFigures
from domain.apportionment import Apportionment, ApportionmentRule, Claim, Tie, apportion_seats
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.snapshots import plain_record
from service import conferences
from service.allocations.preparation import load_figures
from service.audit import record_event
from service.clock import today
from service.quotas import Misfit, build_misfit, count_committed_seats, resize_quota, set_quota_size
from service.work import Work


@dataclass(frozen=True, slots=True)
class DistributionLot:
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
class DistributionRequest:
    """How a unit shares its seats: by a measure, with bounds for each, and a draw where it ties."""

    measure: str
    rule: ApportionmentRule
    floor: int = 0
    cap: int | None = None
    draw: DistributionLot | None = None


@dataclass(frozen=True, slots=True)
class DistributionResult:
    """What came of it: the answer, the quotas below, and lists that no longer fit."""

    answer: Apportionment
    quotas: Sequence[Quota]
    misfits: Sequence[Misfit]


async def distribute_quota(work: Work, quota: Quota, sharing: DistributionRequest) -> DistributionResult:
    """Share what a unit has not filled itself over the units right below it; again replaces it.

    Nobody who was accepted below is cut: a unit keeps at least the seats that are taken there. Nothing is
    stored while a lot is required or no solution exists: the answer says which.
    """
    conference = await conferences.get_conference(work, quota.conference)
    conferences.expect_not_cancelled(conference)
    if quota.nominated > quota.taken:
        raise Conflict("nominations_pending", {"pending": quota.nominated - quota.taken})
    below = await _load_figures_below(work.session, conference, quota.unit)
    _expect_figures(below, sharing.measure, quota.group)
    rows = {row.unit: row for row in await quotas.lock_child_quotas(work.session, quota.id)}
    _expect_first_draw(quota, sharing.draw)
    answer = _apportion_seats(
        quota, sharing, below, {unit: await count_committed_seats(work.session, rows[unit]) for unit in rows}
    )
    if answer.status != "decided":
        return DistributionResult(answer, (), ())
    written = await _store_quotas(work.session, quota, rows, answer)
    quota.distributed = sum(row.seats for row in written)
    quota.distribution = _plain_distribution(quota, sharing, answer)
    set_quota_size(quota, quota.seats, quota.nominee_limit)
    work.session.add(quota)
    await work.session.flush()
    said: dict[str, Plain] = {"measure": sharing.measure, "seats": dict(answer.by_id)}
    if sharing.draw is not None:
        said["draw"] = {"how": sharing.draw.how, "drawn_by": sharing.draw.drawn_by}
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, "quota_distributed", "quota", quota.id, said, plan=plan)
    late = [build_misfit(row) for row in written if row.excess_taken or row.excess_nominated]
    return DistributionResult(answer, written, late)


async def _load_figures_below(session: AsyncSession, conference: Conference, unit: UUID) -> list[UnitFigures]:
    pairs = await units.list_children(session, conference.congress, [unit], conference.as_of)
    if not pairs:
        raise Conflict("unit_has_nobody_below")
    return await load_figures(session, [child for _, child in pairs], conference.as_of)


def _expect_figures(below: Sequence[UnitFigures], measure: str, group: str) -> None:
    errors = [
        Finding("figure_unknown", {"stage": group, "unit": unit.code, "name": unit.name, "measure": measure})
        for unit in below
        if unit.find_figure(measure) is None
    ]
    if errors:
        raise Conflict("allocation_cannot_start", {"errors": len(errors)}, errors=errors)


def _apportion_seats(
    quota: Quota, sharing: DistributionRequest, below: Sequence[UnitFigures], held: Mapping[UUID, int]
) -> Apportionment:
    """The seats that are left to share: without those taken by the unit, or by one no longer below it."""
    claims = [_build_claim(unit, sharing, held.get(UUID(unit.unit), 0)) for unit in below]
    here = {claim.id for claim in claims}
    gone = sum(taken for unit, taken in held.items() if str(unit) not in here)
    seats = max(0, quota.seats - quota.taken - gone)
    answer = apportion_seats(seats, claims, sharing.rule)
    if sharing.draw is None:
        return answer
    if answer.tie is None or answer.tie.digest != sharing.draw.tied_digest:
        errors = [Finding("no_such_tie", {"stage": quota.group}, "/settlement/tied_digest")]
        raise Invalid("no_such_tie", errors=errors)
    return apportion_seats(seats, claims, sharing.rule, lots=_get_drawn_order(sharing.draw, answer.tie))


def _build_claim(unit: UnitFigures, sharing: DistributionRequest, taken: int) -> Claim:
    cap = None if sharing.cap is None else max(sharing.cap, taken)
    return Claim(unit.unit, Fraction(unit.find_figure(sharing.measure) or 0), max(sharing.floor, taken), cap)


def _get_drawn_order(draw: DistributionLot, tie: Tie) -> tuple[str, ...]:
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


async def _store_quotas(
    session: AsyncSession, quota: Quota, held: Mapping[UUID, Quota], answer: Apportionment
) -> list[Quota]:
    """One quota for each unit below, those of an earlier distribution changed in their place."""
    rows = []
    gone = {str(unit): await count_committed_seats(session, row) for unit, row in held.items()}
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
        await resize_quota(session, row, seats, seats)
        rows.append(row)
    await session.flush()
    return rows


def _plain_distribution(
    quota: Quota, sharing: DistributionRequest, answer: Apportionment
) -> dict[str, Plain]:
    """How it was shared, with its proof and the record of the draw."""
    settlement = None if sharing.draw is None else plain_record(sharing.draw)
    return {
        "measure": sharing.measure,
        "certificate": answer.certificate,
        "settlement": settlement,
        "settled": [*_list_settlements(quota), *([settlement] if settlement else [])],
    }


def _list_settlements(quota: Quota) -> list[dict[str, Any]]:
    """The record of every tie that was settled for this quota, whatever has replaced it since."""
    told = quota.distribution or {}
    return [*told.get("settled", filter(None, [told.get("settlement")]))]


def _expect_first_draw(quota: Quota, draw: DistributionLot | None) -> None:
    """A lot is drawn once: sharing the same figures again gives nobody a second chance at it."""
    for earlier in _list_settlements(quota):
        same = draw is not None and earlier["tied_digest"] == draw.tied_digest
        if draw and same and earlier["how"] != "decision" and tuple(earlier["order"]) != draw.order:
            raise Conflict("tie_drawn_before", {"how": earlier["how"], "order": earlier["order"]})
