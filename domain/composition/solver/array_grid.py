"""The arithmetic of a split on arrays, for large tables; :mod:`domain.composition.solver.grid` documents it.

Arrays are units × values. Sums over units add the rows in their order (numpy does so along the first axis;
its pairwise sums along the last axis would not), so the results are equal to those of the lists, bit by bit.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.composition.solver.grid import MILLION, REMAINDER_SCALE, Matrix, compute_seat_shares
from domain.composition.solver.split_table import SplitTable
from domain.composition.solver.ties import TieKeys

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class ArrayShareGrid:
    """A :class:`domain.composition.solver.grid.ShareGrid` on arrays."""

    def __init__(self, table: SplitTable, keys: TieKeys, *, fix_by_seats: bool) -> None:
        self.table = table
        self._keys = np.array(keys, dtype=np.int64).reshape(len(table.units), -1)
        self._seats = np.array(table.seats, dtype=np.int64)
        self._caps = np.array(table.caps, dtype=np.int64)
        self._ceilings = self._caps * MILLION
        fixed = {
            i: compute_seat_shares(table, i)
            for i, missing in enumerate(table.by_seats)
            if fix_by_seats and missing
        }
        known = {i: shares for i, shares in fixed.items() if shares is not None}
        self._fixed = np.array(list(known), dtype=np.intp)
        self._fixed_shares = np.array(list(known.values())).reshape(-1, len(table.values))
        wanted = np.array(table.columns) > 0
        self._weights = np.where((self._caps > 0) & wanted, np.array(table.prior, dtype=np.float64), 0.0)
        self._weights[self._fixed] = 0.0
        self._published = np.zeros_like(self._caps)
        self._rest = np.zeros_like(self._caps)

    def evaluate_scales(self, scales: Sequence[float]) -> tuple[list[float], Matrix]:
        shares, free = self._compute_shares(scales)
        size = len(scales)
        loose = np.where(free, shares, 0.0)
        total = _sum_rows(loose)
        ratio = loose / np.where(total > 0, total, 1.0)[:, None]
        slopes = [[0.0] * size for _ in range(size)]
        for v in range(size):
            part = loose[:, v:] * ratio[:, v : v + 1]
            part[:, 0] -= loose[:, v]
            for w, slope in enumerate(np.add.reduce(part, axis=0).tolist(), start=v):
                slopes[v][w] = slopes[w][v] = -slope
        sums = np.add.reduce(shares, axis=0).tolist()
        return [have - want for have, want in zip(sums, self.table.columns, strict=True)], slopes

    def _compute_shares(self, scales: Sequence[float]) -> tuple[Floats, Flags]:
        """The shares at these scales, and the cells that are neither fixed nor at their cap."""
        weights = self._weights * np.array(scales)
        free = weights > 0
        shares, full = _fill_rows(self._seats.astype(np.float64), weights, free, self._caps)
        rows = np.flatnonzero(full.any(axis=1))
        left, caps = self._seats[rows].astype(np.float64), self._caps[rows]
        while rows.size:
            free[rows] &= ~full[rows]
            left -= np.where(full[rows], caps, 0).sum(axis=1)
            again, over = _fill_rows(left, weights[rows], free[rows], caps)
            shares[rows] = np.where(free[rows], again, shares[rows])
            full[rows] = over
            still = over.any(axis=1)
            rows, left, caps = rows[still], left[still], caps[still]
        shares[self._fixed] = self._fixed_shares
        return shares, free

    def round_shares(self, scales: Sequence[float]) -> None:
        fine = self._compute_shares(scales)[0] * MILLION
        whole = np.floor(fine + 0.5)
        self._published = whole.astype(np.int64)
        self._rest = np.floor((fine - whole) * REMAINDER_SCALE + 0.5).astype(np.int64)
        left = self._seats * MILLION - self._published.sum(axis=1)
        while (rows := np.flatnonzero(left)).size:
            left[rows] -= self._correct_rows(rows, left[rows])

    def _correct_rows(self, rows: NDArray[np.intp], left: Integers) -> Integers:
        """Correct the sum of each of ``rows`` in the cell with the greatest rounding error."""
        step = np.sign(left)[:, None]
        room = np.where(step > 0, self._ceilings[rows] - self._published[rows], self._published[rows])
        rest = np.where(room > 0, step * self._rest[rows], np.iinfo(np.int64).min)
        first = rest == rest.max(axis=1, keepdims=True)
        keys = np.where(first, -step * self._keys[rows], np.iinfo(np.int64).min)
        best = keys.argmax(axis=1)
        few = np.abs(left) <= len(self.table.values)
        bulk = np.where(few, 1, np.minimum(np.abs(left), room[np.arange(rows.size), best])) * step[:, 0]
        self._published[rows, best] += bulk
        self._rest[rows, best] -= bulk * REMAINDER_SCALE
        return np.asarray(bulk)

    def compute_excess(self) -> list[int]:
        sums = self._published.sum(axis=0).tolist()
        return [have - want * MILLION for have, want in zip(sums, self.table.columns, strict=True)]

    def compute_room(self) -> list[list[int]]:
        have = np.ascontiguousarray(self._published.T)
        free = np.ascontiguousarray((self._ceilings - self._published).T)
        size = len(self.table.values)
        return [
            [int(np.minimum(have[v], free[w]).sum()) if v != w else 0 for w in range(size)]
            for v in range(size)
        ]

    def move_millionths(self, v: int, w: int, amount: int) -> None:
        table, rest, keys = self._published, self._rest, self._keys
        while amount:
            room = np.minimum(table[:, v], self._ceilings[:, w] - table[:, w])
            line = np.flatnonzero(room)
            line = line[np.lexsort((keys[line, w] - keys[line, v], rest[line, v] - rest[line, w]))]
            step = -(-amount // line.size)
            part = np.minimum(room[line], step)
            part = np.clip(amount - (np.cumsum(part) - part), 0, part)
            table[line, v] -= part
            table[line, w] += part
            rest[line, v] += REMAINDER_SCALE * part
            rest[line, w] -= REMAINDER_SCALE * part
            amount -= int(part.sum())

    def list_rows(self) -> list[list[int]]:
        rows: list[list[int]] = self._published.tolist()
        return rows


def _fill_rows(left: Floats, weights: Floats, free: Flags, caps: Integers) -> tuple[Floats, Flags]:
    """``left`` seats of each row over its ``free`` cells by weight, up to the caps; and the full cells."""
    total = _sum_rows(np.where(free, weights, 0.0))
    filled = weights * (left / np.where(total > 0, total, 1.0))[:, None]
    full = free & (filled >= caps)
    return np.where(full, caps, np.where(free, filled, 0.0)), full


def _sum_rows(table: Floats) -> Floats:
    """The sum of each row, added in the order of the columns."""
    total = np.zeros(len(table))
    for column in range(table.shape[1]):
        total += table[:, column]
    return total
