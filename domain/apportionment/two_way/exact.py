"""The exact part: rational factors that prove the seats, and where they cannot, a better exchange of seats.

Seats are those of the method if and only if no round of exchanges (one cell gains a seat, the next in its
column loses one, the next in its row gains one, and so on) is better: the product of weight / signpost over
the cells that gain would be greater than over those that lose. Factors that fit exist if and only if there is
no such round. They are found here from nearly right ones by relaxation (Bellman and Ford), with fractions.

Source: M. L. Balinski, G. Demange, Algorithms for proportional matrices in reals and integers, Mathematical
Programming 45, 1989.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log, log10

import numpy as np
from numpy.typing import NDArray

from domain.apportionment.two_way.centre import EQUAL, centre_factors, group_lines
from domain.apportionment.two_way.problem import TwoWayProblem
from domain.apportionment.two_way.scaling import Counts, Scaling, settle_factors

MOST_DIGITS = 17

Cell = tuple[int, int]
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Factors:
    """The exact factors of rows and columns, and where they leave no room, or none at all."""

    problem: TwoWayProblem
    seats: list[list[int]]
    up: list[Fraction]
    across: list[Fraction]

    def compare(self, i: int, j: int) -> tuple[int, int]:
        """The signs of the rest that a cell has above its last signpost, and of its room below the next."""
        post, k = self.problem.rounding.post, self.seats[i][j]
        row, column = self.up[i], self.across[j]
        used = 2 * self.problem.weights[i][j] * row.numerator * column.numerator
        scale = row.denominator * column.denominator
        rest, room = used - post(k) * scale, post(k + 1) * scale - used
        return (rest > 0) - (rest < 0) if k else 1, (room > 0) - (room < 0)

    def list_cells(self) -> Iterator[tuple[int, int, int, int]]:
        """Row and column of each cell with weight, with the signs of its rest and its room."""
        for i, cells in enumerate(self.problem.weights):
            for j, weight in enumerate(cells):
                if weight:
                    yield i, j, *self.compare(i, j)

    def bound(self, i: int, j: int, *, gains: bool) -> Fraction:
        """The product of both factors at which the cell gains a seat, or loses one."""
        k = self.seats[i][j] + gains
        return Fraction(self.problem.rounding.post(k), 2 * self.problem.weights[i][j])


def prove_seats(scaling: Scaling, problem: TwoWayProblem) -> Factors:
    """The factors that fit; the seats of ``scaling`` are corrected on the way, if they are not best."""
    while True:
        settle_factors(scaling)
        groups = group_lines(scaling)
        least = centre_factors(scaling, groups)
        factors = _build_factors(scaling, problem, groups, least)
        circle = _relax(factors, scaling)
        if circle is None:
            return factors
        for i, j, step in circle:
            scaling.seats[i, j] += step


def _build_factors(scaling: Scaling, problem: TwoWayProblem, groups: Counts, least: float) -> Factors:
    """One short number for each group; within a group, the other factors follow from equal signposts."""
    height, digits = len(scaling.up), _count_digits(least)
    shift = float(scaling.across.mean())
    rows = [1 / _round_log(-shift - float(one), digits) for one in scaling.up]
    columns = [1 / _round_log(shift - float(one), digits) for one in scaling.across]
    factors = Factors(problem, scaling.seats.tolist(), rows, columns)
    sizes = np.bincount(groups)
    if sizes.max() > 1:
        same = np.equal.outer(groups[:height], groups[height:])
        gains, loses = same & (scaling.room() < EQUAL), same & (scaling.rest() < EQUAL)
        done: set[int] = set()
        for first in range(height):
            if first not in done and sizes[groups[first]] > 1:
                _follow_group(factors, first, gains, gains | loses, done)
    return factors


def _follow_group(factors: Factors, first: int, gains: Flags, equal: Flags, done: set[int]) -> None:
    """The factors of a group, from its row ``first`` on, along cells that are ``equal`` to a signpost."""
    height = len(factors.up)
    done.add(first)
    todo = [first]
    for node in todo:
        is_row = node < height
        line = equal[node] if is_row else equal[:, node - height]
        for place in np.flatnonzero(line).tolist():
            i, j, other = (node, place, height + place) if is_row else (place, node - height, place)
            if other in done:
                continue
            done.add(other)
            todo.append(other)
            product = factors.bound(i, j, gains=bool(gains[i, j]))
            if is_row:
                factors.across[j] = product / factors.up[i]
            else:
                factors.up[i] = product / factors.across[j]


def _count_digits(least: float) -> int:
    return min(MOST_DIGITS, max(3, 2 - floor(log10(min(least, 1))))) if least > 0 else MOST_DIGITS


def _round_log(value: float, digits: int) -> Fraction:
    """The number with the natural logarithm ``value``, rounded to so many digits."""
    power = value / log(10)
    exponent = floor(power) - digits + 1
    return round(10 ** (power - exponent)) * Fraction(10) ** exponent


def _relax(factors: Factors, scaling: Scaling) -> list[tuple[int, int, int]] | None:
    """Lower factors of rows and raise factors of columns until they fit.

    Returns a round of exchanges that is better, as (row, column, step), if there is one.
    """
    close = np.argwhere((scaling.room() < 1e-6) | (scaling.rest() < 1e-6)).tolist()
    near = [(i, j) for i, j in close if factors.problem.weights[i][j]]
    origin: dict[tuple[bool, int], Cell] = {}
    while wrong := [(i, j) for i, j, rest, room in factors.list_cells() if rest < 0 or room < 0]:
        cells = list(dict.fromkeys(near + wrong))
        changed = True
        while changed:
            changed = False
            for i, j in cells:
                rest, room = factors.compare(i, j)
                if room < 0:
                    factors.up[i] = factors.bound(i, j, gains=True) / factors.across[j]
                    origin[True, i] = (i, j)
                elif rest < 0:
                    factors.across[j] = factors.bound(i, j, gains=False) / factors.up[i]
                    origin[False, j] = (i, j)
                else:
                    continue
                changed = True
                if circle := _find_circle(origin, (room < 0, i if room < 0 else j)):
                    return circle
    return None


def _find_circle(
    origin: dict[tuple[bool, int], Cell], node: tuple[bool, int]
) -> list[tuple[int, int, int]] | None:
    """The exchanges that lead back to ``node``, the row or column that was changed last."""
    found: list[tuple[int, int, int]] = []
    at = node
    while at in origin:
        i, j = origin[at]
        found.append((i, j, 1 if at[0] else -1))
        at = (False, j) if at[0] else (True, i)
        if at == node:
            return found
        if len(found) > len(origin):
            return None
    return None
