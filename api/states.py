"""docs/states.md: what may be done in each state and by whom, from the tables of acts and the routes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.access import SCOPES_BY_ROLE, Access
from domain.conferences.life import CONFERENCE_TRANSITIONS
from domain.decisions import ALLOCATION_TRANSITIONS, SELECTION_TRANSITIONS, SIZING_TRANSITIONS
from domain.difficulties import DIFFICULTY_TRANSITIONS
from domain.nominations import REPLY_TRANSITIONS, STATE_TRANSITIONS
from domain.plans.life import PLAN_TRANSITIONS
from domain.quotas import QUOTA_TRANSITIONS
from domain.runs import RUN_TRANSITIONS
from domain.unit_files import IMPORT_TRANSITIONS

Transitions = Mapping[Any, Mapping[Any, Any]]
"""Act → state before → state after."""

_RUN = "*the run*"
_RUN_CANCELLATION = "*the cancellation of the run*"
_WORKER = "*a worker*"
_RUN_STARTER = "*whoever may start such a run: `cancel_run`*"
_ADOPTION = "*the adoption of the next version*"
_LIST_ADOPTION = "*the adoption of a list*"

_INTRODUCTION = """# States

What may be done in each state, by whom, and the state after it. An act from any other state is refused with
409, and the answer names the state. Written from the tables of acts in `domain/` and the routes in `api/` by
`make states`; `make drift` fails when this page is not what the code has.

