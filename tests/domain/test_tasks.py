"""Tasks: every act of the tables of acts is a task, or is done by choice or by the service."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.conferences.life import CONFERENCE_TRANSITIONS
from domain.conferences.steps import StepKind
from domain.decisions import ALLOCATION_TRANSITIONS, SELECTION_TRANSITIONS, SIZING_TRANSITIONS
from domain.nominations import REPLY_TRANSITIONS, STATE_TRANSITIONS
from domain.plans.life import PLAN_TRANSITIONS
from domain.quotas import QUOTA_TRANSITIONS
from domain.tasks import STEP_TASKS, TASK_RULES, TaskKind, TaskSubject, list_kinds
from domain.unit_files import IMPORT_TRANSITIONS

BY_CHOICE = {
    TaskSubject.PLAN_VERSION: {"revise"},
    TaskSubject.CONFERENCE: {"schedule", "correct", "cancel", "raise", "check_in"},
    TaskSubject.SIZING: {"withdraw"},
    TaskSubject.ALLOCATION: {"withdraw", "adjust"},
    TaskSubject.QUOTA: {"replace", "withdraw"},
    TaskSubject.SELECTION: {"withdraw", "mend", "release_reasons"},
    TaskSubject.NOMINATION: {"change", "rise", "return", "withdraw", "represent"},
}
"""What may be done, and need not be for the work to go on."""

BY_SERVICE = {
    TaskSubject.PLAN_VERSION: {"supersede"},
    TaskSubject.SIZING: {"supersede"},
    TaskSubject.ALLOCATION: {"supersede", "decide", "require_lots", "find_infeasible", "fail", "cancel"},
    TaskSubject.SELECTION: {
        *("supersede", "decide", "require_lots", "find_infeasible", "leave_unproven", "fail", "cancel")
    },
    TaskSubject.NOMINATION: {"seat", "unseat"},
}
"""What no person does, but a run, or an adoption with its own task."""

TABLES: Mapping[TaskSubject, Mapping[Any, Mapping[Any, Any]]] = {
    TaskSubject.PLAN_VERSION: PLAN_TRANSITIONS,
    TaskSubject.UNIT_IMPORT: IMPORT_TRANSITIONS,
    TaskSubject.CONFERENCE: CONFERENCE_TRANSITIONS,
    TaskSubject.SIZING: SIZING_TRANSITIONS,
    TaskSubject.ALLOCATION: ALLOCATION_TRANSITIONS,
    TaskSubject.QUOTA: QUOTA_TRANSITIONS,
    TaskSubject.SELECTION: SELECTION_TRANSITIONS,
    TaskSubject.NOMINATION: STATE_TRANSITIONS,
}

ACTS = {
    "publish_plan": "publish",
    "confirm_import": "confirm",
    "choose_open_terms": "choose",
    "file_papers": "file",
    "vet_conference": "vet",
    "record_meeting": "hold",
    "close_conference": "close",
    "draw_selection_lot": "draw_lot",
    "edit_selection": "edit",
}
"""Operation → the act, where its name does not begin with it."""


def name_act(kind: TaskKind) -> str:
    rule = TASK_RULES[kind]
    return ACTS.get(rule.operation) or rule.operation.removesuffix(f"_{rule.subject}")


@pytest.mark.parametrize("subject", TABLES)
def test_every_act_is_a_task_or_done_by_choice_or_by_the_service(subject: TaskSubject) -> None:
    asked = {name_act(kind) for kind in list_kinds(subject)} - {"nominate"}
    others = BY_CHOICE.get(subject, set()), BY_SERVICE.get(subject, set())
    assert asked | others[0] | others[1] == set(TABLES[subject])
    assert asked.isdisjoint(others[0] | others[1])


@pytest.mark.parametrize("kind", [each for each in TaskKind if TASK_RULES[each].subject in TABLES])
def test_a_task_is_there_only_in_a_state_that_allows_its_act(kind: TaskKind) -> None:
    if kind is not TaskKind.NOMINATE:
        allowed = TABLES[TASK_RULES[kind].subject][name_act(kind)]
        assert TASK_RULES[kind].states
        assert TASK_RULES[kind].states <= set(allowed)


def test_every_state_from_which_the_work_cannot_go_on_is_some_task() -> None:
    """What is neither finished nor computing, of numbers, allocations and lists."""
    at_rest = {"adopted", "superseded", "failed", "cancelled", "computing"}
    for subject in (TaskSubject.SIZING, TaskSubject.ALLOCATION, TaskSubject.SELECTION):
        states = {str(each) for table in TABLES[subject].values() for each in table} - at_rest
        asked = {str(state) for kind in list_kinds(subject) for state in TASK_RULES[kind].states}
        assert asked == states, subject


def test_every_step_that_is_not_done_is_a_task() -> None:
    assert set(STEP_TASKS) == set(StepKind)


def test_invited_people_and_those_to_be_invited_are_tasks() -> None:
    asked = {state for kind in list_kinds(TaskSubject.INVITATION) for state in TASK_RULES[kind].states}
    assert {str(each) for each in asked} == {"listed", "invited"}
    assert asked <= {each for each, after in REPLY_TRANSITIONS.items() if after}
