"""The plan format: which bodies are taken, which are refused and where, and that nothing else can happen."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from domain.findings import Invalid
from service.formats.plans import PlanBody, canonicalize_body, read_body, read_document, read_plan
from service.formats.plans.types import PlanPart
from service.texts import load_catalogue, translate_code
from tests.conftest import examples
from tests.domain.plans.examples import NAMES, body, change_body, faults

S0, S1, S3, S4 = NAMES
DOCS = (Path(__file__).parents[2] / "docs" / "plan-format.md").read_text(encoding="utf-8")


# The fields.


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        ("/surprise", 1, "unknown_field"),
        ("/tiers/0/surprise", 1, "unknown_field"),
        ("/tiers/2/seat_groups/6/blocs/0/weight", 1, "unknown_field"),
        ("/format", 2, "too_large"),
        ("/format", True, "not_an_integer"),
        ("/id", 5, "not_text"),
        ("/id", "Sóc Trăng", "wrong_form"),
        ("/title", "x" * 2001, "text_too_long"),
        ("/title", "  ", "text_blank"),
        ("/title", "a\u202eb", "text_control"),
        ("/date", "2020-02-30", "date_form"),
        ("/date", "20200228", "date_form"),
        ("/date", "0001-01-01", "date_form"),
        ("/tiers/0/cap/number", "200", "not_an_integer"),
        ("/tiers/0/cap/number", True, "not_an_integer"),
        ("/tiers/0/cap/number", -1, "too_small"),
        ("/tiers/0/cap/number", 10**9, "too_large"),
        ("/tiers/0/cap/forms", [], "too_few_items"),
        ("/tiers/0/cap/forms", "delegate", "not_a_list"),
        ("/tiers/0/congress", "yes", "not_a_boolean"),
        ("/tiers/0/mix", [], "not_an_object"),
        ("/tiers/0/mix/exemplars", "1e3", "exact_form"),
        ("/tiers/0/mix/exemplars", "1/0", "exact_form"),
        ("/tiers/0/mix/exemplars", -70, "exact_form"),
        ("/tiers/0/attendance/threshold/plenary", "≤", "wrong_choice"),
        ("/tiers/0/window", {"year": 2020}, "window_form"),
        ("/tiers/0/window", {"year": 2020, "quarter": 1, "month": 2}, "window_form"),
        ("/tiers/0/window/quarter", 5, "too_large"),
        ("/tiers/2/seat_groups/6/blocs/0/method", "hamilton", "wrong_choice"),
        ("/tiers/2/seat_groups/6/filled_by", "lot", "wrong_choice"),
        ("/tiers/2/targets/0/share", 0.5, "plan_number_not_exact"),
        ("/tiers/2/targets/0/share", float("nan"), "plan_number_not_exact"),
        ("/tiers/2/seat_groups/6/seats", 10**30, "plan_number_not_exact"),
        ("/tiers/2/seat_groups/6/seats", {1: 2}, "json_text"),
        ("/tiers", [], "too_few_items"),
    ],
)
def test_a_wrong_field_is_named_by_its_pointer(pointer: str, value: Any, code: str) -> None:
    assert faults(change_body(S0, pointer, value)) == [(code, pointer)]


def test_a_missing_field_is_named_by_where_it_should_be() -> None:
    assert faults(change_body(S0, "/tiers/0/cap/number", None)) == [("missing", "/tiers/0/cap/number")]


def test_a_tier_is_for_somebody() -> None:
    assert faults(change_body(S0, "/tiers/0/kinds", None)) == [("tier_for_nobody", "/tiers/0")]


def test_every_fault_is_told_at_once() -> None:
    whole = change_body(S0, "/id", 5)
    whole["tiers"][0]["cap"]["number"] = 0
    assert faults(whole) == [("not_text", "/id"), ("too_small", "/tiers/0/cap/number")]


def test_what_the_format_does_not_know_hides_nothing() -> None:
    whole = change_body(S0, "/tiers/0/surprise", 1)
    whole["tiers"][0]["cap"]["clause"] = "nowhere"
    whole["tiers"][2]["seat_groups"][6]["blocs"][0] |= {"floor": 9, "cap": 8, "weight": 1}
    assert faults(whole) == [
        ("unknown_field", "/tiers/0/surprise"),
        ("unknown_field", f"{BLOC}/weight"),
        ("plan_reference_unknown", "/tiers/0/cap/clause"),
        ("plan_floor_above_cap", f"{BLOC}/floor"),
    ]
    whole["tiers"][0]["cap"]["number"] = 0
    assert ("too_small", "/tiers/0/cap/number") in faults(whole)
    assert whole["tiers"][0]["surprise"] == 1


@pytest.mark.parametrize(
    ("component", "code", "name"),
    [
        ({"kind": "fixed", "seats": {"so-tu-phap": 1}, "reason": "x", "why": 1}, "unknown_field", "why"),
        ({"kind": "fixed", "seats": {"so-tu-phap": 1}}, "missing", "reason"),
        ({"kind": "base", "each": "1"}, "not_an_integer", "each"),
        ({"kind": "base", "each": 1, "merged": {"2": "3"}}, "not_an_integer", "merged/2"),
    ],
)
def test_a_fault_in_a_component_is_pointed_at_where_it_stands(component: Any, code: str, name: str) -> None:
    where = "/tiers/2/seat_groups/6/components"
    assert faults(change_body(S0, where, [component])) == [(code, f"{where}/0/{name}")]


STEP = {"kind": "step", "measure": "population", "every": 70_000}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"components": [{**STEP, "above": 1_000_000, "rounding": "more_than_half"}]}, []),
        ({"components": [{**STEP, "to": "10000"}, {**STEP, "above": 10_000}]}, []),
        ({"components": [{**STEP, "above": 5, "to": 5}]}, [("plan_bracket_empty", "components/0/to")]),
        ({"components": [{**STEP, "rounding": "half"}]}, [("wrong_choice", "components/0/rounding")]),
    ],
)
def test_a_step_counts_a_bracket(changes: dict[str, Any], told: list[tuple[str, str]]) -> None:
    where = "/tiers/2/seat_groups/6"
    whole = body(S0)
    whole["tiers"][2]["seat_groups"][6] |= changes
    assert faults(whole) == [(code, f"{where}/{name}") for code, name in told]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"seats": 1}, [("plan_total_of_components", "total")]),
        ({"components": []}, [("plan_total_of_components", "total")]),
        (
            {"blocs": [{"id": "all", "name": "x", "kinds": ["district"], "measure": "population"}]},
            [("plan_measure_unused", "blocs/0")],
        ),
        (
            {"blocs": [{"id": "all", "name": "x", "kinds": ["district"], "seats": 3}]},
            [("plan_total_of_components", "total")],
        ),
    ],
)
def test_a_total_of_components_states_no_number(changes: dict[str, Any], told: list[tuple[str, str]]) -> None:
    where = "/tiers/2/seat_groups/6"
    whole = body(S0)
    group = whole["tiers"][2]["seat_groups"][6]
    blocs = [{"id": "all", "name": "x", "kinds": ["district"]}]
    group |= {"total": "components", "seats": None, "components": [STEP], "blocs": blocs, **changes}
    for tier in whole["tiers"]:
        tier["targets"] = []
    assert faults(whole) == [(code, f"{where}/{name}") for code, name in told]


def test_a_component_of_no_known_kind_is_refused() -> None:
    where = "/tiers/2/seat_groups/6/components"
    assert faults(change_body(S0, where, [{"kind": "odd"}, {}])) == [
        ("wrong_choice", f"{where}/0"),
        ("missing", f"{where}/1"),
    ]


def test_an_unknown_field_with_the_name_of_its_kind_is_refused() -> None:
    where = "/tiers/2/seat_groups/6/components"
    component = {"kind": "base", "each": 1, "x": 1, "base": {"base": 1}}
    assert {code for code, _ in faults(change_body(S0, where, [component]))} == {"unknown_field"}


def test_a_flood_of_faults_is_cut() -> None:
    whole = body(S0) | {f"x{n}": 1 for n in range(4000)}
    assert len(faults(whole)) == 200


@pytest.mark.parametrize("value", [["x"] * 5001, {f"x{n}": 1 for n in range(5001)}])
def test_lists_and_objects_have_at_most_5000_members(value: Any) -> None:
    assert faults(change_body(S0, "/recipients", value)) == [("too_many_items", "/recipients")]


def test_deep_data_is_refused_before_anything_recurses() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    [(code, _)] = faults(change_body(S0, "/duties", deep))
    assert code == "plan_too_deep"


def test_refusals_never_repeat_what_was_sent() -> None:
    whole = change_body(S0, "/tiers/0/cap/number", "bí mật")
    with pytest.raises(Invalid) as caught:
        read_plan(whole)
    assert "bí mật" not in repr(caught.value.errors)


# What the parts say of each other.


TIER = "/tiers/2"
GROUP = f"{TIER}/seat_groups/6"
BLOC = f"{GROUP}/blocs/0"
PRESS = f"{TIER}/seat_groups/9"
TARGET = f"{TIER}/targets/0"
YOUNG = f"{TIER}/targets/3"


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/tiers/0/clause", "ix"),
        ("/tiers/0/mix/tolerance_decision", "khac"),
        ("/tiers/0/congresses/0", "bac-lieu-v"),
        ("/tiers/0/instrument", "khac"),
        ("/tiers/0/superiors/0", "khac"),
        ("/congresses/0/superiors/0", "khac"),
        ("/instruments/0/congresses/0", "khac"),
        (f"{TARGET}/groups/0", "khac"),
        (f"{TARGET}/criterion", "khac"),
        ("/pilots/units/0/tier", "khac"),
        ("/deadlines/0/tiers/0", "khac"),
        ("/committees/1/tiers/0", "khac"),
        ("/quotas/0/tier", "khac"),
        ("/quotas/0/group", "khac"),
    ],
)
def test_a_reference_leads_to_something(pointer: str, value: str) -> None:
    assert faults(change_body(S0, pointer, value)) == [("plan_reference_unknown", pointer)]


@pytest.mark.parametrize(
    ("pointer", "value", "code", "below"),
    [
        ("/tiers/0/cap/clause", None, "plan_source_missing", "^"),
        ("/agenda/0", {"decision": "phan-bo-dai-hoi"}, "missing", "/text"),
        ("/tiers/0/mix/guests", 31, "plan_mix_not_hundred", "^"),
        ("/tiers/0/mix/guests", "29.999999999999", "plan_mix_not_hundred", "^"),
        ("/tiers/0/mix/tolerance", 31, "plan_out_of_range", ""),
        ("/tiers/0/window", {"start": "2020-03-31", "end": "2020-01-01"}, "plan_range_backwards", ""),
        ("/periods/0/start", 2021, "plan_range_backwards", "^"),
        ("/presidium/least", 10, "plan_range_backwards", "^"),
        ("/tiers/0/attendance/form", "plenary", "plan_choose_one", "^"),
        (f"{TIER}/attendance/form", None, "plan_choose_one", "^"),
        ("/deadlines/0/due/as_planned", True, "plan_choose_one", "^"),
        (f"{TARGET}/count", 5, "plan_choose_one", "^"),
        (f"{TARGET}/values", None, "plan_choose_one", "^"),
        (f"{TARGET}/share", "3/2", "plan_out_of_range", ""),
        (f"{YOUNG}/on", None, "plan_age_needs_day", ""),
        (f"{YOUNG}/attribute", "gender", "plan_age_of_birth", ""),
        (f"{TIER}/cap/number", 494, "plan_groups_above_cap", "^^/seat_groups"),
        (f"{PRESS}/maximum", 501, "plan_groups_above_cap", ""),
        (f"{PRESS}/maximum", 14, "plan_range_backwards", "^/seats"),
        (f"{PRESS}/offices", [{"name": "Phóng viên"}], "plan_offices_need_ex_officio", ""),
        (f"{GROUP}/filled_by", "roll", "plan_blocs_need_units", "^/blocs"),
        (f"{BLOC}/seats", 93, "plan_blocs_off_group", "^^"),
        (f"{BLOC}/seats", 91, "plan_blocs_off_group", "^^"),
        (f"{BLOC}/floor", 21, "plan_floor_above_cap", ""),
        (f"{BLOC}/caps", {"so-y-te": 0}, "plan_floor_above_cap", "/so-y-te"),
        (f"{BLOC}/quota", "hare", "plan_method_parameter", ""),
        (f"{BLOC}/method", "stationary", "plan_method_parameter", "^/c"),
        (f"{BLOC}/kinds", None, "plan_choose_one", "^"),
        ("/ties", {"how": "second_criterion"}, "plan_ties_measure", "/measure"),
        (f"{TIER}/ties", {"measure": "members"}, "plan_ties_measure", "/measure"),
    ],
)
def test_parts_that_cannot_stand_together_are_refused(
    pointer: str, value: Any, code: str, below: str
) -> None:
    """``below`` leads from what was changed to where the fault is told; each ``^`` goes one up."""
    path = pointer.split("/")
    where = "/".join(path[: len(path) - below.count("^")]) + below.lstrip("^")
    assert faults(change_body(S0, pointer, value)) == [(code, where)]


@pytest.mark.parametrize(
    ("method", "name", "inside", "outside"),
    [
        ("stationary", "c", [0, "1/2", 1], ["3/2"]),
        ("modified_sainte_lague", "first_divisor", ["7/5", "2.9"], [0, 3]),
        ("largest_remainder", "quota", ["hare", "droop"], []),
    ],
)
def test_parameters_of_methods_have_their_range(
    method: str, name: str, inside: list[Any], outside: list[Any]
) -> None:
    def found(value: Any) -> list[tuple[str, str]]:
        whole = change_body(S0, f"{BLOC}/method", method)
        whole["tiers"][2]["seat_groups"][6]["blocs"][0][name] = value
        return faults(whole)

    assert [found(value) for value in inside] == [[] for _ in inside]
    assert [found(value) for value in outside] == [[("plan_out_of_range", f"{BLOC}/{name}")] for _ in outside]


def test_what_lies_on_the_edge_is_taken() -> None:
    assert faults(change_body(S0, "/tiers/0/mix/tolerance", 30)) == []
    assert faults(change_body(S0, f"{TIER}/cap/number", 495)) == []
    assert faults(change_body(S0, f"{PRESS}/maximum", 15)) == []
    assert faults(change_body(S0, f"{TARGET}/share", 1)) == []


def test_an_id_is_used_once() -> None:
    whole = body(S0)
    whole["clauses"].append(whole["clauses"][0])
    whole["tiers"][2]["targets"].append(whole["tiers"][2]["targets"][0])
    last = len(whole["clauses"]) - 1
    assert faults(whole) == [
        ("plan_id_twice", f"/clauses/{last}/id"),
        ("plan_id_twice", "/tiers/2/targets/5/id"),
    ]


@pytest.mark.parametrize("step", ["meeting", "vetting"])
def test_a_deadline_is_not_called_as_a_step(step: str) -> None:
    assert faults(change_body(S0, "/deadlines/0/id", step)) == [("deadline_id_of_step", "/deadlines/0/id")]


def test_nobody_is_above_themselves() -> None:
    circle = faults(change_body(S0, "/tiers/3/superiors", ["grassroots"]))
    assert circle == [("plan_superior_cycle", f"/tiers/{n}/superiors") for n in range(4)]
    own = faults(change_body(S0, "/congresses/1/superiors", ["toan-quoc-x"]))
    assert own == [("plan_superior_cycle", "/congresses/1/superiors")]


def test_a_threshold_cannot_be_both_or_contradict_itself() -> None:
    threshold = {"number": 200, "plenary": "<=", "delegate": ">=", "clause": "ii.2.a.dai-bieu"}
    where = "/tiers/0/attendance/threshold"
    assert faults(change_body(S0, where, threshold)) == [("plan_threshold_overlaps", where)]
    contrary = threshold | {"plenary": "<", "exactly": "plenary"}
    assert faults(change_body(S0, where, contrary)) == [("plan_threshold_contradicts", f"{where}/exactly")]


def test_a_kind_competes_in_one_bloc_only() -> None:
    blocs = "/tiers/2/seat_groups/6/blocs"
    found = faults(change_body(S0, f"{blocs}/1/kinds", ["department", "front"]))
    assert found == [("plan_in_two_blocs", f"{blocs}/0/kinds/0"), ("plan_in_two_blocs", f"{blocs}/1/kinds/0")]


def test_a_bound_is_for_a_unit_of_the_bloc() -> None:
    whole = body(S0)
    bloc = whole["tiers"][2]["seat_groups"][6]["blocs"][0]
    bloc |= {"kinds": [], "units": ["so-noi-vu"], "floors": {"so-tu-phap": 1}}
    assert faults(whole) == [("plan_reference_unknown", f"{BLOC}/floors/so-tu-phap")]


# The canonical body and the schema.


@pytest.mark.parametrize("name", NAMES)
def test_a_canonical_body_is_its_own_and_means_the_same(name: str) -> None:
    once = canonicalize_body(body(name))
    assert canonicalize_body(once) == once
    assert json.loads(json.dumps(once)) == once
    assert read_plan(once) == read_plan(body(name))


def test_exact_numbers_have_one_canonical_writing() -> None:
    mixes = [
        canonicalize_body(change_body(S0, "/tiers/2/targets/0/share", share))["tiers"][2]["targets"][0][
            "share"
        ]
        for share in ("0.35", "7/20", "35/100", "0.350")
    ]
    assert mixes == ["7/20"] * 4


def test_texts_are_composed_and_trimmed() -> None:
    decomposed = "So\u0301c Tra\u0306ng "
    assert read_body(change_body(S0, "/place", decomposed)).place == "Sóc Trăng"


def _parts(model: type[PlanPart]) -> set[type[PlanPart]]:
    """The model and all it is made of."""
    found, ahead = set[type[PlanPart]](), [model]
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += [
                part
                for part in PlanPart.__subclasses__()
                if any(part.__name__ in str(field.annotation) for field in here.model_fields.values())
            ]
    return found


PARTS = sorted(_parts(PlanBody), key=lambda part: part.__name__)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_format_and_rules_have_the_same_fields(part: type[PlanPart]) -> None:
    ours = {field.name for field in fields(part.domain)}
    theirs = set(part.model_fields)
    extra = {"PlanBody": {"format"}, "PlanWindow": {"year", "quarter", "month"}}.get(part.__name__, set())
    assert theirs - extra == ours


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_is_documented(part: type[PlanPart]) -> None:
    section = DOCS.split(f"### {part.__name__}\n", 1)
    assert len(section) == 2, f"docs/plan-format.md has no section {part.__name__}"
    described = section[1].split("\n### ", 1)[0]
    assert [name for name in part.model_fields if f"| `{name}` |" not in described] == []


def test_the_schema_is_closed_and_knows_its_parts() -> None:
    schema = PlanBody.model_json_schema()
    objects = [each for each in [schema, *schema["$defs"].values()] if each.get("type") == "object"]
    assert len(objects) == len(PARTS)
    assert all(each["additionalProperties"] is False for each in objects)
    assert issubclass(PlanBody, BaseModel)


# Whatever is sent, it is taken or refused with places and sentences.

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["i.2", "soc-trang-v", "upper", "dien-hinh", "1/2", "2020-01-01", "staff", "<", "delegate"]
    ),
    st.lists(st.integers(0, 3), max_size=3),
    st.dictionaries(st.sampled_from(["id", "clause", "seats", "a/b"]), st.integers(0, 3), max_size=3),
)


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, each in members for place in _places(each, (*path, key)))]


PLACES = {name: _places(body(name))[1:] for name in NAMES}


@examples(300)
@given(st.data())
def test_any_one_thing_replaced_is_taken_or_refused_cleanly(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    *path, last = data.draw(st.sampled_from(PLACES[name]))
    whole: Any = body(name)
    place = whole
    for step in path:
        place = place[step]
    place[last] = data.draw(JUNK)
    try:
        again = canonicalize_body(whole)
        read_plan(whole)
    except Invalid as refusal:
        told = [translate_code(error.code, error.params, "vi") for error in refusal.errors]
        unsaid = [error for error in refusal.errors if error.code not in load_catalogue()]
    else:
        told, unsaid = ["taken"], []
        assert canonicalize_body(again) == again
    assert told
    assert not unsaid
    assert not [sentence for sentence in told if "{" in sentence]


def test_the_example_of_the_documentation_is_a_plan() -> None:
    text = DOCS.split("```yaml\n", 1)[1].split("```", 1)[0]
    assert read_plan(read_document(text.encode(), "yaml")).tiers[0].cap


def test_every_finding_is_documented() -> None:
    rules = Path(__file__).parents[2] / "domain"
    sources = [rules / "plans" / "contradictions.py", *sorted((rules / "conferences").glob("*.py"))]
    codes = {
        code
        for source in sources
        for code in re.findall(r'(?:Finding|_warn)\(\s*"([a-z_]+)"', source.read_text(encoding="utf-8"))
    }
    assert len(codes) > 20
    assert [code for code in sorted(codes) if f"`{code}`" not in DOCS] == []
