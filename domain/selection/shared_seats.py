"""Seats that a unit fills itself, and those that it gave to units below, of which it is asked together."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from domain.composition.targets import CompositionTarget, Scope
from domain.selection.candidates import Place


class QuotaRecord(Protocol):
    """A quota as it is stored. The rules below read it, and change nothing."""

    id: UUID
    unit: UUID
    group: str
    seats: int
    distributed: int
    parent: UUID | None


def count_own_seats(quota: QuotaRecord) -> int:
    """The seats that a unit fills itself; none where it gave away more than it was left with."""
    return max(0, quota.seats - quota.distributed)


def count_empty_seats(quotas: Sequence[QuotaRecord], filled: Mapping[Place, int]) -> dict[Place, int]:
    """Place → its seats for which nobody goes; ``filled`` is place → how many go."""
    left = {
        (quota.unit, quota.group): count_own_seats(quota) - filled.get((quota.unit, quota.group), 0)
        for quota in quotas
    }
    return {place: seats for place, seats in left.items() if seats > 0}


def map_origins_by_place(quotas: Sequence[QuotaRecord]) -> dict[Place, Place]:
    """Places whose seats were distributed from above → the place to which they were allocated."""
    known = {quota.id: quota for quota in quotas}
    found = {}
    for quota in quotas:
        top = quota
        while top.parent is not None:
            top = known[top.parent]
        if top is not quota:
            found[quota.unit, quota.group] = (top.unit, top.group)
    return found


def map_fillers_by_unit(origins: Mapping[Place, Place], codes: Mapping[UUID, str]) -> dict[str, set[str]]:
    """Unit code → the units below it that fill its seats; ``codes`` is unit → code."""
    found: dict[str, set[str]] = defaultdict(set)
    for (unit, _), (top, _) in origins.items():
        found[codes[top]].add(codes[unit])
    return found


def widen_target(target: CompositionTarget, fillers: Mapping[str, Collection[str]]) -> CompositionTarget:
    """What is asked of units is asked of them together with those below that fill their seats."""
    if target.scope.kind != "unit":
        return target
    ids = target.scope.ids.union(*(fillers.get(unit, ()) for unit in target.scope.ids))
    return replace(target, scope=Scope("unit", ids))
