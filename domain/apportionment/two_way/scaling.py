"""Search, in floats, for seats and factors that are nearly right; ``exact`` corrects and proves them.

Factors are kept as logarithms: of the rows ``up``, of the columns ``across``. They fit the seats if for each
cell with weight, weight × factors lies between the signposts of its last and its next seat.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.apportionment.two_way.problem import Rounding, TwoWayProblem

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

FITTING_ROUNDS = 100
ALTERNATING_ROUNDS = 30
NOISE, MORE_NOISE = 1e-9, 1e-6
"""The weights are changed by so little, so that no cells are equal: otherwise each row would give the seats
of a tie to the same columns, and many would have to be moved. There is more of it where many weights are
equal."""


@dataclass(slots=True)
class Scaling:
    """Seats, the logarithms of weights (-inf for none), and the logarithms of the factors."""

    rounding: Rounding
    logs: Floats
    seats: Counts
    up: Floats
    across: Floats

    def room(self) -> Floats:
        """By how much the factors may rise at each cell before it gets one more seat."""
        return self.post_logs(self.seats + 1) - self.logs - self.up[:, None] - self.across

    def rest(self) -> Floats:
        """By how much they may fall before it loses one; infinite for a cell without seats."""
        used = self.logs + self.up[:, None] + self.across
        return np.where(self.seats > 0, used - self.post_logs(np.maximum(self.seats, 1)), np.inf)

    def build_transposed(self) -> "Scaling":
        """The same with rows and columns exchanged; the arrays are shared."""
        return Scaling(self.rounding, self.logs.T, self.seats.T, self.across, self.up)

    def post_logs(self, k: Counts) -> Floats:
        """The logarithms of the signposts of the k-th seats."""
        offset = 0.5 if self.rounding is Rounding.SAINTE_LAGUE else 0.0
        return np.asarray(np.log(k - offset), dtype=np.float64)


def search_scaling(problem: TwoWayProblem, blocks: tuple[list[int], list[int]]) -> Scaling:
    """Seats that fit all rows and columns, nearly those of the method.

    ``blocks`` are the blocks of the rows and of the columns: cells between blocks get no seat.
    """
    rows = np.array([row.seats for row in problem.rows], dtype=np.int64)
    columns = np.array([column.seats for column in problem.columns], dtype=np.int64)
    logs = read_logs(problem)
    inside = np.equal.outer(np.array(blocks[0]), np.array(blocks[1])) & np.isfinite(logs)
    disturbed = np.where(inside, logs + _choose_noise(logs) * _spread(*logs.shape), -np.inf)
    up, across = _fit_factors(disturbed, rows, columns)
    scaling = Scaling(problem.rounding, disturbed, np.zeros(logs.shape, dtype=np.int64), up, across)
    for _ in range(ALTERNATING_ROUNDS):
        _round_rows(scaling, rows)
        if (scaling.seats.sum(axis=0) == columns).all():
            break
        _round_rows(scaling.build_transposed(), columns)
        if (scaling.seats.sum(axis=1) == rows).all():
            break
    else:
        _round_rows(scaling, rows)
    while _move_seat(scaling, columns):
        pass
    return Scaling(problem.rounding, logs, scaling.seats, scaling.up, scaling.across)


def read_logs(problem: TwoWayProblem) -> Floats:
    """The logarithms of the weights; -inf where there is none."""
    weights = np.array(problem.weights, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(weights), dtype=np.float64)


def _choose_noise(logs: Floats) -> float:
    weights = logs[np.isfinite(logs)]
    return MORE_NOISE if 2 * len(np.unique(weights)) < len(weights) else NOISE


def _spread(height: int, width: int) -> Floats:
    """Numbers in [0, 1) without a pattern, always the same."""
    i, j = np.arange(1.0, height + 1)[:, None], np.arange(1.0, width + 1)
    return np.asarray((i * i * 0.6180339887 + j * j * 1.4142135624 + i * j * 1.7320508076) % 1.0)


def _fit_factors(logs: Floats, rows: Counts, columns: Counts) -> tuple[Floats, Floats]:
    """Factors by which the weights nearly add up to the seats of rows and columns (iterative fit)."""
    greatest = logs.max(axis=1)
    up = np.where(np.isfinite(greatest), -greatest, 0.0)
    across = np.zeros(len(columns))
    parts = np.exp(logs + up[:, None])
    for _ in range(FITTING_ROUNDS):
        step = _divide(rows, parts.sum(axis=1))
        parts *= step[:, None]
        up += np.log(step)
        step = _divide(columns, parts.sum(axis=0))
        parts *= step
        across += np.log(step)
    return up, across


def _divide(seats: Counts, sums: Floats) -> Floats:
    return np.asarray(np.divide(seats, sums, out=np.ones(len(sums)), where=(sums > 0) & (seats > 0)))


def _round_rows(scaling: Scaling, rows: Counts) -> None:
    """Round, then correct each row by its own factor until it has its seats."""
    offset = 0.5 if scaling.rounding is Rounding.SAINTE_LAGUE else 0.0
    used = scaling.logs + scaling.up[:, None] + scaling.across
    scaling.seats[:] = np.floor(np.exp(used) + offset).astype(np.int64)
    lack = rows - scaling.seats.sum(axis=1)
    while lack.any():
        (more,), (less,) = np.nonzero(lack > 0), np.nonzero(lack < 0)
        rooms = scaling.post_logs(scaling.seats[more] + 1) - used[more]
        held = scaling.seats[less]
        rests = np.where(held > 0, used[less] - scaling.post_logs(np.maximum(held, 1)), np.inf)
        scaling.seats[more, rooms.argmin(axis=1)] += 1
        scaling.seats[less, rests.argmin(axis=1)] -= 1
        lack -= np.sign(lack)
    high, low = scaling.room().min(axis=1), -scaling.rest().min(axis=1)
    bounded = np.isfinite(high) & np.isfinite(low)
    scaling.up += np.where(bounded, (np.where(bounded, high, 0) + np.where(bounded, low, 0)) / 2, 0)


def _move_seat(scaling: Scaling, columns: Counts) -> bool:
    """Move one seat, by the shortest way, from a column with too many to one with too few."""
    lack = columns - scaling.seats.sum(axis=0)
    if not lack.any():
        return False
    height = len(scaling.up)
    room, rest = np.maximum(scaling.room(), 0), np.maximum(scaling.rest(), 0).T
    far = np.full(height + len(columns), np.inf)
    far[height:][lack < 0] = 0.0
    undone, origin = far.copy(), np.full(len(far), -1)
    while True:
        node = int(undone.argmin())
        if node >= height and lack[node - height] > 0:
            break
        undone[node] = np.inf
        first, costs = (height, room[node]) if node < height else (0, rest[node - height])
        ways = far[node] + costs
        better = np.flatnonzero(ways < far[first : first + len(ways)])
        far[first + better] = undone[first + better] = ways[better]
        origin[first + better] = node
    steps = np.minimum(far, far[node])
    scaling.up -= steps[:height]
    scaling.across += steps[height:]
    while origin[node] >= 0:
        before = int(origin[node])
        if before < height:
            scaling.seats[before, node - height] += 1
        else:
            scaling.seats[node, before - height] -= 1
        node = before
    return True


def settle_factors(scaling: Scaling) -> None:
    """Change the factors until they fit the seats, if seats and factors nearly do."""
    for _ in range(2 * sum(scaling.seats.shape)):
        falls = np.minimum(scaling.room().min(axis=1), 0)
        scaling.up += np.where(np.isfinite(falls), falls, 0)
        rises = np.maximum((-scaling.rest()).max(axis=0), 0)
        scaling.across += rises
        if falls.min() > -1e-13 and rises.max() < 1e-13:
            return
