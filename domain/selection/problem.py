"""What is left to choose: columns for the free nominees, rows for what the list has to keep.

A *rule* asks that ``coefs · x + slack >= floor``. The rules of a *tier* may fall short; a tier's shortfall is
the weighted sum of their slacks. Tier 0 holds what is hard (its shortfall has to be 0), the others are the
priorities in their order. A rule without a tier may not fall short at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.selection.arrays import Integers, Longs, Mask
from domain.selection.pool_arrays import PoolArrays


@dataclass(frozen=True, slots=True)
class LinearRule:
    """``coefs`` (n) whole numbers; ``cap`` is the most it can fall short. ``name``: target and side, or the
    two of a pair by their numbers on the board."""

    coefs: Integers
    floor: int
    tier: int | None = None
    weight: int = 1
    cap: int = 0
    name: tuple[str, str] | tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SelectionProblem:
    """Choose ``need[p]`` of the columns at each place ``p``; ``columns`` (n) are their numbers on the board.

    Places without a choice have no columns. Columns of one place stand together, in order of the board.
    """

    columns: Longs
    place: Longs
    need: Longs
    rules: tuple[LinearRule, ...]
    tiers: int

    @property
    def size(self) -> int:
        return len(self.columns)

    def restrict_columns(self, free: Mask, chosen: Mask) -> "SelectionProblem":
        """The problem that is left when only ``free`` columns are open; of the others ``chosen`` are in."""
        settled = chosen & ~free
        taken = np.bincount(self.place[settled], minlength=len(self.need)).astype(np.int64)
        rules = tuple(
            replace(rule, coefs=rule.coefs[free], floor=rule.floor - int(rule.coefs[settled].sum()))
            for rule in self.rules
        )
        return SelectionProblem(self.columns[free], self.place[free], self.need - taken, rules, self.tiers)

    def add_goal_rule(self, goal: Longs, least: int) -> "SelectionProblem":
        """The same with one rule more: at least so much of a goal (n)."""
        return replace(self, rules=(*self.rules, LinearRule(goal, least)))

    def compute_shortfalls(self, x: Mask) -> list[int]:
        """The shortfall of each tier with the columns ``x`` chosen."""
        short = [0] * self.tiers
        for rule in self.rules:
            if rule.tier is not None:
                short[rule.tier] += rule.weight * max(0, rule.floor - int(rule.coefs[x].sum()))
        return short

    def is_feasible(self, x: Mask) -> bool:
        """Whether the columns ``x`` fill the places and keep the rules that may not fall short."""
        filled = np.bincount(self.place[x], minlength=len(self.need))
        kept = all(int(r.coefs[x].sum()) >= r.floor for r in self.rules if r.tier is None)
        return kept and bool(np.array_equal(filled, self.need))


def build_problem(board: PoolArrays, goals: Sequence[Longs]) -> tuple[SelectionProblem, Mask]:
    """The problem of a board, and who is on the list in any case (a mask over the board).

    ``goals`` are what is maximised, one after the other. Of those with one place and one profile only the
    best by them can be chosen, as many as there are seats; the others have no column.
    """
    need = board.count_free_seats()
    free = board.state == 0
    open_seats = np.bincount(board.place[free], minlength=len(need))
    forced = free & (open_seats == need)[board.place]
    seated = (board.state == 1) | forced
    free &= ~forced & (need > 0)[board.place]
    need = np.where((open_seats == need), 0, need)
    columns = np.flatnonzero(free)
    columns = columns[np.argsort(board.place[columns], kind="stable")]
    columns = columns[_mask_undominated_columns(board, columns, need, goals)]
    return SelectionProblem(
        columns, board.place[columns], need, *_build_rules(board, columns, seated, need)
    ), seated


def _build_rules(
    board: PoolArrays, columns: Longs, seated: Mask, need: Longs
) -> tuple[tuple[LinearRule, ...], int]:
    total = int(need.sum())
    priorities = sorted({bar.target.priority for bar in board.sides if not bar.target.hard})
    tier_of = {priority: n for n, priority in enumerate(priorities, 1)}
    rules = []
    for bar in board.sides:
        sign = 1 if bar.side == "least" else -1
        coefs = bar.counted[columns].astype(np.int8) * np.int8(sign)
        floor = sign * (bar.persons - int(np.count_nonzero(bar.counted & seated)))
        lowest = 0 if sign == 1 else -min(total, int(np.count_nonzero(coefs)))
        tier = 0 if bar.target.hard else tier_of[bar.target.priority]
        rules.append(LinearRule(coefs, floor, tier, bar.weight, max(0, floor - lowest), bar.name))
    for i, j in board.pairs:
        coefs = -((columns == i) | (columns == j)).astype(np.int8)
        floor = -1 + int(seated[i]) + int(seated[j])
        cap = max(0, floor - int(coefs.sum()))
        rules.append(LinearRule(coefs, floor, 0, 1, cap, (i, j)))
    return tuple(rules), len(priorities) + 1


def number_profiles(board: PoolArrays, columns: Longs) -> Longs:
    """A number for place and profile: equal for those whom no rule tells apart."""
    apart = {i for pair in board.pairs for i in pair}
    code = board.place[columns]
    for bar in board.sides:
        if int(code.max(initial=0)) >= 2**61:
            code = np.unique(code, return_inverse=True)[1].astype(np.int64)
        code = 2 * code + bar.counted[columns]
    if apart:
        alone = np.isin(columns, list(apart))
        code = np.unique(code, return_inverse=True)[1].astype(np.int64)
        code[alone] = len(columns) + columns[alone]
    return code


def rank_columns(board: PoolArrays, columns: Longs, goals: Sequence[Longs]) -> Longs:
    """How many of the same place and profile stand ahead of each column, by the goals and then by id."""
    code = number_profiles(board, columns)
    order = np.lexsort((columns, *(-goal[columns] for goal in reversed(goals)), code))
    ranks = np.empty(len(columns), np.int64)
    ranks[order] = _count_within_groups(code[order])
    return ranks


def _mask_undominated_columns(board: PoolArrays, columns: Longs, need: Longs, goals: Sequence[Longs]) -> Mask:
    found: Mask = rank_columns(board, columns, goals) < need[board.place[columns]]
    return found


def _count_within_groups(groups: Longs) -> Longs:
    """0, 1, 2, … within each run of equal numbers."""
    spots = np.arange(len(groups), dtype=np.int64)
    starts = np.ones(len(groups), np.bool_)
    starts[1:] = groups[1:] != groups[:-1]
    return spots - np.maximum.accumulate(np.where(starts, spots, 0))
