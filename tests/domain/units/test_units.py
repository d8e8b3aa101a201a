"""Rules over the units of a file: one code one unit, no circles, nothing before its predecessor."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from domain.findings import Finding, Severity
from domain.units import StoredUnit, UnitRow, check_congresses, check_rows, has_overlap, is_within

C = "soc-trang-v"
OLD, NEW = date(2019, 4, 1), date(2025, 7, 1)
EVE = date(2025, 6, 30)
HALF = Fraction(1, 2)


def unit(row: int, code: str, parent: str = "", **other: Any) -> UnitRow:
    plain = UnitRow(row, code, f"Tên {code}", "commune", OLD, parents={C: parent} if parent else {})
    return replace(plain, **other)


def known(code: str, parent: str = "", **other: Any) -> StoredUnit:
    plain = StoredUnit(code, f"Tên {code}", "commune", OLD, parents={C: parent} if parent else {})
    return replace(plain, **other)


def told(findings: Sequence[Finding]) -> list[tuple[object, object, str]]:
    return [(finding.params["row"], finding.params["column"], finding.code) for finding in findings]


def check(*rows: UnitRow, stored: Sequence[StoredUnit] = ()) -> list[tuple[object, object, str]]:
    return told(check_rows(rows, {one.code: one for one in stored}))


def test_a_sound_file_has_no_findings() -> None:
    assert check(unit(2, "tinh"), unit(3, "huyen", "tinh"), unit(4, "xa", "huyen")) == []


def test_a_finding_points_at_row_and_column() -> None:
    (finding,) = check_rows([unit(3, "xa", "khong-co")], {})
    assert (finding.code, finding.pointer) == ("unit_parent_unknown", f"/rows/3/parent:{C}")


def test_a_parent_may_stand_below_in_the_file_or_be_stored() -> None:
    assert check(unit(2, "xa", "huyen"), unit(3, "huyen", "tinh"), stored=[known("tinh")]) == []


UNDATED: dict[str, Any] = {"valid_from": date.min, "unread": frozenset({"valid_from"})}


def test_a_row_whose_days_could_not_be_read_is_still_a_parent_and_a_predecessor() -> None:
    rows = [
        unit(2, "xa", "huyen"),
        unit(3, "xa-moi", predecessors=(("huyen", HALF),)),
        unit(4, "huyen", **UNDATED),
    ]
    assert check_rows(rows, {}) == ()


def test_a_row_is_judged_by_what_could_be_read_and_by_nothing_else() -> None:
    row = unit(
        2, "Xã B!", "khong-co", kind="lang", predecessors=(("x", HALF),), codes={"gso": "1"}, **UNDATED
    )
    assert check(row, unit(3, "xa", codes={"gso": "1"})) == [
        (2, "code", "unit_code_bad"),
        (2, "kind", "unit_kind_unknown"),
        (2, f"parent:{C}", "unit_parent_unknown"),
        (2, "predecessors", "unit_predecessor_unknown"),
    ]


@pytest.mark.parametrize("column", ["code", "name", "kind"])
def test_a_field_that_could_not_be_read_is_not_blamed(column: str) -> None:
    row = replace(unit(2, "xa"), **{column: "", "unread": frozenset({column})})  # type: ignore[arg-type]  # fields by name
    assert check(row) == []


def test_a_row_that_could_not_be_read_as_a_whole_is_not_held_against_the_stored_unit() -> None:
    row = unit(2, "xa", name="Tên khác", unread=frozenset({"made_up"}))
    assert check(row, stored=[known("xa")]) == []


def test_parents_stand_in_congresses_that_plans_have_named() -> None:
    rows = [unit(2, "xa", "huyen"), unit(3, "so", parents={"khac": "tinh"})]
    assert told(list(check_congresses(rows, [C]))) == [(3, "parent:khac", "congress_unknown")]
    assert [code for _, _, code in told(list(check_congresses(rows, [])))] == ["congress_none"] * 2


@pytest.mark.parametrize("code", ["", "Xa", "xã-a", "xa_a", "-xa", "xa-", "xa---a", "xa a", "x" * 121])
def test_codes_are_slugs(code: str) -> None:
    assert (2, "code", "unit_code_bad") in check(unit(2, code))


def test_a_bad_code_comes_with_a_suggestion_from_the_name() -> None:
    (finding,) = check_rows([unit(2, "Xã A", name="Xã An Hiệp")], {})
    assert finding.params["suggestion"] == "xa-an-hiep"


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"name": ""}, "name", "unit_name_missing"),
        ({"name": "x" * 301}, "name", "unit_name_long"),
        ({"codes": {"gso": "1" * 101}}, "code:gso", "unit_identifier_long"),
        ({"kind": "vuong-quoc"}, "kind", "unit_kind_unknown"),
        ({"valid_from": date(1, 1, 1)}, "valid_from", "unit_date_absurd"),
        ({"valid_to": date(9999, 12, 31)}, "valid_to", "unit_date_absurd"),
        ({"valid_to": date(2019, 3, 31)}, "valid_to", "unit_dates_reversed"),
    ],
)
def test_what_one_row_says_of_itself(change: dict[str, Any], column: str, code: str) -> None:
    assert check(unit(2, "xa", **change)) == [(2, column, code)]


def test_a_unit_of_one_day_is_a_unit() -> None:
    assert check(unit(2, "xa", valid_to=OLD)) == []


def test_a_code_twice_in_the_file_is_refused_even_at_other_times() -> None:
    rows = unit(2, "xa", valid_to=EVE), unit(5, "xa", valid_from=NEW)
    assert check(*rows) == [(5, "code", "unit_repeated")]


def test_the_same_file_again_is_told_but_no_error() -> None:
    (finding,) = check_rows([unit(2, "xa")], {"xa": known("xa")})
    assert (finding.code, finding.severity) == ("unit_unchanged", Severity.INFO)


def test_a_stored_unit_is_not_changed_by_a_file() -> None:
    assert check(unit(2, "xa", name="Tên khác"), stored=[known("xa")]) == [(2, "code", "unit_exists")]


def test_one_name_twice_under_one_parent_is_asked_about() -> None:
    rows = unit(2, "huyen"), unit(3, "xa-a", "huyen", name="Xã A"), unit(4, "xa-b", "huyen", name="XÃ  a")
    (finding,) = check_rows(rows, {})
    assert (finding.params["row"], finding.code) == (4, "unit_name_repeated")
    assert finding.severity is Severity.WARNING


def test_the_successor_of_the_same_name_is_another_unit() -> None:
    old = unit(2, "xa-cu", name="Xã A", valid_to=EVE)
    assert check(old, unit(3, "xa-moi", name="Xã A", valid_from=NEW)) == []


def test_an_identifier_belongs_to_one_unit_at_a_time() -> None:
    rows = unit(2, "xa-a", codes={"gso": "31594"}), unit(3, "xa-b", codes={"gso": "31594"})
    assert check(*rows) == [(3, "code:gso", "unit_identifier_repeated")]


def test_an_identifier_may_be_given_anew_after_its_owner_has_ended() -> None:
    old = unit(2, "xa-a", codes={"gso": "31594"}, valid_to=EVE)
    assert check(old, unit(3, "xa-b", codes={"gso": "31594"}, valid_from=NEW)) == []


def test_an_identifier_in_two_schemes_is_two_identifiers() -> None:
    assert check(unit(2, "xa-a", codes={"old": "1"}), unit(3, "xa-b", codes={"new": "1"})) == []


def test_an_identifier_of_a_stored_unit_is_taken() -> None:
    stored = [known("xa-a", codes={"gso": "1"})]
    assert check(unit(2, "xa-b", codes={"gso": "1"}), stored=stored) == [
        (2, "code:gso", "unit_identifier_taken")
    ]


def test_a_parent_must_be_there_at_some_time_of_its_child() -> None:
    tinh = unit(2, "tinh", valid_to=EVE)
    assert check(tinh, unit(3, "xa", "tinh", valid_from=NEW)) == [(3, f"parent:{C}", "unit_parent_not_valid")]


def test_a_parent_that_ends_before_its_child_is_asked_about() -> None:
    (finding,) = check_rows([unit(2, "tinh", valid_to=EVE), unit(3, "xa", "tinh")], {})
    assert (finding.code, finding.severity) == ("unit_parent_partly_valid", Severity.WARNING)


def test_a_unit_may_have_a_parent_in_each_of_two_congresses() -> None:
    so = unit(4, "so", parents={"khanh-hoa-v": "tinh", "cong-thuong-iii": "bo"})
    assert check(unit(2, "tinh"), unit(3, "bo"), so) == []


def test_opposite_parents_in_two_congresses_are_no_circle() -> None:
    one, two = unit(2, "a", parents={"x": "b"}), unit(3, "b", parents={"y": "a"})
    assert check(one, two) == []


def test_a_unit_is_not_its_own_parent() -> None:
    assert check(unit(2, "a", "a")) == [(2, f"parent:{C}", "unit_parent_itself")]


def test_a_circle_is_told_once_at_its_first_row_with_its_units_in_order() -> None:
    rows = unit(2, "d", "c"), unit(3, "a", "b"), unit(4, "b", "c"), unit(5, "c", "a")
    (finding,) = check_rows(rows, {})
    assert (finding.code, finding.params["row"], finding.params["length"]) == ("unit_parent_cycle", 3, 3)
    assert finding.params["units"] == ["a", "b", "c"]


def test_a_circle_may_close_through_stored_units() -> None:
    stored = [known("b", "c"), known("c", "a")]
    assert check(unit(2, "a", "b"), stored=stored) == [(2, f"parent:{C}", "unit_parent_cycle")]


def test_two_circles_are_two_findings() -> None:
    rows = unit(2, "a", "b"), unit(3, "b", "a"), unit(4, "c", "d"), unit(5, "d", "c")
    assert [row for row, _, _ in check(*rows)] == [2, 4]


def test_a_long_chain_is_walked_without_recursion() -> None:
    rows = [unit(n, f"x{n}", f"x{n + 1}") for n in range(2, 20_000)]
    codes = {finding.code for finding in check_rows(rows, {"x20000": known("x20000")})}
    assert codes == set()


def merged(share: Fraction = Fraction(1), **other: Any) -> UnitRow:
    return unit(3, "moi", valid_from=NEW, predecessors=(("cu", share),), **other)


def test_a_merger_of_units_that_ended_the_day_before_is_sound() -> None:
    assert check(unit(2, "cu", valid_to=EVE), merged()) == []


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ({"valid_from": NEW}, "unit_predecessor_not_before"),
        ({}, "unit_predecessor_still_valid"),
        ({"valid_to": date(2025, 6, 29)}, "unit_predecessor_long_gone"),
    ],
)
def test_a_predecessor_was_there_the_day_before(before: dict[str, Any], code: str) -> None:
    assert [code for _, _, code in check(unit(2, "cu", **before), merged())] == [code]


def test_a_predecessor_is_known() -> None:
    assert check(merged()) == [(3, "predecessors", "unit_predecessor_unknown")]


def test_a_unit_may_give_a_part_and_go_on() -> None:
    assert check(unit(2, "cu"), merged(HALF)) == []


def test_a_unit_is_not_its_own_predecessor() -> None:
    own = unit(3, "moi", predecessors=(("moi", HALF),))
    assert check(own) == [(3, "predecessors", "unit_predecessor_itself")]


def test_a_predecessor_is_named_once() -> None:
    twice = unit(3, "moi", valid_from=NEW, predecessors=(("cu", HALF), ("cu", HALF)))
    assert check(unit(2, "cu", valid_to=EVE), twice) == [(3, "predecessors", "unit_predecessor_repeated")]


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 2), Fraction(3, 2)])
def test_a_share_is_more_than_nothing_and_at_most_the_whole(share: Fraction) -> None:
    assert (3, "predecessors", "unit_share_bad") in check(unit(2, "cu", valid_to=EVE), merged(share))


def test_successors_never_take_more_than_the_whole() -> None:
    rows = (
        unit(2, "cu", valid_to=EVE),
        merged(Fraction(2, 3)),
        replace(merged(HALF), row=4, code="moi-2", name="Xã 2"),
    )
    (finding,) = check_rows(rows, {})
    assert (finding.code, finding.params["total"]) == ("unit_shares_exceed", "7/6")


def test_thirds_make_a_whole() -> None:
    rows = [replace(merged(Fraction(1, 3)), row=n, code=f"moi-{n}", name=f"Xã {n}") for n in (3, 4, 5)]
    assert check(unit(2, "cu", valid_to=EVE), *rows) == []


def test_a_part_of_an_ended_unit_that_nobody_took_is_asked_about() -> None:
    (finding,) = check_rows([unit(2, "cu", valid_to=EVE), merged(HALF)], {})
    assert (finding.code, finding.severity) == ("unit_shares_incomplete", Severity.WARNING)


def test_what_stored_successors_took_counts() -> None:
    stored = [known("cu", valid_to=EVE, passed_on=Fraction(3, 4))]
    assert check(merged(HALF), stored=stored) == [(3, "predecessors", "unit_shares_exceed")]


def test_a_successor_that_is_stored_already_takes_nothing_twice() -> None:
    stored = [known("cu", valid_to=EVE, passed_on=Fraction(1)), known("moi", valid_from=NEW)]
    assert check(merged(), stored=stored) == [(3, "code", "unit_unchanged")]


def test_findings_come_in_the_order_of_the_file() -> None:
    rows = [unit(n, f"x{n}", "khong-co", kind="?") for n in (9, 2, 5)]
    assert [row for row, _, _ in check(*rows)] == [2, 2, 5, 5, 9, 9]


def test_intervals_include_both_ends() -> None:
    one, two = unit(2, "a", valid_to=EVE), unit(3, "b", valid_from=EVE)
    assert has_overlap(one, two)
    assert not has_overlap(one, unit(3, "b", valid_from=NEW))
    assert is_within(one, unit(4, "c"))
    assert not is_within(unit(4, "c"), one)
