"""The engine gives what the definition says, neither more nor less."""

from math import comb

import pytest
from hypothesis import given

from domain.apportionment import ApportionmentRule, Claim, apportion_seats
from domain.apportionment.certificate import build_certificate
from tests.conftest import examples
from tests.domain.apportionment.naive import RULES, SEAT_TOTALS, Naive, claims

MANY = examples(25)


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@MANY
def test_seats_and_ties_are_those_of_the_definition(
    rule: ApportionmentRule, units: list[Claim], house: int
) -> None:
    plain, result = Naive(house, units, rule), apportion_seats(house, units, rule)
    if not plain.feasible:
        assert result.status == "infeasible"
        return
    certain, tied, places = plain.seats()
    assert dict(zip(result.claims.ids, result.certain, strict=True)) == certain
    assert (set(result.tie.ids), result.tie.places) == (tied, places) if result.tie else not tied
    assert result.status == ("lots_required" if tied else "decided")


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(most=4), house=SEAT_TOTALS)
@examples(25)
def test_every_lawful_outcome_is_one_of_the_lots_and_no_other(
    rule: ApportionmentRule, units: list[Claim], house: int
) -> None:
    plain, result = Naive(min(house, 9), units, rule), apportion_seats(min(house, 9), units, rule)
    if not plain.feasible:
        return
    fits = list(plain.list_fitting_seats())
    if result.tie is None:
        assert fits == [result.by_id]
        return
    assert len(fits) == comb(len(result.tie.ids), result.tie.places)
    for first in result.tie.ids:
        others = [one for one in reversed(result.tie.ids) if one != first]
        settled = apportion_seats(result.house, units, rule, [first, *others])
        assert settled.status == "decided"
        assert settled.by_id in fits
        assert settled.by_id[first] == result.by_id[first] + 1


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@MANY
def test_the_order_of_the_claims_is_nothing(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    one, other = apportion_seats(house, units, rule), apportion_seats(house, units[::-1], rule)
    assert (one.status, one.by_id, one.repair) == (other.status, other.by_id, other.repair)
    assert {award.id: award for award in one.awards} == {award.id: award for award in other.awards}
    assert build_certificate(one) == build_certificate(other)
    assert (one.tie and one.tie.digest) == (other.tie and other.tie.digest)


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@MANY
def test_bounds_hold_and_the_seats_add_up(rule: ApportionmentRule, units: list[Claim], house: int) -> None:
    result = apportion_seats(house, units, rule)
    if result.status == "infeasible":
        return
    assert sum(result.seats) + (result.tie.places if result.tie else 0) == house
    for unit, award in zip(units, result.awards, strict=True):
        assert award.seats >= max(unit.floor, unit.base)
        assert unit.cap is None or award.seats <= unit.cap
        assert unit.weight or award.seats == max(unit.floor, unit.base)
