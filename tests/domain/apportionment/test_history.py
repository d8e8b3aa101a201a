"""What was decided in history, with the official figures."""

from math import isqrt

import pytest

from domain.apportionment import ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.explanation import list_award_steps
from tests.domain.apportionment.naive import data

HILL = ApportionmentRule(Method.HUNTINGTON_HILL)
HOUSE = data("us_house.json")["years"]
PRIORITIES = data("us_priority.json")["years"]
STATES_1880 = data("us_1880.json")["states"]
COUNCILS = data("swiss_national_council.json")["tables"]


@pytest.mark.parametrize("year", HOUSE)
def test_the_house_of_representatives(year: str) -> None:
    states = HOUSE[year]
    result = apportion_seats(
        435, [Claim(state, people, floor=1) for state, (people, _) in states.items()], HILL
    )
    assert result.by_id == {state: seats for state, (_, seats) in states.items()}


@pytest.mark.parametrize("year", PRIORITIES)
def test_the_priority_list_is_the_award_order(year: str) -> None:
    result = apportion_seats(
        440, [Claim(state, people, floor=1) for state, (people, _) in HOUSE[year].items()], HILL
    )
    steps = list_award_steps(result)
    assert [[step.id, step.seat] for step in steps] == [row[:2] for row in PRIORITIES[year]]
    assert [step.total_seats for step in steps] == list(range(51, 441))
    printed = [row[2] for row in PRIORITIES[year]]
    worths = [step.worth for step in steps if step.worth is not None]
    assert all(abs(isqrt(int(worth)) - value) <= 1 for worth, value in zip(worths, printed, strict=True))


def test_alabama_loses_a_seat_when_the_house_grows() -> None:
    claims = [Claim(state, people, floor=1) for state, people in STATES_1880.items()]
    law = ApportionmentRule(Method.LARGEST_REMAINDER, bounds="whole_house")
    before, after = apportion_seats(299, claims, law).by_id, apportion_seats(300, claims, law).by_id
    assert (before["Alabama"], after["Alabama"]) == (8, 7)
    assert (before["Texas"], after["Texas"]) == (9, 10)
    assert (before["Illinois"], after["Illinois"]) == (18, 19)


def test_refitting_the_shares_is_another_law() -> None:
    claims = [Claim(state, people, floor=1) for state, people in STATES_1880.items()]
    refit = ApportionmentRule(Method.LARGEST_REMAINDER)
    assert [apportion_seats(house, claims, refit).by_id["Alabama"] for house in (299, 300)] == [7, 8]


def test_by_the_quota_method_nobody_loses_a_seat_when_the_house_grows() -> None:
    claims = [Claim(state, people, floor=1) for state, people in STATES_1880.items()]
    before = dict.fromkeys(STATES_1880, 0)
    for house in range(290, 311):
        result = apportion_seats(house, claims, ApportionmentRule(Method.QUOTA))
        assert result.status == "decided"
        assert all(result.by_id[state] >= seats for state, seats in before.items())
        assert all(award.quota - 1 < award.seats < award.quota + 1 for award in result.awards)
        before = result.by_id


@pytest.mark.parametrize("year", COUNCILS)
def test_the_swiss_national_council(year: str) -> None:
    """Who is below the mean gets one seat; the others share the rest by the largest remainders."""
    cantons = COUNCILS[year]
    claims = [Claim(canton, residents, floor=1) for canton, (residents, _) in cantons.items()]
    result = apportion_seats(200, claims, ApportionmentRule(Method.LARGEST_REMAINDER))
    assert result.by_id == {canton: seats for canton, (_, seats) in cantons.items()}
