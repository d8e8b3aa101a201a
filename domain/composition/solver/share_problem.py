"""What a projection is asked: rows, caps, weights and goals, without what is fixed beforehand.

All of it is exact: integers, and fractions for the goals. ``weights`` alone are floats, rounded from the
integers in ``prior``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from domain.composition.solver.split_table import SplitTable

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ShareProblem:
    """Units × values, in the order of the table.

    ``seats`` are the seats of each row that are still to be divided, ``goals`` what the columns need of them.
    A cell whose cap is zero takes part in nothing. ``by_seats`` marks the rows that are divided in proportion
    to the targets: their seats and caps are zero here. ``pinned`` are the seats of cells that can
    have one value only; ``ceilings`` are the caps of all cells but these, those of ``by_seats`` included.
    """

    seats: Integers
    caps: Integers
    weights: Floats
    prior: Sequence[Sequence[int]]
    goals: tuple[Fraction, ...]
    by_seats: Flags
    pinned: Integers
    ceilings: Integers

    def pin_cells(self, forced: Flags, table: Integers) -> "ShareProblem":
        """The problem that is left when the cells ``forced`` have their seats in ``table``."""
        settled = np.where(forced, table, 0)
        return replace(
            self,
            seats=self.seats - settled.sum(axis=1),
            caps=np.where(forced, 0, self.caps),
            weights=np.where(forced, 0.0, self.weights),
            goals=tuple(
                goal - int(sum_) for goal, sum_ in zip(self.goals, settled.sum(axis=0).tolist(), strict=True)
            ),
            pinned=self.pinned + settled,
            ceilings=np.where(forced, 0, self.ceilings),
        )


def build_share_problem(table: SplitTable, *, fix_by_seats: bool) -> ShareProblem:
    """The problem of ``table``; with ``fix_by_seats`` the units without figures are divided by their seats.

    A unit whose known figures or seats by hand forbid that takes part in the projection all the same, with
    the targets as its prior.
    """
    seats, columns = np.array(table.seats, dtype=np.int64), np.array(table.columns, dtype=np.int64)
    caps = np.array(table.caps, dtype=np.int64)
    total = sum(table.columns)
    by_seats = np.array(table.by_seats, dtype=np.bool_) & fix_by_seats
    by_seats[list(table.pinned)] = False
    rows = np.flatnonzero(by_seats)
    by_seats[rows] = (seats[rows, None] * columns <= caps[rows] * total).all(axis=1)
    left = total - int(seats[by_seats].sum())
    own_caps = np.where(by_seats[:, None], 0, caps)
    weights = np.array(table.prior, dtype=np.float64)
    return ShareProblem(
        seats=np.where(by_seats, 0, seats),
        caps=own_caps,
        weights=np.where((own_caps > 0) & (columns > 0), weights, 0.0),
        prior=table.prior,
        goals=tuple(Fraction(wanted * left, total) if total else Fraction(0) for wanted in table.columns),
        by_seats=by_seats,
        pinned=np.zeros_like(caps),
        ceilings=np.where(columns > 0, caps, 0),
    )
