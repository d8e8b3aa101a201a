"""Fair shares by plain means, written from the definition: none of the engine's code is used.

What can be reached is counted over all sets of values. Cells that can have one value only are set to it. The
factor of each row is found by sorting its cells by the level at which they are full, and the factors of the
columns by bisection: of one column inside that of another for two and three values, where the result cannot
fail; of one column after the other for more, until they all fit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import exp

from domain.composition.solver.split_table import SplitRow

STEPS = 90
WIDEST = 60.0
"""Factors are sought between e to the power of minus and plus this."""
SWEEPS = 400
CLOSE = 1e-8

Shares = dict[str, dict[str, float]]


@dataclass
class Margins:
    """What is left to divide: by unit its seats, caps and weights, and by value the goal."""

    seats: dict[str, int]
    caps: dict[str, dict[str, int]]
    weights: dict[str, dict[str, Fraction]]
    goals: dict[str, Fraction]
    settled: dict[str, dict[str, Fraction]]

    def slack(self, some: Iterable[str]) -> Fraction:
        """How much more the units can give to ``some`` values than these need."""
        wanted = set(some)
        most = sum(min(self.seats[i], sum(self.caps[i][v] for v in wanted)) for i in self.seats)
        return most - sum((self.goals[v] for v in wanted), Fraction(0))

    def list_sets(self) -> list[set[str]]:
        return [set(some) for n in range(1, len(self.goals) + 1) for some in combinations(self.goals, n)]


def compute_oracle_shares(rows: Sequence[SplitRow], columns: dict[str, int]) -> Shares | None:
    """Unit → value → fair share; ``None`` where there is none, or where the sweeps did not end."""
    for by_seats in (True, False):
        margins = _read_margins(rows, columns, by_seats=by_seats)
        if all(margins.slack(some) >= 0 for some in margins.list_sets()):
            return _divide(margins)
        if not any(row.people is None for row in rows):
            return None
    return None


def _read_margins(rows: Sequence[SplitRow], columns: dict[str, int], *, by_seats: bool) -> Margins:
    total = sum(columns.values())
    margins = Margins({}, {}, {}, {v: Fraction(n) for v, n in columns.items()}, {})
    for row in rows:
        margins.settled[row.unit] = dict.fromkeys(columns, Fraction(0))
        if row.people is None and by_seats:
            for v, n in columns.items():
                share = Fraction(row.seats * n, total or 1)
                margins.settled[row.unit][v] = share
                margins.goals[v] -= share
        else:
            people = row.people or {}
            margins.seats[row.unit] = row.seats
            margins.caps[row.unit] = {
                v: row.seats if row.people is None else min(row.seats, people.get(v, 0)) for v in columns
            }
            margins.weights[row.unit] = {
                v: Fraction(columns[v] if row.people is None else people.get(v, 0)) for v in columns
            }
    return margins


def _divide(margins: Margins) -> Shares | None:
    _settle_tight_sets(margins)
    factors = _find_factors(margins)
    if factors is None:
        return None
    found = {i: {v: float(n) for v, n in row.items()} for i, row in margins.settled.items()}
    for i in margins.seats:
        for v, share in _fill(margins, i, factors).items():
            found[i][v] += share
    return found


def _settle_tight_sets(margins: Margins) -> None:
    """Where some values need all that can be given, nothing else is left to choose."""
    tight = [some for some in margins.list_sets() if margins.slack(some) == 0]
    fixed: dict[tuple[str, str], int] = {}
    for some in tight:
        for i, seats in margins.seats.items():
            most = sum(margins.caps[i][v] for v in some)
            if seats <= most:
                fixed.update({(i, v): 0 for v in margins.goals if v not in some})
            if seats >= most:
                fixed.update({(i, v): margins.caps[i][v] for v in some})
    for (i, v), share in fixed.items():
        margins.settled[i][v] += share
        margins.seats[i] -= share
        margins.goals[v] -= share
        margins.caps[i][v] = 0


def _find_factors(margins: Margins) -> dict[str, float] | None:
    values = [v for v in margins.goals if margins.goals[v] > 0]
    factors = dict.fromkeys(margins.goals, 0.0)
    if len(values) <= 3:
        _bisect_nested(margins, values[1:], factors)
        return factors
    for _ in range(SWEEPS):
        for v in values:
            _bisect(margins, v, factors)
        if max(abs(_excess(margins, v, factors)) for v in values) < CLOSE:
            return factors
    return None


def _bisect_nested(margins: Margins, values: Sequence[str], factors: dict[str, float]) -> None:
    """The factor of the first of ``values`` with the others at their best for each that is tried."""
    if not values:
        return
    low, high = -WIDEST, WIDEST
    for _ in range(STEPS):
        factors[values[0]] = (low + high) / 2
        _bisect_nested(margins, values[1:], factors)
        if _excess(margins, values[0], factors) > 0:
            high = factors[values[0]]
        else:
            low = factors[values[0]]


def _bisect(margins: Margins, v: str, factors: dict[str, float]) -> None:
    _bisect_nested(margins, [v], factors)


def _excess(margins: Margins, v: str, factors: dict[str, float]) -> float:
    return sum(_fill(margins, i, factors)[v] for i in margins.seats) - float(margins.goals[v])


def _fill(margins: Margins, i: str, factors: dict[str, float]) -> dict[str, float]:
    """Row ``i``: cells become full in the order of cap ÷ weight."""
    weights = {v: float(margins.weights[i][v]) * exp(factors[v]) for v in factors}
    caps, left = margins.caps[i], float(margins.seats[i])
    line = sorted((v for v in factors if caps[v] and weights[v]), key=lambda v: caps[v] / weights[v])
    shares = dict.fromkeys(factors, 0.0)
    while line:
        v = line.pop(0)
        shares[v] = min(float(caps[v]), left * weights[v] / (weights[v] + sum(weights[w] for w in line)))
        left -= shares[v]
    return shares
