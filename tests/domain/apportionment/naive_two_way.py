"""Two-way apportionment by plain enumeration: every matrix of seats, and the best product of quotients."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod
from random import Random

from hypothesis import strategies as st

from domain.apportionment.two_way import Line, Rounding, TwoWayProblem

Seats = tuple[tuple[int, ...], ...]


def list_matrices(
    rows: Sequence[int], columns: Sequence[int], weights: Sequence[Sequence[int]]
) -> Iterator[Seats]:
    """Every matrix with these sums and seats only where there is weight."""
    if not rows:
        if not any(columns):
            yield ()
        return
    for first in _list_rows(rows[0], columns, weights[0]):
        left = [have - taken for have, taken in zip(columns, first, strict=True)]
        for others in list_matrices(rows[1:], left, weights[1:]):
            yield (first, *others)


def _list_rows(seats: int, columns: Sequence[int], weights: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if not columns:
        if not seats:
            yield ()
        return
    for own in range((min(seats, columns[0]) if weights[0] else 0) + 1):
        for others in _list_rows(seats - own, columns[1:], weights[1:]):
            yield (own, *others)


def find_best(problem: TwoWayProblem) -> set[Seats]:
    """All matrices with the greatest product of weight / signpost over all seats: the results of the method.

    Source: F. Pukelsheim, Proportional Representation, 2017, chapter 14.
    """
    best: set[Seats] = set()
    most = Fraction(-1)
    rows, columns = [line.seats for line in problem.rows], [line.seats for line in problem.columns]
    offset = Fraction(1, 2) if problem.rounding is Rounding.SAINTE_LAGUE else Fraction(0)
    for seats in list_matrices(rows, columns, problem.weights):
        value = prod(
            (
                weight / (k - offset)
                for cells, weights in zip(seats, problem.weights, strict=True)
                for count, weight in zip(cells, weights, strict=True)
                for k in range(1, count + 1)
            ),
            start=Fraction(1),
        )
        if value >= most:
            best = {seats} if value > most else {*best, seats}
            most = value
    return best


def build(
    weights: Sequence[Sequence[int]],
    rows: Sequence[int],
    columns: Sequence[int],
    rounding: Rounding = Rounding.SAINTE_LAGUE,
) -> TwoWayProblem:
    """A problem with rows r0, r1… and columns c0, c1…"""
    return TwoWayProblem(
        tuple(Line(f"r{i}", seats) for i, seats in enumerate(rows)),
        tuple(Line(f"c{j}", seats) for j, seats in enumerate(columns)),
        tuple(map(tuple, weights)),
        rounding,
    )


WEIGHTS = st.sampled_from(
    [st.integers(0, 2), st.integers(0, 6), st.integers(0, 10**15), st.sampled_from([0, 1, 2, 4])]
)


@st.composite
def problems(draw: st.DrawFn, most: int = 4, seats: int = 7) -> TwoWayProblem:
    """Few rows and columns, with weights alike and unlike; seats that often fit, and sometimes do not."""
    height, width = draw(st.integers(1, most)), draw(st.integers(1, most))
    weights = draw(
        st.lists(st.lists(draw(WEIGHTS), min_size=width, max_size=width), min_size=height, max_size=height)
    )
    rows, columns = [0] * height, [0] * width
    for _ in range(draw(st.integers(0, seats))):
        i, j = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        if weights[i][j] or draw(st.integers(0, 9)) == 0:
            rows[i] += 1
            columns[j] += 1
    return build(weights, rows, columns, draw(st.sampled_from(list(Rounding))))


def draw_margins(weights: Sequence[Sequence[int]], seats: int, chance: Random) -> tuple[list[int], list[int]]:
    """Seats of rows and of columns that fit somehow."""
    cells = [(i, j) for i, row in enumerate(weights) for j, weight in enumerate(row) if weight]
    rows, columns = [0] * len(weights), [0] * len(weights[0])
    for i, j in chance.choices(cells, k=seats if cells else 0):
        rows[i] += 1
        columns[j] += 1
    return rows, columns
