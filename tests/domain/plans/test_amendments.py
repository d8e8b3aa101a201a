"""What an amendment changes."""

from typing import Any

from domain.plans import PlanDifference, diff_plans
from service.formats.plans import canonicalize_body
from tests.domain.plans.examples import body, change_body

S0 = "soc_trang_2020"


def _diff(new: dict[str, Any]) -> tuple[PlanDifference, ...]:
    return diff_plans(canonicalize_body(body(S0)), canonicalize_body(new))


def test_the_same_plan_has_no_difference() -> None:
    assert _diff(body(S0)) == ()


def test_a_changed_number_names_place_values_and_clause() -> None:
    assert _diff(change_body(S0, "/tiers/2/cap/number", 550)) == (
        PlanDifference("changed", "/tiers/2/cap/number", 500, 550, "ii.2.d.so-luong"),
    )


def test_a_clause_put_in_the_middle_is_one_addition() -> None:
    new = body(S0)
    clause = {"id": "i.5", "label": "I.5", "quote": "Bổ sung"}
    new["clauses"].insert(7, clause)
    assert _diff(new) == (PlanDifference("added", "/clauses/7", None, clause, None),)


def test_what_is_taken_out_points_into_the_old_body() -> None:
    new = body(S0)
    target = new["tiers"][2]["targets"].pop(1)
    [change] = _diff(new)
    assert (change.kind, change.pointer) == ("removed", "/tiers/2/targets/1")
    assert isinstance(change.before, dict)
    assert change.before["id"] == target["id"]


def test_a_new_order_is_told_by_the_ids() -> None:
    new = body(S0)
    groups = new["tiers"][2]["seat_groups"]
    groups[0], groups[1] = groups[1], groups[0]
    [change] = _diff(new)
    assert (change.kind, change.pointer) == ("reordered", "/tiers/2/seat_groups")
    assert isinstance(change.after, list)
    assert change.after[:2] == ["chien-si-thi-dua", "duong-nhien"]


def test_a_field_that_appears_or_goes_carries_its_own_clause() -> None:
    [added] = _diff(change_body(S0, "/tiers/0/attendance/threshold/exactly", "delegate"))
    assert (added.kind, added.after, added.clause) == ("added", "delegate", "ii.2.a.dai-bieu")
    [removed] = _diff(change_body(S0, "/tiers/0/length", None))
    assert (removed.kind, removed.pointer, removed.clause) == (
        "removed",
        "/tiers/0/length",
        "ii.2.a.thoi-gian",
    )


def test_a_list_of_words_changes_as_a_whole() -> None:
    [change] = _diff(change_body(S0, "/tiers/0/kinds", ["commune"]))
    assert (change.pointer, change.before, change.after) == (
        "/tiers/0/kinds",
        ["commune", "enterprise"],
        ["commune"],
    )


def test_pointers_are_escaped() -> None:
    assert diff_plans({"a/b~c": 1}, {"a/b~c": 2}) == (PlanDifference("changed", "/a~1b~0c", 1, 2, None),)


def test_true_is_not_one() -> None:
    assert [change.pointer for change in diff_plans({"a": 1}, {"a": True})] == ["/a"]
