"""Largest remainders by one sort are those that come of giving seat after seat."""

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.apportionment import ApportionmentRule, Claim, Claims, Method
from domain.apportionment.solver.bounded_problem import build_problem
from domain.apportionment.solver.max_min import enforce_max_min
from domain.apportionment.solver.ranking import SeatRanking, remainder_key
from domain.apportionment.solver.remainders import solve_remainders
from domain.apportionment.solver.shares import compute_shares
from domain.apportionment.solver.small_solver import list_contested_units, solve_small
from tests.conftest import examples
from tests.domain.apportionment.naive import claims

RULE = ApportionmentRule(Method.LARGEST_REMAINDER)


@given(claims(), st.integers(0, 14))
@examples(400)
def test_one_sort_finds_the_seats_the_cutoff_and_the_tie_of_the_heap(units: list[Claim], seats: int) -> None:
    problem = build_problem(seats, Claims.from_claims(units))
    assume(problem.floor_sum <= problem.seats <= problem.cap_sum)
    shares = compute_shares(problem, RULE)
    ranking = SeatRanking(shares.parts, remainder_key(shares.unit))
    slow = enforce_max_min(ranking, problem.floors, problem.floors, problem.caps, problem.seats)
    cut, contested = solve_remainders(problem)
    assert (cut.best, cut.worst, cut.tied, cut.places) == (slow.best, slow.worst, slow.tied, slow.places)
    assert len(contested) == len(list_contested_units(slow, ranking))
    certain = [count - (i in contested) for i, count in enumerate(cut.seats)]
    held = set(list_contested_units(slow, ranking))
    assert certain == [count - (i in held) for i, count in enumerate(slow.seats)]


def test_it_is_the_path_of_the_usual_quota() -> None:
    problem = build_problem(5, Claims(["a", "b", "c"], [5, 3, 1]))
    assert solve_small(problem, RULE) == solve_remainders(problem)
