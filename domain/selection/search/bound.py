"""The proof: an upper bound on the objective of every list, in whole numbers (Lagrangian relaxation).

With any whole, non-negative multipliers on the rules, the best list of the relaxed problem is found
separately for each place (its best ``need`` columns), and no list that keeps the rules is better. The
multipliers come from a linear program in floats; poor multipliers give a weak bound, never a wrong one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from domain.selection.arrays import Floats, Longs, Mask
from domain.selection.search.problem import SelectionProblem


@dataclass(frozen=True, slots=True)
class Objective:
    """What is maximised: the sum of ``goal`` (n) over the chosen columns, less the price of the shortfalls.

    ``prices``: tier → cost of one unit of its shortfall. ``limits``: tier → the greatest shortfall allowed.
    Tiers in neither are ignored.
    """

    goal: Longs
    limits: Mapping[int, int]
    prices: Mapping[int, int] = field(default_factory=dict)

    def includes_tier(self, tier: int | None) -> bool:
        return tier is None or tier in self.prices or tier in self.limits

    def is_rigid(self, tier: int | None) -> bool:
        """Whether rules of this tier may not fall short at all."""
        return tier is None or (tier not in self.prices and self.limits[tier] == 0)

    def restrict_columns(self, columns: Mask) -> "Objective":
        """The same objective over some of the columns."""
        return Objective(self.goal[columns], self.limits, self.prices)

    def compute_value(self, problem: SelectionProblem, x: Mask) -> int:
        """The value of the objective for the chosen columns ``x``."""
        short = problem.compute_shortfalls(x) if self.prices else []
        return int(self.goal[x].sum()) - sum(price * short[tier] for tier, price in self.prices.items())


def build_shortfall_objective(problem: SelectionProblem, tier: int, limits: Mapping[int, int]) -> Objective:
    """The objective of the least shortfall in ``tier``, within the ``limits`` of the other tiers."""
    return Objective(np.zeros(problem.size, np.int64), dict(limits), {tier: 1})


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Multipliers, zero or more, of each rule and of each limited tier, as multiples of 1 / ``scale``."""

    scale: int
    rules: Longs
    tiers: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Bound:
    """An upper bound: no list is better than ``value / scale``, and no list that differs from ``inside`` in
    column i is better than ``(value - cost[i]) / scale``. ``worth`` (n) are the columns' values in the
    relaxed problem, times ``scale``."""

    value: int
    scale: int
    inside: Mask
    cost: Longs
    worth: Longs

    @property
    def most(self) -> int:
        """The greatest whole number that the objective of a list can reach."""
        return self.value // self.scale

    def compute_ratio(self) -> Fraction:
        return Fraction(self.value, self.scale)


def round_multipliers(
    problem: SelectionProblem, objective: Objective, rules: Floats, tiers: Mapping[int, float]
) -> Multipliers:
    """Float multipliers rounded to whole ones, with the finest scale that cannot overflow 64 bits.

    Where no scale is fine enough, the multipliers are made smaller: any that are not negative are valid.
    """
    goal = int(np.abs(objective.goal).max(initial=0))
    reach = float(goal + 1 + sum(objective.prices.values()))
    for rule, multiplier in zip(problem.rules, rules, strict=True):
        reach += abs(float(multiplier)) * float(np.abs(rule.coefs).max(initial=0))
    reach += sum(max(0.0, multiplier) for multiplier in tiers.values())
    if not np.isfinite(reach):
        return Multipliers(1, np.zeros(len(rules), np.int64), dict.fromkeys(tiers, 0))
    bits = min(30, 60 - int(np.ceil(np.log2(reach))) - int(problem.need.sum()).bit_length())
    whole = np.rint(np.maximum(rules, 0.0) * 2.0**bits).astype(np.int64)
    rounded = {tier: max(0, round(multiplier * 2.0**bits)) for tier, multiplier in tiers.items()}
    return Multipliers(1 << max(0, bits), whole, rounded)


def compute_bound(
    problem: SelectionProblem, objective: Objective, by: Multipliers, first: Mask | None = None
) -> Bound:
    """The bound from the multipliers ``by``; of columns with equal worth, its list prefers those in
    ``first``."""
    worth = objective.goal * by.scale
    value = 0
    for rule, multiplier in zip(problem.rules, by.rules.tolist(), strict=True):
        if not multiplier or not objective.includes_tier(rule.tier):
            continue
        worth = worth + np.multiply(rule.coefs, multiplier, dtype=np.int64)
        value -= multiplier * rule.floor
    value += sum(multiplier * objective.limits[tier] for tier, multiplier in by.tiers.items())
    value += _compute_slack_gain(problem, objective, by)
    inside, cost, best = _choose_best_columns(problem, worth, first)
    return Bound(value + best, by.scale, inside, cost, worth)


def _compute_slack_gain(problem: SelectionProblem, objective: Objective, by: Multipliers) -> int:
    """The most that shortfalls can add to the relaxed objective."""
    total = 0
    for rule, multiplier in zip(problem.rules, by.rules.tolist(), strict=True):
        tier = rule.tier
        if tier is None or not objective.includes_tier(tier) or objective.is_rigid(tier):
            continue
        price = by.scale * objective.prices.get(tier, 0) + by.tiers.get(tier, 0)
        total += rule.cap * max(0, multiplier - price * rule.weight)
    return total


def _choose_best_columns(
    problem: SelectionProblem, worth: Longs, first: Mask | None
) -> tuple[Mask, Longs, int]:
    """The best columns of each place, the least cost of changing each column, and the total worth."""
    n, need = problem.size, problem.need
    keys = (-worth, problem.place) if first is None else (~first, -worth, problem.place)
    order = np.lexsort(keys)
    counts = np.bincount(problem.place, minlength=len(need))
    starts = np.cumsum(counts) - counts
    rank = np.empty(n, np.int64)
    rank[order] = np.arange(n) - starts[problem.place[order]]
    inside: Mask = rank < need[problem.place]
    line = worth[order]
    open_place = (need > 0) & (need < counts)
    last_in = (
        np.where(open_place, line[np.minimum(starts + np.maximum(need, 1) - 1, n - 1)], 0) if n else need
    )
    first_out = np.where(open_place, line[np.minimum(starts + need, n - 1)], 0) if n else need
    cost = np.where(inside, worth - first_out[problem.place], last_in[problem.place] - worth)
    # Where the place leaves no choice, its columns cannot change: their cost is practically infinite.
    cost[~open_place[problem.place]] = np.iinfo(np.int64).max // 4
    return inside, cost, int(line[rank[order] < need[problem.place[order]]].sum()) if n else 0
