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
from domain.access import Actor
from domain.allocations import Frame, Group, Outcome, Settled, Stage, allocate, read_frame
from domain.apportionment import Claim
from domain.apportionment.comparison import Comparison, Indices, compare, indices, outside
from domain.apportionment.explanation import Standing, Step, award_order, explain
from domain.findings import Finding, Invalid, NotFound, Plain, Severity, step
from domain.snapshots import written
from service import conferences, runs


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
    """A stage by every method, beside what was computed and what stands after the leader's hand.

    ``outside`` are units that break the quota rule. The indices of both say what the hand costs.
    """

    stage: Stage
    computed: Mapping[str, int]
    seats: Mapping[str, int]
    before: Indices | None
    after: Indices | None
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
    session: AsyncSession, actor: Actor, allocation: Allocation, unit: UUID | None
) -> Sequence[Explained]:
    """Each unit in each stage it takes part in, or one unit alone."""
    outcome = await _again(session, allocation)
    code = None if unit is None else await _code(session, actor, allocation, unit)
    return await asyncio.to_thread(_explained, outcome, code)


async def order(session: AsyncSession, actor: Actor, allocation: Allocation, stage: str) -> Sequence[Step]:
    """The seats of a stage in the order in which they are given."""
    found = _stage(await _again(session, allocation), stage)
    return await asyncio.to_thread(award_order, found.answer)


async def comparison(session: AsyncSession, actor: Actor, allocation: Allocation) -> Sequence[Compared]:
    """Every stage by every method, with the indices of disproportionality."""
    outcome = await _again(session, allocation)
    moved = {(row.group, row.code): row.adjustment for row in await rows.seats(session, allocation.id)}
    return await asyncio.to_thread(lambda: [_compared(each, moved) for each in outcome.stages])


async def differences(
    session: AsyncSession, actor: Actor, allocation: Allocation, against: Allocation
) -> Sequence[Difference]:
    """Unit by unit what differs from another allocation: the adopted one, or the last congress's."""
    before = {(row.code, row.group): row.seats for row in await rows.seats(session, against.id)}
    after = {(row.code, row.group): row.seats for row in await rows.seats(session, allocation.id)}
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
    frame = read_frame(content["frame"])
    _known(frame, weights, seats)
    changed = replace(frame, groups=tuple(_changed(group, weights, seats) for group in frame.groups))
    return await asyncio.to_thread(_tried, frame, changed, settled)


async def _code(session: AsyncSession, actor: Actor, allocation: Allocation, unit: UUID) -> str:
    """The unit's code on the conference's day, by which the frozen inputs name it."""
    conference = await conferences.get(session, actor, allocation.conference)
    described = await units.described(session, [unit], conference.as_of)
    if not described:
        raise NotFound("unit_not_found")
    return described[0][2]


async def _again(session: AsyncSession, allocation: Allocation) -> Outcome:
    content: Mapping[str, Any] = await runs.frozen(session, allocation.snapshot)
    settled = await rows.settled(session, allocation.id)
    return await asyncio.to_thread(allocate, read_frame(content["frame"]), settled)


def _explained(outcome: Outcome, unit: str | None) -> list[Explained]:
    found = []
    for stage in outcome.stages:
        if stage.bloc is None or (unit is not None and unit not in stage.names):
            continue
        claims = {claim.id: claim for claim in stage.answer.claims}
        for standing in explain(stage.answer, None if unit is None else [unit]):
            told = _sentences(stage, claims[standing.id], standing)
            found.append(Explained(stage, standing.id, stage.names[standing.id], standing, told))
    return found


def _sentences(stage: Stage, claim: Claim, standing: Standing) -> list[Finding]:
    about: dict[str, Plain] = {"stage": stage.name, "measure": stage.measure}
    figures: dict[str, Plain] = {
        "weight": written(claim.weight),
        "share": _rounded(standing.share),
        "seats": standing.seats,
        "house": stage.answer.house,
    }
    found = [Finding("unit_explained", {**about, **figures}, severity=Severity.INFO)]
    if standing.quota != standing.share:
        quota: dict[str, Plain] = {**about, "quota": _rounded(standing.quota)}
        found.append(Finding("unit_share_bounded", quota, severity=Severity.INFO))
    if standing.bound is not None:
        bound = max(claim.floor, claim.base) if standing.bound == "floor" else claim.cap
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


def _compared(stage: Stage, moved: Mapping[tuple[str, str], int]) -> Compared:
    answer, methods = stage.answer, compare(stage.answer.house, stage.answer.claims)
    if answer.status == "infeasible":
        return Compared(stage, {}, {}, None, None, (), methods)
    after = {unit: held + moved.get((stage.group, unit), 0) for unit, held in answer.by_id.items()}
    weights = answer.claims.weights
    return Compared(
        stage,
        answer.by_id,
        after,
        indices(answer.seats, weights),
        indices([*after.values()], weights),
        outside([*after.values()], answer),
        methods,
    )


def _tried(before: Frame, after: Frame, settled: Sequence[Settled]) -> Tried:
    old = allocate(before, settled)
    same = {(stage.id, tie.digest) for stage, tie in allocate(after).ties}
    new = allocate(after, [each for each in settled if (each.stage, each.tied_digest) in same])
    return Tried(new, _differences(old.seats, new.seats))


def _differences(
    before: Mapping[tuple[str, str], int], after: Mapping[tuple[str, str], int]
) -> list[Difference]:
    return [
        Difference(unit, group, before.get((unit, group)), after.get((unit, group)))
        for unit, group in sorted(before.keys() | after.keys())
        if before.get((unit, group)) != after.get((unit, group))
    ]


def _changed(group: Group, weights: Mapping[str, Fraction], seats: Mapping[str, int]) -> Group:
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


def _known(frame: Frame, weights: Mapping[str, Fraction], seats: Mapping[str, int]) -> None:
    units = {one.id for group in frame.groups for one in group.participants}
    stages = {f"{group.id}/{bloc.id}" for group in frame.groups for bloc in group.rule.blocs}
    errors = [
        Finding("unit_not_found", pointer=f"/weights/{step(unit)}") for unit in weights if unit not in units
    ]
    errors += [
        Finding("stage_unknown", pointer=f"/seats/{step(stage)}") for stage in seats if stage not in stages
    ]
    if errors:
        raise Invalid("what_if_faulty", errors=errors)


def _stage(outcome: Outcome, name: str) -> Stage:
    for stage in outcome.stages:
        if stage.id == name:
            return stage
    raise NotFound("stage_unknown")


def _rounded(quota: Fraction) -> str:
    """Three decimals, for a sentence; the figure itself is exact."""
    thousandths = round(quota * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03}"
