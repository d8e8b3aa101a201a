"""Which targets can be reached, exactly, and which cells can then have one value only.

Any table of integers with the right row sums is made, and seats move between columns inside the rows until
the columns are exact, or no more path leads from a column with too much to one with too little (max-flow
min-cut). With units that are divided by their seats the goals are fractions, and all numbers are multiplied
by their common denominator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import lcm

import numpy as np

from domain.composition.solver.share_problem import Flags, Integers, ShareProblem


@dataclass(frozen=True, slots=True)
class ColumnShortage:
    """Why there is no such table: the columns ``values`` need more seats than all units can give them."""

    values: tuple[int, ...]
    wanted: int
    reachable: int


@dataclass(frozen=True, slots=True)
class ReachedTable:
    """Cells that have the same value in every table with these margins and caps, and their seats there.

    ``tight`` are the sets of columns that need exactly what all units can give them: the reason for it.
    """

    forced: Flags
    seats: Integers
    tight: tuple[tuple[int, ...], ...]


def find_reach(problem: ShareProblem) -> ColumnShortage | ReachedTable:
    """A table with these margins and what is forced in it, or the columns that make it impossible.

    ``wanted`` of a shortage is rounded up to whole seats; without units divided by seats it is exact.
    """
    scale = lcm(*[goal.denominator for goal in problem.goals])
    goals = [int(goal * scale) for goal in problem.goals]
    caps = problem.caps * scale
    table = _fill_in_order(problem.seats * scale, caps, goals)
    while True:
        room = compute_room(table, caps)
        off = [have - goal for have, goal in zip(table.sum(axis=0).tolist(), goals, strict=True)]
        path = search_path(off, room)
        if not isinstance(path, list):
            break
        arcs = list(pairwise(path))
        amount = min(off[path[0]], -off[path[-1]], *(room[v][w] for v, w in arcs))
        for v, w in reversed(arcs):
            _move_seats(table, caps, (v, w), amount)
    if any(off) or bool((table.sum(axis=1) != problem.seats * scale).any()):
        return _build_shortage(problem, [v for v in range(len(off)) if v not in path])
    forced, tight = _find_forced_cells(table, caps, room)
    return ReachedTable(forced, table // scale, tight)


def _fill_in_order(seats: Integers, caps: Integers, goals: Sequence[int]) -> Integers:
    """A table whose rows are exact: each column up to its goal, and the rest wherever there is room."""
    table, left = np.zeros_like(caps), seats.copy()
    for v, goal in enumerate(goals):
        part = np.minimum(left, caps[:, v])
        part = np.clip(goal - (np.cumsum(part) - part), 0, part)
        table[:, v] = part
        left -= part
    for v in range(len(goals)):
        part = np.minimum(left, caps[:, v] - table[:, v])
        table[:, v] += part
        left -= part
    return table


def compute_room(table: Integers, ceilings: Integers) -> list[list[int]]:
    """Matrix [v][w]: how much can move from column v to w inside the rows."""
    have, free = np.ascontiguousarray(table.T), np.ascontiguousarray((ceilings - table).T)
    size = len(have)
    return [
        [int(np.minimum(have[v], free[w]).sum()) if v != w else 0 for w in range(size)] for v in range(size)
    ]


def search_path(off: Sequence[int], room: Sequence[Sequence[int]]) -> list[int] | frozenset[int]:
    """The shortest path of columns from one with too much to one with too little, or all reachable
    columns."""
    line = [v for v, amount in enumerate(off) if amount > 0]
    before: dict[int, int | None] = dict.fromkeys(line)
    for v in line:
        if off[v] < 0:
            path, at = [v], before[v]
            while at is not None:
                path.append(at)
                at = before[at]
            return path[::-1]
        for w, amount in enumerate(room[v]):
            if amount and w not in before:
                before[w] = v
                line.append(w)
    return frozenset(before)


def _move_seats(table: Integers, caps: Integers, arc: tuple[int, int], amount: int) -> None:
    """Move ``amount`` along an arc, in the first rows where there is room."""
    v, w = arc
    room = np.minimum(table[:, v], caps[:, w] - table[:, w])
    part = np.clip(amount - (np.cumsum(room) - room), 0, room)
    table[:, v] -= part
    table[:, w] += part


def _build_shortage(problem: ShareProblem, wanting: Sequence[int]) -> ColumnShortage:
    """The columns that cannot be reached; what units can give them is counted by the definition."""
    most = np.minimum(problem.seats, problem.caps[:, list(wanting)].sum(axis=1))
    wanted = sum(problem.goals[v] for v in wanting)
    return ColumnShortage(tuple(wanting), -(-wanted // 1), int(most.sum()))


def _find_forced_cells(
    table: Integers, caps: Integers, room: Sequence[Sequence[int]]
) -> tuple[Flags, tuple[tuple[int, ...], ...]]:
    """Cells that cannot change, and the tight sets of columns.

    A cell can change when its row can exchange with a column of the same strongly connected component of the
    columns' room.
    """
    reach = list_reachable_columns(room)
    size = len(reach)
    down, up = table > 0, table < caps
    forced = caps > 0
    for v in range(size):
        for w in range(size):
            if v != w and reach[v] >> w & 1 and reach[w] >> v & 1:
                forced[:, v] &= ~((down[:, v] & up[:, w]) | (up[:, v] & down[:, w]))
    tight = {tuple(w for w in range(size) if not (reach[v] | 1 << v) >> w & 1) for v in range(size)}
    return forced, tuple(sorted(tight - {()}))


def list_reachable_columns(room: Sequence[Sequence[int]]) -> list[int]:
    """For each column the others that it can reach, as bits."""
    size = len(room)
    reach = [sum(1 << w for w in range(size) if room[v][w]) for v in range(size)]
    for middle in range(size):
        for v in range(size):
            if reach[v] >> middle & 1:
                reach[v] |= reach[middle]
    return reach
