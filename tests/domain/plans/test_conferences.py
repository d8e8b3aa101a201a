"""What follows for a unit's conference, clause by clause.

S0 is Sóc Trăng, S1 Kim Bảng, S3 Khánh Hòa, S4 Hải Phòng.
"""

from dataclasses import replace
from datetime import date

import pytest

from domain.conferences.meetings import HalfDay, Meeting, check_meeting, check_meeting_facts
from domain.conferences.terms import ConferenceTerms, UnitFacts, derive_terms
from domain.findings import Invalid, Severity
from domain.plans.tiers import Form
from tests.domain.plans.examples import amend_plan, filter_findings, plan

S0, S1, S3, S4 = "soc_trang_2020", "kim_bang_2025", "khanh_hoa_cong_thuong_2020", "hai_phong_2020"
FIRST = {S0: "grassroots", S1: "commune", S3: "grassroots"}
KIND = {S0: "commune", S1: "commune", S3: "enterprise"}


def unit(
    staff: int | None = None, kind: str = "commune", code: str = "don-vi-1", *, pilot: bool = False
) -> UnitFacts:
    return UnitFacts(code=code, kind=kind, name="Đơn vị thử nghiệm 1", staff=staff, pilot=pilot)


def first(name: str, staff: int | None) -> ConferenceTerms:
    """The terms at a plan's lowest tier."""
    return derive_terms(plan(name), FIRST[name], unit(staff, KIND[name]))


# Edge case 1: exactly at the threshold.


@pytest.mark.parametrize(("name", "number"), [(S0, 200), (S1, 300), (S3, 200)])
def test_below_is_plenary_and_above_sends_delegates(name: str, number: int) -> None:
    assert first(name, number - 1).form == "plenary"
    assert first(name, number + 1).form == "delegate"
    for staff in (number - 1, number + 1):
        assert not filter_findings(first(name, staff).findings, "exactly_at_threshold")


@pytest.mark.parametrize(
    ("name", "number", "clause"),
    [(S0, 200, "ii.2.a.dai-bieu"), (S1, 300, "nd.2.xa.dai-bieu"), (S3, 200, "ii.2.a.dai-bieu")],
)
def test_exactly_at_a_silent_threshold_sends_delegates_with_a_warning(
    name: str, number: int, clause: str
) -> None:
    terms = first(name, number)
    [finding] = filter_findings(terms.findings, "exactly_at_threshold")
    assert terms.form == "delegate"
    assert (finding.clause, finding.severity) == (clause, Severity.WARNING)


@pytest.mark.parametrize(("exactly", "warned"), [("plenary", 0), ("delegate", 0), ("undecided", 1)])
def test_the_plan_may_switch_what_exactly_at_the_threshold_means(exactly: Form, warned: int) -> None:
    decided = amend_plan(S0, "/tiers/0/attendance/threshold/exactly", exactly)
    terms = derive_terms(decided, "grassroots", unit(200))
    assert terms.form == exactly
    assert len(filter_findings(terms.findings, "exactly_at_threshold")) == warned


def test_from_the_threshold_on_decides_it_without_a_warning() -> None:
    party = amend_plan(S0, "/tiers/0/attendance/threshold/delegate", ">=")
    terms = derive_terms(party, "grassroots", unit(200))
    assert terms.form == "delegate"
    assert not filter_findings(terms.findings, "exactly_at_threshold")
    assert not filter_findings(terms.findings, "threshold_silent")


def test_up_to_the_threshold_decides_it_too() -> None:
    plenary = amend_plan(S0, "/tiers/0/attendance/threshold/plenary", "<=")
    assert derive_terms(plenary, "grassroots", unit(200)).form == "plenary"


def test_unknown_staff_is_not_zero_staff() -> None:
    terms = first(S0, None)
    assert (terms.form, terms.cap) == ("undecided", None)
    assert filter_findings(terms.findings, "staff_unknown")
    assert first(S0, 0).form == "plenary"


def test_a_threshold_may_count_something_else_than_staff() -> None:
    members = amend_plan(S0, "/tiers/0/attendance/threshold/measure", "members")
    union = UnitFacts(
        code="don-vi-1", kind="commune", name="Đơn vị thử nghiệm 1", staff=50, figures={"members": 201}
    )
    assert derive_terms(members, "grassroots", union).form == "delegate"
    assert derive_terms(members, "grassroots", unit(201)).form == "undecided"


