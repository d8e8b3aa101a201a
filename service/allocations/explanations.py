"""Why a unit got what it got, what other methods would give, and what another figure would change.

Everything is computed again from the frozen inputs, so that an explanation can never drift from the result.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from db import allocations as rows
from db import units
from db.allocations import Allocation
from db.session import AsyncSession
from domain.allocations import (
    AllocationInputs,
    AllocationOutcome,
    AllocationStage,
    GroupInputs,
    SettledTie,
    allocate_seats,
    read_inputs,
)
from domain.apportionment import Claim
from domain.apportionment.comparison import (
    Comparison,
    Indices,
    compare_methods,
    compute_indices,
    list_outside_quota,
)
from domain.apportionment.explanation import AwardStep, UnitExplanation, explain_units, list_award_steps
from domain.findings import Finding, Invalid, NotFound, Plain, Severity, escape_pointer_step
from domain.snapshots import plain_fraction
from service import runs
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class UnitStageExplanation:
    """How one unit stands in one stage; ``findings`` are the sentences for its officer."""

    stage: AllocationStage
    unit: str
    name: str
    standing: UnitExplanation
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class StageComparison:
    """A stage by every method, beside what was computed and what stands after the leader's hand.

    ``outside`` are units that break the quota rule. The indices of both say what the hand costs.
    """

    stage: AllocationStage
    computed: Mapping[str, int]
    seats: Mapping[str, int]
    before: Indices | None
    after: Indices | None
    outside: Sequence[str]
    methods: Sequence[Comparison]


@dataclass(frozen=True, slots=True)
class SeatDifference:
    """A unit's seats in two allocations; ``None`` where it takes no part."""

    unit: str
    group: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class WhatIfOutcome:
    """What another figure would give: the whole outcome, and whose seats would differ."""

    outcome: AllocationOutcome
    differences: Sequence[SeatDifference]


async def explain_allocation(
    work: Work, case: Case, allocation: Allocation, unit: UUID | None
) -> Sequence[UnitStageExplanation]:
    """Each unit in each stage it takes part in, or one unit alone."""
    outcome = await _compute_outcome(work.session, allocation)
    code = None if unit is None else await _get_unit_code(work, case, unit)
    return await asyncio.to_thread(_explain_stages, outcome, code)


async def list_stage_awards(work: Work, allocation: Allocation, stage: str) -> Sequence[AwardStep]:
    """The seats of a stage in the order in which they are given."""
    found = _get_stage(await _compute_outcome(work.session, allocation), stage)
    return await asyncio.to_thread(list_award_steps, found.answer)


async def compare_stages(work: Work, allocation: Allocation) -> Sequence[StageComparison]:
    """Every stage by every method, with the indices of disproportionality."""
    outcome = await _compute_outcome(work.session, allocation)
    moved = {
        (row.group, row.code): row.adjustment
        for row in await rows.list_allocation_seats(work.session, allocation.id)
    }
    return await asyncio.to_thread(lambda: [_compare_stage(each, moved) for each in outcome.stages])


async def compare_allocations(
    work: Work, allocation: Allocation, against: Allocation
) -> Sequence[SeatDifference]:
    """Unit by unit what differs from another allocation: the adopted one, or the last congress's."""
    before = {
        (row.code, row.group): row.seats for row in await rows.list_allocation_seats(work.session, against.id)
    }
    after = {
        (row.code, row.group): row.seats
        for row in await rows.list_allocation_seats(work.session, allocation.id)
    }
    return _compare_seats(before, after)


async def compute_what_if(
    work: Work,
    allocation: Allocation,
    weights: Mapping[str, Fraction],
    seats: Mapping[str, int],
) -> WhatIfOutcome:
    """The outcome with other weights (unit →) or other numbers of seats (stage →). Nothing is stored.

    Settlements hold only where the tie is the same; another tie waits for its own lot.
    """
    content = await runs.get_snapshot(work.session, allocation.snapshot)
    settled = await rows.list_tie_settlements(work.session, allocation.id)
    frame = read_inputs(content["frame"])
    _expect_existing_names(frame, weights, seats)
    changed = replace(frame, groups=tuple(_change_group(group, weights, seats) for group in frame.groups))
    return await asyncio.to_thread(_compare_outcomes, frame, changed, settled)


async def _get_unit_code(work: Work, case: Case, unit: UUID) -> str:
    """The unit's code on the conference's day, by which the frozen inputs name it."""
    described = await units.describe_units(work.session, [unit], case.conference.as_of)
    if not described:
        raise NotFound("unit_not_found")
    return described[0][2]


async def _compute_outcome(session: AsyncSession, allocation: Allocation) -> AllocationOutcome:
    content: Mapping[str, Any] = await runs.get_snapshot(session, allocation.snapshot)
    settled = await rows.list_tie_settlements(session, allocation.id)
    return await asyncio.to_thread(allocate_seats, read_inputs(content["frame"]), settled)


def _explain_stages(outcome: AllocationOutcome, unit: str | None) -> list[UnitStageExplanation]:
    found = []
    for stage in outcome.stages:
        if stage.bloc is None or (unit is not None and unit not in stage.names):
            continue
        claims = {claim.id: claim for claim in stage.answer.claims}
        for standing in explain_units(stage.answer, None if unit is None else [unit]):
            told = _explain_unit(stage, claims[standing.id], standing)
            found.append(UnitStageExplanation(stage, standing.id, stage.names[standing.id], standing, told))
    return found


