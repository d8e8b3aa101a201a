"""Tasks: what somebody has to do next. They follow from the states of what is stored, and are stored nowhere.

A kind of task is one act of one table of acts (docs/states.md) that the work cannot go on without. What may
be done as well, such as taking a proposal back, is no task.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.access import Access
from domain.conferences.life import CONFERENCE_TRANSITIONS, MET_STATES
from domain.conferences.steps import StepKind
from domain.decisions import ALLOCATION_TRANSITIONS, SELECTION_TRANSITIONS, SIZING_TRANSITIONS
from domain.nominations import REPLY_TRANSITIONS, STATE_TRANSITIONS, InvitationReply
from domain.plans.life import PLAN_TRANSITIONS
from domain.quotas import QUOTA_TRANSITIONS, QuotaState
from domain.unit_files import IMPORT_TRANSITIONS


class TaskSubject(StrEnum):
    """What a task is about: the thing to which the act is done."""

    PLAN_VERSION = "plan_version"
    UNIT_IMPORT = "unit_import"
    CONFERENCE = "conference"
    SIZING = "sizing"
    ALLOCATION = "allocation"
    QUOTA = "quota"
    NOMINATION = "nomination"
    INVITATION = "invitation"
    SELECTION = "selection"


class TaskKind(StrEnum):
    """What has to be done."""

    PUBLISH_PLAN = "publish_plan"
    CONFIRM_FILE = "confirm_file"
    CHOOSE_NAME = "choose_name"
    FILE_PLAN = "file_plan"
    REGISTER_DAY = "register_day"
    VET_PLAN = "vet_plan"
    HOLD_MEETING = "hold_meeting"
    FILE_REPORT = "file_report"
    CLOSE_CONFERENCE = "close_conference"
    PROPOSE_SIZING = "propose_sizing"
    APPROVE_SIZING = "approve_sizing"
    ADOPT_SIZING = "adopt_sizing"
    SETTLE_TIE = "settle_tie"
    PROPOSE_ALLOCATION = "propose_allocation"
    APPROVE_ALLOCATION = "approve_allocation"
    ADOPT_ALLOCATION = "adopt_allocation"
    CONFIRM_QUOTA = "confirm_quota"
    NOMINATE = "nominate"
    SUBMIT_NOMINATION = "submit_nomination"
    MEND_NOMINATION = "mend_nomination"
    DECIDE_NOMINATION = "decide_nomination"
    INVITE_GUEST = "invite_guest"
    RECORD_REPLY = "record_reply"
    DRAW_LOT = "draw_lot"
    MEND_SELECTION = "mend_selection"
    PROPOSE_SELECTION = "propose_selection"
    APPROVE_SELECTION = "approve_selection"
    ADOPT_SELECTION = "adopt_selection"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRule:
    """When a task is there, and how it is done.

    ``states`` are those of the subject in which the act may be done; ``act_path`` is the path of the act
    below that of the subject, and ``access`` its scope. ``for_every_council``: not only the unit itself is
    told, but every council that may do it, since it is not for the unit itself. ``newest_only``: of several
    versions only the newest is meant, since those before it were left for it.
    """

    subject: TaskSubject
    access: Access
    operation: str
    act_path: str
    states: frozenset[Any]
    for_every_council: bool = False
    newest_only: bool = False


def _conference(operation: str, act_path: str, act: Any, states: Any = None, **more: Any) -> TaskRule:
    allowed = frozenset(CONFERENCE_TRANSITIONS[act])
    return TaskRule(
        subject=TaskSubject.CONFERENCE,
        access=Access.CONFERENCES_WRITE,
        operation=operation,
        act_path=act_path,
        states=allowed if states is None else allowed & states,
        **more,
    )


_SIGNED = ("approve", "adopt")


def _decision(
    subject: TaskSubject,
    access: Access,
    act: str,
    act_path: str,
    table: Mapping[Any, Any],
    operation: str | None = None,
) -> TaskRule:
    return TaskRule(
        subject=subject,
        access=access,
        operation=operation or f"{act}_{subject}",
        act_path=act_path,
        states=frozenset(table[act]),
        for_every_council=act in _SIGNED,
        newest_only=act not in _SIGNED,
    )


def _sizing(access: Access, act: str, act_path: str) -> TaskRule:
    return _decision(TaskSubject.SIZING, access, act, act_path, SIZING_TRANSITIONS)


def _allocation(access: Access, act: str, act_path: str, operation: str | None = None) -> TaskRule:
    return _decision(TaskSubject.ALLOCATION, access, act, act_path, ALLOCATION_TRANSITIONS, operation)


def _selection(access: Access, act: str, act_path: str, operation: str | None = None) -> TaskRule:
    return _decision(TaskSubject.SELECTION, access, act, act_path, SELECTION_TRANSITIONS, operation)


def _nomination(access: Access, operation: str, act_path: str, act: Any, state: str) -> TaskRule:
    return TaskRule(
        subject=TaskSubject.NOMINATION,
        access=access,
        operation=operation,
        act_path=act_path,
        states=frozenset({each for each in STATE_TRANSITIONS[act] if each == state}),
    )


def _reply(before: InvitationReply) -> TaskRule:
    return TaskRule(
        subject=TaskSubject.INVITATION,
        access=Access.NOMINATIONS_DECIDE,
        operation="record_reply",
        act_path="reply",
        states=frozenset({before} if REPLY_TRANSITIONS[before] else ()),
    )


TASK_RULES: Mapping[TaskKind, TaskRule] = {
    TaskKind.PUBLISH_PLAN: TaskRule(
        subject=TaskSubject.PLAN_VERSION,
        access=Access.PLANS_PUBLISH,
        operation="publish_plan",
        act_path="publication",
        states=frozenset(PLAN_TRANSITIONS["publish"]),
        for_every_council=True,
    ),
    TaskKind.CONFIRM_FILE: TaskRule(
        subject=TaskSubject.UNIT_IMPORT,
        access=Access.UNITS_WRITE,
        operation="confirm_import",
        act_path="confirmation",
        states=frozenset(IMPORT_TRANSITIONS["confirm"]),
        for_every_council=True,
    ),
    TaskKind.CHOOSE_NAME: _conference("choose_open_terms", "choice", "choose"),
    TaskKind.FILE_PLAN: _conference("file_papers", "filings", "file"),
    TaskKind.REGISTER_DAY: _conference("file_papers", "filings", "file"),
    TaskKind.VET_PLAN: _conference("vet_conference", "vetting", "vet", for_every_council=True),
    TaskKind.HOLD_MEETING: _conference("record_meeting", "holding", "hold"),
    TaskKind.FILE_REPORT: _conference("file_papers", "filings", "file", MET_STATES),
    TaskKind.CLOSE_CONFERENCE: _conference("close_conference", "closing", "close"),
    TaskKind.PROPOSE_SIZING: _sizing(Access.CONFERENCES_WRITE, "propose", "proposal"),
    TaskKind.APPROVE_SIZING: _sizing(Access.ALLOCATIONS_APPROVE, "approve", "approval"),
    TaskKind.ADOPT_SIZING: _sizing(Access.ALLOCATIONS_APPROVE, "adopt", "adoption"),
    TaskKind.SETTLE_TIE: _allocation(Access.ALLOCATIONS_WRITE, "settle_tie", "lots", "settle_tie"),
    TaskKind.PROPOSE_ALLOCATION: _allocation(Access.ALLOCATIONS_WRITE, "propose", "proposal"),
    TaskKind.APPROVE_ALLOCATION: _allocation(Access.ALLOCATIONS_APPROVE, "approve", "approval"),
    TaskKind.ADOPT_ALLOCATION: _allocation(Access.ALLOCATIONS_APPROVE, "adopt", "adoption"),
    TaskKind.CONFIRM_QUOTA: TaskRule(
        subject=TaskSubject.QUOTA,
        access=Access.ALLOCATIONS_APPROVE,
        operation="confirm_quota",
        act_path="confirmation",
        states=frozenset(QUOTA_TRANSITIONS["confirm"]),
        for_every_council=True,
    ),
    TaskKind.NOMINATE: TaskRule(
        subject=TaskSubject.QUOTA,
        access=Access.NOMINATIONS_WRITE,
        operation="nominate",
        act_path="nominations",
        states=frozenset({QuotaState.CONFIRMED, QuotaState.CHANGED}),
    ),
    TaskKind.SUBMIT_NOMINATION: _nomination(
        Access.NOMINATIONS_WRITE, "submit_nomination", "submission", "submit", "draft"
    ),
    TaskKind.MEND_NOMINATION: _nomination(
        Access.NOMINATIONS_WRITE, "submit_nomination", "submission", "submit", "returned"
    ),
    TaskKind.DECIDE_NOMINATION: _nomination(
        Access.NOMINATIONS_DECIDE, "accept_nomination", "acceptance", "accept", "submitted"
    ),
    TaskKind.INVITE_GUEST: _reply(InvitationReply.LISTED),
    TaskKind.RECORD_REPLY: _reply(InvitationReply.INVITED),
    TaskKind.DRAW_LOT: _selection(Access.SELECTIONS_WRITE, "draw_lot", "lots", "draw_selection_lot"),
    TaskKind.MEND_SELECTION: TaskRule(
        subject=TaskSubject.SELECTION,
        access=Access.SELECTIONS_WRITE,
        operation="edit_selection",
        act_path="edits",
        states=frozenset(
            set(SELECTION_TRANSITIONS["edit"])
            - set(SELECTION_TRANSITIONS["propose"])
            - set(SELECTION_TRANSITIONS["draw_lot"])
        ),
        newest_only=True,
    ),
    TaskKind.PROPOSE_SELECTION: _selection(Access.SELECTIONS_WRITE, "propose", "proposal"),
    TaskKind.APPROVE_SELECTION: _selection(Access.SELECTIONS_APPROVE, "approve", "approval"),
    TaskKind.ADOPT_SELECTION: _selection(Access.SELECTIONS_APPROVE, "adopt", "adoption"),
}
"""What each task is, and who is told of it: whoever has the scope where the act is done."""

STEP_TASKS: Mapping[StepKind, TaskKind] = {
    StepKind.PLAN: TaskKind.FILE_PLAN,
    StepKind.REGISTRATION: TaskKind.REGISTER_DAY,
    StepKind.VETTING: TaskKind.VET_PLAN,
    StepKind.MEETING: TaskKind.HOLD_MEETING,
    StepKind.REPORT: TaskKind.FILE_REPORT,
}
"""The task while a step is not done; its last day is that of the step."""


def list_kinds(subject: TaskSubject) -> tuple[TaskKind, ...]:
    """The tasks about such a subject."""
    return tuple(kind for kind, rule in TASK_RULES.items() if rule.subject is subject)
