"""The computation of an allocation, as a run: load, compute, store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col

from db import allocations, units
from db.allocations import Allocation, AllocationSeat, AllocationTarget
from db.runs import Run
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import (
    AllocationOutcome,
    AllocationStage,
    GroupOutcome,
    SettledTie,
    SplitTarget,
    TargetShare,
    allocate_seats,
    compute_target_shares,
    plain_component,
    read_inputs,
)
from domain.findings import Finding, NotFound, Plain, Severity
from domain.lots import SettlementMethod
from domain.snapshots import plain_fraction, plain_record
from service import conferences, runs
from service.audit import record_event
from service.work import Work

SPLIT_CODE_PREFIXES = ("split_", "stacking_")
"""How the codes of findings about split targets begin; a new split replaces them."""

CERTIFICATE_FORMAT = "daibieu-conference-1"
"""The format of a conference's certificate: one for each group, settlements, and adjustments by hand."""


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
        outcome = allocate_seats(read_inputs(loaded.content["frame"]), loaded.settled)
        if outcome.status != "decided":
            return AllocationRunAnswer(outcome)
        rows = [row for each in outcome.groups for row in _build_seat_rows(each)]
        found, findings = split_targets(loaded.snapshot, loaded.content, outcome.seats)
        return AllocationRunAnswer(outcome, rows, found, [*findings, *_check_enlarged_groups(outcome)])

    async def store(self, work: Work, run: Run, answer: AllocationRunAnswer) -> None:
        """Write seats, targets and certificate; every earlier answer of the allocation goes."""
        allocation = await allocations.find_allocation(work.session, work.actor, run.subject, lock=True)
        if allocation is None:  # a run has a subject
            raise NotFound("allocation_not_found")
        await work.session.exec(delete(AllocationSeat).where(col(AllocationSeat.allocation) == allocation.id))
        ids = await self._map_ids_by_code(work, allocation, answer)
        if answer.rows:
            rows = [
                {**row, "allocation": allocation.id, "unit": ids[row["code"]], "position": position}
                for position, row in enumerate(answer.rows)
            ]
            await work.session.exec(insert(AllocationSeat), params=rows)
        await store_shares(work.session, allocation.id, answer.shares, ids)
        allocation.state, allocation.version = answer.outcome.status, allocation.version + 1
        allocation.stages = [
            _plain_stage(stage, each) for each in answer.outcome.groups for stage in each.stages
        ]
        allocation.findings = [*allocation.findings, *(plain_record(finding) for finding in answer.findings)]
        allocation.certificate = _build_certificate(run, answer.outcome)
        work.session.add(allocation)
        await work.session.flush()
        await self._record_outcome(work, run, allocation)

    async def fail(self, work: Work, run: Run) -> None:
        """The allocation failed with its run; a new one may be started."""
        allocation = await allocations.find_allocation(work.session, work.actor, run.subject, lock=True)
        if allocation is not None:
            allocation.state, allocation.version = "failed", allocation.version + 1
            work.session.add(allocation)
            await work.session.flush()
            await self._record_outcome(work, run, allocation)

    async def _map_ids_by_code(
        self, work: Work, allocation: Allocation, answer: AllocationRunAnswer
    ) -> Mapping[str, UUID]:
        """Unit code → id on the conference's day."""
        conference = await conferences.get_conference(work, allocation.conference)
        codes = [row["code"] for row in answer.rows]
        return await units.map_units_by_code(work.session, codes, day=conference.as_of)

    async def _record_outcome(self, work: Work, run: Run, allocation: Allocation) -> None:
        conference = await conferences.get_conference(work, allocation.conference)
        await record_event(
            work.acting_as(Actor(run.actor, run.actor)),
            f"allocation_{allocation.state}",
            "allocation",
            allocation.id,
            {"run": str(run.id), "snapshot": run.snapshot},
            plan=await conferences.get_audit_chain(work.session, conference),
        )


def split_targets(
    snapshot: str, content: Mapping[str, Any], seats: Mapping[tuple[str, str], int]
) -> tuple[tuple[TargetShare, ...], tuple[Finding, ...]]:
    """The targets of a snapshot split over units for these seats; ties by the snapshot's digest."""
    return compute_target_shares(
        [SplitTarget.read_plain(ask) for ask in content["asks"]],
        seats,
        content["figures"],
        seed=snapshot,
        limit=content["stacking_limit"],
    )


