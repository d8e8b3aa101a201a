"""The four example plans say what the printed ones say: DOMAIN's table of rules, plan by plan."""

import csv
from datetime import date
from pathlib import Path

import pytest

from domain.calendar import Window
from domain.plans import Tier
from tests.domain.plans.examples import NAMES, plan

S0, S1, S3, S4 = NAMES
EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = {S0: "soc_trang", S1: "kim_bang", S3: "khanh_hoa", S4: "hai_phong"}


def tier(name: str, level: int) -> Tier:
    """The lowest tier of a plan, or the next above it, …"""
    return plan(name).tiers[level]


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        (S0, [("19/KH-HĐTĐKT", date(2019, 5, 24)), ("1149/HD-BTĐKT", date(2019, 6, 18))]),
        (S1, [("2056/KH-UBND", date(2024, 10, 10))]),
        (S3, [("7185/KH-UBND", date(2019, 7, 22)), ("5677/KH-BCT", date(2019, 8, 7))]),
        (
            S4,
            [
                ("34/CT-TW", date(2014, 4, 7)),
                ("19/KH-HĐTĐKT", date(2019, 5, 24)),
                ("1149/HD-BTĐKT", date(2019, 6, 18)),
            ],
        ),
    ],
)
def test_legal_bases(name: str, bases: list[tuple[str, date]]) -> None:
    assert [(each.number, each.date) for each in plan(name).legal_bases] == bases


def test_only_hai_phong_has_number_and_date() -> None:
    heads = [(plan(name).number, plan(name).date) for name in NAMES]
    assert heads == [(None, None)] * 3 + [("237/KH-UBND", date(2019, 7, 24))]


@pytest.mark.parametrize(
    ("name", "level", "kinds"),
    [
        (S0, 0, {"commune", "enterprise"}),
        (S0, 1, {"department", "public_unit", "party_body", "front", "union", "central_agency", "district"}),
        (S1, 0, {"commune"}),
        (S3, 0, {"subordinate", "public_unit", "enterprise"}),
        (S4, 0, {"commune", "subordinate"}),
    ],
)
def test_who_confers(name: str, level: int, kinds: set[str]) -> None:
    assert set(tier(name, level).kinds) == kinds


@pytest.mark.parametrize(
    ("name", "level", "names"),
    [
        (S0, 0, ["Hội nghị điển hình tiên tiến {unit}"]),
        (S1, 0, ["Hội nghị tuyên dương điển hình tiên tiến {unit}"]),
        (
            S3,
            0,
            [
                "Hội nghị điển hình tiên tiến {unit}",
                "Hội nghị biểu dương người tốt, việc tốt {unit}",
                "Hội nghị biểu dương những người lao động giỏi, lao động sáng {unit}",
            ],
        ),
        (S4, 0, ["Hội nghị biểu dương người tốt, việc tốt {unit}"]),
        (S0, 1, ["Hội nghị điển hình tiên tiến {unit}"]),
        (S1, 1, ["Hội nghị điển hình tiên tiến {unit}"]),
        (S3, 1, ["Hội nghị điển hình tiên tiến ngành Công Thương Khánh Hòa"]),
        (S4, 1, ["Hội nghị điển hình tiên tiến {unit}"]),
        (S0, 2, ["Đại hội thi đua yêu nước tỉnh Sóc Trăng lần thứ V"]),
    ],
)
def test_names_of_conferences(name: str, level: int, names: list[str]) -> None:
    assert [each.name for each in tier(name, level).names] == names


