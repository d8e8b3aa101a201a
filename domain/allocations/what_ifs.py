"""What other figures, or other numbers of seats, would give; nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.allocations.inputs import AllocationInputs, GroupInputs
from domain.allocations.outcome import AllocationOutcome, SettledTie, allocate_seats
from domain.apportionment.components import StepSeats
from domain.findings import Finding, Invalid, escape_pointer_step


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


def change_inputs(
    inputs: AllocationInputs, weights: Mapping[str, Fraction], seats: Mapping[str, int]
) -> AllocationInputs:
    """The inputs with other weights (unit →) or other numbers of seats (stage →).

    Raises ``Invalid`` for units and stages that are not there.
    """
    _expect_existing_names(inputs, weights, seats)
    return replace(inputs, groups=tuple(_change_group(group, weights, seats) for group in inputs.groups))


def compare_outcomes(
    before: AllocationInputs, after: AllocationInputs, settled: Sequence[SettledTie]
) -> WhatIfOutcome:
    """What changed inputs give. Settlements hold only where the tie is the same; another waits for a lot."""
    old = allocate_seats(before, settled)
    new, kept = allocate_seats(after), list[SettledTie]()
    while same := _list_settled_ties(new, settled, kept):
        kept += same
        new = allocate_seats(after, kept)
    return WhatIfOutcome(new, compare_seats(old.seats, new.seats))


def _list_settled_ties(
    outcome: AllocationOutcome, settled: Sequence[SettledTie], kept: Sequence[SettledTie]
) -> list[SettledTie]:
    """Those of ``settled``, beyond the ``kept`` ones, that settle a tie which waits in ``outcome``."""
    waiting = {(stage.id, tie.digest) for stage, tie in outcome.ties}
    return [each for each in settled if (each.stage, each.tied_digest) in waiting and each not in kept]


def compare_seats(
    before: Mapping[tuple[str, str], int], after: Mapping[tuple[str, str], int]
) -> list[SeatDifference]:
    """Whose seats differ; both are (unit, group) → seats."""
    return [
        SeatDifference(unit, group, before.get((unit, group)), after.get((unit, group)))
        for unit, group in sorted(before.keys() | after.keys())
        if before.get((unit, group)) != after.get((unit, group))
    ]


def _change_group(
    group: GroupInputs, weights: Mapping[str, Fraction], seats: Mapping[str, int]
) -> GroupInputs:
    """The group with another figure for some units, or other seats.

    The figure is that of their bloc's first measure, or, where no rest is shared, of the group's first step.
    """
    counted = next(
        (name for part in group.components if isinstance(part, StepSeats) for name in part.measure), ""
    )
    first = {bloc.id: next(iter(bloc.measure), counted) for bloc in group.rule.blocs}
    participants = tuple(
        replace(one, figures={**one.figures, first[one.bloc or ""]: weights[one.id]})
        if one.id in weights
        else one
        for one in group.participants
    )
    blocs = tuple(
        replace(bloc, seats=seats.get(f"{group.id}/{bloc.id}", bloc.seats)) for bloc in group.rule.blocs
    )
    stated = [bloc.seats for bloc in blocs if bloc.seats is not None]
    house = sum(stated) if len(stated) == len(blocs) else group.seats
    rule = replace(group.rule, blocs=blocs)
    return replace(group, participants=participants, rule=rule, seats=house)


def _expect_existing_names(
    inputs: AllocationInputs, weights: Mapping[str, Fraction], seats: Mapping[str, int]
) -> None:
    units = {one.id for group in inputs.groups for one in group.participants}
    stages = {f"{group.id}/{bloc.id}" for group in inputs.groups for bloc in group.rule.blocs}
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