async def store_shares(
    session: AsyncSession, allocation: UUID, found: Sequence[TargetShare], ids: Mapping[str, UUID]
) -> None:
    """Replace the split targets of an allocation; ``ids`` is unit code → id."""
    await session.exec(delete(AllocationTarget).where(col(AllocationTarget.allocation) == allocation))
    if found:
        rows = [
            {
                "allocation": allocation,
                "unit": ids[share.unit],
                "target": share.target,
                "code": share.unit,
                "position": position,
                "fair_share": Decimal(share.fair_share),
                "seats": share.seats,
                "by_seats": share.by_seats,
            }
            for position, share in enumerate(found)
        ]
        await session.exec(insert(AllocationTarget), params=rows)


def _build_seat_rows(each: GroupOutcome) -> Iterator[dict[str, Any]]:
    """What is stored of each unit of a group, still by code."""
    participants = {one.id: one for one in each.group.participants}
    parts = {share.id: list(share.parts) for share in each.answer.shares}
    awards = {stage.id: {award.id: award for award in stage.answer.awards} for stage in each.stages}
    weights = {
        stage.id: dict(zip(stage.answer.claims.ids, stage.answer.claims.weights, strict=True))
        for stage in each.stages
    }
    for member, seats, stage in each.list_unit_seats():
        one = participants[member.unit]
        award = None if stage is None else awards[stage.id].get(member.unit)
        yield {
            "code": member.unit,
            "group": each.group.id,
            "bloc": one.bloc or "",
            "measure": "" if stage is None else stage.measure,
            "weight": plain_fraction(Fraction(weights[stage.id][member.unit]) if stage else 0),
            "made_up": member.made_up,
            "quota": plain_fraction(Fraction(seats) if award is None else award.quota),
            "floor": one.floor,
            "cap": one.cap,
            "bound": None if award is None else award.bound,
            "parts": parts[one.id],
            "computed": seats,
            "seats": seats,
        }


def _check_enlarged_groups(outcome: AllocationOutcome) -> list[Finding]:
    """Groups that have more seats than the plan states, since every tied unit got its seat."""
    return [
        Finding(
            "stated_number_exceeded",
            {"stage": settled.stage, "group": each.group.id, "seats": each.group.seats},
            clause=each.group.clause,
            severity=Severity.WARNING,
        )
        for each in outcome.groups
        for settled in each.settled.values()
        if settled.how is SettlementMethod.ONE_MORE
    ]


def _plain_stage(stage: AllocationStage, each: GroupOutcome) -> dict[str, Plain]:
    """A stage in short: its rule and seats; the tie that waits; the repair where there is no solution."""
    answer = stage.answer
    tie: dict[str, Plain] | None = None
    if answer.tie is not None and answer.status == "lots_required":
        tie = {
            "digest": answer.tie.digest,
            "places": answer.tie.places,
            "units": [{"id": unit, "name": stage.names[unit]} for unit in answer.tie.ids],
        }
    return {
        "id": stage.id,
        "group": stage.group,
        "bloc": stage.bloc,
        "name": stage.name,
        "seats": answer.house,
        "measure": stage.measure,
        "rule": answer.rule.plain_rule(),
        "components": [plain_component(component) for component in each.group.components],
        "clause": each.group.clause,
        "status": answer.status,
        "tie": tie,
        "repair": None if answer.repair is None else plain_record(answer.repair),
        "settled": None if stage.settled is None else plain_record(stage.settled),
    }


def _build_certificate(run: Run, outcome: AllocationOutcome) -> dict[str, Plain] | None:
    if outcome.status != "decided":
        return None
    return {
        "format": CERTIFICATE_FORMAT,
        "engine": run.engine,
        "snapshot": run.snapshot,
        "groups": [
            {
                "group": each.group.id,
                "settled": [plain_record(settled) for settled in each.settled.values()],
                "certificate": each.answer.certificate,
            }
            for each in outcome.groups
        ],
    }
