"""Targets of a plan as the composition rules take them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal
from uuid import UUID

from domain.composition.criteria import Age, AnyOf, NoneOf, TargetCriterion
from domain.composition.targets import CompositionTarget, Scope, check_ranges
from domain.findings import Finding
from domain.plans import Target as PlanTarget
from domain.plans import Tier


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


def _sum_stated_seats(seats: Mapping[str, int | None], groups: Sequence[str]) -> int | None:
    """The seats of these groups, None where the plan does not state all of them."""
    numbers = [number for group in groups if (number := seats.get(group)) is not None]
    return sum(numbers) if len(numbers) == len(groups) else None
