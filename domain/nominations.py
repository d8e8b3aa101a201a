"""Nominations: from a unit's draft to an accepted name, and what the plan asks of a nominee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from domain.findings import Conflict, Finding, Plain, Severity
from domain.plans import Eligibility, SeatGroup


class NominationState(StrEnum):
    """Where a nomination stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


LIVE_STATES = (NominationState.DRAFT, NominationState.SUBMITTED, NominationState.ACCEPTED)
"""The states in which a nomination counts on its unit's list."""

NominationAct = Literal["change", "submit", "accept", "return", "withdraw", "represent", "seat", "unseat"]

STATE_TRANSITIONS: dict[NominationAct, dict[NominationState, NominationState]] = {
    "change": {
        NominationState.DRAFT: NominationState.DRAFT,
        NominationState.RETURNED: NominationState.RETURNED,
    },
    "submit": {
        NominationState.DRAFT: NominationState.SUBMITTED,
        NominationState.RETURNED: NominationState.SUBMITTED,
    },
    "accept": {NominationState.SUBMITTED: NominationState.ACCEPTED},
    "return": {
        NominationState.SUBMITTED: NominationState.RETURNED,
        NominationState.ACCEPTED: NominationState.RETURNED,
    },
    "withdraw": {
        NominationState.DRAFT: NominationState.WITHDRAWN,
        NominationState.SUBMITTED: NominationState.WITHDRAWN,
        NominationState.RETURNED: NominationState.WITHDRAWN,
        NominationState.ACCEPTED: NominationState.WITHDRAWN,
    },
    "seat": {
        NominationState.SUBMITTED: NominationState.ACCEPTED,
        NominationState.ACCEPTED: NominationState.ACCEPTED,
    },
    "unseat": {NominationState.ACCEPTED: NominationState.SUBMITTED},
    "represent": {each: each for each in NominationState if each is not NominationState.WITHDRAWN},
}
"""What may be done in which state, and the state it leads to. The adoption of a list seats and unseats."""


REPLY_TRANSITIONS = {
    "listed": ("invited", "removed"),
    "invited": ("accepted", "declined", "removed"),
    "accepted": ("declined",),
    "declined": ("accepted", "invited"),
    "removed": (),
}
"""What may follow on the organiser's list: listed, invited, answered; minds change. Who was listed by mistake
is removed, with the reason."""

VACATING_REPLIES = ("declined", "removed")
"""The replies that leave a place free."""


@dataclass(frozen=True, slots=True)
class Honour:
    """A title or an award with its year, and whether the person or the collective holds it."""

    name: str
    year: int
    kind: Literal["title", "award"] = "title"
    held_by: Literal["person", "collective"] = "person"


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote by which a conference passed its list (the agenda's "Thông qua danh sách đại biểu")."""

    on: date
    in_favour: int
    present: int
    minutes: str | None = None


def derive_next_state(act: NominationAct, state: NominationState) -> NominationState:
    """The state after an act; raises ``Conflict`` where the state does not allow it."""
    try:
        return STATE_TRANSITIONS[act][state]
    except KeyError:
        raise Conflict("nomination_state", {"state": state, "act": act}) from None


def check_nominee(group: SeatGroup, honours: Sequence[Honour], vote: Vote | None) -> list[Finding]:
    """What is missing or doubtful about a nominee of a seat group; nothing here is refused."""
    found: list[Finding] = []
    if vote is not None and vote.in_favour > vote.present:
        params: dict[str, Plain] = {"in_favour": vote.in_favour, "present": vote.present}
        found.append(Finding("vote_over_present", params, "/vote/in_favour"))
    conditions = [each for each in group.eligibility if each.titles or each.awards]
    if conditions and not any(_is_condition_met(honour, each) for honour in honours for each in conditions):
        params = {"group": group.id, "conditions": [each.text for each in conditions]}
        clause = conditions[0].clause or group.clause
        found.append(Finding("eligibility_not_shown", params, "/honours", clause, Severity.WARNING))
    return found


def _is_condition_met(honour: Honour, condition: Eligibility) -> bool:
    named = condition.titles if honour.kind == "title" else condition.awards
    held = condition.held_by in ("either", honour.held_by)
    recent = condition.since is None or honour.year >= condition.since
    return held and recent and any(_is_same_honour(honour.name, name) for name in named)


def _is_same_honour(name: str, wanted: str) -> bool:
    """ "Huân chương" stands for each of them: "Huân chương Lao động hạng Ba" is one."""
    name, wanted = name.casefold(), wanted.casefold()
    return name == wanted or name.startswith(f"{wanted} ")
