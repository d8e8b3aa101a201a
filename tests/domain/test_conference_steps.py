"""The way of a conference from plan to report: filings, approval, schedule, steps and stages.

S0 is Sóc Trăng, S1 Kim Bảng, S3 Khánh Hòa, S4 Hải Phòng.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Window, WindowPart
from domain.conferences.filed_facts import FiledFacts, check_filed_facts
from domain.conferences.filings import FiledDocument, Filing, check_filing, check_sender
from domain.conferences.life import CONFERENCE_TRANSITIONS, ConferenceState, derive_next_state
from domain.conferences.meetings import Meeting
from domain.conferences.preparation import Schedule, Vetting, check_preparation, expect_valid_schedule
from domain.conferences.promises import check_promise, find_promise, merge_filed_facts
from domain.conferences.steps import (
    Preparation,
    Stage,
    Step,
    StepStatus,
    check_filings,
    derive_stage,
    derive_steps,
)
from domain.conferences.terms import ConferenceTerms, UnitFacts, derive_terms
from domain.findings import Conflict, Finding, Invalid
from domain.plans.tiers import Form
from tests.domain.plans.examples import amend_plan, plan

S0, S1, S3, S4 = "soc_trang_2020", "kim_bang_2025", "khanh_hoa_cong_thuong_2020", "hai_phong_2020"


def terms(
    name: str,
    tier: str,
    kind: str = "commune",
    code: str = "don-vi-1",
    *,
    pilot: bool = False,
    met_on: date | None = None,
    promised: date | None = None,
) -> ConferenceTerms:
    unit = UnitFacts(code=code, kind=kind, name="Đơn vị thử nghiệm 1", staff=250, pilot=pilot)
    return derive_terms(plan(name), tier, unit, held=met_on, promised=promised)


def documents(*numbers: int) -> tuple[FiledDocument, ...]:
    return tuple(FiledDocument(number=number, reference=f"{number}/KH") for number in numbers)


def sent(deadline: str, on: date, *numbers: int, **more: object) -> Filing:
    return Filing(deadline=deadline, on=on, documents=documents(*numbers), **more)  # type: ignore[arg-type]


def step(found: Sequence[Step], name: str) -> Step:
    return next(each for each in found if each.id == name)


def told(where: ConferenceTerms, *filings: Filing, meeting: Meeting | None = None) -> dict[str, Finding]:
    done = Preparation(filings=filings, meeting=meeting)
    return {each.code: each for each in check_filings(where, done)}


# Sóc Trăng III.5: the plan and the decision founding the committee, by 28/02/2020.


@pytest.mark.parametrize(("on", "status", "late"), [(28, StepStatus.DONE, 0), (29, StepStatus.DONE_LATE, 1)])
def test_a_plan_is_in_time_on_the_last_day_and_late_on_the_next(
    on: int, status: StepStatus, late: int
) -> None:
    where = terms(S0, "grassroots")
    filing = sent("ke-hoach", date(2020, 2, on), 1, 2)
    found = step(derive_steps(plan(S0), where, Preparation(filings=[filing])), "ke-hoach")
    assert (found.derive_status(date(2020, 3, 31)), found.count_days_late(date(2020, 3, 31))) == (
        status,
        late,
    )
    assert ("filed_late" in told(where, filing)) is bool(late)


def test_a_plan_without_the_decision_that_founds_the_committee_is_not_done() -> None:
    where = terms(S0, "grassroots")
    first, second = sent("ke-hoach", date(2020, 2, 28), 1), sent("ke-hoach", date(2020, 3, 2), 2)
    missing = told(where, first)["document_missing"]
    assert missing.params["document"] == "Quyết định thành lập Ban Tổ chức Hội nghị điển hình tiên tiến"
    assert missing.clause == "iii.5"
    found = step(derive_steps(plan(S0), where, Preparation(filings=[first])), "ke-hoach")
    assert (found.done_on, len(found.missing)) == (None, 1)
    whole = step(derive_steps(plan(S0), where, Preparation(filings=[first, second])), "ke-hoach")
    assert (whole.done_on, whole.missing) == (date(2020, 3, 2), ())
    assert "document_missing" not in told(where, first, second)


def test_the_report_is_due_on_the_day_of_the_meeting() -> None:
    met = Meeting(date(2020, 3, 7), date(2020, 3, 7))
    where = terms(S0, "grassroots", met_on=met.last)
    found = step(derive_steps(plan(S0), where, Preparation(meeting=met)), "bao-cao")
    assert (found.due, found.since) == (date(2020, 3, 7), date(2020, 3, 7))
    assert found.derive_status(date(2020, 3, 6)) is StepStatus.UNDATED
    assert found.derive_status(date(2020, 3, 7)) is StepStatus.DUE
    assert found.derive_status(date(2020, 3, 8)) is StepStatus.LATE


# Kim Bảng: the plan before 16/12/2024, the report on the day in the unit's own plan.


@pytest.mark.parametrize(("on", "late"), [(date(2024, 12, 15), 0), (date(2024, 12, 16), 1)])
def test_before_a_day_does_not_include_the_day(on: date, late: int) -> None:
    where = terms(S1, "commune")
    found = step(derive_steps(plan(S1), where, Preparation(filings=[sent("ke-hoach", on, 1)])), "ke-hoach")
    assert found.count_days_late(date(2025, 1, 1)) == late


def test_the_report_is_due_on_the_day_that_the_units_own_plan_promises() -> None:
    facts = FiledFacts(report_due=date(2025, 3, 20))
    filing = sent("ke-hoach", date(2024, 12, 10), 1, facts=facts)
    where = terms(S1, "commune", promised=facts.report_due)
    report = step(derive_steps(plan(S1), where, Preparation(filings=[filing])), "bao-cao")
    assert (report.due, report.since) == (date(2025, 3, 20), date(2024, 12, 10))
    assert report.derive_status(date(2024, 12, 9)) is StepStatus.UNDATED
    silent = sent("ke-hoach", date(2024, 12, 10), 1, facts=FiledFacts())
    assert told(terms(S1, "commune"), silent)["report_day_missing"].clause == "iii.1.2"


# Hải Phòng: pilots register by 30/10/2019 and are approved before they meet; reports by 03/07/2020.


@pytest.mark.parametrize(
    ("deadline", "on", "numbers", "late"),
    [
        ("dang-ky-diem", date(2019, 10, 30), (1,), 0),
        ("dang-ky-diem", date(2019, 10, 31), (1,), 1),
        ("bao-cao", date(2020, 7, 3), (1, 2), 0),
        ("bao-cao", date(2020, 7, 4), (1, 2), 1),
    ],
)
def test_hai_phong_counts_its_days(deadline: str, on: date, numbers: tuple[int, ...], late: int) -> None:
    met = Meeting(date(2020, 3, 10), date(2020, 3, 10))
    where = terms(S4, "upper", "department", "so-y-te", met_on=met.last)
    done = Preparation(filings=[sent(deadline, on, *numbers)], meeting=met)
    found = step(derive_steps(plan(S4), where, done), deadline)
    assert (found.done_on, found.count_days_late(date(2020, 8, 1))) == (on, late)


def test_a_pilot_that_meets_without_approval_is_told_of() -> None:
    where = terms(S4, "upper", "department", "so-y-te")
    met = date(2020, 3, 10)
    [missing] = check_preparation(plan(S4), where, None, met)
    assert (missing.code, missing.clause) == ("met_without_approval", "iii.2.diem")
    late = Vetting(date(2020, 3, 11), "1/TB")
    assert [each.code for each in check_preparation(plan(S4), where, late, met)] == ["met_without_approval"]
    assert not list(check_preparation(plan(S4), where, Vetting(met, "1/TB"), met))
    other = terms(S4, "upper", "department", "so-khac")
    assert not list(check_preparation(plan(S4), other, None, met))


# Khánh Hòa: "sau 02 tuần" can be read in two ways.


@pytest.mark.parametrize(
    ("on", "code"),
    [(date(2020, 3, 5), "filed_in_time_by_one_reading"), (date(2020, 3, 6), "filed_in_time_by_one_reading")],
)
def test_a_report_by_an_open_reading_is_in_time_by_one_of_them(on: date, code: str) -> None:
    met = Meeting(date(2020, 2, 20), date(2020, 2, 20))
    where = terms(S3, "grassroots", "enterprise", met_on=met.last)
    assert code in told(where, sent("bao-cao", on, 1), meeting=met)


# What is refused, and what is only told.


@pytest.mark.parametrize(
    ("filing", "code"),
    [
        (sent("ke-hoach", date(2030, 1, 1)), "day_in_future"),
        (sent("ke-hoach", date(2020, 2, 1), 3), "document_not_asked"),
        (sent("ke-hoach", date(2020, 2, 1), 1, 1), "document_twice"),
        (sent("bao-cao", date(2020, 3, 1), 1), "report_before_meeting"),
        (sent("bao-cao", date(2020, 3, 8), 1, facts=FiledFacts()), "facts_not_of_plan"),
        (sent("ke-hoach", date(2020, 2, 1), 1, parts=(1,)), "parts_not_of_report"),
        (sent("bao-cao", date(2020, 3, 8), 1, parts=(6,)), "place_not_in_plan"),
        (sent("bao-cao", date(2020, 3, 8), 1, parts=(1, 1)), "place_twice"),
        (
            Filing(deadline="ke-hoach", on=date(2020, 2, 1), documents=(FiledDocument(number=1),)),
            "document_without_paper",
        ),
    ],
)
def test_a_filing_that_cannot_be_is_refused(filing: Filing, code: str) -> None:
    met_on = date(2020, 3, 7)
    where = terms(S0, "grassroots", met_on=met_on)
    due = next(each for each in where.deadlines if each.id == filing.deadline)
    assert code in {each.code for each in check_filing(due, where.report, filing, met_on, date(2026, 1, 1))}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (FiledFacts(delegates=201), "planned_above_cap"),
        (FiledFacts(form=Form.PLENARY), "filed_form_differs"),
        (FiledFacts(delegates=10, groups={"dien-hinh": 11}), "planned_groups_disagree"),
        (FiledFacts(groups={"khong-co": 1}), "group_unknown"),
        (FiledFacts(last=date(2020, 3, 7)), "missing"),
        (FiledFacts(groups={"dien-hinh": 9999}), "planned_above_cap"),
        (FiledFacts(first=date(2020, 3, 7), last=date(2020, 3, 6)), "days_backwards"),
        (FiledFacts(first=date(2020, 7, 7)), "reason_missing"),
    ],
)
def test_a_plan_above_a_limit_of_the_plan_is_refused(facts: FiledFacts, code: str) -> None:
    tier = plan(S0).find_tier("grassroots")
    assert tier is not None
    where = terms(S0, "grassroots")
    group = where.seat_groups[0].id if where.seat_groups else "dien-hinh"
    named = replace(
        facts, groups={group if key == "dien-hinh" else key: n for key, n in facts.groups.items()}
    )
    assert code in {each.code for each in check_filed_facts(tier, where, named, None)}


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        (FiledFacts(form=Form.DELEGATE, delegates=5000), True),
        (FiledFacts(delegates=5000), True),
        (FiledFacts(form=Form.PLENARY, delegates=5000), False),
    ],
)
def test_while_the_form_is_open_the_cap_is_that_of_the_planned_form(facts: FiledFacts, refused: bool) -> None:
    tier = plan(S0).find_tier("grassroots")
    assert tier is not None
    unit = UnitFacts(code="xa", kind="commune", name="Đơn vị thử nghiệm 1")
    where = derive_terms(plan(S0), "grassroots", unit)
    assert where.form is Form.UNDECIDED
    found = {each.code for each in check_filed_facts(tier, where, facts, None)}
    assert ("planned_above_cap" in found) is refused


def test_a_unit_that_has_ended_files_nothing_more() -> None:
    filing, last = sent("ke-hoach", date(2020, 2, 20), 1, 2), date(2020, 2, 20)
    assert not list(check_sender("xa", None, filing))
    assert not list(check_sender("xa", date(2020, 2, 21), filing))
    assert [each.code for each in check_sender("xa", last, filing)] == ["filed_by_ended_unit"]


def test_the_parts_of_a_report_that_the_plan_asks_for_and_that_are_missing_are_told_of() -> None:
    met = Meeting(date(2020, 3, 7), date(2020, 3, 7))
    where = terms(S0, "grassroots", met_on=met.last)
    first = sent("bao-cao", met.last, 1, parts=(1, 2, 4, 5))
    assert told(where, first, meeting=met)["report_part_missing"].clause == "ii.4.a.3"
    assert "report_part_missing" not in told(where, first, replace(first, parts=(3,)), meeting=met)
    unstated = told(where, replace(first, parts=None), meeting=met)
    assert ("report_part_missing" in unstated, "report_parts_not_stated" in unstated) == (False, True)


def test_a_report_day_that_no_plan_names_is_missing_once_the_conference_has_met() -> None:
    met = Meeting(date(2025, 3, 7), date(2025, 3, 7))
    where = terms(S1, "commune", met_on=met.last)
    assert "report_day_missing" not in told(where)
    assert told(where, meeting=met)["report_day_missing"].clause == "iii.1.2"


def test_a_promised_day_that_has_passed_is_not_moved() -> None:
    first = sent("ke-hoach", date(2024, 12, 10), 1, facts=FiledFacts(report_due=date(2025, 3, 20)))
    again = sent("ke-hoach", date(2025, 6, 1), 1, facts=FiledFacts(report_due=date(2026, 12, 31)))
    silent = sent("ke-hoach", date(2025, 6, 1), 1, facts=FiledFacts(place="Hội trường"))
    assert [each.code for each in check_promise([first], again)] == ["report_day_has_passed"]
    assert not list(check_promise([first], replace(again, on=date(2025, 3, 1))))
    assert not list(check_promise([first], silent))
    merged = merge_filed_facts([silent, first])
    assert merged is not None
    assert (merged.place, merged.report_due) == ("Hội trường", date(2025, 3, 20))
    same = replace(first, on=date(2025, 6, 1))
    assert find_promise([first, same]) == find_promise([first])
    assert [each.code for each in check_promise([], replace(first, on=date(2026, 1, 1)))] == [
        "report_day_before_plan"
    ]


def test_a_report_from_before_a_corrected_meeting_does_not_count() -> None:
    met = Meeting(date(2020, 3, 20), date(2020, 3, 20))
    where = terms(S0, "grassroots", met_on=met.last)
    early = sent("bao-cao", date(2020, 3, 7), 1)
    assert "report_before_meeting" in told(where, early, meeting=met)
    found = step(derive_steps(plan(S0), where, Preparation(filings=[early], meeting=met)), "bao-cao")
    assert found.done_on is None


def test_a_plan_that_is_filed_again_after_its_approval_is_told_of() -> None:
    where = terms(S4, "upper", "department", "so-y-te")
    vetting = Vetting(date(2019, 11, 1), "1/TB")
    later = sent("ke-hoach", date(2019, 11, 5), 1, facts=FiledFacts(place="Hội trường"))
    done = Preparation(filings=[later], vetting=vetting)
    assert "plan_changed_after_approval" in {each.code for each in check_filings(where, done)}


def test_a_day_is_not_moved_before_the_meeting_that_it_counts_from() -> None:
    previous = amend_plan(S0, "/working_days", {"roll": "previous"})
    unit = UnitFacts(code="xa", kind="commune", name="Đơn vị thử nghiệm 1", staff=250)
    saturday = date(2020, 3, 7)
    where = derive_terms(previous, "grassroots", unit, held=saturday)
    assert next(each for each in where.deadlines if each.id == "bao-cao").last_day == saturday


def test_with_a_reason_a_day_outside_the_window_is_taken() -> None:
    tier = plan(S0).find_tier("grassroots")
    assert tier is not None
    where = terms(S0, "grassroots")
    facts = FiledFacts(first=date(2020, 7, 7))
    assert not check_filed_facts(tier, where, facts, "Lùi do dịch bệnh")
    filing = sent("ke-hoach", date(2020, 2, 1), 1, 2, facts=facts)
    assert {"planned_outside_window", "fact_missing"} <= told(where, filing).keys()


def test_a_meeting_before_any_plan_is_told_of() -> None:
    met = Meeting(date(2020, 3, 7), date(2020, 3, 7))
    where = terms(S0, "grassroots", met_on=met.last)
    assert told(where, meeting=met)["met_without_plan"].clause == "iii.5"
    assert "met_without_plan" not in told(where, sent("ke-hoach", met.first, 1), meeting=met)


@pytest.mark.parametrize(
    ("part", "bounds"),
    [
        ("early", (date(2020, 1, 1), date(2020, 1, 31))),
        ("middle", (date(2020, 2, 1), date(2020, 2, 29))),
        ("late", (date(2020, 3, 1), date(2020, 3, 31))),
        (None, (date(2020, 1, 1), date(2020, 3, 31))),
    ],
)
def test_the_end_of_a_quarter_is_its_last_month(part: WindowPart | None, bounds: tuple[date, date]) -> None:
    assert Window(start=date(2020, 1, 1), end=date(2020, 3, 31), part=part).compute_part_bounds() == bounds
    month = Window(start=date(2020, 3, 1), end=date(2020, 3, 31), part=part)
    assert month.compute_part_bounds() == (month.start, month.end)


def test_a_schedule_is_moved_or_postponed_with_a_reason() -> None:
    where = terms(S0, "grassroots")
    first = Schedule(date(2020, 3, 7), None)
    expect_valid_schedule(where, None, first)
    for moved in (Schedule(date(2020, 3, 9), None), Schedule(None, None), Schedule(date(2020, 7, 1), None)):
        with pytest.raises(Invalid, match="reason_missing"):
            expect_valid_schedule(where, first, moved)
        expect_valid_schedule(where, first, replace(moved, reason="Mưa bão"))
    with pytest.raises(Invalid, match="days_backwards"):
        expect_valid_schedule(where, None, Schedule(date(2020, 3, 7), date(2020, 3, 6), reason="x"))


# The life as a state machine.

ACTS = st.lists(st.sampled_from(sorted(CONFERENCE_TRANSITIONS)), max_size=12)
ENDS = {ConferenceState.CANCELLED, ConferenceState.CLOSED}


@given(ACTS)
def test_no_order_of_acts_leads_back_or_out_of_an_end(acts: list[str]) -> None:
    order = [ConferenceState.PLANNED, ConferenceState.HELD, ConferenceState.CLOSED]
    state = ConferenceState.PLANNED
    for act in acts:
        try:
            after = derive_next_state(act, state)  # type: ignore[arg-type]
        except Conflict:
            continue
        assert state not in ENDS
        assert after is ConferenceState.CANCELLED or order.index(after) >= order.index(state)
        state = after


def test_every_state_is_reached() -> None:
    reached, before = {ConferenceState.PLANNED}, set[ConferenceState]()
    while reached != before:
        before = set(reached)
        reached |= {after for table in CONFERENCE_TRANSITIONS.values() for after in _ends(table, before)}
    assert reached == set(ConferenceState)


def _ends(table: object, reached: set[ConferenceState]) -> list[ConferenceState]:
    assert isinstance(table, dict)
    return [after for state, after in table.items() if state in reached]


PLAN = sent("ke-hoach", date(2019, 10, 30), 1)
REGISTERED = sent("dang-ky-diem", date(2019, 10, 30), 1)
REPORT = sent("bao-cao", date(2020, 3, 11), 1, 2)
APPROVED = Vetting(date(2019, 10, 30), "1/TB")
DAY = Schedule(date(2020, 3, 10), None)
MET = Meeting(date(2020, 3, 10), date(2020, 3, 10))


STAGES = [
    ("planned", Preparation(), Stage.PLANNED),
    ("planned", Preparation(filings=[PLAN, REGISTERED]), Stage.FILED),
    ("planned", Preparation(filings=[PLAN], vetting=APPROVED), Stage.VETTED),
    ("planned", Preparation(vetting=APPROVED, schedule=DAY), Stage.SCHEDULED),
    ("planned", Preparation(schedule=Schedule(None, None, reason="Dịch bệnh")), Stage.POSTPONED),
    ("held", Preparation(meeting=MET), Stage.MET),
    ("held", Preparation(meeting=MET, filings=[REPORT]), Stage.REPORTED),
    ("closed", Preparation(meeting=MET, filings=[REPORT]), Stage.CLOSED),
    ("cancelled", Preparation(schedule=DAY), Stage.CANCELLED),
]


@pytest.mark.parametrize(("state", "done", "stage"), STAGES)
def test_every_stage_is_reached(state: str, done: Preparation, stage: Stage) -> None:
    where = terms(S4, "upper", "department", "so-y-te")
    steps = derive_steps(plan(S4), where, done)
    assert derive_stage(ConferenceState(state), steps, done) is stage


def test_all_stages_are_among_those() -> None:
    assert {stage for _, _, stage in STAGES} == set(Stage)
