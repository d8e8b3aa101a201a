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
    Ask,
    GroupOutcome,
    Outcome,
    Settled,
    Share,
    Stage,
    allocate,
    plain_given,
    read_frame,
    shares,
)
from domain.findings import Finding, NotFound, Plain, Severity
from domain.snapshots import told, written
from service import conferences, runs
from service.audit import record

OF_SPLITS = ("split_", "stacking_")
"""How the codes of findings about split targets begin; a new split replaces them."""

CONFERENCE = "daibieu-conference-1"
"""The format of a conference's certificate: one for each group, settlements, and adjustments by hand."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Frozen inputs, and the settlements of ties so far."""

    snapshot: str
    content: Mapping[str, Any]
    settled: Sequence[Settled]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was computed: the outcome, and the targets split over the units where it is decided."""

    outcome: Outcome
    rows: Sequence[dict[str, Any]] = ()
    shares: Sequence[Share] = ()
    findings: Sequence[Finding] = ()


class Computing:
    """The kind of run that computes an allocation."""

    async def load(self, session: AsyncSession, run: Run) -> Loaded:
        """The snapshot of the run and the ties settled so far."""
        settled = await allocations.settled(session, run.subject)
        return Loaded(run.snapshot, await runs.frozen(session, run.snapshot), settled)

    def compute(self, loaded: Loaded) -> Answer:
        """Apportion and split, from frozen inputs alone."""
        outcome = allocate(read_frame(loaded.content["frame"]), loaded.settled)
        if outcome.status != "decided":
            return Answer(outcome)
        rows = [row for each in outcome.groups for row in _of_group(each)]
        found, findings = split(loaded.snapshot, loaded.content, outcome.seats)
        return Answer(outcome, rows, found, [*findings, *_enlarged(outcome)])

    async def store(self, session: AsyncSession, run: Run, answer: Answer) -> None:
        """Write seats, targets and certificate; every earlier answer of the allocation goes."""
        allocation = await allocations.get(session, Actor.service(), run.subject, lock=True)
        if allocation is None:  # a run has a subject
            raise NotFound("allocation_not_found")
        await session.exec(delete(AllocationSeat).where(col(AllocationSeat.allocation) == allocation.id))
        ids = await self._ids(session, allocation, answer)
        if answer.rows:
            rows = [
                {**row, "allocation": allocation.id, "unit": ids[row["code"]], "position": position}
                for position, row in enumerate(answer.rows)
            ]
            await session.exec(insert(AllocationSeat), params=rows)
        await store_shares(session, allocation.id, answer.shares, ids)
        allocation.state, allocation.version = answer.outcome.status, allocation.version + 1
        allocation.stages = [_stage(stage, each) for each in answer.outcome.groups for stage in each.stages]
        allocation.findings = [*allocation.findings, *(told(finding) for finding in answer.findings)]
        allocation.certificate = _certificate(run, answer.outcome)
        session.add(allocation)
        await session.flush()
        await self._told(session, run, allocation)

    async def fail(self, session: AsyncSession, run: Run) -> None:
        """The allocation failed with its run; a new one may be started."""
        allocation = await allocations.get(session, Actor.service(), run.subject, lock=True)
        if allocation is not None:
            allocation.state, allocation.version = "failed", allocation.version + 1
            session.add(allocation)
            await session.flush()
            await self._told(session, run, allocation)

    async def _ids(self, session: AsyncSession, allocation: Allocation, answer: Answer) -> Mapping[str, UUID]:
        """Unit code → id on the conference's day."""
        conference = await conferences.get(session, Actor.local(), allocation.conference)
        codes = [row["code"] for row in answer.rows]
        return await units.by_code(session, codes, day=conference.as_of)

    async def _told(self, session: AsyncSession, run: Run, allocation: Allocation) -> None:
        conference = await conferences.get(session, Actor.service(), allocation.conference)
        worker = Actor(run.actor, run.actor)
        await record(
            session,
            worker,
            f"allocation_{allocation.state}",
            "allocation",
            allocation.id,
            {"run": str(run.id), "snapshot": run.snapshot},
            plan=await conferences.chain_of(session, conference),
        )


def split(
    snapshot: str, content: Mapping[str, Any], seats: Mapping[tuple[str, str], int]
) -> tuple[tuple[Share, ...], tuple[Finding, ...]]:
    """The targets of a snapshot split over units for these seats; ties by the snapshot's digest."""
    return shares(
        [Ask.of(ask) for ask in content["asks"]],
        seats,
        content["figures"],
        seed=snapshot,
        limit=content["stacking_limit"],
    )


async def store_shares(
    session: AsyncSession, allocation: UUID, found: Sequence[Share], ids: Mapping[str, UUID]
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


def _of_group(each: GroupOutcome) -> Iterator[dict[str, Any]]:
    """What is stored of each unit of a group, still by code."""
    participants = {one.id: one for one in each.group.participants}
    parts = {share.id: list(share.parts) for share in each.answer.shares}
    awards = {stage.id: {award.id: award for award in stage.answer.awards} for stage in each.stages}
    weights = {
        stage.id: dict(zip(stage.answer.claims.ids, stage.answer.claims.weights, strict=True))
        for stage in each.stages
    }
    for member, seats, stage in each.by_unit():
        one = participants[member.unit]
        award = None if stage is None else awards[stage.id].get(member.unit)
        yield {
            "code": member.unit,
            "group": each.group.id,
            "bloc": one.bloc or "",
            "measure": "" if stage is None else stage.measure,
            "weight": written(Fraction(weights[stage.id][member.unit]) if stage else 0),
            "made_up": member.made_up,
            "quota": written(Fraction(seats) if award is None else award.quota),
            "floor": one.floor,
            "cap": one.cap,
            "bound": None if award is None else award.bound,
            "parts": parts[one.id],
            "computed": seats,
            "seats": seats,
        }


def _enlarged(outcome: Outcome) -> list[Finding]:
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
        if settled.how == "one_more"
    ]


def _stage(stage: Stage, each: GroupOutcome) -> dict[str, Plain]:
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
        "rule": answer.rule.plain(),
        "components": [plain_given(component) for component in each.group.given],
        "clause": each.group.clause,
        "status": answer.status,
        "tie": tie,
        "repair": None if answer.repair is None else told(answer.repair),
        "settled": None if stage.settled is None else told(stage.settled),
    }


def _certificate(run: Run, outcome: Outcome) -> dict[str, Plain] | None:
    if outcome.status != "decided":
        return None
    return {
        "format": CONFERENCE,
        "engine": run.engine,
        "snapshot": run.snapshot,
        "groups": [
            {
                "group": each.group.id,
                "settled": [told(settled) for settled in each.settled.values()],
                "certificate": each.answer.certificate,
            }
            for each in outcome.groups
        ],
    }
