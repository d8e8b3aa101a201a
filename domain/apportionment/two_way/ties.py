"""Ties of a two-way apportionment: cells that gain or lose a seat at exactly the same factors.

Where a round of exchanges costs nothing, both ends of it are results of the method. All results differ only
in the cells of such rounds, by one seat each, and any seats in these cells that keep the sums of rows and
columns are a result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.apportionment.two_way.exact import Cell, Factors
from domain.apportionment.two_way.graphs import find_circles, find_reach, list_bits


@dataclass(frozen=True, slots=True)
class CellTie:
    """Tied cells of which some get one more seat: so many in each of ``rows`` and of ``columns``."""

    cells: list[Cell]
    rows: dict[int, int]
    columns: dict[int, int]


def find_ties(factors: Factors) -> tuple[list[list[int]], list[CellTie]]:
    """The seats that do not depend on a lot, and the ties."""
    height = len(factors.up)
    successors = [0] * (height + len(factors.across))
    tight: list[tuple[int, int, bool]] = []
    for i, j, rest, room in factors.list_cells():
        if rest and room:
            continue
        tight.append((i, j, not rest))
        if rest:
            successors[i] |= 1 << (height + j)
        else:
            successors[height + j] |= 1 << i
    labels = find_circles(successors)
    certain = [list(row) for row in factors.seats]
    found: dict[int, CellTie] = {}
    for i, j, has_seat in tight:
        if labels[i] != labels[height + j]:
            continue
        tie = found.setdefault(labels[i], CellTie([], {}, {}))
        tie.rows[i] = tie.rows.get(i, 0) + has_seat
        tie.columns[j] = tie.columns.get(j, 0) + has_seat
        tie.cells.append((i, j))
        certain[i][j] -= has_seat
    return certain, list(found.values())


def settle_ties(
    seats: Sequence[Sequence[int]], certain: Sequence[Sequence[int]], order: Sequence[Cell]
) -> list[list[int]]:
    """The result that gives each cell its seat in the drawn order, as long as the sums can still be kept."""
    height, width = len(seats), len(seats[0])
    drawn = [list(row) for row in seats]
    successors = [0] * (height + width)
    for i, j in order:
        _join(successors, height, i, j, has_seat=drawn[i][j] > certain[i][j])
    reach = [-1] * (height + width)  # shrinks only: exchanges stay within a round
    for i, j in order:
        has_seat = drawn[i][j] > certain[i][j]
        successors[i] &= ~(1 << (height + j))
        successors[height + j] &= ~(1 << i)
        if has_seat or not reach[height + j] >> i & 1:
            continue
        path = _find_path(successors, height + j, i)
        if not path:
            reached = find_reach(successors, 1 << (height + j), -1)
            for node in list_bits(reached):
                reach[node] &= reached
            continue
        drawn[i][j] += 1
        for start, end in pairwise(path):
            successors[start] &= ~(1 << end)
            row, column = (start, end - height) if start < height else (end, start - height)
            drawn[row][column] += 1 if start < height else -1
            _join(successors, height, row, column, has_seat=start < height)
    return drawn


def _join(successors: list[int], height: int, i: int, j: int, *, has_seat: bool) -> None:
    """A cell without its seat leads from its row to its column, one with it from its column to its row."""
    if has_seat:
        successors[height + j] |= 1 << i
    else:
        successors[i] |= 1 << (height + j)


def _find_path(successors: Sequence[int], start: int, end: int) -> list[int]:
    origin = {start: -1}
    todo, unseen = [start], ~(1 << start)
    for node in todo:
        new = successors[node] & unseen
        if new >> end & 1:
            path = [end, node]
            while origin[path[-1]] >= 0:
                path.append(origin[path[-1]])
            return path[::-1]
        unseen &= ~new
        for one in list_bits(new):
            origin[one] = node
            todo.append(one)
    return []
