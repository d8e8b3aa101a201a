"""Two-way seats are those of the definition, with every tie, and a reason where there are none."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from domain.apportionment.two_way import TwoWayProblem, apportion_two_way
from tests.conftest import examples
from tests.domain.apportionment.naive_two_way import Seats, build, find_best, problems


def _freeze(seats: list[list[int]]) -> Seats:
    return tuple(map(tuple, seats))


@given(problem=problems())
@examples(150)
def test_the_result_and_its_ties_are_those_of_the_definition(problem: TwoWayProblem) -> None:
    best, result = find_best(problem), apportion_two_way(problem)
    if not best:
        assert result.status == "infeasible"
        return
    assert result.status == ("decided" if len(best) == 1 else "lots_required")
    certain = tuple(
        tuple(min(seats[i][j] for seats in best) for j in range(len(problem.columns)))
        for i in range(len(problem.rows))
    )
    assert _freeze(result.certain) == certain
    tied = {cell for tie in result.ties for cell in tie.cells}
    assert tied == {
        (i, j)
        for i in range(len(problem.rows))
        for j in range(len(problem.columns))
        if len({seats[i][j] for seats in best}) > 1
    }


@given(problem=problems(), chance=st.randoms(use_true_random=False))
@examples(100)
def test_the_drawn_order_gives_the_best_result_for_the_first_cells(
    problem: TwoWayProblem, chance: "object"
) -> None:
    waiting = apportion_two_way(problem)
    if waiting.status != "lots_required":
        return
    cells = sorted(cell for tie in waiting.ties for cell in tie.cells)
    chance.shuffle(cells)  # type: ignore[attr-defined]
    result = apportion_two_way(problem, [waiting.name_cell(cell) for cell in cells])
    first = max(find_best(problem), key=lambda seats: [seats[i][j] for i, j in cells])
    assert result.status == "decided"
    assert _freeze(result.seats) == first


@given(problem=problems(most=5))
@examples(150)
def test_a_refusal_names_lines_that_cannot_place_their_seats_and_none_too_many(
    problem: TwoWayProblem,
) -> None:
    result = apportion_two_way(problem)
    if result.impossible is None:
        return
    reason = result.impossible
    own, across, weights = problem.rows, problem.columns, list(problem.weights)
    if reason.side == "columns":
        own, across, weights = across, own, list(zip(*weights, strict=True))
    index_of = {line.id: index for index, line in enumerate(own)}

    def excess(lines: tuple[str, ...]) -> int:
        met = {j for one in lines for j, weight in enumerate(weights[index_of[one]]) if weight}
        return sum(own[index_of[one]].seats for one in lines) - sum(across[j].seats for j in met)

    assert excess(reason.lines) == reason.seats - reason.across_seats > 0
    for size in range(len(reason.lines)):
        assert all(excess(fewer) <= 0 for fewer in combinations(reason.lines, size))


@given(problem=problems(), turn=st.permutations(range(4)))
@examples(60)
def test_the_order_of_rows_and_columns_is_nothing(problem: TwoWayProblem, turn: list[int]) -> None:
    order = [i for i in turn if i < len(problem.rows)]
    turned = TwoWayProblem(
        tuple(problem.rows[i] for i in order),
        problem.columns,
        tuple(problem.weights[i] for i in order),
        problem.rounding,
    )
    one, other = apportion_two_way(problem), apportion_two_way(turned)
    assert one.status == other.status
    assert [one.certain[i] for i in order if one.certain] == other.certain


def test_two_equal_rows_and_columns_tie_in_all_four_cells() -> None:
    result = apportion_two_way(build([[5, 5], [5, 5]], [1, 1], [1, 1]))
    assert [tie.cells for tie in result.ties] == [[(0, 0), (0, 1), (1, 0), (1, 1)]]
    assert result.certain == [[0, 0], [0, 0]]
    order = [("r1", "c0"), ("r0", "c0"), ("r0", "c1"), ("r1", "c1")]
    assert apportion_two_way(result.problem, order).seats == [[0, 1], [1, 0]]


def test_floats_that_cannot_tell_the_cells_apart_do_not_decide() -> None:
    most = 10**15
    weights = [[most, most - 1], [most - 1, most - 2]]
    assert apportion_two_way(build(weights, [1, 1], [1, 1])).seats == [[0, 1], [1, 0]]
    weights = [[most, most - 1], [most, most - 1]]
    assert apportion_two_way(build(weights, [1, 1], [1, 1])).status == "lots_required"
