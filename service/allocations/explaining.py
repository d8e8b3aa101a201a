"""Why a unit got what it got, what other methods would give, and what another figure would change.

Everything is computed again from the frozen inputs, so that an explanation can never drift from the result.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from db import allocations as rows
from db.allocations import Allocation
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import Frame, Outcome, Settled, Stage, StageOutcome, allocate, claims
from domain.apportionment.comparison import Comparison, compare, outside
from domain.apportionment.explanation import Standing, Step, award_order, explain
from domain.findings import Finding, Invalid, Plain, Severity
from domain.snapshots import written
from service import runs


@dataclass(frozen=True, slots=True)
class Explained:
    """How one unit stands in one stage; ``findings`` are the sentences for its officer."""

    stage: Stage
    unit: str
    name: str
    standing: Standing
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Compared:
    """A stage by every method, beside what was computed. ``outside`` are units that break the quota rule."""

    stage: Stage
    computed: Mapping[str, int]
    outside: Sequence[str]
    methods: Sequence[Comparison]


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit's seats in two allocations; ``None`` where it takes no part."""

    unit: str
    group: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What another figure would give: the whole outcome, and whose seats would differ."""

    outcome: Outcome
    differences: Sequence[Difference]


async def explanations(
    session: AsyncSession, actor: Actor, allocation: Allocation, unit: str | None
) -> Sequence[Explained]:
    """Each unit in each stage it takes part in, or one unit alone."""
    outcome = await _again(session, allocation)
    return await asyncio.to_thread(_explained, outcome, unit)


async def order(session: AsyncSession, actor: Actor, allocation: Allocation, stage: str) -> Sequence[Step]:
    """The seats of a stage in the order in which they are given."""
    found = _stage(await _again(session, allocation), stage)
    return await asyncio.to_thread(award_order, found.answer)


async def comparison(session: AsyncSession, actor: Actor, allocation: Allocation) -> Sequence[Compared]:
    """Every stage by every method, with the indices of disproportionality."""
    outcome = await _again(session, allocation)
    return await asyncio.to_thread(lambda: [_compared(each) for each in outcome.stages])


async def differences(
    session: AsyncSession, actor: Actor, allocation: Allocation, against: Allocation
) -> Sequence[Difference]:
    """Unit by unit what differs from another allocation: the adopted one, or the last congress's."""
    before = {(str(row.unit), row.group): row.seats for row in await rows.seats(session, against.id)}
    after = {(str(row.unit), row.group): row.seats for row in await rows.seats(session, allocation.id)}
    return _differences(before, after)


async def what_if(
    session: AsyncSession,
    actor: Actor,
    allocation: Allocation,
    weights: Mapping[str, Fraction],
    seats: Mapping[str, int],
) -> Tried:
    """The outcome with other weights (unit →) or other numbers of seats (stage →). Nothing is stored.

    Settlements hold only where the tie is the same; another tie waits for its own lot.
    """
    content = await runs.frozen(session, allocation.snapshot)
    settled = await rows.settled(session, allocation.id)
    frame = Frame.of(content["frame"])
    _known(frame, weights, seats)
    changed = replace(frame, stages=tuple(_changed(stage, weights, seats) for stage in frame.stages))
    return await asyncio.to_thread(_tried, frame, changed, settled)


async def _again(session: AsyncSession, allocation: Allocation) -> Outcome:
    content: Mapping[str, Any] = await runs.frozen(session, allocation.snapshot)
    settled = await rows.settled(session, allocation.id)
    return await asyncio.to_thread(allocate, Frame.of(content["frame"]), settled)


def _explained(outcome: Outcome, unit: str | None) -> list[Explained]:
    found = []
    for each in outcome.stages:
        names = {claimant.unit: claimant.name for claimant in each.stage.claimants}
        if unit is not None and unit not in names:
            continue
        for standing in explain(each.answer, None if unit is None else [unit]):
            told = _sentences(each.stage, standing)
            found.append(Explained(each.stage, standing.id, names[standing.id], standing, told))
    return found


def _sentences(stage: Stage, standing: Standing) -> list[Finding]:
    claimant = next(each for each in stage.claimants if each.unit == standing.id)
    about: dict[str, Plain] = {"stage": stage.name, "measure": stage.measure}
    found = [
        Finding(
            "unit_explained",
            {
                **about,
                "weight": written(claimant.weight),
                "quota": _rounded(standing.quota),
                "seats": standing.seats,
                "house": stage.seats,
            },
            severity=Severity.INFO,
        )
    ]
    if standing.bound is not None:
        bound = claimant.floor if standing.bound == "floor" else claimant.cap
        found.append(Finding(f"unit_at_{standing.bound}", {**about, "bound": bound}, severity=Severity.INFO))
    if standing.tied:
        found.append(Finding("unit_tied", about, severity=Severity.WARNING))
    found.append(_next_seat(standing, about))
    return found


def _next_seat(standing: Standing, about: Mapping[str, Plain]) -> Finding:
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


def _compared(each: StageOutcome) -> Compared:
    given = compare(each.answer.house, claims(each.stage))
    computed = each.answer.by_id
    return Compared(
        each.stage,
        computed,
        () if each.answer.status == "infeasible" else outside(each.answer.seats, each.answer),
        given,
    )


def _tried(before: Frame, after: Frame, settled: Sequence[Settled]) -> Tried:
    old = allocate(before, settled)
    same = {(stage.id, tie.digest) for stage, tie in allocate(after).ties}
    new = allocate(after, [each for each in settled if (each.stage, each.tied_digest) in same])
    return Tried(new, _differences(_seats(old), _seats(new)))


def _seats(outcome: Outcome) -> dict[tuple[str, str], int]:
    return {
        (unit, each.stage.group): seats
        for each in outcome.stages
        for unit, seats in each.answer.by_id.items()
    }


def _differences(
    before: Mapping[tuple[str, str], int], after: Mapping[tuple[str, str], int]
) -> list[Difference]:
    return [
        Difference(unit, group, before.get((unit, group)), after.get((unit, group)))
        for unit, group in sorted(before.keys() | after.keys())
        if before.get((unit, group)) != after.get((unit, group))
    ]


def _changed(stage: Stage, weights: Mapping[str, Fraction], seats: Mapping[str, int]) -> Stage:
    claimants = tuple(replace(each, weight=weights.get(each.unit, each.weight)) for each in stage.claimants)
    return replace(stage, claimants=claimants, seats=seats.get(stage.id, stage.seats))


def _known(frame: Frame, weights: Mapping[str, Fraction], seats: Mapping[str, int]) -> None:
    units = {each.unit for stage in frame.stages for each in stage.claimants}
    errors = [Finding("unit_not_found", pointer=f"/weights/{unit}") for unit in weights if unit not in units]
    stages = {stage.id for stage in frame.stages}
    errors += [
        Finding("stage_unknown", pointer=f"/seats/{stage.replace('/', '~1')}")
        for stage in seats
        if stage not in stages
    ]
    if errors:
        raise Invalid("what_if_faulty", errors=errors)


def _stage(outcome: Outcome, name: str) -> StageOutcome:
    for each in outcome.stages:
        if each.stage.id == name:
            return each
    raise Invalid("stage_unknown", errors=[Finding("stage_unknown", pointer="/stage")])


def _rounded(quota: Fraction) -> str:
    """Three decimals, for a sentence; the figure itself is exact."""
    thousandths = round(quota * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03}"
