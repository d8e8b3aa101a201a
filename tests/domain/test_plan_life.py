"""Versions of plans and files go through their states in one direction."""

import pytest

from domain.findings import Conflict, Finding, Severity
from domain.plans import PlanState
from domain.plans.life import PLAN_TRANSITIONS, PlanAct, derive_next_state, expect_no_draft
from domain.unit_files import ImportState, derive_confirmed_state, derive_state_of_check


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize(
    ("act", "code"),
    [("revise", "published_plan_is_immutable"), ("publish", "plan_already_published")],
)
def test_only_a_draft_is_revised_or_published(act: PlanAct, state: PlanState, code: str) -> None:
    if state is PlanState.DRAFT:
        assert derive_next_state(act, state, 1) is PLAN_TRANSITIONS[act][state]
        return
    with pytest.raises(Conflict) as refused:
        derive_next_state(act, state, 3)
    assert (refused.value.code, refused.value.params) == (code, {"n": 3})


def test_a_plan_has_one_draft_at_a_time() -> None:
    expect_no_draft(PlanState.PUBLISHED, 1)
    with pytest.raises(Conflict) as refused:
        expect_no_draft(PlanState.DRAFT, 2)
    assert refused.value.code == "one_draft_per_plan"


def test_only_a_checked_file_without_errors_is_confirmed_and_only_once() -> None:
    assert derive_state_of_check([Finding("unit_unchanged", severity=Severity.INFO)]) is ImportState.CHECKED
    faulty = derive_state_of_check([Finding("unit_name_missing")])
    assert derive_confirmed_state(ImportState.CHECKED) is ImportState.CONFIRMED
    for state in (faulty, ImportState.CONFIRMED):
        with pytest.raises(Conflict) as refused:
            derive_confirmed_state(state)
        assert refused.value.code == "import_not_checked"
