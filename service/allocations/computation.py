"""The computation of an allocation, as a run: load, compute, store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from db import allocations, units
from db.allocations import Allocation
from db.runs import Run
from db.session import AsyncSession
from domain.access import Actor
from domain.acts import Act
from domain.allocations import (
    AllocationOutcome,
    AllocationSnapshot,
    GroupOutcome,
    SettledTie,
    TargetShare,
    allocate_seats,
    certify_outcome,
    check_component_totals,
    check_enlarged_groups,
    summarize_stage,
)
from domain.decisions import AllocationAct, derive_next_state
from domain.findings import Finding
from domain.snapshots import plain_fraction
from service import runs
from service.allocations.cases import load_allocation
from service.audit import record_change
from service.work import Case, Work

SPLIT_CODE_PREFIXES = ("split_", "stacking_")
"""How the codes of findings about split targets begin; a new split replaces them."""

_ACTS: Mapping[str, AllocationAct] = {
    "decided": "decide",
    "lots_required": "require_lots",
    "infeasible": "find_infeasible",
}
"""Status of the outcome → what the run does with the allocation."""


@dataclass(frozen=True, slots=True)
class AllocationRunInputs:
    """Frozen inputs, and the settlements of ties so far."""

    snapshot: str
    content: Mapping[str, Any]
    settled: Sequence[SettledTie]


@dataclass(frozen=True, slots=True)
class AllocationRunAnswer:
    """What was computed: the outcome, and the targets split over the units where it is decided."""

    outcome: AllocationOutcome
    rows: Sequence[dict[str, Any]] = ()
    shares: Sequence[TargetShare] = ()
    findings: Sequence[Finding] = ()


class AllocationRunKind:
    """The kind of run that computes an allocation."""

    async def load(self, work: Work, run: Run) -> AllocationRunInputs:
        """The snapshot of the run and the ties settled so far."""
        settled = await allocations.list_tie_settlements(work.session, run.subject)
        return AllocationRunInputs(run.snapshot, await runs.get_snapshot(work.session, run.snapshot), settled)

    def compute(self, loaded: AllocationRunInputs) -> AllocationRunAnswer:
        """Apportion and split, from frozen inputs alone."""
        inputs = AllocationSnapshot.read(loaded.content)
        outcome = allocate_seats(inputs.frame, loaded.settled)
        totals = check_component_totals(outcome)
        if outcome.status != "decided":
            return AllocationRunAnswer(outcome, findings=totals)
        rows = [row for each in outcome.groups for row in _build_seat_rows(each)]
        shares, findings = inputs.targets.split(outcome.seats, loaded.snapshot)
        return AllocationRunAnswer(
            outcome, rows, shares, [*findings, *totals, *check_enlarged_groups(outcome)]
        )

    async def store(self, work: Work, run: Run, answer: AllocationRunAnswer) -> None:
        """Store seats, targets and certificate, in place of any earlier answer of the allocation."""
        case, allocation = await _lock_allocation(work, run)
        codes = [row["code"] for row in answer.rows]
        ids = await units.map_units_by_code(work.session, codes, day=case.conference.as_of)
        seats = [{**row, "unit": ids[row["code"]]} for row in answer.rows]
        await allocations.store_allocation_seats(work.session, allocation.id, seats)
        await store_shares(work.session, allocation.id, answer.shares, ids)
        act = _ACTS[answer.outcome.status]
        allocation.state = derive_next_state(act, allocation.state)
        allocation.stages = tuple(
            summarize_stage(stage, each) for each in answer.outcome.groups for stage in each.stages
        )
        allocation.findings = (*allocation.findings, *answer.findings)
        allocation.certificate = certify_outcome(answer.outcome, run.engine, run.snapshot)
        await _record_outcome(work, case, run, allocation)

    async def fail(self, work: Work, run: Run) -> None:
        """The allocation failed with its run; a new one may be started."""
        case, allocation = await _lock_allocation(work, run)
        allocation.state = derive_next_state("fail", allocation.state)
        await _record_outcome(work, case, run, allocation)


async def _lock_allocation(work: Work, run: Run) -> tuple[Case, Allocation]:
    """The allocation that a run is about; also of a conference that was cancelled in the meantime."""
    case, allocation = await load_allocation(work, run.subject)
    return case, await allocations.lock_allocation(work.session, allocation.id)


async def _record_outcome(work: Work, case: Case, run: Run, allocation: Allocation) -> None:
    """Store and record the outcome of a run, as done by the actor who started it."""
    work = work.acting_as(Actor(run.actor, run.actor))
    changes = {"run": str(run.id), "snapshot": run.snapshot}
    await record_change(work, allocation, Act(f"allocation_{allocation.state}"), changes, chain=case.chain)


async def store_shares(
    session: AsyncSession, allocation: UUID, found: Sequence[TargetShare], ids: Mapping[str, UUID]
) -> None:
    """Replace the split targets of an allocation; ``ids`` is unit code → id."""
    rows = [
        {
            "unit": ids[share.unit],
            "target": share.target,
            "code": share.unit,
            "fair_share": Decimal(share.fair_share),
            "seats": share.seats,
            "by_seats": share.by_seats,
        }
        for share in found
    ]
    await allocations.store_allocation_targets(session, allocation, rows)


def _build_seat_rows(each: GroupOutcome) -> Iterator[dict[str, Any]]:
    """The row of each unit of a group, by the unit's code and without its id."""
    participants = {one.id: one for one in each.group.participants}
    shares = {share.id: share for share in each.answer.shares}
    awards = {stage.id: {award.id: award for award in stage.answer.awards} for stage in each.stages}
    weights = {
        stage.id: dict(zip(stage.answer.claims.ids, stage.answer.claims.weights, strict=True))
        for stage in each.stages
    }
    for member, seats, stage in each.list_unit_seats():
        one = participants[member.unit]
        award = None if stage is None else awards[stage.id].get(member.unit)
        measure, weight = each.find_counted_measure(one)
        if stage is not None:
            measure, weight = stage.measure, Fraction(weights[stage.id][member.unit])
        yield {
            "code": member.unit,
            "group": each.group.id,
            "bloc": one.bloc or "",
            "measure": measure,
            "weight": plain_fraction(weight),
            "made_up": member.made_up,
            "quota": plain_fraction(Fraction(seats) if award is None else award.quota),
            "floor": one.floor,
            "cap": one.cap,
            "bound": shares[one.id].bound if award is None else award.bound,
            "parts": list(shares[one.id].parts),
            "computed": seats,
            "seats": seats,
        }