def test_a_plenary_has_as_many_people_as_the_threshold_counts() -> None:
    members = amend_plan(S1, "/tiers/0/attendance/threshold/measure", "members")
    few = replace(unit(4000), figures={"members": 140})
    terms = derive_terms(members, "commune", few)
    assert terms.form == "plenary"
    assert terms.mix
    assert terms.mix.size == 200
    (outsiders,) = filter_findings(terms.findings, "plenary_mix_needs_outsiders")
    assert outsiders.params == {"staff": 140, "outsiders": 60}
    (unknown,) = filter_findings(
        derive_terms(members, "commune", unit(4000)).findings, "threshold_figure_unknown"
    )
    assert unknown.params["measure"] == "members"


# Edge case 2: the jump at the threshold; plenaries have no cap.


def test_299_meet_in_full_and_301_send_at_most_200() -> None:
    below, above = first(S1, 299), first(S1, 301)
    assert (below.form, below.cap) == ("plenary", None)
    assert (above.form, above.cap) == ("delegate", 200)
    [finding] = filter_findings(below.findings, "plenary_above_delegate_cap")
    assert (finding.params, finding.clause) == ({"staff": 299, "cap": 200}, "nd.2.xa.so-luong")
    [jump] = filter_findings(below.findings, "threshold_jump")
    assert (jump.params["below"], jump.params["cap"]) == (299, 200)


def test_a_plenary_as_large_as_the_cap_is_not_above_it() -> None:
    assert not filter_findings(first(S1, 200).findings, "plenary_above_delegate_cap")
    assert filter_findings(first(S1, 201).findings, "plenary_above_delegate_cap")


def test_there_is_no_jump_where_cap_and_threshold_meet() -> None:
    terms = first(S0, 199)
    assert not filter_findings(terms.findings, "threshold_jump")
    assert not filter_findings(terms.findings, "plenary_above_delegate_cap")
    assert filter_findings(terms.findings, "plenary_without_cap")


def test_khanh_hoa_caps_the_sector_conference_only() -> None:
    assert first(S3, 500).cap is None
    assert derive_terms(plan(S3), "sector", unit(73, "department", "so-cong-thuong-khanh-hoa")).cap == 150


# Edge case 3: is the mix binding in plenaries?


def test_soc_trang_states_the_mix_for_delegates_only() -> None:
    plenary, delegate = first(S0, 199), first(S0, 201)
    assert plenary.mix
    assert delegate.mix
    assert (plenary.mix.binding, delegate.mix.binding) == (False, True)
    assert [each.clause for each in filter_findings(plenary.findings, "mix_not_binding")] == ["ii.2.a.ty-le"]
    assert not filter_findings(plenary.findings, "plenary_mix_needs_outsiders")


@pytest.mark.parametrize("name", [S1, S3])
def test_a_plenary_of_199_needs_85_outsiders_where_the_mix_binds_it(name: str) -> None:
    terms = first(name, 199)
    [finding] = filter_findings(terms.findings, "plenary_mix_needs_outsiders")
    assert finding.params == {"staff": 199, "outsiders": 85}
    assert terms.mix
    assert terms.mix.size == 284


# Edge case 4: "khoảng" needs a tolerance; a literal share may be no whole number.


def test_about_70_percent_of_200_is_130_to_150_with_five_points() -> None:
    mix = first(S0, 201).mix
    assert mix
    assert (mix.size, mix.exemplars) == (200, (130, 150))


def test_about_without_a_tolerance_is_reported() -> None:
    silent = amend_plan(S0, "/tiers/0/mix/tolerance", None)
    [finding] = filter_findings(derive_terms(silent, "grassroots", unit(201)).findings, "tolerance_missing")
    assert finding.clause == "ii.2.a.ty-le"
    assert not filter_findings(first(S0, 201).findings, "tolerance_missing")


def test_a_literal_70_percent_of_199_is_139_or_140() -> None:
    literal = amend_plan(S1, "/tiers/0/cap/number", 199)
    terms = derive_terms(literal, "commune", unit(301))
    [finding] = filter_findings(terms.findings, "mix_not_whole")
    assert finding.params == {"total": 199, "least": 139, "most": 140}
    assert terms.mix
    assert terms.mix.exemplars == (139, 140)
    assert not filter_findings(first(S1, 301).findings, "mix_not_whole")


# Edge case 5: leaders among the guests, or on their own; pilot peers eat the guests' share.


def test_kim_bang_counts_leaders_as_guests_and_soc_trang_gives_them_no_share() -> None:
    assert not filter_findings(first(S1, 301).findings, "mix_leaves_out")
    [finding] = filter_findings(first(S0, 201).findings, "mix_leaves_out")
    assert (finding.params["group"], finding.clause) == ("lanh-dao", "ii.2.a.ty-le")


