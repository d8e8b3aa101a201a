"""Why a unit got what it got, what other methods would give, and what another figure would change.

Everything is computed again from the frozen inputs, so that an explanation can never drift from the result.
"""

import asyncio
from collections.abc import Mapping, Sequence
from fractions import Fraction
from uuid import UUID

from db import allocations as rows
from db import units
from db.allocations import Allocation
from db.session import AsyncSession
from domain.allocations import AllocationOutcome, allocate_seats
from domain.allocations.explanations import (
    StageComparison,
    UnitStageExplanation,
    compare_stage,
    explain_stages,
    get_stage,
)
from domain.allocations.what_ifs import (
    SeatDifference,
    WhatIfOutcome,
    change_inputs,
    compare_outcomes,
    compare_seats,
)
from domain.apportionment.explanation import AwardStep, list_award_steps
from domain.findings import NotFound
from service.allocations.snapshots import load_snapshot
from service.work import Case, Work


async def explain_allocation(
    work: Work, case: Case, allocation: Allocation, unit: UUID | None
) -> Sequence[UnitStageExplanation]:
    """The explanation of each unit, or of one, in each stage that it takes part in."""
    outcome = await _compute_outcome(work.session, allocation)
    code = None if unit is None else await _get_unit_code(work, case, unit)
    return await asyncio.to_thread(explain_stages, outcome, code)


async def list_stage_awards(work: Work, allocation: Allocation, stage: str) -> Sequence[AwardStep]:
    """The seats of a stage in the order in which they are given."""
    found = get_stage(await _compute_outcome(work.session, allocation), stage)
    return await asyncio.to_thread(list_award_steps, found.answer)


async def compare_stages(work: Work, allocation: Allocation) -> Sequence[StageComparison]:
    """Every stage by every method, with the indices of disproportionality."""
    outcome = await _compute_outcome(work.session, allocation)
    moved = {
        (row.group, row.code): row.adjustment
        for row in await rows.list_allocation_seats(work.session, allocation.id)
    }
    return await asyncio.to_thread(lambda: [compare_stage(each, moved) for each in outcome.stages])


async def compare_allocations(
    work: Work, allocation: Allocation, against: Allocation
) -> Sequence[SeatDifference]:
    """What differs, unit by unit, from another allocation: the adopted one, or the last congress's."""
    before = {
        (row.code, row.group): row.seats for row in await rows.list_allocation_seats(work.session, against.id)
    }
    after = {
        (row.code, row.group): row.seats
        for row in await rows.list_allocation_seats(work.session, allocation.id)
    }
    return compare_seats(before, after)


async def compute_what_if(
    work: Work, allocation: Allocation, weights: Mapping[str, Fraction], seats: Mapping[str, int]
) -> WhatIfOutcome:
    """The outcome with other weights (unit →) or other numbers of seats (stage →). Nothing is stored.

    Settlements are used only where the tie is the same; another tie waits for its own lot.
    """
    inputs = (await load_snapshot(work.session, allocation)).frame
    settled = await rows.list_tie_settlements(work.session, allocation.id)
    changed = change_inputs(inputs, weights, seats)
    return await asyncio.to_thread(compare_outcomes, inputs, changed, settled)


async def _get_unit_code(work: Work, case: Case, unit: UUID) -> str:
    """The unit's code on the conference's day, which is its name in the frozen inputs."""
    described = await units.describe_units(work.session, [unit], case.conference.as_of)
    if not described:
        raise NotFound("unit_not_found")
    return described[0][2]


async def _compute_outcome(session: AsyncSession, allocation: Allocation) -> AllocationOutcome:
    inputs = await load_snapshot(session, allocation)
    settled = await rows.list_tie_settlements(session, allocation.id)
    return await asyncio.to_thread(allocate_seats, inputs.frame, settled)
