"""Who came: found by code or name, at moments that can be, and compared with what the meeting states."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.conferences.check_ins import (
    Arrival,
    AttendanceCount,
    Attendee,
    check_door,
    check_moments,
    derive_invitation_code,
    resolve_arrivals,
)
from domain.conferences.meetings import Meeting
from tests.domain.plans.examples import plan
from tests.domain.test_conference_steps import S0, terms

NOW = datetime(2020, 10, 2, 0, 30, tzinfo=UTC)
DAY = date(2020, 10, 2)


def attendee(number: int, name: str, group: str = "khach-moi") -> Attendee:
    return Attendee(line=UUID(int=number), name=name, group=group)


ONE, OTHER = (
    attendee(1, "Người Thử Nghiệm Một"),
    attendee(2, "Người thử nghiệm Đặc"),
)
TWIN = attendee(3, "Người thử nghiệm một")


def test_a_person_is_found_by_code_or_name_and_never_guessed() -> None:
    def find(*people: Attendee, **by: str) -> tuple[list[Attendee], list[tuple[str, str | None]]]:
        found, faults = resolve_arrivals(people, [Arrival(at=NOW, **by)])
        return found, [(each.code, each.pointer) for each in faults]

    assert find(ONE, OTHER, name="nguoi thu nghiem dac") == ([OTHER], [])
    assert find(ONE, OTHER, code=ONE.code.lower().replace("-", " ")) == ([ONE], [])
    assert find(ONE, TWIN, name="Người thử nghiệm một") == ([], [("attendee_ambiguous", "/arrivals/0/name")])
    assert find(ONE, TWIN, code=TWIN.code) == ([TWIN], [])
    assert find(ONE, name="Người thử nghiệm") == ([], [("attendee_not_found", "/arrivals/0/name")])
    assert find(ONE, code=OTHER.code) == ([], [("attendee_not_found", "/arrivals/0/code")])
    assert find(ONE, name=ONE.name, code=ONE.code) == ([], [("code_or_name", "/arrivals/0")])
    assert find(ONE) == ([], [("code_or_name", "/arrivals/0")])


@given(line=st.uuids(), other=st.uuids())
def test_a_code_is_short_and_survives_being_written_by_hand(line: UUID, other: UUID) -> None:
    code = derive_invitation_code(line)
    assert len(code) == 11
    by_hand = code.lower().replace("0", "o").replace("1", "l").replace("-", "")
    people = [Attendee(line=each, name="Người thử nghiệm", group="x") for each in {line, other}]
    found, faults = resolve_arrivals(people, [Arrival(at=NOW, code=by_hand)])
    if derive_invitation_code(other) != code or line == other:
        assert [each.line for each in found] == [line]
    else:
        assert [each.code for each in faults] == ["attendee_ambiguous"]


def test_moments_are_past_and_each_its_own() -> None:
    soon, late = NOW + timedelta(minutes=4), NOW + timedelta(minutes=6)
    moments = [Arrival(at=at, code="x") for at in (NOW, soon, late, NOW)]
    assert [(each.code, each.pointer) for each in check_moments(moments, NOW)] == [
        ("moment_in_future", "/arrivals/2/at"),
        ("moment_twice", "/arrivals/3/at"),
    ]
    abroad = datetime.fromisoformat("2020-10-02T07:30:00+07:00")
    same = [Arrival(at=NOW, code="x"), Arrival(at=abroad, code="x")]
    assert [each.code for each in check_moments(same, NOW)] == ["moment_twice"]


def test_a_difference_from_what_the_meeting_states_is_told_of() -> None:
    where, tier = terms(S0, "grassroots"), plan(S0).find_tier("grassroots")
    assert tier is not None

    def told(meeting: Meeting | None, **arrived: int) -> list[str]:
        groups = {
            group.replace("_", "-"): AttendanceCount(convened=300, arrived=number)
            for group, number in arrived.items()
        }
        return [each.code for each in check_door(tier, where, meeting, groups)]

    assert told(Meeting(DAY, DAY, attended=100, groups={"khach-moi": 30}), dien_hinh=70, khach_moi=30) == []
    assert told(Meeting(DAY, DAY, attended=101), dien_hinh=70, khach_moi=30) == ["door_differs"]
    assert told(Meeting(DAY, DAY, groups={"khach-moi": 29}), dien_hinh=70, khach_moi=30) == [
        "door_differs_in_group"
    ]
    assert told(Meeting(DAY, DAY, attended=100)) == []
    assert "attendance_above_cap" in told(None, dien_hinh=141, khach_moi=60)
    assert told(None, khach_moi=30) == ["attendance_off_mix"]