def test_peers_of_a_pilot_take_guest_places() -> None:
    pilot = derive_terms(plan(S0), "upper", unit(90, "district", "huyen-chau-thanh"))
    [finding] = filter_findings(pilot.findings, "peers_take_guest_places")
    assert finding.clause == "ii.2.c.moi"
    assert not filter_findings(
        derive_terms(plan(S0), "upper", unit(90, "district")).findings, "peers_take_guest_places"
    )


# Edge case 6: ex-officio overlap.


def test_soc_trang_names_the_offices_that_sit_ex_officio() -> None:
    group = derive_terms(plan(S0), "province", unit(None, "province", "tinh-soc-trang")).seat_groups[0]
    assert group.filled_by == "ex_officio"
    assert [office.name for office in group.offices if office.holders == 1] == [
        "Chủ tịch Hội đồng nhân dân tỉnh",
        "Chủ tịch Ủy ban nhân dân tỉnh",
        "Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
        "Trưởng Đoàn đại biểu Quốc hội tỉnh",
    ]


# Edge cases 7 and 8: deadlines.


def test_plans_due_on_28_february_fall_inside_the_first_quarter() -> None:
    terms = first(S0, 50)
    [finding] = filter_findings(terms.findings, "deadline_inside_window")
    assert (finding.params["day"], finding.clause) == ("2020-02-28", "iii.5")
    assert not filter_findings(
        derive_terms(plan(S4), "upper", unit(50, "department")).findings, "deadline_inside_window"
    )


def test_after_two_weeks_stays_open_until_a_reading_is_chosen() -> None:
    terms = derive_terms(plan(S3), "grassroots", unit(50, "enterprise"), held=date(2020, 3, 6))
    assert [due.last_day for due in terms.deadlines] == [None]
    [finding] = filter_findings(terms.findings, "deadline_reading_open")
    assert (finding.params["days"], finding.clause) == (14, "iii.2.bao-cao")
    within = amend_plan(S3, "/deadlines/0/due/reading", "within")
    decided = derive_terms(within, "grassroots", unit(50, "enterprise"), held=date(2020, 3, 6))
    assert [due.last_day for due in decided.deadlines] == [date(2020, 3, 20)]


def test_a_saturday_and_the_sunday_before_a_monday_are_reported() -> None:
    [saturday] = filter_findings(
        derive_terms(plan(S4), "upper", unit(50, "department")).findings, "deadline_stands_on_day_off"
    )
    [sunday] = filter_findings(first(S1, 50).findings, "deadline_stands_on_day_off")
    assert (saturday.params["day"], sunday.params["day"]) == ("2019-11-30", "2024-12-15")


def test_a_deadline_is_said_to_move_only_where_it_does() -> None:
    moved = derive_terms(amend_plan(S1, "/working_days/roll", "previous"), "commune", unit(50)).findings
    [sunday] = filter_findings(moved, "deadline_not_working_day")
    assert (sunday.params["day"], sunday.params["rolled"]) == ("2024-12-15", "2024-12-13")
    assert not filter_findings(moved, "deadline_stands_on_day_off")
    assert not filter_findings(first(S1, 50).findings, "deadline_not_working_day")


def test_the_working_day_policy_moves_the_last_day() -> None:
    rolled = amend_plan(S1, "/working_days/roll", "previous")
    due = derive_terms(rolled, "commune", unit(50)).deadlines[0]
    assert (due.last_day, due.recipient, due.via) == (
        date(2024, 12, 13),
        "Ủy ban nhân dân huyện",
        "Phòng Nội vụ",
    )


def test_the_days_of_an_open_reading_are_those_of_both() -> None:
    open_due, within = (
        derive_terms(version, "grassroots", unit(50, "enterprise"), held=date(2020, 2, 20)).deadlines[0]
        for version in (plan(S3), amend_plan(S3, "/deadlines/0/due/reading", "within"))
    )
    assert [(each.first, each.last) for each in open_due.days] == [
        (None, date(2020, 3, 5)),
        (date(2020, 3, 6), None),
    ]
    assert (open_due.last_day, within.last_day) == (None, date(2020, 3, 5))


