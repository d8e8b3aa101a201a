"""The arithmetic of a split on plain lists, for tables of ordinary size.

:mod:`domain.composition.solver.array_grid` does the same on arrays for large tables, with the same
operations in the same order, so that both give the same bits.
"""

from collections.abc import Sequence
from math import floor
from typing import Protocol

from domain.composition.solver.split_table import SplitTable
from domain.composition.solver.ties import TieKeys

MILLION = 1_000_000
"""Published shares are counted in millionths of a seat."""
REMAINDER_SCALE = 1_000
"""Remainders are compared to a thousandth of a millionth, so that float noise makes no difference."""

Matrix = list[list[float]]


class ShareGrid(Protocol):
    """The operations on a table that the fair share needs; the published table has millionths of a seat."""

    table: SplitTable

    def evaluate_scales(self, scales: Sequence[float]) -> tuple[list[float], Matrix]:
        """Each column's deviation from its target at these scales, and the derivatives by their
        logarithms."""
        ...

    def round_shares(self, scales: Sequence[float]) -> None:
        """Round the shares at these scales to millionths, each row exact."""
        ...

    def compute_excess(self) -> list[int]:
        """By how many millionths each column exceeds its target."""
        ...

    def compute_room(self) -> list[list[int]]:
        """Matrix [v][w]: how many millionths can move from column v to w inside the rows."""
        ...

    def move_millionths(self, v: int, w: int, amount: int) -> None:
        """Move ``amount`` millionths from column ``v`` to ``w``, in the rows where it changes the shares
        least."""
        ...

    def list_rows(self) -> list[list[int]]:
        """The published table."""
        ...


def compute_seat_shares(table: SplitTable, i: int) -> list[float] | None:
    """Row ``i`` by its seats only, in proportion to the targets; ``None`` if figures or fixed cells forbid
    it."""
    if not table.by_seats[i] or i in table.pinned:
        return None
    total = sum(table.columns)
    shares = [table.seats[i] * target / total if total else 0.0 for target in table.columns]
    return shares if all(share <= cap for share, cap in zip(shares, table.caps[i], strict=True)) else None


