"""Distributing a quota: the seats of a unit over the units below it, by a rule that the unit chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db import quotas, units
from db.quotas import Quota
from domain.acts import Act
from domain.allocations import (
    DistributedSeats,
    DistributionRule,
    DistributionTie,
    QuotaDistribution,
    UnitFigures,
    distribute_after_tie,
    distribute_seats,
    expect_figures,
    expect_lot_drawn_once,
)
from domain.apportionment import Apportionment
from domain.apportionment.certificate import build_certificate
from domain.conferences.life import expect_open
from domain.findings import Conflict, Plain
from domain.lots import TieKey
from domain.plans import SeatGroup
from domain.plans.stated_values import expect_known_measure
from domain.quotas import (
    Misfit,
    QuotaSource,
    QuotaUse,
    compute_nominee_limit,
    compute_seats_below,
    compute_size,
    expect_confirmed,
    expect_nothing_pending,
    expect_units_group,
    find_misfit,
)
from service.allocations.preparation import load_figures
from service.audit import record_change
from service.quotas import map_committed_seats, resize_quotas
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class DistributionRequest:
    """How a unit shares its seats, and how a tie was settled: the digest in the answer, and the draw."""

    rule: DistributionRule
    tie: DistributionTie | None = None


@dataclass(frozen=True, slots=True)
class DistributionResult:
    """The result: the apportionment, the quotas below, and the lists that no longer fit."""

    answer: Apportionment
    quotas: Sequence[Quota]
    misfits: Sequence[Misfit]


async def distribute_quota(
    work: Work, case: Case, quota: Quota, sharing: DistributionRequest
) -> DistributionResult:
    """Share the seats that a unit has not filled itself over the units right below it; again replaces it.

    No accepted nominee loses a seat: a unit keeps at least the seats that are taken there. Nothing is stored
    while a lot is required or no solution exists; the status of the answer is then different.
    """
    expect_open(case.conference.state)
    expect_confirmed(quota.source, quota.document)
    expect_known_measure(case.plan, sharing.rule.measure)
    expect_nothing_pending(QuotaUse(quota.taken, quota.nominated, quota.distributed))
    below = await _load_figures_below(work, case, quota.unit)
    expect_figures(below, sharing.rule.measure, quota.group)
    rows = {row.unit: row for row in await quotas.lock_child_quotas(work.session, quota.id)}
    seats = await map_committed_seats(work.session, list(rows.values()))
    committed = {str(unit): seats[row.id] for unit, row in rows.items()}
    shared = DistributedSeats(quota.group, quota.seats - quota.taken, below, committed)
    answer = _compute_seats(work, quota, shared, sharing)
    if answer.status != "decided":
        return DistributionResult(answer, (), ())
    group = expect_units_group(case.tier, quota.group)
    written = await _store_quotas(work, quota, group, rows, compute_seats_below(committed, answer.by_id))
    await _record_distribution(work, case, quota, sharing, answer, written)
    misfits = [misfit for row in written if (misfit := find_misfit(row))]
    return DistributionResult(answer, written, misfits)


async def _load_figures_below(work: Work, case: Case, unit: UUID) -> list[UnitFigures]:
    as_of = case.conference.as_of
    pairs = await units.list_children(work.session, case.congress, [unit], as_of)
    if not pairs:
        raise Conflict("unit_has_nobody_below")
    return await load_figures(work.session, [child for _, child in pairs], as_of)


def _compute_seats(
    work: Work, quota: Quota, shared: DistributedSeats, sharing: DistributionRequest
) -> Apportionment:
    if sharing.tie is None:
        return distribute_seats(shared, sharing.rule)
    expect_lot_drawn_once(_list_settled_ties(quota), sharing.tie)
    settled = TieKey(quota.group, sharing.tie.tied_digest), sharing.tie.settlement
    return distribute_after_tie(shared, sharing.rule, settled, work.today)


async def _store_quotas(
    work: Work, quota: Quota, group: SeatGroup, rows: Mapping[UUID, Quota], seats: Mapping[str, int]
) -> list[Quota]:
    """Store one quota for each unit below, with the nominee limit that the plan gives for its seats; those of
    an earlier distribution are updated."""
    limits = {unit: compute_nominee_limit(group, number) for unit, number in seats.items()}
    written = [
        rows.get(UUID(unit))
        or Quota(
            conference=quota.conference,
            unit=UUID(unit),
            group=quota.group,
            source=QuotaSource.DISTRIBUTED,
            parent=quota.id,
            seats=number,
            nominee_limit=limits[unit],
        )
        for unit, number in seats.items()
    ]
    await resize_quotas(work, [(row, seats[str(row.unit)], limits[str(row.unit)]) for row in written])
    return written


async def _record_distribution(
    work: Work,
    case: Case,
    quota: Quota,
    sharing: DistributionRequest,
    answer: Apportionment,
    written: Sequence[Quota],
) -> None:
    """Store and record how the quota was shared, with the proof and the record of the draw."""
    quota.distributed = sum(row.seats for row in written)
    quota.distribution = _build_distribution(quota, sharing, answer)
    size = compute_size(
        QuotaUse(quota.taken, quota.nominated, quota.distributed), quota.seats, quota.nominee_limit
    )
    quota.excess_taken, quota.excess_nominated = size.excess_taken, size.excess_nominated
    changes: dict[str, Plain] = {"measure": sharing.rule.measure, "seats": dict(answer.by_id)}
    if sharing.tie is not None:
        drawn = sharing.tie.settlement
        changes["draw"] = {"how": drawn.how.value, "drawn_by": drawn.drawn_by}
    await record_change(work, quota, Act.QUOTA_DISTRIBUTED, changes, chain=case.chain)


def _build_distribution(
    quota: Quota, sharing: DistributionRequest, answer: Apportionment
) -> QuotaDistribution:
    settled = (*_list_settled_ties(quota), *([sharing.tie] if sharing.tie else ()))
    return QuotaDistribution(sharing.rule.measure, build_certificate(answer), sharing.tie, settled)


def _list_settled_ties(quota: Quota) -> tuple[DistributionTie, ...]:
    """Every tie that was settled for this quota, also in earlier distributions."""
    return () if quota.distribution is None else quota.distribution.settled
