"""The search behind a replacement: the stages of a selection with goals of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.composition.criteria import AnyOf
from domain.composition.targets import CompositionTarget
from domain.selection.arrays import Longs, Mask
from domain.selection.highs import SolverFailed
from domain.selection.integer_search import NodeBudget
from domain.selection.optimum_search import SearchProgress
from domain.selection.pool import Pool
from domain.selection.pool_arrays import PoolArrays, TargetSide, build_pool_arrays
from domain.selection.problem import build_problem
from domain.selection.recount import Shortfall
from domain.selection.result import SelectionOutcome
from domain.selection.stages import solve_stages


@dataclass(frozen=True, slots=True)
class ReplacementList:
    """The ids of the list in their order, if there is one."""

    outcome: SelectionOutcome
    ids: tuple[str, ...] | None


def search_replacement(
    pool: Pool,
    kept: Sequence[str],
    before: Sequence[Shortfall],
    collectives: Mapping[str, int],
    alternates: Mapping[tuple[str, str], Sequence[str]],
    nodes: int,
) -> ReplacementList:
    """The best list by the order of :mod:`domain.selection.replacement`.

    ``kept`` are those of the list who can come; ``collectives``: how many of each cannot.
    """
    board = build_pool_arrays(pool)
    staying = set(kept)
    stays = np.fromiter((one in staying for one in board.ids), np.bool_, len(board.ids))
    board = replace(board, sides=[*board.sides, *_build_collective_sides(pool, board, stays, collectives)])
    goals = (stays.astype(np.int64), _rank_alternates(board, stays, alternates), board.score, -board.lot)
    problem, chosen = build_problem(board, goals)
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
    return ReplacementList(
        SelectionOutcome(answer.state), tuple(board.ids[n] for n in np.flatnonzero(chosen))
    )


def _build_collective_sides(
    pool: Pool, board: PoolArrays, stays: Mask, collectives: Mapping[str, int]
) -> list[TargetSide]:
    """One wish behind all targets for each collective that lost somebody: as many newcomers of it."""
    last = 1 + max((target.priority for target in pool.targets if not target.hard), default=0)
    of = [pool.nominees[n].collective for n in board.source]
    bars = []
    for collective, lost in sorted(collectives.items()):
        target = CompositionTarget(
            f"collective/{collective}", AnyOf("collective", frozenset()), lost, priority=last
        )
        new = np.fromiter((each == collective for each in of), np.bool_, len(of)) & ~stays
        bars.append(TargetSide(target, "least", lost, 1, new))
    return bars


def _rank_alternates(
    board: PoolArrays, stays: Mask, alternates: Mapping[tuple[str, str], Sequence[str]]
) -> Longs:
    """Minus the place in the line of alternates; who is in none stands behind the longest (n)."""
    behind = 1 + max((len(line) for line in alternates.values()), default=0)
    place = {one: n for line in alternates.values() for n, one in enumerate(line, 1)}
    order = np.fromiter((place.get(one, behind) for one in board.ids), np.int64, len(board.ids))
    found: Longs = np.where(stays, 0, -order)
    return found
