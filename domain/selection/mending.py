"""The search behind a replacement: the stages of a selection with goals of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.composition.criteria import AnyOf
from domain.composition.targets import Target
from domain.selection.arrays import Longs, Mask
from domain.selection.board import Bar, Board, lay_out
from domain.selection.climb import Course
from domain.selection.core import Budget
from domain.selection.highs import SolverFailed
from domain.selection.model import Pool
from domain.selection.problem import pose
from domain.selection.recount import Shortfall
from domain.selection.result import Outcome
from domain.selection.stages import settle


@dataclass(frozen=True, slots=True)
class Mended:
    """The ids of the list in their order, if there is one."""

    outcome: Outcome
    ids: tuple[str, ...] | None


def search_mended(
    pool: Pool,
    kept: Sequence[str],
    before: Sequence[Shortfall],
    collectives: Mapping[str, int],
    alternates: Mapping[tuple[str, str], Sequence[str]],
    nodes: int,
) -> Mended:
    """The best list by the order of :mod:`domain.selection.replacement`.

    ``kept`` are those of the list who can come; ``collectives``: how many of each cannot.
    """
    board = lay_out(pool)
    staying = set(kept)
    stays = np.fromiter((one in staying for one in board.ids), np.bool_, len(board.ids))
    board = replace(board, bars=[*board.bars, *_same_collective(pool, board, stays, collectives)])
    goals = (stays.astype(np.int64), _order(board, stays, alternates), board.score, -board.lot)
    problem, chosen = pose(board, goals)
    allowed = [0, *(each.short for each in before), *([0] * bool(collectives))]
    names = ("kept", "alternates", "score", "lot")
    try:
        parts = [goal[problem.columns] for goal in goals]
        answer = settle(problem, parts, names, Course(Budget(nodes)), allowed)
    except SolverFailed:
        return Mended(Outcome.UNFINISHED, None)
    if answer.x is None:
        return Mended(Outcome(answer.state), None)
    chosen[problem.columns[answer.x]] = True
    return Mended(Outcome(answer.state), tuple(board.ids[n] for n in np.flatnonzero(chosen)))


def _same_collective(pool: Pool, board: Board, stays: Mask, collectives: Mapping[str, int]) -> list[Bar]:
    """One wish behind all targets for each collective that lost somebody: as many newcomers of it."""
    last = 1 + max((target.priority for target in pool.targets if not target.hard), default=0)
    of = [pool.nominees[n].collective for n in board.source]
    bars = []
    for collective, lost in sorted(collectives.items()):
        target = Target(f"collective/{collective}", AnyOf("collective", frozenset()), lost, priority=last)
        new = np.fromiter((each == collective for each in of), np.bool_, len(of)) & ~stays
        bars.append(Bar(target, "least", lost, 1, new))
    return bars


def _order(board: Board, stays: Mask, alternates: Mapping[tuple[str, str], Sequence[str]]) -> Longs:
    """Minus the place in the line of alternates; who is in none stands behind the longest (n)."""
    behind = 1 + max((len(line) for line in alternates.values()), default=0)
    place = {one: n for line in alternates.values() for n, one in enumerate(line, 1)}
    order = np.fromiter((place.get(one, behind) for one in board.ids), np.int64, len(board.ids))
    found: Longs = np.where(stays, 0, -order)
    return found
