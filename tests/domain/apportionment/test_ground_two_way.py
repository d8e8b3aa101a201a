"""Edits that leave the same cells tied for the same seats change no winner of a two-way tie."""

import random
from collections import Counter

import pytest

from domain.apportionment.two_way import (
    Line,
    Rounding,
    TwoWayApportionment,
    TwoWayProblem,
    apportion_two_way,
    build_two_way_certificate,
)
from domain.apportionment.two_way.certificate import digest_two_way_tie, list_tied_cells
from domain.verification import verify_proof


def build(rows: list[Line], columns: list[Line], weights: list[list[int]], by: Rounding) -> TwoWayProblem:
    return TwoWayProblem(tuple(rows), tuple(columns), tuple(map(tuple, weights)), by)


def draw_problem(draw: random.Random) -> TwoWayProblem:
    """Few different weights, so that many cells tie."""
    height, width = draw.randrange(2, 5), draw.randrange(2, 5)
    weights = [[draw.choice((1, 1, 2, 3)) for _ in range(width)] for _ in range(height)]
    seats = [[draw.randrange(3) for _ in range(width)] for _ in range(height)]
    rows = [Line(f"r{i}", sum(own)) for i, own in enumerate(seats)]
    columns = [Line(f"c{j}", sum(own)) for j, own in enumerate(zip(*seats, strict=True))]
    return build(rows, columns, weights, draw.choice([*Rounding]))


def edit_problem(draw: random.Random, problem: TwoWayProblem) -> TwoWayProblem:
    """Another order, other measures of one row or of all, or another weight of one cell."""
    rows, weights = [*problem.rows], [[*row] for row in problem.weights]
    chosen = draw.choice(weights)
    match draw.randrange(4):
        case 0:
            order = draw.sample(range(len(rows)), len(rows))
            rows, weights = [rows[n] for n in order], [weights[n] for n in order]
        case 1:
            weights = [[3 * weight for weight in row] for row in weights]
        case 2:
            chosen[:] = [2 * weight for weight in chosen]
        case _:
            chosen[draw.randrange(len(chosen))] += draw.choice((1, 4))
    return build(rows, [*problem.columns], weights, problem.rounding)


def describe_tie(found: TwoWayApportionment) -> object:
    """Who ties for which seat, and the places of each group."""
    rows, columns = found.problem.rows, found.problem.columns
    cells = {found.name_cell((i, j)): found.certain[i][j] for tie in found.ties for i, j in tie.cells}
    places = sorted(
        [
            sorted((rows[i].id, n) for i, n in tie.rows.items()),
            sorted((columns[j].id, n) for j, n in tie.columns.items()),
        ]
        for tie in found.ties
    )
    return cells, places


@pytest.mark.slow
def test_an_edit_without_effect_on_tied_cells_keeps_the_digest_and_any_other_changes_it() -> None:
    draw, counted = random.Random("two-way"), Counter[str]()
    while counted["without"] < 60 or counted["with"] < 20:
        problem = draw_problem(draw)
        found = apportion_two_way(problem)
        again = apportion_two_way(edit_problem(draw, problem))
        if not found.ties or not again.ties:
            continue
        same = describe_tie(found) == describe_tie(again)
        counted["without" if same else "with"] += 1
        assert (digest_two_way_tie(found) == digest_two_way_tie(again)) is same
        cells = list_tied_cells(found)
        drawn = apportion_two_way(problem, draw.sample(cells, len(cells)))
        assert verify_proof(build_two_way_certificate(drawn)) == ()
