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
    A cell whose cap is zero takes part in nothing. ``pinned`` are seats of cells that can have one value only;
    ``by_seats`` marks the rows that are divided in proportion to the targets ``columns``.
    """

    seats: Integers
    caps: Integers
    weights: Floats
    prior: Sequence[Sequence[int]]
    goals: tuple[Fraction, ...]
    pinned: Integers
    by_seats: Flags
    columns: tuple[int, ...]

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
        )


def build_share_problem(table: SplitTable, *, fix_by_seats: bool) -> ShareProblem:
    """The problem of ``table``; with ``fix_by_seats`` the units without figures are divided by their seats.

    A unit whose known figures or seats by hand forbid that takes part in the projection all the same, with
    the targets as its prior.
    """
    by_seats = np.array(
        [fix_by_seats and _can_follow_targets(table, i) for i in range(len(table.units))], dtype=np.bool_
    )
    seats = np.array(table.seats, dtype=np.int64)
    total = sum(table.columns)
    left = total - int(seats[by_seats].sum())
    goals = tuple(Fraction(wanted * left, total) if total else Fraction(0) for wanted in table.columns)
    seats[by_seats] = 0
    caps = np.array(table.caps, dtype=np.int64)
    caps[by_seats] = 0
    taking_part = (caps > 0) & (np.array(table.columns) > 0)
    return ShareProblem(
        seats=seats,
        caps=caps,
        weights=np.where(taking_part, np.array(table.prior, dtype=np.float64), 0.0),
        prior=table.prior,
        goals=goals,
        pinned=np.zeros_like(caps),
        by_seats=by_seats,
        columns=tuple(table.columns),
    )


def _can_follow_targets(table: SplitTable, i: int) -> bool:
    """Whether row ``i`` lacks figures, and its seats in proportion to the targets are within its caps."""
    if not table.by_seats[i] or i in table.pinned:
        return False
    total, seats = sum(table.columns), table.seats[i]
    return all(
        seats * wanted <= cap * total for wanted, cap in zip(table.columns, table.caps[i], strict=True)
    )