def test_a_plan_that_lists_no_days_off_has_those_of_the_country() -> None:
    """30/4/2020 is a holiday, 04/05/2019 a Saturday that was worked; a list of the plan takes their place."""
    holiday = amend_plan(S0, "/deadlines/0/due/date", "2020-04-30")
    [finding] = filter_findings(
        derive_terms(holiday, "grassroots", unit(50)).findings, "deadline_stands_on_day_off"
    )
    assert finding.params["day"] == "2020-04-30"
    rule = plan(S4).working_days
    assert not rule.is_working_day(date(2020, 1, 27)), "the third day of Tết"
    assert rule.is_working_day(date(2019, 5, 4))
    assert amend_plan(S4, "/working_days/holidays", []).working_days.is_working_day(date(2020, 1, 27))


def test_only_pilots_register_their_day_in_hai_phong() -> None:
    pilot = derive_terms(plan(S4), "upper", unit(50, "department", "so-y-te"))
    other = derive_terms(plan(S4), "upper", unit(50, "department"))
    assert [due.id for due in pilot.deadlines] == ["ke-hoach", "dang-ky-diem", "bao-cao"]
    assert [due.id for due in other.deadlines] == ["ke-hoach", "bao-cao"]


# Edge case 10: pilots.


@pytest.mark.parametrize(
    ("code", "kind", "tier", "earlier"),
    [
        ("cong-ty-xo-so-kien-thiet", "enterprise", "grassroots", False),
        ("so-lao-dong-thuong-binh-va-xa-hoi", "department", "upper", True),
        ("huyen-chau-thanh", "district", "upper", True),
    ],
)
def test_the_first_quarter_is_early_for_upper_pilots_only(
    code: str, kind: str, tier: str, earlier: bool
) -> None:
    terms = derive_terms(plan(S0), tier, unit(90, kind, code))
    assert terms.pilot
    assert terms.window
    assert (terms.window.start, terms.window.end) == (date(2020, 1, 1), date(2020, 3, 31))
    assert bool(filter_findings(terms.findings, "pilot_not_earlier")) is not earlier


def test_a_pilot_that_the_plan_does_not_name_is_reported_where_it_names_some() -> None:
    assert filter_findings(
        derive_terms(plan(S4), "upper", unit(50, "department", pilot=True)).findings, "pilot_not_named"
    )
    unnamed = derive_terms(plan(S3), "grassroots", unit(50, "enterprise", pilot=True))
    assert unnamed.pilot
    assert not filter_findings(unnamed.findings, "pilot_not_named")


# Forms, names, windows, whose conference it is.


def test_khanh_hoa_lets_the_unit_choose_among_three_names() -> None:
    open_ = first(S3, 50)
    assert (open_.name, len(open_.names)) == (None, 3)
    assert filter_findings(open_.findings, "name_to_choose")
    chosen = derive_terms(plan(S3), "grassroots", unit(50, "enterprise"), chosen="nguoi-tot-viec-tot")
    assert chosen.name == "Hội nghị biểu dương người tốt, việc tốt Đơn vị thử nghiệm 1"
    assert not filter_findings(chosen.findings, "name_to_choose")


def test_the_stage_bears_the_unit() -> None:
    assert first(S0, 50).title[0] == "Hội nghị điển hình tiên tiến Đơn vị thử nghiệm 1"


def test_hai_phong_states_no_form() -> None:
    terms = derive_terms(plan(S4), "upper", unit(500, "department"))
    assert (terms.form, terms.cap, terms.mix) == ("undecided", None, None)
    assert [each.clause for each in filter_findings(terms.findings, "form_not_stated")] == ["ii.3.b"]


def test_a_unit_of_another_kind_does_not_confer_at_the_tier() -> None:
    [finding] = filter_findings(
        derive_terms(plan(S1), "commune", unit(50, "enterprise")).findings, "unit_not_of_tier"
    )
    assert finding.severity is Severity.ERROR
    assert (finding.params["kind"], finding.params["tier_name"]) == ("enterprise", plan(S1).tiers[0].name)
    assert not filter_findings(first(S1, 50).findings, "unit_not_of_tier")


def test_tiers_and_names_that_the_plan_does_not_have_are_refused() -> None:
    with pytest.raises(Invalid, match="tier_unknown"):
        derive_terms(plan(S0), "ward", unit(50))
    with pytest.raises(Invalid, match="name_not_offered"):
        derive_terms(plan(S3), "grassroots", unit(50, "enterprise"), chosen="dai-hoi")


def test_a_sector_conference_sends_to_two_congresses() -> None:
    terms = derive_terms(plan(S3), "sector", unit(73, "department", "so-cong-thuong-khanh-hoa"))
    assert terms.congresses == ("khanh-hoa-v", "cong-thuong-iii")


