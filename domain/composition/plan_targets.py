"""Targets of a plan as the composition rules take them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal
from uuid import UUID

from domain.composition.check import OpenSeats, TargetVerdict, check_clashes, check_list
from domain.composition.criteria import Age, AnyOf, NoneOf, TargetCriterion
from domain.composition.targets import CompositionTarget, Scope, check_ranges
from domain.findings import Finding
from domain.plans import SeatGroup, Tier
from domain.plans import Target as PlanTarget


def build_target(target: PlanTarget, ids: Mapping[str, UUID] | None = None) -> CompositionTarget:
    """A plan's target as the composition rules take it; ``ids`` where records name units by id."""
    return CompositionTarget(
        target.id,
        build_criterion(target),
        at_least=target.count if target.bound == "at_least" else None,
        at_most=target.count if target.bound == "at_most" else None,
        share=target.share if target.bound == "at_least" else None,
        most_share=target.share if target.bound == "at_most" else None,
        hard=target.hard,
        priority=target.priority,
        scope=build_scope(target, ids),
        clause=target.clause,
        of_nominees=target.share_of == "nominees",
    )


def build_scope(target: PlanTarget, ids: Mapping[str, UUID] | None = None) -> Scope:
    """The part of the list that a plan's target speaks of."""
    named = target.units if ids is None else [str(ids.get(code, code)) for code in target.units]
    scopes: dict[Literal["group", "bloc", "unit"], Sequence[str]] = {
        "group": target.groups,
        "bloc": target.blocs,
        "unit": named,
    }
    return next((Scope(kind, frozenset(ids)) for kind, ids in scopes.items() if ids), Scope())


def build_criterion(target: PlanTarget) -> TargetCriterion:
    """Whom a plan's target counts. An honour may be the collective's that the person stands for."""
    honour = target.attribute in ("title", "award") and target.of == "holder"
    attribute = f"{target.attribute}:holder" if honour else target.attribute
    if target.age_at_most is not None and target.on is not None:
        return Age(attribute, target.on, at_most=target.age_at_most)
    if target.other_than:
        return NoneOf(attribute, frozenset(target.other_than))
    return AnyOf(attribute, frozenset(target.values))


def check_stated_ranges(tier: Tier, pointer: str = "") -> tuple[Finding, ...]:
    """Findings for targets between which no whole number lies, as far as the tier states the seats.

    They need no list: a draft of the plan and an allocation tell them. ``pointer`` is the tier's.
    """
    seats = {group.id: group.seats for group in tier.seat_groups}
    stated = [
        (build_target(target), _sum_stated_seats(seats, target.groups or tuple(seats)))
        for target in tier.targets
        if not (target.blocs or target.units)
    ]
    sizes = {target.id: size for target, size in stated if size is not None}
    found = check_ranges([target for target, _ in stated if target.id in sizes], sizes)
    return tuple(replace(each, pointer=f"{pointer}/targets") for each in found)


def check_reachable_targets(tier: Tier) -> tuple[Finding, ...]:
    """Findings for targets that no list can meet, whoever is on it, as far as the tier states the seats.

    One asks for more people than there are seats; several of one attribute together do; or no whole number
    lies between them.
    """
    asked = [each for each in tier.targets if each.share_of == "seats" and _are_seats_stated(tier, each)]
    targets = [build_target(each) for each in asked]
    states = check_list((), targets, [place for group in tier.seat_groups for place in _list_places(group)])
    over = [
        Finding(
            "target_over_size", {"target": s.target, "least": s.least, "size": s.open_places}, clause=t.clause
        )
        for s, t in zip(states, targets, strict=True)
        if s.standing is TargetVerdict.UNREACHABLE
    ]
    return (*over, *check_clashes((), targets, states), *check_stated_ranges(tier))


def _are_seats_stated(tier: Tier, target: PlanTarget) -> bool:
    """Whether the tier states the seats in the target's scope; those of single units follow later."""
    if target.units:
        return False
    if target.blocs:
        blocs = [bloc for group in tier.seat_groups for bloc in group.blocs if bloc.id in target.blocs]
        return all(bloc.seats is not None for bloc in blocs)
    groups = target.groups or tuple(group.id for group in tier.seat_groups)
    return (
        bool(groups)
        and _sum_stated_seats({each.id: each.seats for each in tier.seat_groups}, groups) is not None
    )


def _list_places(group: SeatGroup) -> Iterator[OpenSeats]:
    """The seats of a group, by blocs where all of these have numbers."""
    if group.blocs and all(bloc.seats is not None for bloc in group.blocs):
        for bloc in group.blocs:
            yield OpenSeats(bloc.seats or 0, group=group.id, bloc=bloc.id)
    else:
        yield OpenSeats(group.seats or 0, group=group.id)


def _sum_stated_seats(seats: Mapping[str, int | None], groups: Sequence[str]) -> int | None:
    """The seats of these groups, None where the plan does not state all of them."""
    numbers = [number for group in groups if (number := seats.get(group)) is not None]
    return sum(numbers) if len(numbers) == len(groups) else None
