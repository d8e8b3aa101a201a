"""Rows divided at given column factors, in decimals of fifty digits: where floats are too coarse.

This is slow, and seldom needed: for seats by the million, and for factors that lie very far apart.
"""

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext

import numpy as np

from domain.composition.solver.factor_search import Matrix
from domain.composition.solver.share_problem import ShareProblem

DIGITS = Context(prec=50)
Row = tuple[int, list[Decimal], Decimal, list[Decimal]]


class DecimalRows:
    """:class:`domain.composition.solver.factor_search.PlacedRows` in decimals."""

    widest = Decimal(100_000)

    def __init__(self, problem: ShareProblem) -> None:
        self.goals = [
            DIGITS.divide(Decimal(goal.numerator), Decimal(goal.denominator)) for goal in problem.goals
        ]
        self.factors = [Decimal(1)] * len(self.goals)
        self._rows: list[Row] = []
        for i in np.flatnonzero(problem.seats).tolist():
            own = (problem.weights[i] > 0).tolist()
            prior = [
                Decimal(p) if takes else Decimal(0) for p, takes in zip(problem.prior[i], own, strict=True)
            ]
            caps = [Decimal(cap) for cap in problem.caps[i].tolist()]
            self._rows.append((i, prior, Decimal(int(problem.seats[i])), caps))
        self._loose: list[list[tuple[int, float]]] = []

    def place(self, logs: Sequence[Decimal]) -> list[float]:
        top = max(logs)
        self.factors = [DIGITS.exp(log - top) for log in logs]
        sums, self._loose = [Decimal(0)] * len(logs), []
        with localcontext(DIGITS):
            for _, weights, seats, caps in self.list_rows():
                shares, free, _ = fill_decimal_row(seats, weights, caps)
                sums = [have + share for have, share in zip(sums, shares, strict=True)]
                self._loose.append([(v, float(shares[v])) for v in free])
            return [float(have - goal) for have, goal in zip(sums, self.goals, strict=True)]

    def list_rows(self) -> Iterator[Row]:
        """Each row that has seats: its place, weights × column factors, seats and caps."""
        for i, prior, seats, caps in self._rows:
            yield i, [p * factor for p, factor in zip(prior, self.factors, strict=True)], seats, caps

    def compute_links(self) -> Matrix:
        links = [[0.0] * len(self.goals) for _ in self.goals]
        for loose in self._loose:
            total = 0.0
            for _, share in loose:
                total += share
            for v, one in loose:
                for w, other in loose:
                    if v != w and total > 0:
                        links[v][w] += one * (other / total)
        return links


def fill_decimal_row(
    seats: Decimal, weights: Sequence[Decimal], caps: Sequence[Decimal]
) -> tuple[list[Decimal], list[int], Decimal]:
    """``seats`` by ``weights`` with no cell above its cap; the cells below it; and the row's factor."""
    shares, left, level = [Decimal(0)] * len(weights), seats, Decimal(0)
    free = [v for v, weight in enumerate(weights) if weight]
    while free:
        level = left / sum((weights[v] for v in free), Decimal(0))
        full = [v for v in free if weights[v] * level >= caps[v]]
        if not full:
            break
        for v in full:
            shares[v] = caps[v]
            left -= caps[v]
        free = [v for v in free if v not in full]
    for v in free:
        shares[v] = weights[v] * level
    if not free:
        level = max(
            (cap / weight for weight, cap in zip(weights, caps, strict=True) if weight), default=level
        )
    return shares, free, level
