"""Sums of a table of floats, nearly without rounding errors.

Each share is cut into a multiple of a power of two, whose sums are exact, and a rest so small that the
rounding errors of its sums do not matter.
"""

import numpy as np

from domain.composition.solver.share_problem import Floats, ShareProblem

FLOAT_ERROR = 2.0**-53
"""The relative error of one operation on floats."""


class ExactSums:
    """What the columns and rows of a table have beyond the goals and seats of ``problem``."""

    def __init__(self, problem: ShareProblem) -> None:
        total = int(problem.seats.sum())
        self._scale = 2.0 ** (51 - max(1, total.bit_length()))
        self._seats = problem.seats.astype(np.float64)
        fine = [goal * int(self._scale) for goal in problem.goals]
        self._goals = np.array([float(part.numerator // part.denominator) for part in fine]) / self._scale
        rests = [part - part.numerator // part.denominator for part in fine]
        self._goal_rests = np.array([float(rest) for rest in rests]) / self._scale

    def compute_excess(self, shares: Floats) -> list[float]:
        """By how many seats each column exceeds its goal."""
        coarse, rest = self._cut_shares(shares)
        above = np.add.reduce(coarse, axis=0) - self._goals
        excess: list[float] = (above + (np.add.reduce(rest, axis=0) - self._goal_rests)).tolist()
        return excess

    def compute_row_excess(self, shares: Floats) -> Floats:
        """By how many seats each row exceeds its seats; ``shares`` has all rows of the problem."""
        coarse, rest = self._cut_shares(shares)
        above, tail = -self._seats, np.zeros(len(shares))
        for v in range(shares.shape[1]):
            above += coarse[:, v]
            tail += rest[:, v]
        excess: Floats = above + tail
        return excess

    def compute_error(self, cells: int) -> float:
        """The most that rounding errors can change in the sum over ``cells`` cells, in seats."""
        return 4 * FLOAT_ERROR * cells * cells / self._scale

    def _cut_shares(self, shares: Floats) -> tuple[Floats, Floats]:
        coarse = np.floor(shares * self._scale) / self._scale
        return coarse, shares - coarse