def province_found(meeting: Meeting) -> list[tuple[str, Severity]]:
    """What is said of a meeting of the congress of Sóc Trăng."""
    congress = derive_terms(plan(S0), "province", unit(None, "province", "tinh-soc-trang"))
    tier = plan(S0).find_tier("province")
    assert tier is not None
    return [(each.code, each.severity) for each in check_meeting(tier, congress, meeting)]


def test_meeting_outside_the_window_is_recorded_not_refused() -> None:
    october, september = date(2020, 10, 2), date(2020, 9, 28)
    assert province_found(Meeting(october, october)) == [("outside_window", Severity.WARNING)]
    assert province_found(Meeting(september, september)) == []
    longer = Meeting(september, date(2020, 9, 29))
    assert province_found(longer) == [("longer_than_planned", Severity.WARNING)]


@pytest.mark.parametrize(
    ("days", "starts", "ends", "half_days"),
    [
        (0, None, None, 1),
        (0, "morning", "morning", 1),
        (0, "afternoon", None, 1),
        (0, "morning", "afternoon", 2),
        (0, "afternoon", "morning", 0),
        (1, None, None, 3),
        (1, "afternoon", "morning", 2),
        (1, "afternoon", "afternoon", 3),
        (1, "morning", "afternoon", 4),
    ],
)
def test_half_days_are_counted_from_the_first_to_the_last(
    days: int, starts: str | None, ends: str | None, half_days: int
) -> None:
    first, last = date(2020, 9, 1), date(2020, 9, 1 + days)
    halves = [half and HalfDay(half) for half in (starts, ends)]
    assert Meeting(first, last, *halves).half_days == half_days  # type: ignore[arg-type]


def test_who_attended_beyond_cap_and_mix_is_told_and_not_refused() -> None:
    day = date(2020, 9, 28)
    full = Meeting(day, day, attended=500, groups={"dien-hinh": 280, "khach-moi": 120})
    assert province_found(full) == []
    above = Meeting(day, day, attended=501)
    assert province_found(above) == [("attendance_above_cap", Severity.WARNING)]
    guests = Meeting(day, day, attended=300, groups={"dien-hinh": 10, "khach-moi": 205})
    upper = derive_terms(plan(S0), "upper", unit(90, "department"))
    tier = plan(S0).find_tier("upper")
    assert tier is not None
    window = Meeting(date(2020, 5, 4), date(2020, 5, 4), attended=300, groups=guests.groups)
    assert [each.code for each in check_meeting(tier, upper, window)] == ["attendance_off_mix"]


def test_a_meeting_that_cannot_have_been_is_refused() -> None:
    congress = derive_terms(plan(S0), "province", unit(None, "province", "tinh-soc-trang"))
    day, before = date(2020, 9, 28), date(2020, 9, 27)
    wrong = Meeting(day, before, attended=3, groups={"dien-hinh": 4, "khong-co": 1})
    found = check_meeting_facts(congress, wrong, before)
    assert [(each.code, each.pointer) for each in found] == [
        ("days_backwards", "/until"),
        ("group_unknown", "/groups/khong-co"),
        ("attendance_disagrees", "/attended"),
    ]


def test_the_lines_on_the_stage_are_filled() -> None:
    """Sóc Trăng II.4.d.1 "Lần thứ …", Kim Bảng: the unit above stands over the unit."""
    asked = first(S0, 50)
    assert asked.title[1] == "Lần thứ … (2020 - 2025)"
    [finding] = filter_findings(asked.findings, "ordinal_to_state")
    assert finding.clause == "ii.4.d.1"
    stated = derive_terms(plan(S0), "grassroots", replace(unit(50), ordinal="IV"))
    assert stated.title[1] == "Lần thứ IV (2020 - 2025)"
    assert not filter_findings(stated.findings, "ordinal_to_state")

    below = derive_terms(plan(S1), "commune", replace(unit(50), superior="Thị xã Kim Bảng"))
    assert below.title[:2] == ("Thị xã Kim Bảng", "Đơn vị thử nghiệm 1")
    [unknown] = filter_findings(first(S1, 50).findings, "superior_unknown")
    assert unknown.clause == "nd.2.3.c"


def test_the_congress_has_the_ordinal_of_the_plan() -> None:
    whole = amend_plan(S0, "/tiers/2/title", {"lines": ["Lần thứ {ordinal}"], "clause": "ii.4.d.1"})
    province = unit(50, "province", "tinh-soc-trang")
    assert derive_terms(whole, "province", province).title == ("Lần thứ V",)
