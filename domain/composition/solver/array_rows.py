"""Rows divided at given column factors, on arrays of floats.

Floats are only added, subtracted, multiplied, divided and compared, always in the same order, so that every
machine finds the same bits; the logarithms are raised to factors in decimals. Sums over units add the rows in
their order (numpy does so along the first axis; its pairwise sums along the last axis would not).
"""

from collections.abc import Sequence
from decimal import Context, Decimal

import numpy as np

from domain.composition.solver.factor_search import Matrix
from domain.composition.solver.share_problem import Flags, Floats, Integers, ShareProblem
from domain.composition.solver.share_sums import ExactSums

FACTOR_CONTEXT = Context(prec=25)


class ArrayRows:
    """:class:`domain.composition.solver.factor_search.PlacedRows` in floats."""

    widest = Decimal(600)

    def __init__(self, problem: ShareProblem) -> None:
        self._kept = np.flatnonzero(problem.seats)
        self._count = len(problem.seats)
        self._seats = problem.seats[self._kept].astype(np.float64)
        self._caps = problem.caps[self._kept].astype(np.float64)
        self._weights = problem.weights[self._kept]
        self._sums = ExactSums(problem)
        self._free: Flags = np.zeros_like(self._caps, dtype=np.bool_)
        self._shares: Floats = np.zeros_like(self._caps)
        self._levels: Floats = np.zeros_like(self._seats)
        self.logs: list[Decimal] = []
        self.factors: list[float] = []

    def place(self, logs: Sequence[Decimal]) -> list[float]:
        self.logs, top = list(logs), max(logs)
        self.factors = [float(FACTOR_CONTEXT.exp(log - top)) for log in logs]
        weights = self._weights * np.array(self.factors)
        free = weights > 0
        shares, full, levels = _fill_rows(self._seats, weights, free, self._caps)
        self._free, self._shares, self._levels = free, shares, levels
        rows = np.flatnonzero(full.any(axis=1))
        self._refill_rows(rows, weights[rows], full[rows])
        return self._sums.compute_excess(shares)

    def _refill_rows(self, rows: Integers, weights: Floats, full: Flags) -> None:
        """Divide again what the full cells of ``rows`` leave over, until no more cell becomes full."""
        caps, left, free = self._caps[rows], self._seats[rows], self._free[rows]
        while rows.size:
            free &= ~full
            left = left - _sum_rows(np.where(full, caps, 0.0))
            again, over, levels = _fill_rows(left, weights, free, caps)
            self._shares[rows] = np.where(free, again, self._shares[rows])
            self._free[rows] = free
            self._levels[rows] = np.where(free.any(axis=1), levels, _compute_least_level(weights, caps))
            still = over.any(axis=1)
            rows, caps, left = rows[still], caps[still], left[still]
            weights, free, full = weights[still], free[still], over[still]

    def compute_links(self) -> Matrix:
        loose = np.where(self._free, self._shares, 0.0)
        total = _sum_rows(loose)
        ratio = loose / np.where(total > 0, total, 1.0)[:, None]
        size = loose.shape[1]
        links = [[0.0] * size for _ in range(size)]
        for v in range(size - 1):
            part = loose[:, v + 1 :] * ratio[:, v : v + 1]
            for w, link in enumerate(np.add.reduce(part, axis=0).tolist(), start=v + 1):
                links[v][w] = links[w][v] = link
        return links

    def list_levels(self) -> Floats:
        """The factor of each row where the search stands; zero for rows without seats."""
        levels = np.zeros(self._count)
        levels[self._kept] = self._levels
        return levels


def _fill_rows(left: Floats, weights: Floats, free: Flags, caps: Floats) -> tuple[Floats, Flags, Floats]:
    """``left`` seats of each row over its ``free`` cells by weight, up to the caps; full cells; factors."""
    total = _sum_rows(np.where(free, weights, 0.0))
    levels = left / np.where(total > 0, total, 1.0)
    filled = weights * levels[:, None]
    full = free & (filled >= caps)
    return np.where(full, caps, np.where(free, filled, 0.0)), full, levels


def _compute_least_level(weights: Floats, caps: Floats) -> Floats:
    """The least factor of each row at which all its cells are full."""
    part: Floats = np.where(weights > 0, caps / np.where(weights > 0, weights, 1.0), 0.0).max(axis=1)
    return part


def _sum_rows(table: Floats) -> Floats:
    """The sum of each row, added in the order of the columns."""
    total = np.zeros(len(table))
    for column in range(table.shape[1]):
        total += table[:, column]
    return total
