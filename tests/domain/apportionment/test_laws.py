"""What is true of each family of methods, and what is not."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.apportionment import Apportionment, ApportionmentRule, Claim, Method, apportion_seats
from tests.conftest import examples
from tests.domain.apportionment.naive import DIVISORS, RULES, SEAT_TOTALS, claims

SOME = examples(20)
FEW = examples(10)
CHAIN = [Method.ADAMS, Method.DEAN, Method.HUNTINGTON_HILL, Method.SAINTE_LAGUE, Method.DHONDT]


def reach(result: Apportionment) -> list[tuple[int, int]]:
    """The fewest and the most seats of each unit, over all ways in which a lot can fall."""
    tied = set(result.tie.ids) if result.tie else set()
    rows = zip(result.claims.ids, result.certain, strict=True) if result.status != "infeasible" else ()
    return [(k, k + (one in tied)) for one, k in rows]


@pytest.mark.parametrize("rule", DIVISORS, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@SOME
def test_a_larger_house_takes_from_nobody(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    small, large = apportion_seats(house, units, rule), apportion_seats(house + 1, units, rule)
    if "infeasible" in (small.status, large.status):
        return
    for unit, (less, _), (_, most) in zip(units, reach(small), reach(large), strict=True):
        assert less <= most, unit
    assert all(before <= after for before, after in zip(small.certain, large.certain, strict=True))


@pytest.mark.parametrize("rule", DIVISORS, ids=str)
@given(
    units=claims(),
    house=SEAT_TOTALS,
    grown=st.integers(0, 6),
    shrunk=st.integers(0, 6),
    factor=st.integers(1, 9),
)
@SOME
def test_whose_weight_grows_does_not_lose_to_whose_shrinks(
    rule: ApportionmentRule, units: list[Claim], house: int, grown: int, shrunk: int, factor: int
) -> None:
    i, j = grown % len(units), shrunk % len(units)
    before = apportion_seats(house, units, rule)
    if i == j or before.status == "infeasible":
        return
    moved = list(units)
    moved[i] = Claim(units[i].id, units[i].weight * Fraction(factor + 1, factor), *bounds(units[i]))
    moved[j] = Claim(units[j].id, units[j].weight * Fraction(factor, factor + 1), *bounds(units[j]))
    after = apportion_seats(house, moved, rule)
    if after.status != "infeasible":
        lost = reach(after)[i][1] < reach(before)[i][0]
        won = reach(after)[j][0] > reach(before)[j][1]
        assert not (lost and won)


def bounds(unit: Claim) -> tuple[int, int | None, int]:
    return unit.floor, unit.cap, unit.base


@pytest.mark.parametrize("rule", DIVISORS, ids=str)
@given(units=claims(), house=SEAT_TOTALS, keep=st.integers(1, 7))
@SOME
def test_a_part_of_the_units_shares_their_seats_as_the_whole_did(
    rule: ApportionmentRule, units: list[Claim], house: int, keep: int
) -> None:
    whole = apportion_seats(house, units, rule)
    if whole.status == "infeasible" or whole.tie:
        return
    part = units[:keep]
    again = apportion_seats(sum(whole.by_id[unit.id] for unit in part), part, rule)
    assert again.by_id == {unit.id: whole.by_id[unit.id] for unit in part}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.quota == "hare"], ids=str)
@given(units=claims(), house=SEAT_TOTALS, factor=st.fractions(Fraction(1, 50), 50, max_denominator=50))
@SOME
def test_only_the_proportions_of_the_weights_matter(
    rule: ApportionmentRule, units: list[Claim], house: int, factor: Fraction
) -> None:
    scaled = [Claim(unit.id, unit.weight * factor, *bounds(unit)) for unit in units]
    one, other = apportion_seats(house, units, rule), apportion_seats(house, scaled, rule)
    assert (one.status, one.by_id) == (other.status, other.by_id)
    assert [award.quota for award in one.awards] == [award.quota for award in other.awards]


def test_droop_looks_at_the_weights_themselves() -> None:
    weights = {"a": 4, "b": 3, "c": 1}
    droop = ApportionmentRule(Method.LARGEST_REMAINDER, quota="droop")

    def seats(factor: int) -> dict[str, int]:
        return apportion_seats(
            5, [Claim(one, weight * factor) for one, weight in weights.items()], droop
        ).by_id

    assert seats(1) == {"a": 2, "b": 2, "c": 1}  # 8 // 6 + 1 = 2
    assert seats(10) == {"a": 3, "b": 2, "c": 0}  # 80 // 6 + 1 = 14


@given(units=claims(), house=SEAT_TOTALS)
@examples(100)
def test_from_adams_to_dhondt_seats_move_to_the_heavier(units: list[Claim], house: int) -> None:
    alike = [Claim(unit.id, unit.weight, floor=1, cap=8) for unit in units if unit.weight]
    results = [apportion_seats(house, alike, ApportionmentRule(method)) for method in CHAIN]
    if any(result.status != "decided" for result in results):
        return
    order = sorted(alike, key=lambda unit: -unit.weight)
    for less, more in pairwise(results):
        for heaviest in range(1, len(order) + 1):
            top = [unit.id for unit in order[:heaviest]]
            assert sum(less.by_id[one] for one in top) <= sum(more.by_id[one] for one in top)


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@SOME
def test_a_bound_that_does_not_act_can_go(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    result = apportion_seats(house, units, rule)
    if result.status == "infeasible":
        return
    for place, (unit, acts) in enumerate(zip(units, result.bounds, strict=True)):
        if acts or not unit.weight or (not rule.is_divisor_method and rule.quota == "droop"):
            continue
        loose = list(units)
        loose[place] = Claim(unit.id, unit.weight, 0, None, unit.base)
        again = apportion_seats(house, loose, rule)
        assert (again.status, again.by_id) == (result.status, result.by_id)


@pytest.mark.parametrize("rule", DIVISORS, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@SOME
def test_a_bound_that_acts_cannot_go(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    result = apportion_seats(house, units, rule)
    for place, (unit, acts) in enumerate(zip(units, result.bounds, strict=result.status != "infeasible")):
        if not acts:
            continue
        loose = list(units)
        floor, cap = (0, unit.cap) if acts == "floor" else (unit.floor, None)
        loose[place] = Claim(unit.id, unit.weight, floor, cap, unit.base)
        again = apportion_seats(house, loose, rule)
        assert (again.certain, again.tie and again.tie.ids) != (result.certain, result.tie and result.tie.ids)


@given(units=claims(), house=SEAT_TOTALS)
@examples(100)
def test_remainders_stay_within_the_quota(units: list[Claim], house: int) -> None:
    result = apportion_seats(house, units, ApportionmentRule(Method.LARGEST_REMAINDER))
    for award, (least, most) in zip(result.awards, reach(result), strict=False):
        assert award.quota - 1 < least
        assert most < award.quota + 1


@given(units=claims(), house=SEAT_TOTALS)
@examples(100)
def test_dhondt_never_rounds_a_quota_below_its_floor_nor_adams_above_its_ceiling(
    units: list[Claim], house: int
) -> None:
    dhondt, adams = (
        apportion_seats(house, units, ApportionmentRule(method)) for method in (Method.DHONDT, Method.ADAMS)
    )
    for award, (least, _) in zip(dhondt.awards, reach(dhondt), strict=False):
        assert least > award.quota - 1
    for award, (_, most) in zip(adams.awards, reach(adams), strict=False):
        assert most < award.quota + 1


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@FEW
def test_names_are_nothing(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    renamed = [Claim(f"x{9 - place}", unit.weight, *bounds(unit)) for place, unit in enumerate(units)]
    one, other = apportion_seats(house, units, rule), apportion_seats(house, renamed, rule)
    assert list(one.certain) == list(other.certain)
    assert (one.tie is None) == (other.tie is None)
