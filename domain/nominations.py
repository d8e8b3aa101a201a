"""Nominations: from a unit's draft to an accepted name, and what the plan asks of a nominee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from domain.findings import Conflict, Finding, Plain, Severity
from domain.plans import Eligibility, SeatGroup


class State(StrEnum):
    """Where a nomination stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


LIVE = (State.DRAFT, State.SUBMITTED, State.ACCEPTED)
"""The states in which a nomination counts on its unit's list."""

Act = Literal["change", "submit", "accept", "return", "withdraw", "represent", "seat", "unseat"]

ACTS: dict[Act, dict[State, State]] = {
    "change": {State.DRAFT: State.DRAFT, State.RETURNED: State.RETURNED},
    "submit": {State.DRAFT: State.SUBMITTED, State.RETURNED: State.SUBMITTED},
    "accept": {State.SUBMITTED: State.ACCEPTED},
    "return": {State.SUBMITTED: State.RETURNED, State.ACCEPTED: State.RETURNED},
    "withdraw": {
        State.DRAFT: State.WITHDRAWN,
        State.SUBMITTED: State.WITHDRAWN,
        State.RETURNED: State.WITHDRAWN,
        State.ACCEPTED: State.WITHDRAWN,
    },
    "seat": {State.SUBMITTED: State.ACCEPTED, State.ACCEPTED: State.ACCEPTED},
    "unseat": {State.ACCEPTED: State.SUBMITTED},
    "represent": {each: each for each in State if each is not State.WITHDRAWN},
}
"""What may be done in which state, and the state it leads to. The adoption of a list seats and unseats."""


REPLIES = {
    "listed": ("invited", "removed"),
    "invited": ("accepted", "declined", "removed"),
    "accepted": ("declined",),
    "declined": ("accepted", "invited"),
    "removed": (),
}
"""What may follow on the organiser's list: listed, invited, answered; minds change. Who was listed by mistake
is removed, with the reason."""

GONE = ("declined", "removed")
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


def after(act: Act, state: State) -> State:
    """The state after an act; raises ``Conflict`` where the state does not allow it."""
    try:
        return ACTS[act][state]
    except KeyError:
        raise Conflict("nomination_state", {"state": state, "act": act}) from None


def findings(group: SeatGroup, honours: Sequence[Honour], vote: Vote | None) -> list[Finding]:
    """What is missing or doubtful about a nominee of a seat group; nothing here is refused."""
    found: list[Finding] = []
    if vote is not None and vote.in_favour > vote.present:
        params: dict[str, Plain] = {"in_favour": vote.in_favour, "present": vote.present}
        found.append(Finding("vote_over_present", params, "/vote/in_favour"))
    conditions = [each for each in group.eligibility if each.titles or each.awards]
    if conditions and not any(_meets(honour, each) for honour in honours for each in conditions):
        params = {"group": group.id, "conditions": [each.text for each in conditions]}
        clause = conditions[0].clause or group.clause
        found.append(Finding("eligibility_not_shown", params, "/honours", clause, Severity.WARNING))
    return found


def _meets(honour: Honour, condition: Eligibility) -> bool:
    named = condition.titles if honour.kind == "title" else condition.awards
    held = condition.held_by in ("either", honour.held_by)
    recent = condition.since is None or honour.year >= condition.since
    return held and recent and any(_is(honour.name, name) for name in named)


def _is(name: str, wanted: str) -> bool:
    """ "Huân chương" stands for each of them: "Huân chương Lao động hạng Ba" is one."""
    name, wanted = name.casefold(), wanted.casefold()
    return name == wanted or name.startswith(f"{wanted} ")
