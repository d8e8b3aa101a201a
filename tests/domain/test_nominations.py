"""Nominations and invitations: ranks, replies, and whom a body names."""

from dataclasses import replace
from datetime import date

import pytest

from domain.findings import Conflict, Invalid
from domain.nominations import (
    REPLY_TRANSITIONS,
    Honour,
    HonourHolder,
    HonourKind,
    InvitationReply,
    check_nominee,
    check_ranks,
    expect_known_tiers,
    expect_one_person,
    expect_possible_reply,
    expect_reply,
)
from domain.plans import Eligibility
from tests.domain.plans.examples import plan

TODAY = date(2020, 7, 1)


@pytest.mark.parametrize(
    ("honours", "is_shown"),
    [
        ([], False),
        ([Honour("Huân chương Lao động hạng Ba", 2016, HonourKind.AWARD)], True),
        ([Honour("Huân chương Lao động hạng Ba", 2017, HonourKind.AWARD, HonourHolder.COLLECTIVE)], True),
        ([Honour("Huân chương Lao động hạng Ba", 2015, HonourKind.AWARD)], False),
        ([Honour("Huân chương Lao động hạng Ba", 2016, HonourKind.TITLE)], False),
    ],
)
def test_a_nominee_without_the_plans_honours_is_pointed_out(honours: list[Honour], is_shown: bool) -> None:
    group = plan("soc_trang_2020").tiers[2].find_seat_group("huan-chuong")
    assert group
    found = check_nominee(group, honours)
    expected = [] if is_shown else [("eligibility_not_shown", "ii.2.d.6")]
    assert [(each.code, each.clause) for each in found] == expected


@pytest.mark.parametrize(
    ("honour", "is_shown"),
    [
        (Honour("Giấy khen", 2019, HonourKind.AWARD, honoured_at="grassroots"), True),
        (Honour("Giấy khen", 2019, HonourKind.AWARD, honoured_at="upper"), False),
        (Honour("Giấy khen", 2019, HonourKind.AWARD), False),
        (Honour("Giấy khen", 2015, HonourKind.AWARD, honoured_at="grassroots"), False),
    ],
)
def test_a_plan_may_ask_at_which_conference_a_nominee_was_honoured(honour: Honour, is_shown: bool) -> None:
    group = plan("soc_trang_2020").tiers[2].find_seat_group("huan-chuong")
    assert group
    asked = Eligibility(text="x", honoured_at=("grassroots",), since=2016, clause="ii.2.d.6")
    found = check_nominee(replace(group, eligibility=(asked,)), [honour])
    assert [each.code for each in found] == ([] if is_shown else ["eligibility_not_shown"])
    assert Honour.read(honour.plain()) == honour


def test_an_honour_is_given_at_a_conference_that_the_plan_has() -> None:
    given = [Honour("Giấy khen", 2019), Honour("Giấy khen", 2019, honoured_at="upper")]
    expect_known_tiers(given, ["grassroots", "upper"])
    with pytest.raises(Invalid, match="tier_unknown") as refused:
        expect_known_tiers(given, ["grassroots"])
    assert [each.pointer for each in refused.value.errors] == ["/honours/1/honoured_at"]


def test_a_rank_is_given_once_in_a_group() -> None:
    ranks = [("exemplars", 1), ("exemplars", 1), ("guests", 1), ("exemplars", None), ("exemplars", None)]
    [finding] = check_ranks(ranks)
    assert (finding.code, finding.params) == ("rank_given_twice", {"group": "exemplars", "rank": 1})


def test_a_body_names_somebody_known_or_somebody_new() -> None:
    expect_one_person("known", None)
    expect_one_person(None, "new")
    for both in ((None, None), ("known", "new")):
        with pytest.raises(Invalid, match="person_once"):
            expect_one_person(*both)


def test_whoever_was_removed_from_the_list_replies_no_more() -> None:
    for reply in REPLY_TRANSITIONS:
        with pytest.raises(Conflict) as refused:
            expect_reply(InvitationReply.REMOVED, reply)
        assert refused.value.params == {"reply": "removed", "wanted": reply}


def test_who_declined_may_still_accept() -> None:
    expect_reply(InvitationReply.DECLINED, InvitationReply.ACCEPTED)


def test_no_reply_is_recorded_before_it_happens_and_nobody_removed_without_a_reason() -> None:
    expect_possible_reply(InvitationReply.ACCEPTED, TODAY, None, TODAY)
    expect_possible_reply(InvitationReply.REMOVED, TODAY, "Ghi nhầm", TODAY)
    with pytest.raises(Invalid) as refused:
        expect_possible_reply(InvitationReply.REMOVED, date(2020, 7, 2), None, TODAY)
    assert [error.code for error in refused.value.errors] == ["day_in_future", "reason_missing"]
