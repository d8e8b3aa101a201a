"""The fair share table: each unit's part of each target if seats could be divided.

It is the entropy projection of seats × the unit's own shares onto the row totals (the unit's seats) and the
column totals (the targets), with no cell above the number of people of that kind: every cell is prior × row
scale × column scale, or its cap. The column scales are searched in floats (Newton's method on their
logarithms, with the rows solved exactly each time); then the table is rounded to integers, millionths of a
seat, with exact margins.

Floats are only added, subtracted, multiplied, divided and compared, always in the same order, so that every
machine finds the same bits.

Source: Csiszár, "I-divergence geometry of probability distributions and minimization problems",
Annals of Probability 3 (1975); for the bounds, Censor and Lent, J. Optim. Theory Appl. 34 (1981).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.composition.solver.grid import MILLION, ListShareGrid, Matrix, ShareGrid
from domain.composition.solver.split_table import SplitTable
from domain.composition.solver.ties import TieKeys

MAX_LIST_CELLS = 1024
"""Tables with at most so many cells are computed on lists; for larger ones the import of numpy is worth
it."""
NEWTON_ROUNDS = 10
"""Newton's method needs four to seven rounds; after so many it is tested whether the scales diverge."""
EXTENDED_ROUNDS = 24
LAST_ROUNDS = 200
LONGEST_STEP = 1.5


@dataclass(frozen=True, slots=True)
class ColumnShortage:
    """Why there is no such table: the columns ``values`` need more seats than all units can give them."""

    values: tuple[int, ...]
    wanted: int
    reachable: int


def compute_fair_shares(table: SplitTable, keys: TieKeys) -> list[list[int]] | ColumnShortage:
    """The published table in millionths, row by row, or the columns that make it impossible.

    The seats of a unit without figures are divided in proportion to the targets, if the other units can then
    still meet the margins; else such units take part in the projection with the targets as their prior.
    """
    fix_by_seats = any(table.by_seats)
    grid, found = _project_table(
        table, keys, fix_by_seats=fix_by_seats, rounds=EXTENDED_ROUNDS if fix_by_seats else NEWTON_ROUNDS
    )
    if fix_by_seats and not found:
        grid, found = _project_table(table, keys, fix_by_seats=False, rounds=NEWTON_ROUNDS)
    cut = _balance_columns(grid)
    if cut is not None:
        return cut
    while not found:
        # The scales diverge where cells can have only one value: fix those cells, then project the rest.
        forced = _map_forced_cells(grid)
        table = table.pin_cells(forced)
        grid, found = _project_table(
            table, keys, fix_by_seats=False, rounds=NEWTON_ROUNDS if forced else LAST_ROUNDS
        )
        _balance_columns(grid)
        found = found or not forced
    return _add_pinned_cells(grid.list_rows(), table)


def _project_table(
    table: SplitTable, keys: TieKeys, *, fix_by_seats: bool, rounds: int
) -> tuple[ShareGrid, bool]:
    grid: ShareGrid
    if len(table.units) * len(table.values) <= MAX_LIST_CELLS:
        grid = ListShareGrid(table, keys, fix_by_seats=fix_by_seats)
    else:
        from domain.composition.solver.array_grid import ArrayShareGrid

        grid = ArrayShareGrid(table, keys, fix_by_seats=fix_by_seats)
    scales, found = fit_column_scales(grid, rounds)
    grid.round_shares(scales)
    return grid, found


def fit_column_scales(grid: ShareGrid, rounds: int) -> tuple[list[float], bool]:
    """Column scales at which every column meets its target, and whether they were found."""
    scales = [1.0] * len(grid.table.values)
    off, slopes = grid.evaluate_scales(scales)
    # A sum of n terms in order may be off by n rounding errors of its size.
    close = 1e-10 + 2e-16 * len(grid.table.units) * max(grid.table.columns)
    for _ in range(rounds):
        if max(map(abs, off)) <= close:
            return scales, True
        step = _solve_newton_step(slopes, off)
        slope = _multiply_vectors(step, off)
        longest = max(map(abs, step))
        if longest == 0.0:
            break
        length = min(1.0, LONGEST_STEP / longest)
        for _ in range(6):
            # exp(x) to third order; exact powers would make the answer depend on one mathematical library.
            tried = [s * (2.0 + length * d) / (2.0 - length * d) for s, d in zip(scales, step, strict=True)]
            off, slopes = grid.evaluate_scales(tried)
            if _multiply_vectors(step, off) <= -0.5 * slope:
                break
            length /= 2.0
        top = max(tried)
        scales = [scale / top for scale in tried]
    return scales, max(map(abs, off)) <= close


