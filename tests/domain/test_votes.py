"""How conferences pass their lists: counts, majorities, upper events, limits, and what follows."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from domain.conferences.meetings import Meeting
from domain.findings import Conflict, Invalid, Severity
from domain.plans.tiers import ListVoteRule, Tier
from domain.votes import (
    UpperEvent,
    VotedName,
    VoteFacts,
    check_revoked_list,
    check_unpassed_lists,
    check_vote,
    check_voted_name,
    expect_passed_list,
    expect_upper_event,
    expect_valid_vote,
    expect_votes_fit,
    expect_within_limits,
    has_passed,
    is_list_binding,
    list_fixed_names,
)
from tests.domain.plans.examples import plan

DAY = date(2020, 5, 20)
MEETING = Meeting(DAY, DAY, attended=200)
LATER = DAY + timedelta(days=30)


@pytest.mark.parametrize(
    ("in_favour", "present", "passed"),
    [(60, 120, False), (61, 120, True), (1, 1, True), (0, 0, False), (120, 120, True), (3, 200, False)],
)
def test_a_list_is_passed_by_more_than_half_of_those_present(
    in_favour: int, present: int, passed: bool
) -> None:
    assert has_passed(VoteFacts(DAY, present, in_favour), None) is passed


def test_a_plan_may_state_another_majority_and_a_letter_needs_none() -> None:
    two_thirds = Fraction(2, 3)
    assert not has_passed(VoteFacts(DAY, 120, 80), two_thirds)
    assert has_passed(VoteFacts(DAY, 120, 81), two_thirds)
    assert has_passed(VoteFacts(DAY), two_thirds)


@pytest.mark.parametrize(
    ("facts", "code", "pointer"),
    [
        (VoteFacts(DAY, 200, 201), "vote_over_present", "/in_favour"),
        (VoteFacts(DAY, 201, 150), "vote_over_attendance", "/present"),
        (VoteFacts(DAY - timedelta(days=1), 100, 90), "vote_before_meeting", "/on"),
        (VoteFacts(LATER + timedelta(days=1), 100, 90), "day_in_future", "/on"),
    ],
)
def test_a_vote_that_cannot_have_been_is_refused(facts: VoteFacts, code: str, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        expect_valid_vote(facts, MEETING, LATER)
    assert [(each.code, each.pointer) for each in refused.value.errors] == [(code, pointer)]
    expect_valid_vote(VoteFacts(DAY, 200, 200), MEETING, LATER)


def test_a_corrected_meeting_still_fits_the_votes_that_it_had() -> None:
    votes = [VoteFacts(DAY, 180, 170)]
    expect_votes_fit(votes, Meeting(DAY, DAY, attended=180))
    for wrong in (Meeting(DAY, DAY, attended=179), Meeting(LATER, LATER)):
        with pytest.raises(Conflict, match="meeting_contradicts_vote"):
            expect_votes_fit(votes, wrong)


def test_a_majority_that_no_plan_states_is_marked() -> None:
    tier = plan("soc_trang_2020").tiers[0]
    [finding] = check_vote(VoteFacts(DAY, 200, 150), MEETING, tier)
    assert (finding.code, finding.severity) == ("majority_not_stated", Severity.INFO)
    stated = replace(tier, list_vote=ListVoteRule(majority=Fraction(1, 2), clause="ii.3.ct.8"))
    assert check_vote(VoteFacts(DAY, 200, 150), MEETING, stated) == []
    found = check_vote(VoteFacts(LATER, 200, 3), MEETING, stated)
    assert [each.code for each in found] == ["vote_not_passed", "vote_after_meeting"]


def test_a_list_is_for_an_event_above() -> None:
    kim_bang = plan("kim_bang_2025")
    commune = kim_bang.tiers[0]
    for event in (
        UpperEvent("ha-nam-xii", "district"),
        UpperEvent("ha-nam-xii", "province"),
        UpperEvent("toan-quoc-xi", "toan-quoc"),
    ):
        expect_upper_event(kim_bang, commune, event)
    for event, code in (
        (UpperEvent("ha-nam-xii", "commune"), "tier_not_above"),
        (UpperEvent("ha-nam-xii", "xa"), "tier_not_above"),
        (UpperEvent("khac", "district"), "congress_unknown"),
    ):
        with pytest.raises(Invalid, match=code):
            expect_upper_event(kim_bang, commune, event)


def test_a_list_has_no_more_names_than_its_unit_may_nominate() -> None:
    expect_within_limits({"dien-hinh": 3, "khac": 9}, {"dien-hinh": 3})
    with pytest.raises(Conflict) as refused:
        expect_within_limits({"dien-hinh": 4}, {"dien-hinh": 3})
    assert refused.value.params == {"group": "dien-hinh", "named": 4, "limit": 3}


def test_whoever_was_not_passed_is_accepted_with_a_warning_or_not_at_all() -> None:
    soc_trang = plan("soc_trang_2020")
    tier = next(each for each in soc_trang.tiers if each.id == "province")
    passed, failed = VotedName(1, DAY, passed=True), VotedName(1, DAY, passed=False)
    assert check_voted_name(soc_trang, tier, passed) == []
    for name, why in ((None, "no_vote"), (failed, "not_passed")):
        [finding] = check_voted_name(soc_trang, tier, name)
        assert (finding.code, finding.severity, finding.clause) == (
            "list_not_passed",
            Severity.WARNING,
            "ii.3.ct.8",
        )
        assert finding.params == {"why": why}
    required = replace(tier, list_vote=ListVoteRule(required=True, clause="ii.3.ct.8"))
    unpassed = check_voted_name(soc_trang, required, failed)
    expect_passed_list(tier, unpassed)
    expect_passed_list(required, [])
    with pytest.raises(Conflict, match="list_not_passed"):
        expect_passed_list(required, unpassed)
    silent = plan("hai_phong_2020")
    assert check_voted_name(silent, _tier(silent.tiers, "city"), None) == []


def _tier(tiers: tuple[Tier, ...], name: str) -> Tier:
    return next(each for each in tiers if each.id == name)


def test_those_on_no_passed_list_are_counted() -> None:
    [finding] = check_unpassed_lists([True, False, False], asked=True, clause="x")
    assert (finding.params, finding.severity) == ({"nominees": 2}, Severity.WARNING)
    assert check_unpassed_lists([True], asked=True, clause=None) == []
    assert check_unpassed_lists([False], asked=False, clause=None) == []


def test_a_unit_s_list_binds_where_every_name_was_passed_and_the_place_is_not_reopened() -> None:
    passed, failed = VotedName(1, DAY, passed=True), VotedName(2, DAY, passed=False)
    assert is_list_binding([passed, passed], reopened=False)
    assert not is_list_binding([passed, failed], reopened=False)
    assert not is_list_binding([passed, None], reopened=False)
    assert not is_list_binding([], reopened=False)
    assert not is_list_binding([passed], reopened=True)


def test_seats_that_come_later_take_the_first_and_the_rest_are_alternates() -> None:
    names = {one: VotedName(position, DAY, passed=True) for position, one in enumerate("abcd", 1)}
    assert set(list_fixed_names(names, 4, DAY)) == set("abcd"), "a list that fits is fixed"
    assert list_fixed_names(names, 2, LATER) == ["a", "b"]
    assert list_fixed_names(names, 2, DAY) == [], "of a longer list the council chooses"
    names["b"] = VotedName(2, DAY, passed=False)
    assert list_fixed_names(names, 2, LATER) == ["a", "c"]


def test_a_list_that_is_revoked_after_acceptances_says_so() -> None:
    kim_bang = plan("kim_bang_2025")
    district = kim_bang.find_tier("district")
    assert district is not None
    [found] = check_revoked_list(kim_bang, district, 2)
    assert (found.code, found.params, found.clause) == ("accepted_list_revoked", {"accepted": 2}, "nd.3.1.8")
    strict = replace(district, list_vote=ListVoteRule(required=True, clause="nd.3.1.8"))
    assert [each.code for each in check_revoked_list(kim_bang, strict, 1)] == ["required_list_revoked"]
    silent = replace(kim_bang, agenda=())
    assert check_revoked_list(silent, district, 1) == [], "nobody asks for a list that was passed"
