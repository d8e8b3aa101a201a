"""Whether there are any seats at all that fit, and if not, the smallest reason.

Seats go only where there is weight. By the theorem of max-flow and min-cut they fit if and only if no set of
rows has more seats than all columns together in which these rows have weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from domain.apportionment.two_way.graphs import find_circles, list_bits


@dataclass(slots=True)
class Flow:
    """Seats placed so far: ``placed[i][j]``; ``missing`` of each row, and ``room`` of each column."""

    masks: Sequence[int]
    placed: list[list[int]]
    missing: list[int]
    room: list[int]
    holders: list[int]

    @classmethod
    def start(cls, supply: Sequence[int], room: Sequence[int], masks: Sequence[int]) -> Self:
        """The flow before any seat is placed."""
        placed = [[0] * len(room) for _ in supply]
        return cls(masks, placed, list(supply), list(room), [0] * len(room))

    def place_rows(self, rows: int) -> int:
        """Place the missing seats of ``rows``, by moving seats of other rows where needed.

        Returns the rows that were reached when a seat was left over, as bits: more seats than room.
        """
        for row in list_bits(rows):
            while self.missing[row]:
                came, column, reached = self._search(row)
                if column is None:
                    return reached
                self._move(row, column, came)
        return 0

    def _search(self, row: int) -> tuple[tuple[dict[int, int], dict[int, int]], int | None, int]:
        column_from: dict[int, int] = {}
        row_from: dict[int, int] = {}
        rows, columns, todo = 1 << row, 0, [row]
        for i in todo:
            for j in list_bits(self.masks[i] & ~columns):
                columns |= 1 << j
                column_from[j] = i
                if self.room[j]:
                    return (column_from, row_from), j, rows
                for k in list_bits(self.holders[j] & ~rows):
                    rows |= 1 << k
                    row_from[k] = j
                    todo.append(k)
        return (column_from, row_from), None, rows

    def _move(self, row: int, column: int, came: tuple[dict[int, int], dict[int, int]]) -> None:
        column_from, row_from = came
        path = [(column_from[column], column)]
        amount = min(self.missing[row], self.room[column])
        while path[-1][0] != row:
            i = path[-1][0]
            j = row_from[i]
            amount = min(amount, self.placed[i][j])
            path.append((column_from[j], j))
        self.missing[row] -= amount
        self.room[column] -= amount
        for step, (i, j) in enumerate(path):
            self._add(i, j, amount)
            if step + 1 < len(path):
                self._add(i, path[step + 1][1], -amount)

    def _add(self, i: int, j: int, amount: int) -> None:
        self.placed[i][j] += amount
        if self.placed[i][j]:
            self.holders[j] |= 1 << i
        else:
            self.holders[j] &= ~(1 << i)

    def drop_row(self, row: int) -> None:
        """Take out ``row`` and all its seats."""
        for j, amount in enumerate(self.placed[row]):
            self.room[j] += amount
            if amount:
                self._add(row, j, -amount)
        self.missing[row] = 0


@dataclass(frozen=True, slots=True)
class RowExcess:
    """Lines with more seats than all the lines across in which they have weight, as indices."""

    lines: tuple[int, ...]
    across: tuple[int, ...]


def place_seats(supply: Sequence[int], room: Sequence[int], masks: Sequence[int]) -> Flow | RowExcess:
    """Seats that fit: ``supply`` of the rows, ``room`` of the columns, and ``masks``, the columns in which
    each row has weight. Without any, a set of rows that proves it, and of which no row can be left out."""
    flow = Flow.start(supply, room, masks)
    reached = flow.place_rows((1 << len(supply)) - 1)
    return _reduce_excess(supply, room, masks, reached) if reached else flow


def _reduce_excess(supply: Sequence[int], room: Sequence[int], masks: Sequence[int], rows: int) -> RowExcess:
    """Leave out one row after another, as long as the rest has more seats than it can place."""
    flow = Flow.start([amount if rows >> i & 1 else 0 for i, amount in enumerate(supply)], room, masks)
    kept = flow.place_rows(rows)
    for leave in list_bits(rows):
        if not kept >> leave & 1:
            continue
        flow.drop_row(leave)
        if reached := flow.place_rows(kept & ~(1 << leave)):
            for other in list_bits(kept & ~reached):
                flow.drop_row(other)
            kept = reached
        else:
            flow.missing[leave] = supply[leave]
    across = 0
    for row in list_bits(kept):
        across |= masks[row]
    return RowExcess(tuple(list_bits(kept)), tuple(list_bits(across)))


def find_blocks(flow: Flow) -> tuple[list[int], list[int]]:
    """The blocks of rows and of columns: between different blocks, no seats that fit have any seat."""
    height = len(flow.masks)
    successors = [mask << height for mask in flow.masks] + list(flow.holders)
    labels = find_circles(successors)
    return labels[:height], labels[height:]
