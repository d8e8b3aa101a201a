"""The same problem as one mixed-integer program after the other, over all nominees, as a textbook has it.

Shares no code with the search but the pool, and trusts the solver with everything. For comparison only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from domain.selection import Nominee, Pool, list_statuses

from .naive import lots

Floats = NDArray[np.float64]
Row = tuple[list[int], list[float], float, float]


@dataclass(frozen=True)
class Plain:
    """What the programs reached: shortfalls by priority, score, the lots' sum, and the last list."""

    shortfalls: tuple[int, ...]
    score: int
    lots: int
    chosen: tuple[str, ...]


class Program:
    """The model over all nominees: binary columns for them, then one slack for each side of a target."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.people = sorted(pool.nominees, key=lambda nominee: nominee.id)
        at = {nominee.id: k for k, nominee in enumerate(self.people)}
        settled = {n.id: hold for n, hold in zip(pool.nominees, list_statuses(pool), strict=True)}
        self.lower = [float(settled[n.id].is_seated) for n in self.people]
        self.upper = [float(not settled[n.id].is_excluded) for n in self.people]
        self.rows: list[Row] = []
        self.short: dict[int, list[tuple[int, int]]] = {}
        inside: dict[tuple[str, str], list[int]] = {quota.place: [] for quota in pool.quotas}
        for k, nominee in enumerate(self.people):
            inside[nominee.place].append(k)
        for quota in pool.quotas:
            self._row(inside[quota.place], quota.seats_to_fill, quota.seats_to_fill)
        for one, other in pool.apart:
            self._row([at[one], at[other]], -np.inf, 1)
        self._targets()

    def _row(self, columns: list[int], lower: float, upper: float) -> None:
        self.rows.append((columns, [1.0] * len(columns), float(lower), float(upper)))

    def _targets(self) -> None:
        sizes = self.pool.sizes()
        for target in self.pool.targets:
            least, most = target.compute_bounds(sizes[target.id])
            scoped = [(k, n) for k, n in enumerate(self.people) if target.scope.contains(n.record)]
            answers = [(k, target.criterion.matches(n.record)) for k, n in scoped]
            if least is not None:
                yes = [k for k, answer in answers if answer is True]
                self._side(yes, least, np.inf, target.hard, target.priority, target.id)
            if most is not None:
                maybe = [k for k, answer in answers if answer is not False]
                self._side(maybe, -np.inf, most, target.hard, target.priority, target.id)

    def _side(
        self, columns: list[int], lower: float, upper: float, hard: bool, priority: int, name: str
    ) -> None:
        self._row(columns, lower, upper)
        if hard:
            return
        slack = len(self.lower)
        self.lower.append(0.0)
        self.upper.append(float(len(self.people)))
        self.rows[-1][0].append(slack)
        self.rows[-1][1].append(1.0 if upper == np.inf else -1.0)
        self.short.setdefault(priority, []).append((slack, self.pool.derive_weight(name)))

    def least(self, cost: Sequence[float], limit: float = np.inf) -> Floats | None:
        """The columns of the least cost, or none: there is none, or it took more than ``limit`` seconds."""
        solver = highspy.Highs()  # type: ignore[no-untyped-call] # the class has types, its __init__ has not
        for name, value in (
            ("output_flag", False),
            ("mip_rel_gap", 0.0),
            ("threads", 1),
            ("time_limit", limit),
        ):
            assert solver.setOptionValue(name, value) == highspy.HighsStatus.kOk
        starts = np.cumsum([0, *(len(columns) for columns, *_ in self.rows)])
        solver.passModel(
            len(self.lower), len(self.rows), int(starts[-1]), int(highspy.MatrixFormat.kRowwise), 1, 0.0,
            np.array(cost, float), np.array(self.lower), np.array(self.upper),
            np.array([row[2] for row in self.rows]), np.array([row[3] for row in self.rows]),
            starts.astype(np.int32), np.concatenate([row[0] for row in self.rows]).astype(np.int32),
            np.concatenate([row[1] for row in self.rows]), np.ones(len(self.lower), np.int32),
        )  # fmt: skip
        assert solver.run() != highspy.HighsStatus.kError
        ends = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kTimeLimit)
        if solver.getModelStatus() in ends:
            return None
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        x: Floats = np.rint(np.array(solver.getSolution().col_value))
        return x

    def keep(self, cost: Sequence[float], value: float) -> None:
        """From now on the cost may not exceed this value."""
        columns = [k for k, each in enumerate(cost) if each]
        self.rows.append((columns, [float(cost[k]) for k in columns], -np.inf, value))

    def over_people(self, values: Sequence[int]) -> list[float]:
        """Costs over the nominees alone."""
        return [*map(float, values), *([0.0] * (len(self.lower) - len(self.people)))]


def plain(pool: Pool, known: Sequence[int] | None = None, *, lot: bool = True) -> Plain | None:
    """The optimum, goal by goal; ``known`` shortfalls are taken as given instead of being searched."""
    program = Program(pool)
    shortfalls = []
    for n, (priority, slacks) in enumerate(sorted(program.short.items())):
        del priority
        cost = [0.0] * len(program.lower)
        for slack, weight in slacks:
            cost[slack] = float(weight)
        if known is None:
            x = program.least(cost)
            if x is None:
                return None
            shortfalls.append(int(x @ np.array(cost)))
        else:
            shortfalls.append(known[n])
        program.keep(cost, shortfalls[-1])
    cost = program.over_people([-nominee.score for nominee in program.people])
    x = program.least(cost)
    if x is None:
        return None
    score = -int(x @ np.array(cost))
    if lot:
        drawn = lots(pool)
        program.keep(cost, -score)
        cost = program.over_people([drawn[nominee.id] for nominee in program.people])
        x = program.least(cost)
        assert x is not None
    chosen = _chosen(program.people, x)
    total = sum(lots(pool)[one] for one in chosen) if lot else 0
    return Plain(tuple(shortfalls), score, total, chosen)


def _chosen(people: Sequence[Nominee], x: Floats) -> tuple[str, ...]:
    return tuple(nominee.id for nominee, value in zip(people, x.tolist(), strict=False) if value > 0.5)