@pytest.mark.parametrize(
    ("name", "level", "first", "last", "half_days"),
    [
        (S0, 0, date(2020, 1, 1), date(2020, 3, 31), 1),
        (S1, 0, date(2025, 1, 1), date(2025, 3, 31), 1),
        (S3, 0, date(2020, 1, 1), date(2020, 3, 31), 1),
        (S4, 0, date(2020, 1, 1), date(2020, 3, 31), None),
        (S0, 1, date(2020, 4, 1), date(2020, 6, 30), 1),
        (S1, 1, date(2025, 4, 1), date(2025, 6, 30), 1),
        (S3, 1, date(2020, 5, 1), date(2020, 5, 31), 1),
        (S4, 1, date(2020, 4, 1), date(2020, 6, 30), None),
        (S0, 2, date(2020, 7, 1), date(2020, 9, 30), 2),
        (S4, 2, date(2020, 7, 1), date(2020, 9, 30), None),
    ],
)
def test_windows_and_lengths(name: str, level: int, first: date, last: date, half_days: int | None) -> None:
    window, length = tier(name, level).window, tier(name, level).length
    assert isinstance(window, Window)
    assert (window.start, window.end) == (first, last)
    assert (length.half_days if length else None) == half_days


@pytest.mark.parametrize(("name", "number"), [(S0, 200), (S1, 300), (S3, 200)])
def test_thresholds_are_below_and_above_and_leave_the_number_open(name: str, number: int) -> None:
    attendance = tier(name, 0).attendance
    assert attendance
    assert attendance.threshold
    assert (attendance.threshold.number, attendance.threshold.is_silent) == (number, True)
    assert attendance.threshold.exactly is None


@pytest.mark.parametrize(
    ("name", "level", "cap"),
    [
        (S0, 0, 200),
        (S1, 0, 200),
        (S3, 0, None),
        (S4, 0, None),
        (S0, 1, 300),
        (S1, 1, 300),
        (S3, 1, 150),
        (S4, 1, None),
        (S0, 2, 500),
    ],
)
def test_caps(name: str, level: int, cap: int | None) -> None:
    stated = tier(name, level).cap
    assert (stated.number if stated else None) == cap
    assert stated is None or stated.clause


@pytest.mark.parametrize(
    ("name", "level", "about", "binds_plenaries"),
    [
        (S0, 0, True, False),
        (S0, 1, True, False),
        (S1, 0, False, True),
        (S1, 1, False, True),
        (S3, 0, True, True),
        (S3, 1, True, False),
    ],
)
def test_seventy_to_thirty(name: str, level: int, about: bool, binds_plenaries: bool) -> None:
    mix = tier(name, level).mix
    assert mix
    assert mix.exemplars == 70
    assert mix.guests == 30
    assert (mix.approximate, "plenary" in mix.binds) == (about, binds_plenaries)


def test_no_mix_is_stated_for_the_congress_nor_in_hai_phong() -> None:
    assert tier(S0, 2).mix is None
    assert [each.mix for each in plan(S4).tiers] == [None, None, None]


@pytest.mark.parametrize(
    ("name", "due"),
    [
        (S0, [("plan", date(2020, 2, 28)), ("report", None)]),
        (S1, [("plan", date(2024, 12, 15)), ("report", None)]),
        (S3, [("report", None)]),
        (
            S4,
            [
                ("plan", date(2019, 11, 30)),
                ("registration", date(2019, 10, 30)),
                ("report", date(2020, 7, 3)),
            ],
        ),
    ],
)
def test_deadlines(name: str, due: list[tuple[str, date | None]]) -> None:
    assert [(each.what, each.due.compute_last_day()) for each in plan(name).deadlines] == due


@pytest.mark.parametrize(("name", "items"), [(S0, 9), (S1, 9), (S3, 10), (S4, 0)])
def test_the_agenda_adopts_the_list_for_the_level_above(name: str, items: int) -> None:
    agenda = plan(name).agenda
    assert len(agenda) == items
    adopting = [each.text for each in agenda if each.adopts_delegates]
    assert len(adopting) == (1 if items else 0)
    assert all(text.startswith("Thông qua danh sách đại biểu") for text in adopting)


def test_only_soc_trang_and_khanh_hoa_salute_the_flag() -> None:
    assert [name for name in NAMES if any(each.text == "Chào cờ" for each in plan(name).agenda)] == [S0, S3]