def _multiply_vectors(step: Sequence[float], off: Sequence[float]) -> float:
    total = 0.0
    for d, o in zip(step, off, strict=True):
        total += d * o
    return total


def _solve_newton_step(slopes: Matrix, off: Sequence[float]) -> list[float]:
    """Solve slopes · step = −off by symmetric elimination.

    The slopes form the Laplacian of a weighted graph, so pivots are taken in order; a direction without slope
    (all scales together, a column at its caps) is not changed.
    """
    size = len(off)
    rows = [[*slopes[v], -off[v]] for v in range(size)]
    steep = [False] * size
    for v in range(size):
        steep[v] = rows[v][v] > 1e-9 * slopes[v][v]
        if steep[v]:
            for r in range(v + 1, size):
                ratio = rows[r][v] / rows[v][v]
                if ratio:
                    rows[r] = [a - ratio * b for a, b in zip(rows[r], rows[v], strict=True)]
    step = [0.0] * size
    for v in reversed(range(size)):
        if steep[v]:
            known = 0.0
            for w in range(v + 1, size):
                known += rows[v][w] * step[w]
            step[v] = (rows[v][size] - known) / rows[v][v]
    return step


def _balance_columns(grid: ShareGrid) -> ColumnShortage | None:
    """Make the columns exact by moving millionths; the shortage when no further move can help."""
    while any(off := grid.compute_excess()):
        room = grid.compute_room()
        path = _search_path(off, room)
        if isinstance(path, frozenset):
            return _build_shortage(grid.table, off, path)
        arcs = list(pairwise(path))
        amount = min(off[path[0]], -off[path[-1]], *(room[v][w] for v, w in arcs))
        for v, w in reversed(arcs):
            grid.move_millionths(v, w, amount)
    return None


def _search_path(off: Sequence[int], room: Sequence[Sequence[int]]) -> list[int] | frozenset[int]:
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


def _build_shortage(table: SplitTable, off: Sequence[int], reached: frozenset[int]) -> ColumnShortage:
    """The columns that cannot be reached are as full as possible, and still lack seats (max-flow min-cut)."""
    wanting = tuple(v for v in range(len(off)) if v not in reached)
    wanted = sum(table.columns[v] for v in wanting)
    return ColumnShortage(wanting, wanted, wanted + sum(off[v] for v in wanting) // MILLION)


def _map_forced_cells(grid: ShareGrid) -> dict[int, dict[int, int]]:
    """Cells that have the same value in every table with these margins and caps.

    A cell can change when its row can exchange with a column of the same strongly connected component of the
    columns' room.
    """
    room, rows, table = grid.compute_room(), grid.list_rows(), grid.table
    near = _list_components(room)
    forced = {}
    for i, (row, caps) in enumerate(zip(rows, table.caps, strict=True)):
        down = [share > 0 for share in row]
        up = [share < cap * MILLION for share, cap in zip(row, caps, strict=True)]
        cell = {
            v: row[v] // MILLION
            for v in range(len(row))
            if caps[v] and not any((down[v] and up[w]) or (up[v] and down[w]) for w in near[v])
        }
        if cell:
            forced[i] = cell
    return forced


def _list_components(room: Sequence[Sequence[int]]) -> list[list[int]]:
    """For each column the others that it can reach and be reached by."""
    size = len(room)
    reach = [sum(1 << w for w in range(size) if room[v][w]) for v in range(size)]
    for middle in range(size):
        for v in range(size):
            if reach[v] >> middle & 1:
                reach[v] |= reach[middle]
    return [
        [w for w in range(size) if w != v and reach[v] >> w & 1 and reach[w] >> v & 1] for v in range(size)
    ]


def _add_pinned_cells(rows: list[list[int]], table: SplitTable) -> list[list[int]]:
    for i, cells in table.pinned.items():
        for v, places in cells.items():
            rows[i][v] += places * MILLION
    return rows