class ListShareGrid:
    """A :class:`ShareGrid` on lists."""

    def __init__(self, table: SplitTable, keys: TieKeys, *, fix_by_seats: bool) -> None:
        self.table = table
        size = len(table.values)
        self._keys = [keys[i * size : (i + 1) * size] for i in range(len(table.units))]
        self._fixed = [
            compute_seat_shares(table, i) if fix_by_seats else None for i in range(len(table.units))
        ]
        self._weights = [
            [
                float(p) if cap and target else 0.0
                for p, cap, target in zip(prior, caps, table.columns, strict=True)
            ]
            for prior, caps in zip(table.prior, table.caps, strict=True)
        ]
        self._table: list[list[int]] = []
        self._rest: list[list[int]] = []

    def evaluate_scales(self, scales: Sequence[float]) -> tuple[list[float], Matrix]:
        size = len(scales)
        sums, slopes = [0.0] * size, [[0.0] * size for _ in range(size)]
        for i in range(len(self._weights)):
            shares, free = self._compute_row(i, scales)
            for v in range(size):
                sums[v] += shares[v]
            _add_slopes(slopes, shares, free)
        return [have - want for have, want in zip(sums, self.table.columns, strict=True)], slopes

    def _compute_row(self, i: int, scales: Sequence[float]) -> tuple[list[float], list[int]]:
        """Row ``i`` at these scales, and its columns that are neither fixed nor at their cap."""
        fixed = self._fixed[i]
        if fixed is not None:
            return fixed, []
        weights = [weight * scale for weight, scale in zip(self._weights[i], scales, strict=True)]
        return fill_row(self.table.seats[i], weights, self.table.caps[i])

    def round_shares(self, scales: Sequence[float]) -> None:
        self._table, self._rest = [], []
        for i, (seats, caps) in enumerate(zip(self.table.seats, self.table.caps, strict=True)):
            row, rest = _round_row(self._compute_row(i, scales)[0], seats, caps, self._keys[i])
            self._table.append(row)
            self._rest.append(rest)

    def compute_excess(self) -> list[int]:
        sums = [sum(column) for column in zip(*self._table, strict=True)]
        return [have - want * MILLION for have, want in zip(sums, self.table.columns, strict=True)]

    def compute_room(self) -> list[list[int]]:
        size = len(self.table.values)
        room = [[0] * size for _ in range(size)]
        for row, caps in zip(self._table, self.table.caps, strict=True):
            free = [cap * MILLION - share for cap, share in zip(caps, row, strict=True)]
            for v, share in enumerate(row):
                if share:
                    for w in range(size):
                        room[v][w] += min(share, free[w])
        return room

    def move_millionths(self, v: int, w: int, amount: int) -> None:
        table, rest, keys, caps = self._table, self._rest, self._keys, self.table.caps
        while amount:
            line = [i for i, row in enumerate(table) if row[v] and row[w] < caps[i][w] * MILLION]
            line.sort(key=lambda i: (rest[i][v] - rest[i][w], keys[i][w] - keys[i][v]))
            step = -(-amount // len(line))
            for i in line:
                part = min(step, amount, table[i][v], caps[i][w] * MILLION - table[i][w])
                table[i][v] -= part
                table[i][w] += part
                rest[i][v] += REMAINDER_SCALE * part
                rest[i][w] -= REMAINDER_SCALE * part
                amount -= part

    def list_rows(self) -> list[list[int]]:
        return self._table


def fill_row(seats: int, weights: Sequence[float], caps: Sequence[int]) -> tuple[list[float], list[int]]:
    """``seats`` in proportion to ``weights`` with no cell above its cap, and the cells below their cap."""
    shares, left = [0.0] * len(weights), float(seats)
    free = [v for v, weight in enumerate(weights) if weight > 0]
    while free:
        total = 0.0
        for v in free:
            total += weights[v]
        level = left / total
        full = [v for v in free if weights[v] * level >= caps[v]]
        if not full:
            break
        for v in full:
            shares[v] = float(caps[v])
            left -= caps[v]
        free = [v for v in free if shares[v] == 0.0]
    for v in free:
        shares[v] = weights[v] * level
    return shares, free


def _add_slopes(slopes: Matrix, shares: list[float], free: list[int]) -> None:
    total = 0.0
    for v in free:
        total += shares[v]
    for v in free:
        ratio = shares[v] / (total or 1.0)
        for w in free:
            part = shares[w] * ratio
            slopes[v][w] += shares[v] - part if v == w else -part


def _round_row(
    shares: list[float], seats: int, caps: Sequence[int], keys: TieKeys
) -> tuple[list[int], list[int]]:
    """One row in millionths, and the rounding error of each cell in thousandths of a millionth."""
    fine = [share * MILLION for share in shares]
    row = [floor(share + 0.5) for share in fine]
    rest = [floor((share - whole) * REMAINDER_SCALE + 0.5) for share, whole in zip(fine, row, strict=True)]
    left = seats * MILLION - sum(row)
    while left:
        step = 1 if left > 0 else -1
        open_ = [v for v, cap in enumerate(caps) if (row[v] < cap * MILLION if left > 0 else row[v] > 0)]
        v = max(open_, key=lambda v: (step * rest[v], -step * keys[v], -v))
        bulk = 1 if abs(left) <= len(caps) else min(abs(left), _compute_cell_room(row[v], caps[v], step))
        row[v] += step * bulk
        rest[v] -= step * bulk * REMAINDER_SCALE
        left -= step * bulk
    return row, rest


def _compute_cell_room(share: int, cap: int, step: int) -> int:
    """How far one cell can go up or down."""
    return cap * MILLION - share if step > 0 else share
