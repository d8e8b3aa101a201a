"""The remaining choice as an integer program: columns are free nominees, rows are the rules of the list.

A *rule* requires that ``coefs · x + slack >= floor``. The rules of a *tier* may fall short; a tier's
shortfall is the weighted sum of their slacks. Tier 0 has the hard rules (its shortfall must be 0), the other
tiers are the priorities in their order. A rule without a tier may not fall short at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.selection.arrays import Integers, Longs, Mask
from domain.selection.search.pool_arrays import PoolArrays


@dataclass(frozen=True, slots=True)
class LinearRule:
    """One rule: ``coefs`` (n) are whole numbers; ``cap`` is its greatest possible shortfall. ``name``: target
    and side, or the two nominees of a pair by their indices in the pool's arrays."""

    coefs: Integers
    floor: int
    tier: int | None = None
    weight: int = 1
    cap: int = 0
    name: tuple[str, str] | tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SelectionProblem:
    """Choose ``need[p]`` of the columns of each place ``p``; ``columns`` (n) are indices in the pool's
    arrays.

    Places without a choice have no columns. The columns of one place are adjacent, in the order of the
    arrays.
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
        """The problem over the ``free`` columns only; of the other columns, those in ``chosen`` are on the
        list."""
        fixed = chosen & ~free
        taken = np.bincount(self.place[fixed], minlength=len(self.need)).astype(np.int64)
        rules = tuple(
            replace(rule, coefs=rule.coefs[free], floor=rule.floor - int(rule.coefs[fixed].sum()))
            for rule in self.rules
        )
        return SelectionProblem(self.columns[free], self.place[free], self.need - taken, rules, self.tiers)

    def add_goal_rule(self, goal: Longs, least: int) -> "SelectionProblem":
        """The same problem with one more rule: the sum of ``goal`` (n) is at least ``least``."""
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


def build_problem(arrays: PoolArrays, goals: Sequence[Longs]) -> tuple[SelectionProblem, Mask]:
    """The problem of a pool's arrays, and the mask (n) of the nominees who are on the list in any case.

    ``goals`` are maximised, one after the other. Of the nominees with the same place and profile only the
    best by the goals can be chosen, at most as many as there are seats; the others have no column.
    """
    need = arrays.count_free_seats()
    free = arrays.state == 0
    open_seats = np.bincount(arrays.place[free], minlength=len(need))
    forced = free & (open_seats == need)[arrays.place]
    seated = (arrays.state == 1) | forced
    free &= ~forced & (need > 0)[arrays.place]
    need = np.where((open_seats == need), 0, need)
    columns = np.flatnonzero(free)
    columns = columns[np.argsort(arrays.place[columns], kind="stable")]
    columns = columns[_mask_undominated_columns(arrays, columns, need, goals)]
    return SelectionProblem(
        columns, arrays.place[columns], need, *_build_rules(arrays, columns, seated, need)
    ), seated


def _build_rules(
    arrays: PoolArrays, columns: Longs, seated: Mask, need: Longs
) -> tuple[tuple[LinearRule, ...], int]:
    total = int(need.sum())
    priorities = sorted({side.target.priority for side in arrays.sides if not side.target.hard})
    tier_of = {priority: n for n, priority in enumerate(priorities, 1)}
    rules = []
    for side in arrays.sides:
        sign = 1 if side.side == "least" else -1
        coefs = side.counted[columns].astype(np.int8) * np.int8(sign)
        floor = sign * (side.persons - int(np.count_nonzero(side.counted & seated)))
        lowest = 0 if sign == 1 else -min(total, int(np.count_nonzero(coefs)))
        tier = 0 if side.target.hard else tier_of[side.target.priority]
        rules.append(LinearRule(coefs, floor, tier, side.weight, max(0, floor - lowest), side.name))
    for i, j in arrays.pairs:
        coefs = -((columns == i) | (columns == j)).astype(np.int8)
        floor = -1 + int(seated[i]) + int(seated[j])
        cap = max(0, floor - int(coefs.sum()))
        rules.append(LinearRule(coefs, floor, 0, 1, cap, (i, j)))
    return tuple(rules), len(priorities) + 1


def number_profiles(arrays: PoolArrays, columns: Longs) -> Longs:
    """A number for place and profile: equal for nominees whom no rule distinguishes."""
    paired = {i for pair in arrays.pairs for i in pair}
    code = arrays.place[columns]
    for side in arrays.sides:
        if int(code.max(initial=0)) >= 2**61:
            code = np.unique(code, return_inverse=True)[1].astype(np.int64)
        code = 2 * code + side.counted[columns]
    if paired:
        in_pair = np.isin(columns, list(paired))
        code = np.unique(code, return_inverse=True)[1].astype(np.int64)
        code[in_pair] = len(columns) + columns[in_pair]
    return code


def rank_columns(arrays: PoolArrays, columns: Longs, goals: Sequence[Longs]) -> Longs:
    """How many columns of the same place and profile come before each column, by the goals and then by id."""
    code = number_profiles(arrays, columns)
    order = np.lexsort((columns, *(-goal[columns] for goal in reversed(goals)), code))
    ranks = np.empty(len(columns), np.int64)
    ranks[order] = _count_within_groups(code[order])
    return ranks


def _mask_undominated_columns(
    arrays: PoolArrays, columns: Longs, need: Longs, goals: Sequence[Longs]
) -> Mask:
    found: Mask = rank_columns(arrays, columns, goals) < need[arrays.place[columns]]
    return found


def _count_within_groups(groups: Longs) -> Longs:
    """0, 1, 2, … within each run of equal numbers."""
    spots = np.arange(len(groups), dtype=np.int64)
    starts = np.ones(len(groups), np.bool_)
    starts[1:] = groups[1:] != groups[:-1]
    return spots - np.maximum.accumulate(np.where(starts, spots, 0))