@pytest.mark.parametrize(
    ("name", "parts"), [(S0, {None: 5}), (S1, {"Phần tổng kết": 4, "Phần phương hướng nhiệm vụ": 3})]
)
def test_parts_of_the_report(name: str, parts: dict[str | None, int]) -> None:
    sections = [each.section for each in plan(name).report]
    assert {section: sections.count(section) for section in sections} == parts


def test_the_presidium_has_about_five_to_nine_of_five_sorts() -> None:
    presidium = plan(S0).presidium
    assert presidium
    assert (presidium.least, presidium.most, presidium.approximate) == (5, 9, True)
    assert len(presidium.members) == 5


def test_soc_trang_has_three_subcommittees() -> None:
    assert plan(S0).committees[0].subcommittees == (
        "Tiểu ban Nội dung",
        "Tiểu ban Tuyên truyền",
        "Tiểu ban Phục vụ",
    )


def test_the_congress_of_soc_trang_has_ten_groups_within_500() -> None:
    groups = tier(S0, 2).seat_groups
    assert [group.clause for group in groups] == [f"ii.2.d.{n}" for n in range(1, 11)]
    assert {group.decision for group in groups} == {"phan-bo-dai-hoi"}
    assert sum(group.seats or 0 for group in groups) == 495
    assert [group.filled_by for group in groups].count("units") == 1


def test_khanh_hoa_answers_to_two_superiors() -> None:
    sector = tier(S3, 1)
    assert sector.superiors == ("province", "ministry")
    assert {(quota.tier, quota.seats) for quota in plan(S3).quotas} == {("province", 12), ("ministry", 6)}


@pytest.mark.parametrize(
    ("name", "units"),
    [
        (S0, ["so-lao-dong-thuong-binh-va-xa-hoi", "cong-ty-xo-so-kien-thiet", "huyen-chau-thanh"]),
        (S4, ["so-y-te", "quan-hong-bang"]),
    ],
)
def test_pilots(name: str, units: list[str]) -> None:
    pilots = plan(name).pilots
    assert pilots
    assert [each.unit for each in pilots.units] == units


def test_approval_of_pilots_plans() -> None:
    approved = {name: pilots.approved_by for name in NAMES if (pilots := plan(name).pilots)}
    assert approved == {
        S0: None,
        S3: "Thường trực Hội đồng Thi đua - Khen thưởng ngành Công Thương",
        S4: "Hội đồng Thi đua - Khen thưởng thành phố",
    }


@pytest.mark.parametrize("name", NAMES)
def test_numbers_that_the_printed_plan_lacks_say_that_they_are_made_up(name: str) -> None:
    for decision in plan(name).decisions:
        assert decision.made_up
        assert decision.statement.startswith("Quyết định giả định cho ví dụ:")
        assert decision.number is None
    for each in plan(name).tiers:
        for group in each.seat_groups:
            assert (group.seats is None) or group.decision


@pytest.mark.parametrize("name", NAMES)
def test_quotes_are_short_and_ids_follow_the_print(name: str) -> None:
    for clause in plan(name).clauses:
        assert 3 <= len(clause.quote) <= 160


@pytest.mark.parametrize("name", NAMES)
def test_units_of_a_plan_are_in_its_example(name: str) -> None:
    with (EXAMPLES / FOLDERS[name] / "units.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["code"]: row["kind"] for row in csv.DictReader(file)}
    whole = plan(name)
    pilots = {each.unit for each in whole.pilots.units} if whole.pilots else set()
    assert {whole.authority.unit, *pilots, *(quota.unit for quota in whole.quotas)} <= set(kinds)
    groups = [group for each in whole.tiers for group in each.seat_groups]
    for group, bloc in ((each, bloc) for each in groups for bloc in each.blocs):
        members = [code for code, kind in kinds.items() if group.find_bloc(code, kind) == bloc]
        assert members, f"no unit in {bloc.id}"
        assert bloc.seats is not None, "every example states the number of its blocs"
        assert sum(bloc.get_bounds(code)[0] for code in members) <= bloc.seats
        caps = [bloc.get_bounds(code)[1] for code in members]
        assert None in caps or sum(cap or 0 for cap in caps) >= bloc.seats
