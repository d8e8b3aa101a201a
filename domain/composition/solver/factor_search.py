"""The search for the column factors at which every column meets its goal. It ends.

The factors minimise a convex function of their logarithms (the dual of the projection), whose derivatives are
the excesses of the columns. Each round goes along Newton's direction; a block of columns that is not linked
to the others, so that its excess has no slope, is shifted as a whole. The step is accepted when the sum of
excesses is half of the least so far, or when the derivative along it lies between half of its start and zero.
Every eighth round changes only the worst column, and so does a round that finds no such step.

Why it ends: steps of the first kind come only so often until the sum is as small as it has to be, and every
other step lowers the function; each step of a worst column lowers it by at least a constant times the square
of the excess. The function has a minimum unless cells are forced, which are pinned beforehand
(:mod:`domain.composition.solver.reach`).

Source: Luenberger and Ye, Linear and Nonlinear Programming, 3rd ed. (2008), chapter 8, for line searches.
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Protocol

Matrix = list[list[float]]
Logs = list[Decimal]
"""The natural logarithms of the column factors. They are decimals, since floats are too coarse at the end."""

LOG_CONTEXT = Context(prec=40)
WORST_COLUMN_ROUND = 8
LONGEST_STEP = 4.0
LONGEST_LINE = 200
"""Evaluations along one direction. One that needs more leads along columns that are hardly linked; the worst
column alone then goes on."""
WEAKEST_LINK = 1e-200
"""Columns whose links are weaker count as not linked: a quotient by them could be infinite."""


class PlacedRows(Protocol):
    """Rows that can be divided exactly at given column factors."""

    widest: Decimal
    """The greatest ratio of two factors, as a logarithm, at which numbers keep their precision."""

    def place(self, logs: Sequence[Decimal]) -> list[float]:
        """Divide the rows at these factors; returns by how many seats each column exceeds its goal."""
        ...

    def compute_links(self) -> Matrix:
        """How many seats go from column v to w as the logarithm of w's factor grows; zero where v is w."""
        ...


class FactorSearch:
    """A search that can be continued: ``logs`` is the place where it stands, ``off`` the excesses there."""

    def __init__(self, rows: PlacedRows, logs: Logs, tolerance: float) -> None:
        """``tolerance``: the sum of excesses, in seats, at which the search has found the factors."""
        self.logs = logs
        self.off = rows.place(logs)
        self.evaluations = 1
        self._rows = rows
        self._tolerance = tolerance
        self._least = add_sizes(self.off)
        self._rounds = 0

    def run(self, most: int) -> bool:
        """Go on until the factors are found, or ``most`` evaluations are used up, or the factors run away."""
        while add_sizes(self.off) > self._tolerance:
            self._rounds += 1
            if self._rounds % WORST_COLUMN_ROUND:
                direction = find_direction(self._rows.compute_links(), self.off, self._tolerance)
                if self._follow_direction(direction, most):
                    continue
            if not self._follow_direction(_point_at_worst_column(self.off), most):
                return False
        return True

    def _follow_direction(self, direction: Sequence[float], most: int) -> bool:
        """Go along ``direction``, as far as is right; false when that cannot be found."""
        slope = multiply_vectors(direction, self.off)
        if not slope < 0:
            return False
        line = _Line(slope, min(1.0, LONGEST_STEP / max(map(abs, direction))))
        last = min(most, self.evaluations + LONGEST_LINE)
        while self.evaluations < last:
            tried = [
                LOG_CONTEXT.add(log, Decimal(line.length * way))
                for log, way in zip(self.logs, direction, strict=True)
            ]
            if max(tried) - min(tried) > self._rows.widest:
                return False
            off = self._rows.place(tried)
            self.evaluations += 1
            found = multiply_vectors(direction, off)
            sizes = add_sizes(off)
            if sizes <= self._least / 2 or slope / 2 <= found <= 0:
                self.logs, self.off, self._least = tried, off, min(self._least, sizes)
                return True
            line.narrow(found)
        return False


class _Line:
    """A search along a line for the place where a rising derivative is a quarter of its start."""

    def __init__(self, slope: float, length: float) -> None:
        self.length = length
        self._aim = slope / 4
        self._low, self._low_slope = 0.0, slope
        self._high, self._high_slope = 0.0, 0.0
        self._tries = 0

    def narrow(self, slope: float) -> None:
        """Take the derivative at ``length`` into account, and choose the next ``length``."""
        self._tries += 1
        if slope < self._aim:
            self._low, self._low_slope = self.length, slope
        else:
            self._high, self._high_slope = self.length, slope
        if not self._high:
            self.length *= 2.0
            return
        part = 0.5
        if self._tries % 3:
            part = (self._aim - self._low_slope) / (self._high_slope - self._low_slope)
            part = min(0.9, max(0.1, part))
        self.length = self._low + part * (self._high - self._low)


def find_direction(links: Matrix, off: Sequence[float], tolerance: float) -> list[float]:
    """Newton's direction: the change of logarithms that would remove the excesses ``off``.

    ``links`` weigh the edges of a graph whose Laplacian is the matrix of second derivatives. Columns are
    eliminated one after the other; only sums, products and quotients of numbers of one sign occur, so that
    weak links are as exact as strong ones (Grassmann, Taksar and Heyman, Operations Research 33, 1985). The
    last column of each block gathers the excess of the block, against which the block is shifted by one.
    """
    size = len(off)
    links = [list(row) for row in links]
    wanted = [-amount for amount in off]
    weight = [0.0] * size
    for v in range(size):
        weight[v] = add_sizes(links[v][v + 1 :])
        if weight[v] > WEAKEST_LINK:
            for r in range(v + 1, size):
                ratio = links[r][v] / weight[v]
                if ratio:
                    wanted[r] += ratio * wanted[v]
                    for w in range(v + 1, size):
                        if w != r:
                            links[r][w] += ratio * links[v][w]
    way = [0.0] * size
    for v in reversed(range(size)):
        if weight[v] > WEAKEST_LINK:
            way[v] = (wanted[v] + multiply_vectors(links[v][v + 1 :], way[v + 1 :])) / weight[v]
        elif abs(wanted[v]) > tolerance / (2 * size):
            way[v] = 1.0 if wanted[v] > 0 else -1.0
    return way


def _point_at_worst_column(off: Sequence[float]) -> list[float]:
    worst = max(range(len(off)), key=lambda v: (abs(off[v]), -v))
    return [(-1.0 if amount > 0 else 1.0) if v == worst else 0.0 for v, amount in enumerate(off)]


def multiply_vectors(one: Sequence[float], other: Sequence[float]) -> float:
    """The scalar product, added in order (the built-in ``sum`` differs between versions of Python)."""
    total = 0.0
    for a, b in zip(one, other, strict=True):
        total += a * b
    return total


def add_sizes(amounts: Sequence[float]) -> float:
    """The sum of absolute amounts, added in order."""
    total = 0.0
    for amount in amounts:
        total += abs(amount)
    return total
