"""Many units take another path to the same answer, and small ones do not pay for it."""

import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.apportionment import ApportionmentRule, Claim, Claims, Method, apportion_seats
from domain.apportionment.certificate import build_certificate
from domain.apportionment.solver import MANY_UNITS
from domain.apportionment.solver.bounded_problem import build_problem
from domain.apportionment.solver.large_solver import solve_large
from domain.apportionment.solver.small_solver import solve_small
from domain.verification import verify_proof
from tests.conftest import examples
from tests.domain.apportionment.naive import RULES, claims

pytestmark = pytest.mark.slow  # crowds of units, each proven


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(most=40), house=st.integers(0, 400))
@examples(15)
def test_both_paths_meet(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    problem = build_problem(house, Claims.from_claims(units))
    if not problem.floor_sum <= problem.seats <= problem.cap_sum:
        return
    (small, keeps), (large, kept) = solve_small(problem, rule), solve_large(problem, rule)
    assert (small.tied, small.places) == (large.tied, large.places)
    assert certain(small.seats, keeps) == certain(large.seats, kept)


def certain(held: Sequence[int], keeps: list[int]) -> list[int]:
    seats = list(held)
    for i in keeps:
        seats[i] -= 1
    return seats


def crowd(count: int) -> list[Claim]:
    """Units of very different size, made by a formula; every third has a floor or a cap."""
    units = []
    for i in range(count):
        weight = (i * i * 7919 + 104729) % 10 ** (2 + i % 4) + i % 5
        units.append(Claim(f"u{i}", weight, floor=i % 3 == 1 and weight > 5000, cap=(None, 3, 12)[i % 3]))
    return [Claim(unit.id, unit.weight, int(unit.floor), unit.cap) for unit in units]


CROWD = crowd(MANY_UNITS + 100)


@pytest.mark.parametrize(("place", "rule"), list(enumerate(RULES)), ids=str)
def test_a_crowd_is_proven(place: int, rule: ApportionmentRule) -> None:
    result = apportion_seats((1500, 15_000)[place % 2], CROWD, rule)
    assert result.status != "infeasible"
    assert verify_proof(build_certificate(result)) == ()


def test_a_crowd_with_fewer_seats_than_units_is_proven() -> None:
    bare = [Claim(unit.id, unit.weight) for unit in CROWD]
    for method in (Method.ADAMS, Method.HUNTINGTON_HILL):
        assert verify_proof(build_certificate(apportion_seats(1500, bare, ApportionmentRule(method)))) == ()


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_crowd_of_equals_ties(rule: ApportionmentRule) -> None:
    units = [Claim(f"u{i}", Fraction(1, 3)) for i in range(MANY_UNITS + 50)]
    tie = apportion_seats(2 * MANY_UNITS, units, rule).tie
    assert tie is not None
    assert (len(tie.ids), tie.places) == (MANY_UNITS + 50, MANY_UNITS - 50)


def test_columns_are_the_same_as_claims() -> None:
    units = crowd(50)
    columns = Claims.from_claims(units)
    assert list(columns) == units
    assert columns[3] == units[3]
    assert columns[2:5] == units[2:5]
    assert build_certificate(apportion_seats(99, columns)) == build_certificate(apportion_seats(99, units))


SMALL = """
import sys
from domain.apportionment import Claim, apportion_seats, build_certificate
build_certificate(apportion_seats(3, [Claim("a", 2), Claim("b", 1)]))
print("numpy" in sys.modules)
"""


def test_the_small_case_does_not_load_numpy() -> None:
    told = subprocess.run([sys.executable, "-c", SMALL], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_cost_grows_with_the_units_and_not_with_their_square() -> None:
    def cost(count: int) -> float:
        claims = Claims.from_claims(crowd(count))
        runs = []
        for _ in range(3):
            start = process_time()
            apportion_seats(count // 2, Claims(claims.ids, claims.weights, claims.floors, claims.caps))
            runs.append(process_time() - start)
        return min(runs)

    cost(MANY_UNITS)
    assert cost(64_000) < 40 * cost(8_000)