*By* names the operation and the roles that have its scope; within which units they may act is in
[access.md](access.md), and who signs instead of the council under four eyes too. In a cancelled conference
every act is refused (`conference_cancelled`). When a conference has met, what leads up to it is closed: its
allocations and quotas, nominations and invitations (`conference_has_met`). The nomination of a delegate on
an adopted list is neither returned nor withdrawn, and keeps its representative: the delegate is replaced
(`nomination_is_delegate`).
"""


@dataclass(frozen=True, slots=True)
class StateTable:
    """The states of one noun: where its table stands, and which operation does each act.

    An operation in asterisks is no call: the service does it.
    """

    noun: str
    place: str
    transitions: Transitions
    operations: Mapping[str, str]


_DECISIONS = ("propose", "approve", "withdraw", "adopt")


def _list_replies() -> Transitions:
    """The replies of invited people in the form of the other tables: the act is the reply."""
    found: dict[str, dict[str, str]] = {}
    for before, replies in REPLY_TRANSITIONS.items():
        for reply in replies:
            found.setdefault(reply, {})[before] = reply
    return found


TABLES = (
    StateTable(
        "Version of a plan",
        "PLAN_TRANSITIONS in domain/plans/life.py",
        PLAN_TRANSITIONS,
        {
            "revise": "revise_plan",
            "publish": "publish_plan",
            "supersede": "*the publication of the next version*",
        },
    ),
    StateTable(
        "File of units or figures",
        "IMPORT_TRANSITIONS in domain/unit_files.py",
        IMPORT_TRANSITIONS,
        {"confirm": "confirm_import"},
    ),
    StateTable(
        "Conference",
        "CONFERENCE_TRANSITIONS in domain/conferences/life.py",
        CONFERENCE_TRANSITIONS,
        {
            "choose": "choose_open_terms",
            "file": "file_papers",
            "vet": "vet_conference",
            "schedule": "schedule_conference",
            "raise": "raise_difficulty",
            "check_in": "record_check_ins",
            "hold": "record_meeting",
            "correct": "record_meeting",
            "close": "close_conference",
            "cancel": "cancel_conference",
        },
    ),
    StateTable(
        "Difficulty",
        "DIFFICULTY_TRANSITIONS in domain/difficulties.py",
        DIFFICULTY_TRANSITIONS,
        {"answer": "answer_difficulty", "close": "close_difficulty"},
    ),
    StateTable(
        "Sizing",
        "SIZING_TRANSITIONS in domain/decisions.py",
        SIZING_TRANSITIONS,
        {**{act: f"{act}_sizing" for act in _DECISIONS}, "supersede": _ADOPTION},
    ),
    StateTable(
        "Allocation",
        "ALLOCATION_TRANSITIONS in domain/decisions.py",
        ALLOCATION_TRANSITIONS,
        {
            **dict.fromkeys(("decide", "require_lots", "find_infeasible", "fail"), _RUN),
            "cancel": _RUN_CANCELLATION,
            **{act: f"{act}_allocation" for act in (*_DECISIONS, "adjust")},
            "settle_tie": "settle_tie",
            "supersede": _ADOPTION,
        },
    ),
    StateTable(
        "Quota from above",
        "QUOTA_TRANSITIONS in domain/quotas.py",
        QUOTA_TRANSITIONS,
        {act: f"{act}_quota" for act in ("replace", "confirm", "withdraw")},
    ),
    StateTable(
        "Selection",
        "SELECTION_TRANSITIONS in domain/decisions.py",
        SELECTION_TRANSITIONS,
        {
            **dict.fromkeys(("decide", "require_lots", "find_infeasible", "leave_unproven", "fail"), _RUN),
            "cancel": _RUN_CANCELLATION,
            **{act: f"{act}_selection" for act in (*_DECISIONS, "edit")},
            "draw_lot": "draw_selection_lot",
            "mend": "replace_delegates",
            "release_reasons": "release_selection_reasons",
            "supersede": _ADOPTION,
        },
    ),
    StateTable(
        "Run",
        "RUN_TRANSITIONS in domain/runs.py",
        RUN_TRANSITIONS,
        {
            **dict.fromkeys(("lease", "give_back", "finish", "fail"), _WORKER),
            "cancel": _RUN_STARTER,
        },
    ),
    StateTable(
        "Nomination",
        "STATE_TRANSITIONS in domain/nominations.py",
        STATE_TRANSITIONS,
        {
            **{act: f"{act}_nomination" for act in ("change", "submit", "accept", "return", "withdraw")},
            "rise": "raise_nomination",
            "represent": "change_representative",
            "seat": _LIST_ADOPTION,
            "unseat": _LIST_ADOPTION,
        },
    ),
    StateTable(
        "Invitation",
        "REPLY_TRANSITIONS in domain/nominations.py",
        _list_replies(),
        dict.fromkeys(("invited", "accepted", "declined", "removed"), "record_reply"),
    ),
)


def format_states(document: Mapping[str, Any]) -> str:
    """The page, one table for each noun; ``document`` is the OpenAPI document, which has the scopes."""
    scopes = _map_scopes(document)
    return "\n".join([_INTRODUCTION, *(_format_table(table, scopes) for table in TABLES)])


def _map_scopes(document: Mapping[str, Any]) -> dict[str, Access]:
    """operation → the scope that it needs."""
    return {
        operation["operationId"]: Access(operation["x-access"])
        for path in document["paths"].values()
        for operation in path.values()
    }


def _format_table(table: StateTable, scopes: Mapping[str, Access]) -> str:
    lines = [f"## {table.noun}", "", f"`{table.place.replace(' in ', '` in `')}`", ""]
    lines += ["| From | Act | By | To |", "|---|---|---|---|", *_list_rows(table, scopes)]
    return "\n".join(lines) + "\n"


def _list_rows(table: StateTable, scopes: Mapping[str, Access]) -> Iterator[str]:
    for act, steps in table.transitions.items():
        operation = table.operations[act]
        by = operation if operation.startswith("*") else _describe_caller(operation, scopes[operation])
        for after, before in _group_by_after(steps.items()):
            yield f"| {', '.join(before)} | {act} | {by} | {after} |"


def _group_by_after(steps: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The states after an act, each with those before it; where nothing changes, all are one line."""
    grouped: dict[str, list[str]] = {}
    for before, after in steps:
        grouped.setdefault("(the same)" if before == after else str(after), []).append(str(before))
    yield from grouped.items()


def _describe_caller(operation: str, access: Access) -> str:
    roles = sorted(
        role.value.replace("_", " ") for role, scopes in SCOPES_BY_ROLE.items() if access in scopes
    )
    return f"`{operation}`: {', '.join(roles)}"