def _explain_unit(stage: AllocationStage, claim: Claim, standing: UnitExplanation) -> list[Finding]:
    about: dict[str, Plain] = {"stage": stage.name, "measure": stage.measure}
    figures: dict[str, Plain] = {
        "weight": plain_fraction(claim.weight),
        "share": _format_decimals(standing.share),
        "seats": standing.seats,
        "house": stage.answer.house,
    }
    found = [Finding("unit_explained", {**about, **figures}, severity=Severity.INFO)]
    if standing.quota != standing.share:
        quota: dict[str, Plain] = {**about, "quota": _format_decimals(standing.quota)}
        found.append(Finding("unit_share_bounded", quota, severity=Severity.INFO))
    if standing.bound is not None:
        bound = max(claim.floor, claim.base) if standing.bound == "floor" else claim.cap
        found.append(Finding(f"unit_at_{standing.bound}", {**about, "bound": bound}, severity=Severity.INFO))
    if standing.tied:
        found.append(Finding("unit_tied", about, severity=Severity.WARNING))
    found.append(_explain_next_seat(standing, about))
    return found


def _explain_next_seat(standing: UnitExplanation, about: Mapping[str, Plain]) -> Finding:
    more: dict[str, Plain] = {
        **about,
        "more_weight": standing.more_weight,
        "more_seats": standing.more_seats,
    }
    known = (standing.more_weight is not None, standing.more_seats is not None)
    code = {
        (True, True): "next_seat",
        (True, False): "next_seat_by_weight",
        (False, True): "next_seat_by_house",
        (False, False): "next_seat_never",
    }[known]
    return Finding(code, more, severity=Severity.INFO)


def _compare_stage(stage: AllocationStage, moved: Mapping[tuple[str, str], int]) -> StageComparison:
    answer, methods = stage.answer, compare_methods(stage.answer.house, stage.answer.claims)
    if answer.status == "infeasible":
        return StageComparison(stage, {}, {}, None, None, (), methods)
    after = {unit: held + moved.get((stage.group, unit), 0) for unit, held in answer.by_id.items()}
    weights = answer.claims.weights
    return StageComparison(
        stage,
        answer.by_id,
        after,
        compute_indices(answer.seats, weights),
        compute_indices([*after.values()], weights),
        list_outside_quota([*after.values()], answer),
        methods,
    )


def _compare_outcomes(
    before: AllocationInputs, after: AllocationInputs, settled: Sequence[SettledTie]
) -> WhatIfOutcome:
    old = allocate_seats(before, settled)
    same = {(stage.id, tie.digest) for stage, tie in allocate_seats(after).ties}
    new = allocate_seats(after, [each for each in settled if (each.stage, each.tied_digest) in same])
    return WhatIfOutcome(new, _compare_seats(old.seats, new.seats))


def _compare_seats(
    before: Mapping[tuple[str, str], int], after: Mapping[tuple[str, str], int]
) -> list[SeatDifference]:
    return [
        SeatDifference(unit, group, before.get((unit, group)), after.get((unit, group)))
        for unit, group in sorted(before.keys() | after.keys())
        if before.get((unit, group)) != after.get((unit, group))
    ]


def _change_group(
    group: GroupInputs, weights: Mapping[str, Fraction], seats: Mapping[str, int]
) -> GroupInputs:
    """The group with another figure for some units, in their bloc's first measure, or other seats."""
    first = {bloc.id: next(iter(bloc.measure), "") for bloc in group.rule.blocs}
    participants = tuple(
        replace(one, figures={**one.figures, first[one.bloc or ""]: weights[one.id]})
        if one.id in weights
        else one
        for one in group.participants
    )
    blocs = tuple(
        replace(bloc, seats=seats.get(f"{group.id}/{bloc.id}", bloc.seats)) for bloc in group.rule.blocs
    )
    stated = [bloc.seats for bloc in blocs]
    house = group.seats if None in stated else sum(seats for seats in stated if seats is not None)
    rule = replace(group.rule, blocs=blocs)
    return replace(group, participants=participants, rule=rule, seats=house)


def _expect_existing_names(
    frame: AllocationInputs, weights: Mapping[str, Fraction], seats: Mapping[str, int]
) -> None:
    units = {one.id for group in frame.groups for one in group.participants}
    stages = {f"{group.id}/{bloc.id}" for group in frame.groups for bloc in group.rule.blocs}
    errors = [
        Finding("unit_not_found", pointer=f"/weights/{escape_pointer_step(unit)}")
        for unit in weights
        if unit not in units
    ]
    errors += [
        Finding("stage_unknown", pointer=f"/seats/{escape_pointer_step(stage)}")
        for stage in seats
        if stage not in stages
    ]
    if errors:
        raise Invalid("what_if_faulty", errors=errors)


def _get_stage(outcome: AllocationOutcome, name: str) -> AllocationStage:
    for stage in outcome.stages:
        if stage.id == name:
            return stage
    raise NotFound("stage_unknown")


def _format_decimals(quota: Fraction) -> str:
    """Three decimals, for a sentence; the figure itself is exact."""
    thousandths = round(quota * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03}"
