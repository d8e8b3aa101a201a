"""The inputs of a two-way apportionment: weights by row and column, and the seats of each row and column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.apportionment.claims import MOST_FAULTS
from domain.findings import Finding, Invalid

MOST_LINES = 200
"""The most rows, and the most columns."""
MOST_SEATS = 1_000_000
"""The most seats in all: floats, which find the region of the result, still tell k from k + 1 there."""
GREATEST_WEIGHT = 10**15
"""The greatest weight; it limits the length of the exact divisors."""


class Rounding(StrEnum):
    """How the quotient of a cell is rounded: by the signposts of a divisor method that gives no cell a seat
    for its weight alone."""

    SAINTE_LAGUE = "sainte_lague"
    DHONDT = "dhondt"

    def post(self, k: int) -> int:
        """Twice the signpost of the k-th seat; zero for ``k = 0``, where there is no signpost."""
        return max(0, 2 * k - 1) if self is Rounding.SAINTE_LAGUE else 2 * k


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column: its id and its seats."""

    id: str
    seats: int


@dataclass(frozen=True, slots=True)
class TwoWayProblem:
    """``weights[i][j]``, a whole number, is the weight of row ``i`` in column ``j``."""

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    weights: tuple[tuple[int, ...], ...]
    rounding: Rounding = Rounding.SAINTE_LAGUE

    @property
    def seats(self) -> int:
        """The total number of seats."""
        return sum(row.seats for row in self.rows)

    def expect_valid(self) -> None:
        """Refuse inputs from which nothing can be computed.

        :raises Invalid: ``two_way_invalid``, with a finding for each fault.
        """
        faults = list(_list_faults(self))
        if faults:
            raise Invalid("two_way_invalid", errors=faults[:MOST_FAULTS])


def _list_faults(problem: TwoWayProblem) -> Iterator[Finding]:
    yield from _check_lines(problem.rows, "/rows")
    yield from _check_lines(problem.columns, "/columns")
    shape = len(problem.rows), len(problem.columns)
    if len(problem.weights) != shape[0] or any(len(cells) != shape[1] for cells in problem.weights):
        yield Finding("two_way_shape_wrong", {"rows": shape[0], "columns": shape[1]}, "/weights")
    for i, cells in enumerate(problem.weights):
        for j, weight in enumerate(cells):
            if type(weight) is not int or not 0 <= weight <= GREATEST_WEIGHT:
                yield Finding("two_way_weight_not_whole", {}, f"/weights/{i}/{j}")
    totals = [sum(line.seats for line in lines) for lines in (problem.rows, problem.columns)]
    if totals[0] != totals[1]:
        yield Finding("two_way_totals_differ", {"rows": totals[0], "columns": totals[1]}, "/columns")
    if max(totals) > MOST_SEATS:
        yield Finding("two_way_too_many_seats", {"seats": max(totals), "limit": MOST_SEATS}, "/rows")


def _check_lines(lines: Sequence[Line], at: str) -> Iterator[Finding]:
    if not 1 <= len(lines) <= MOST_LINES:
        yield Finding("two_way_too_large", {"lines": len(lines), "limit": MOST_LINES}, at)
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if line.id in seen:
            yield Finding("id_repeated", {"id": line.id}, f"{at}/{index}/id")
        seen.add(line.id)
        if type(line.seats) is not int or line.seats < 0:
            yield Finding("seats_not_a_count", {}, f"{at}/{index}/seats")
