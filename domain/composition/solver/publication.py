"""From billionths to the published table: millionths of a seat, with exact rows and columns.

Every share is rounded to the nearest millionth, a row that is then off is corrected where the rounding error
is greatest, and the columns are made exact by moving millionths inside the rows where it changes the shares
least. All numbers are integers; equal claims are settled by the tie keys.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from domain.composition.solver.millionths import BILLIONTHS, MILLION
from domain.composition.solver.reach import compute_room, search_path
from domain.composition.solver.share_problem import Integers
from domain.composition.solver.ties import KEY_BITS


class Publication:
    """A table that is being rounded; ``rest`` is what each cell lost by it, in billionths."""

    def __init__(self, billionths: Integers, seats: Integers, caps: Integers, keys: Integers) -> None:
        self.ceilings = caps * MILLION
        self.table = np.minimum((billionths + BILLIONTHS // 2) // BILLIONTHS, self.ceilings)
        self._rest = billionths - self.table * BILLIONTHS
        self._keys = keys
        self._correct_rows(seats * MILLION)

    def _correct_rows(self, sums: Integers) -> None:
        """Give each row its sum, one millionth after the other, where the rounding error is greatest."""
        left = sums - self.table.sum(axis=1)
        rows = np.flatnonzero(left)
        lowest = np.iinfo(np.int64).min
        while rows.size:
            step = np.sign(left[rows])[:, None]
            room = np.where(step > 0, self.ceilings[rows] - self.table[rows], self.table[rows])
            rest = np.where(room > 0, step * self._rest[rows], lowest)
            first = rest == rest.max(axis=1, keepdims=True)
            best = np.where(first, -step * self._keys[rows], lowest).argmax(axis=1)
            self.table[rows, best] += step[:, 0]
            self._rest[rows, best] -= step[:, 0] * BILLIONTHS
            left[rows] -= step[:, 0]
            rows = rows[left[rows] != 0]

    def balance_columns(self, columns: Sequence[int]) -> bool:
        """Make the columns exact; false when no further move can help."""
        while any(off := self._compute_excess(columns)):
            room = compute_room(self.table, self.ceilings)
            path = search_path(off, room)
            if not isinstance(path, list):
                return False
            arcs = list(pairwise(path))
            amount = min(off[path[0]], -off[path[-1]], *(room[v][w] for v, w in arcs))
            for v, w in reversed(arcs):
                self._move_millionths(v, w, amount)
        return True

    def _compute_excess(self, columns: Sequence[int]) -> list[int]:
        sums = self.table.sum(axis=0).tolist()
        return [have - want * MILLION for have, want in zip(sums, columns, strict=True)]

    def _move_millionths(self, v: int, w: int, amount: int) -> None:
        """Move ``amount`` millionths from column ``v`` to ``w``, in the rows where it changes the shares
        least."""
        while amount:
            room = np.minimum(self.table[:, v], self.ceilings[:, w] - self.table[:, w])
            line = np.flatnonzero(room)
            cost = (self._rest[line, v] - self._rest[line, w]) << KEY_BITS + 1
            cost += self._keys[line, w] - self._keys[line, v]
            step = -(-amount // line.size)
            if step == 1:
                line = line[_find_least(cost, amount)]
                part = np.ones_like(line)
            else:
                line = line[np.argsort(cost, kind="stable")]
                part = np.minimum(room[line], step)
                part = np.clip(amount - (np.cumsum(part) - part), 0, part)
            self.table[line, v] -= part
            self.table[line, w] += part
            self._rest[line, v] += BILLIONTHS * part
            self._rest[line, w] -= BILLIONTHS * part
            amount -= int(part.sum())

    def compute_widest_change(self) -> int:
        """The most by which a published share differs from what was to be rounded, in billionths."""
        return int(np.abs(self._rest).max(initial=0))


def _find_least(cost: Integers, count: int) -> Integers:
    """The places of the ``count`` least costs; of equal ones the first."""
    greatest = np.partition(cost, count - 1)[count - 1]
    below, equal = np.flatnonzero(cost < greatest), np.flatnonzero(cost == greatest)
    return np.concatenate((below, equal[: count - below.size]))
