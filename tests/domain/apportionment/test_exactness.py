"""Where floats go wrong, and where rules are silent in other programs."""

from fractions import Fraction

import pytest

from domain.apportionment import ApportionmentRule, Claim, Method, apportion_seats
from tests.domain.apportionment.naive import DIVISORS, REMAINDERS, RULES


def seats(
    house: int, weights: dict[str, int | Fraction], rule: ApportionmentRule, **bounds: int
) -> dict[str, int]:
    return apportion_seats(
        house, [Claim(one, weight, **bounds) for one, weight in weights.items()], rule
    ).by_id


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_thirty_digits_that_differ_by_one_do_not_tie(rule: ApportionmentRule) -> None:
    big = 10**30
    assert seats(3, {"a": big, "b": big + 1}, rule) == {"a": 1, "b": 2}
    assert seats(5, {"a": big + 2, "b": big + 1, "c": big}, rule) == {"a": 2, "b": 2, "c": 1}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_beyond_what_a_float_can_tell_apart(rule: ApportionmentRule) -> None:
    assert float(2**53) == float(2**53 + 1)
    assert seats(1, {"a": 2**53, "b": 2**53 + 1}, rule) == {"a": 0, "b": 1}
    assert apportion_seats(1, [Claim("a", 2**53 + 1), Claim("b", 2**53 + 1)], rule).status == "lots_required"


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rational_weights_are_compared_as_they_are(rule: ApportionmentRule) -> None:
    third = Fraction(1, 3)
    assert seats(1, {"a": third, "b": third + Fraction(1, 10**40)}, rule) == {"a": 0, "b": 1}
    assert apportion_seats(1, [Claim("a", third), Claim("b", Fraction(2, 6))], rule).status == "lots_required"


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_no_weight_no_seat_beyond_the_floor(rule: ApportionmentRule) -> None:
    units = [Claim("a", 5), Claim("b", 0), Claim("c", 0, floor=2), Claim("d", Fraction(0), base=1)]
    assert apportion_seats(9, units, rule).by_id == {"a": 6, "b": 0, "c": 2, "d": 1}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_small_houses(rule: ApportionmentRule) -> None:
    assert seats(0, {"a": 3, "b": 1}, rule) == {"a": 0, "b": 0}
    assert seats(7, {"a": 3}, rule) == {"a": 7}
    assert apportion_seats(0, [], rule).status == "decided"
    assert apportion_seats(1, [], rule).status == "infeasible"
    assert seats(2, {"a": 2, "b": 9, "c": 1, "d": 7}, rule)["c"] == 0


@pytest.mark.parametrize("method", [Method.ADAMS, Method.DEAN, Method.HUNTINGTON_HILL])
def test_fewer_seats_than_units_go_to_the_heaviest(method: Method) -> None:
    weights: dict[str, int | Fraction] = {"a": 1000, "b": 9, "c": 8, "d": 8}
    assert seats(2, weights, ApportionmentRule(method)) == {"a": 1, "b": 1, "c": 0, "d": 0}
    tied = apportion_seats(
        3, [Claim(one, weight) for one, weight in weights.items()], ApportionmentRule(method)
    )
    assert tied.tie is not None
    assert tied.tie.ids == ("c", "d")


@pytest.mark.parametrize("rule", DIVISORS, ids=str)
def test_a_huge_house_costs_no_more_than_a_small_one(rule: ApportionmentRule) -> None:
    house = 10**24
    result = apportion_seats(house, [Claim("a", 1), Claim("b", 2), Claim("c", 4)], rule)
    assert sum(result.seats) + (result.tie.places if result.tie else 0) == house
    assert abs(result.by_id["c"] - house * 4 // 7) <= 2


@pytest.mark.parametrize("rule", REMAINDERS, ids=str)
def test_remainders_reach_a_huge_house_even_when_shares_do_not(rule: ApportionmentRule) -> None:
    units = [Claim("a", 1), Claim("b", 2), Claim("c", 4, cap=5)]
    result = apportion_seats(10**24, units, rule)
    assert sum(result.seats) + (result.tie.places if result.tie else 0) == 10**24
    assert result.by_id["c"] == 5


def test_a_weight_too_great_for_any_float() -> None:
    units = [Claim(f"u{i}", 10**400 + i) for i in range(4100)]
    result = apportion_seats(4101, units, ApportionmentRule(Method.SAINTE_LAGUE))
    assert result.status == "decided"
    assert result.by_id["u4099"] == 2


def test_base_first_and_clamp_are_two_laws() -> None:
    weights = {"a": 60, "b": 30, "c": 10}
    clamp = [Claim(one, weight, floor=2) for one, weight in weights.items()]
    base = [Claim(one, weight, base=2) for one, weight in weights.items()]
    assert apportion_seats(20, clamp).by_id == {"a": 12, "b": 6, "c": 2}
    assert apportion_seats(20, base).by_id == {"a": 11, "b": 6, "c": 3}


def test_bounds_count_the_base() -> None:
    units = [Claim("a", 90, cap=4, base=1), Claim("b", 10, floor=5, base=2), Claim("c", 10)]
    assert apportion_seats(10, units).by_id == {"a": 4, "b": 5, "c": 1}
