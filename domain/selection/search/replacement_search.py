"""The search for a replacement: the stages of a selection with other goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.composition.criteria import AnyOf
from domain.composition.targets import CompositionTarget
from domain.selection.arrays import Longs, Mask
from domain.selection.pool import PlaceKey, Pool
from domain.selection.recount import Shortfall
from domain.selection.result import SelectionOutcome
from domain.selection.search.equal_lists import ListGoals, find_tied
from domain.selection.search.highs import SolverFailed
from domain.selection.search.integer_search import NodeBudget
from domain.selection.search.optimum_search import SearchProgress
from domain.selection.search.pool_arrays import PoolArrays, TargetSide, build_pool_arrays
from domain.selection.search.problem import build_problem
from domain.selection.search.stages import solve_stages


@dataclass(frozen=True, slots=True)
class ReplacementList:
    """The outcome, and the ids of the list in their order, if there is one.

    ``tied`` are those among whom a lot must be drawn before there is one best list.
    """

    outcome: SelectionOutcome
    ids: tuple[str, ...] | None
    tied: tuple[str, ...] = ()


def search_replacement(
    pool: Pool,
    kept: Sequence[str],
    before: Sequence[Shortfall],
    collectives: Mapping[str, int],
    alternates: Mapping[PlaceKey, Sequence[str]],
    nodes: int,
) -> ReplacementList:
    """The best list by the order of criteria in :mod:`domain.selection.replacement`.

    ``kept`` are the delegates who can come; ``collectives``: collective → number of its delegates who cannot.
    """
    arrays = build_pool_arrays(pool)
    staying = set(kept)
    stays = np.fromiter((one in staying for one in arrays.ids), np.bool_, len(arrays.ids))
    arrays = replace(
        arrays, sides=[*arrays.sides, *_build_collective_sides(pool, arrays, stays, collectives)]
    )
    goals = (stays.astype(np.int64), _rank_alternates(arrays, stays, alternates), arrays.score, -arrays.lot)
    problem, chosen = build_problem(arrays, goals)
    allowed = [0, *(each.short for each in before), *([0] * bool(collectives))]
    names = ("kept", "alternates", "score", "lot")
    try:
        parts = [goal[problem.columns] for goal in goals]
        answer = solve_stages(problem, parts, names, SearchProgress(NodeBudget(nodes)), allowed)
    except SolverFailed:
        return ReplacementList(SelectionOutcome.UNFINISHED, None)
    if answer.x is None:
        return ReplacementList(SelectionOutcome(answer.state), None)
    chosen[problem.columns[answer.x]] = True
    ids = tuple(arrays.ids[n] for n in np.flatnonzero(chosen))
    if answer.state != "proven":
        return ReplacementList(SelectionOutcome(answer.state), ids)
    tied = find_tied(ListGoals(arrays, goals[:-1], allowed), ids, nodes)
    return ReplacementList(SelectionOutcome.PROVEN, ids, tied)


def _build_collective_sides(
    pool: Pool, arrays: PoolArrays, stays: Mask, collectives: Mapping[str, int]
) -> list[TargetSide]:
    """A soft target of the last priority for each collective that lost delegates: as many new ones from
    it."""
    last = 1 + max((target.priority for target in pool.targets if not target.hard), default=0)
    of = [pool.nominees[n].collective for n in arrays.source]
    sides = []
    for collective, lost in sorted(collectives.items()):
        target = CompositionTarget(
            f"collective/{collective}", AnyOf("collective", frozenset()), lost, priority=last
        )
        new = np.fromiter((each == collective for each in of), np.bool_, len(of)) & ~stays
        sides.append(TargetSide(target, "least", lost, 1, new))
    return sides


def _rank_alternates(arrays: PoolArrays, stays: Mask, alternates: Mapping[PlaceKey, Sequence[str]]) -> Longs:
    """Minus the position in the order of alternates, 0 for those who stay; other nominees come last (n)."""
    behind = 1 + max((len(line) for line in alternates.values()), default=0)
    place = {one: n for line in alternates.values() for n, one in enumerate(line, 1)}
    order = np.fromiter((place.get(one, behind) for one in arrays.ids), np.int64, len(arrays.ids))
    found: Longs = np.where(stays, 0, -order)
    return found
