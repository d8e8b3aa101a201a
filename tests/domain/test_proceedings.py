"""What happened at a conference, compared with what the plan has: S0 is Sóc Trăng, S1 Kim Bảng."""

from dataclasses import replace
from datetime import date

import pytest

from domain.conferences.life import expect_valid_meeting
from domain.conferences.meetings import Meeting
from domain.conferences.proceedings import (
    CommendationRecord,
    MemberCount,
    PresidiumRecord,
    Proceedings,
    check_proceedings_facts,
    compare_proceedings,
    list_departures,
)
from domain.conferences.terms import ConferenceTerms
from domain.findings import Invalid
from tests.domain.plans.examples import plan
from tests.domain.test_conference_steps import S0, S1, terms

DAY = date(2020, 3, 7)
ALL_KINDS = tuple(MemberCount(number, 1) for number in range(1, 6))


def told(where: ConferenceTerms, name: str = S0, **proceedings: object) -> dict[str, str | None]:
    """Code → clause of what is told about proceedings."""
    found = compare_proceedings(plan(name), where, Proceedings(**proceedings))  # type: ignore[arg-type]
    return {each.code: each.clause for each in found}


@pytest.mark.parametrize(("people", "is_told"), [(4, True), (5, False), (9, False), (10, True)])
def test_a_presidium_of_four_or_ten_is_told_of_without_a_reason(people: int, is_told: bool) -> None:
    where, presided = terms(S0, "grassroots"), PresidiumRecord(people, ALL_KINDS)
    clauses = {"presidium_off_approximate_number": "ii.4.c.so-luong"}
    assert told(where, presidium=presided) == (clauses if is_told else {})
    assert list_departures(plan(S0), where, Proceedings(presidium=presided)) == []


def test_an_exact_number_of_the_plan_needs_a_reason() -> None:
    where = terms(S0, "grassroots")
    assert where.presidium is not None
    exact = replace(where, presidium=replace(where.presidium, approximate=False))
    presided = Proceedings(presidium=PresidiumRecord(4))
    assert [each.code for each in list_departures(plan(S0), exact, presided)] == ["presidium_off_number"]
    meeting = Meeting(DAY, DAY, proceedings=presided)
    departures = list_departures(plan(S0), exact, presided)
    with pytest.raises(Invalid, match="departure_needs_reason"):
        expect_valid_meeting(plan(S0), exact, meeting, None, DAY, departures)
    expect_valid_meeting(plan(S0), exact, meeting, "Một người ốm", DAY, departures)


def test_a_kind_of_people_that_the_presidium_lacks_is_told_of_once_its_make_up_is_known() -> None:
    where = terms(S0, "grassroots")
    assert told(where, presidium=PresidiumRecord(7)) == {}
    without_hero = PresidiumRecord(7, (*ALL_KINDS[:3], MemberCount(4, 0), ALL_KINDS[4]))
    assert told(where, presidium=without_hero) == {"presidium_lacks_member": "ii.4.c.thanh-phan"}
    assert list_departures(plan(S0), where, Proceedings(presidium=without_hero)) != []


def test_an_item_of_the_agenda_that_was_left_out_is_told_of() -> None:
    where = terms(S0, "grassroots")
    items = tuple(range(1, len(where.agenda) + 1))
    assert told(where, agenda=items) == {}
    assert told(where, agenda=tuple(reversed(items))) == {}
    assert told(where, agenda=items[:7] + items[8:]) == {"agenda_item_left_out": "ii.3.ct.8"}


def test_commendations_are_by_the_competence_that_the_plan_names() -> None:
    where = terms(S0, "grassroots")
    assert told(where, commendations=(CommendationRecord(number=1, proposed=12, given=10),)) == {}
    other = CommendationRecord(organ="Chủ tịch Ủy ban nhân dân huyện", given=3)
    assert set(told(where, commendations=(other,))) == {"commended_by_other_organ"}
    more = CommendationRecord(number=1, proposed=2, given=3)
    assert set(told(where, commendations=(more,))) == {"commended_beyond_proposal"}
    assert list_departures(plan(S0), where, Proceedings(commendations=(more,))) == []
    in_hai_phong = terms("hai_phong_2020", "upper", kind="department")
    assert told(in_hai_phong, "hai_phong_2020", commendations=(other,)) == {}


def test_a_pilot_without_peers_is_told_of_where_the_plan_invites_them() -> None:
    pilot = terms(S0, "upper", kind="district", code="huyen-chau-thanh")
    assert told(pilot, peers=()) == {"peers_not_invited": "ii.2.c.moi"}
    assert told(pilot, peers=("Huyện Kế Sách",)) == {}
    assert told(pilot) == {}
    assert told(terms(S0, "upper", kind="district"), peers=()) == {}


@pytest.mark.parametrize(
    ("proceedings", "code", "pointer"),
    [
        (Proceedings(agenda=(1, 10)), "place_not_in_plan", "/proceedings/agenda/1"),
        (Proceedings(agenda=(1, 1)), "place_twice", "/proceedings/agenda/1"),
        (
            Proceedings(presidium=PresidiumRecord(5, (MemberCount(6, 1),))),
            "place_not_in_plan",
            "/proceedings/presidium/members/0/number",
        ),
        (
            Proceedings(presidium=PresidiumRecord(5, (MemberCount(1, 6),))),
            "presidium_disagrees",
            "/proceedings/presidium/members/0/people",
        ),
        (
            Proceedings(commendations=(CommendationRecord(number=1), CommendationRecord(number=2))),
            "place_not_in_plan",
            "/proceedings/commendations/1/number",
        ),
        (
            Proceedings(commendations=(CommendationRecord(given=1),)),
            "commendation_needs_organ",
            "/proceedings/commendations/0",
        ),
        (
            Proceedings(commendations=(CommendationRecord(number=1, organ="Sở Nội vụ"),)),
            "commendation_needs_organ",
            "/proceedings/commendations/0",
        ),
    ],
)
def test_what_cannot_have_been_is_refused(proceedings: Proceedings, code: str, pointer: str) -> None:
    [found] = check_proceedings_facts(plan(S0), terms(S0, "grassroots"), proceedings)
    assert (found.code, found.pointer) == (code, pointer)


def test_a_plan_without_a_presidium_has_no_kinds_of_people_for_it() -> None:
    where = terms(S1, "commune")
    presided = Proceedings(presidium=PresidiumRecord(5, (MemberCount(1, 1),)))
    assert [each.code for each in check_proceedings_facts(plan(S1), where, presided)] == ["place_not_in_plan"]
    assert told(where, S1, presidium=PresidiumRecord(30)) == {}


def test_proceedings_are_read_as_they_were_written() -> None:
    whole = Proceedings(
        presidium=PresidiumRecord(7, ALL_KINDS),
        agenda=(1, 2),
        commendations=(CommendationRecord(number=1, proposed=3), CommendationRecord(organ="x", given=0)),
        peers=("Huyện Kế Sách",),
    )
    for each in (whole, Proceedings(), Proceedings(agenda=(), commendations=(), peers=())):
        meeting = Meeting(DAY, DAY, proceedings=each)
        assert Meeting.read(meeting.plain()) == meeting
