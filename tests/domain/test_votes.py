"""The vote by which a conference passed its list."""

from datetime import date

import pytest

from domain.votes import Vote, check_vote, has_passed_vote, is_list_binding

DAY = date(2020, 5, 20)


@pytest.mark.parametrize(
    ("in_favour", "present", "passed"),
    [(60, 120, False), (61, 120, True), (1, 1, True), (0, 0, False), (120, 120, True)],
)
def test_a_name_is_passed_by_more_than_half_of_those_present(
    in_favour: int, present: int, passed: bool
) -> None:
    assert has_passed_vote(Vote(DAY, in_favour, present)) is passed


def test_without_a_vote_nobody_was_passed() -> None:
    assert not has_passed_vote(None)
    assert check_vote(None) == []


def test_a_unit_s_list_binds_where_every_name_was_passed_and_the_place_is_not_reopened() -> None:
    passed, failed = Vote(DAY, 61, 120), Vote(DAY, 60, 120)
    assert is_list_binding([passed, passed], reopened=False)
    assert not is_list_binding([passed, failed], reopened=False)
    assert not is_list_binding([passed, None], reopened=False)
    assert not is_list_binding([], reopened=False)
    assert not is_list_binding([passed], reopened=True)


def test_more_in_favour_than_present_is_pointed_out() -> None:
    [finding] = check_vote(Vote(DAY, 121, 120))
    assert (finding.code, finding.pointer) == ("vote_over_present", "/vote/in_favour")
    assert finding.params == {"in_favour": 121, "present": 120}
    assert check_vote(Vote(DAY, 120, 120)) == []


def test_a_stored_vote_is_read_as_it_was_written() -> None:
    vote = Vote(DAY, 118, 120, "Biên bản số 1 (ví dụ)")
    assert Vote.read(vote.plain()) == vote
