"""The certificate of a projection: made anew from its factors, whatever the search did.

Given row and column factors, each cell is people × row factor × column factor, or stands at its cap where
that is more. By this form the table is the exact entropy projection for the row and column sums that it has.
So only its sums are to be compared with the seats and goals: **each cell is within half of the sum of all
differences of the true one.** (As the margins change, the cells change like currents in a network whose
conductances are the cells below their caps; no current exceeds what flows in.) Rounding errors of the cells
count as errors of the weights: a relative error e of all weights changes a cell x by at most
e × √(x × all seats), since the change is an orthogonal projection in the metric in which a change d of a
cell x weighs d²/x.

Source: Csiszár, Annals of Probability 3 (1975), theorem 3.1, for the form of a projection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext
from math import sqrt

import numpy as np

from domain.composition.solver.decimal_rows import DIGITS, DecimalRows, fill_decimal_row
from domain.composition.solver.factor_search import add_sizes
from domain.composition.solver.millionths import BILLION
from domain.composition.solver.share_problem import Floats, Integers, ShareProblem
from domain.composition.solver.share_sums import FLOAT_ERROR, ExactSums

CERTIFIED_BOUND = 1e-9
"""How far a certified share may be from the true one, in seats: a thousandth of what is published."""
HALF = 0.51
"""Billionths are rounded up from here: exact halves (½ⁿ occurs) go up whatever the float noise."""


@dataclass(frozen=True, slots=True)
class ShareProof:
    """A table in billionths of a seat, and how far each cell can be from the true one, in seats.

    ``factors`` are the column factors, as decimals that can be read back exactly.
    """

    billionths: Integers
    bound: float
    factors: tuple[str, ...]

    @property
    def is_certified(self) -> bool:
        """Whether the table is near enough to be published."""
        return self.bound <= CERTIFIED_BOUND


def certify_floats(problem: ShareProblem, factors: Sequence[float], levels: Floats) -> ShareProof:
    """The proof of the table with column factors ``factors`` and row factors ``levels``."""
    shares = np.minimum(problem.weights * np.array(factors) * levels[:, None], problem.caps)
    sums = ExactSums(problem)
    off = add_sizes(sums.compute_excess(shares))
    off += float(np.add.reduce(np.abs(sums.compute_row_excess(shares))))
    greatest = float(shares.max(initial=0.0))
    # A weight is rounded once, and multiplied two times.
    bound = off / 2 + 4 * FLOAT_ERROR * sqrt(greatest * float(problem.seats.sum()))
    bound += sums.compute_error(shares.size) + 2 * FLOAT_ERROR * greatest
    billionths = np.floor(shares * BILLION + HALF).astype(np.int64)
    return ShareProof(billionths, bound, tuple(map(repr, factors)))


def certify_decimals(problem: ShareProblem, rows: DecimalRows) -> ShareProof:
    """The same in decimals of fifty digits, whose rounding errors do not matter."""
    with localcontext(DIGITS):
        billionths = np.zeros_like(problem.caps)
        size = len(problem.goals)
        columns, off = [Decimal(0)] * size, Decimal(0)
        for i, weights, seats, caps in rows.list_rows():
            _, _, level = fill_decimal_row(seats, weights, caps)
            shares = [min(weight * level, cap) for weight, cap in zip(weights, caps, strict=True)]
            off += abs(sum(shares, Decimal(0)) - seats)
            for v, share in enumerate(shares):
                columns[v] += share
                fine = (share * BILLION + Decimal(str(HALF))).to_integral_value(rounding=ROUND_FLOOR)
                billionths[i, v] = int(fine)
        for have, goal in zip(columns, rows.goals, strict=True):
            off += abs(have - goal)
        return ShareProof(billionths, float(off / 2), tuple(map(str, rows.factors)))
