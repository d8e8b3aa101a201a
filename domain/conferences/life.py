"""The life of a conference: planned, then held and closed, or cancelled."""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

from domain.conferences.meetings import Meeting, check_meeting_facts, is_outside_window
from domain.conferences.proceedings import check_proceedings_facts
from domain.conferences.terms import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid
from domain.plans.plan import Plan


class ConferenceState(StrEnum):
    """The state of a conference."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    """It has met, and nothing more is expected of it."""
    CANCELLED = "cancelled"


MET_STATES = frozenset({ConferenceState.HELD, ConferenceState.CLOSED})
"""The states of a conference that has met."""


ConferenceAct = Literal[
    "choose", "file", "vet", "schedule", "raise", "check_in", "hold", "correct", "close", "cancel"
]

CONFERENCE_TRANSITIONS: Mapping[ConferenceAct, Mapping[ConferenceState, ConferenceState]] = {
    "choose": {ConferenceState.PLANNED: ConferenceState.PLANNED},
    "file": {each: each for each in (ConferenceState.PLANNED, ConferenceState.HELD)},
    "vet": {each: each for each in (ConferenceState.PLANNED, ConferenceState.HELD)},
    "schedule": {ConferenceState.PLANNED: ConferenceState.PLANNED},
    "raise": {each: each for each in (ConferenceState.PLANNED, ConferenceState.HELD)},
    "check_in": {each: each for each in (ConferenceState.PLANNED, ConferenceState.HELD)},
    "hold": {ConferenceState.PLANNED: ConferenceState.HELD},
    "correct": {ConferenceState.HELD: ConferenceState.HELD},
    "close": {ConferenceState.HELD: ConferenceState.CLOSED},
    "cancel": {ConferenceState.PLANNED: ConferenceState.CANCELLED},
}
"""Act → state before → state after. Papers and check-ins that are late still come in when it has met."""


def derive_next_state(act: ConferenceAct, state: ConferenceState) -> ConferenceState:
    """The state after an act; raises ``Conflict`` if the state does not allow it."""
    expect_active(state)
    expect_not_closed(state)
    if state not in CONFERENCE_TRANSITIONS[act]:
        if act == "close":
            raise Conflict("conference_has_not_met")
        raise Conflict("conference_not_planned", {"state": state})
    return CONFERENCE_TRANSITIONS[act][state]


def expect_active(state: ConferenceState) -> None:
    """Raise ``Conflict`` for a conference that was cancelled."""
    if state is ConferenceState.CANCELLED:
        raise Conflict("conference_cancelled")


def expect_not_closed(state: ConferenceState) -> None:
    """Raise ``Conflict`` for a conference that was closed: it does not change."""
    if state is ConferenceState.CLOSED:
        raise Conflict("conference_closed")


def expect_recorded_meeting(state: ConferenceState) -> None:
    """Raise ``Conflict`` unless a conference has met and is not closed: then it is recorded what happened."""
    expect_active(state)
    expect_not_closed(state)
    if state is not ConferenceState.HELD:
        raise Conflict("conference_has_not_met")


def expect_open(state: ConferenceState) -> None:
    """Raise ``Conflict`` for a conference that was cancelled or has met: what leads up to it is closed."""
    expect_active(state)
    if state in MET_STATES:
        raise Conflict("conference_has_met")


def choose_meeting_act(state: ConferenceState, correction: str | None) -> ConferenceAct:
    """Whether a meeting is recorded for the first time or corrected; the reason of a ``correction`` is
    needed exactly then.

    Raises ``Invalid`` for a correction without a reason, and ``Conflict`` for a reason without a meeting.
    """
    if state is ConferenceState.HELD and correction is None:
        errors = [Finding("correction_needs_reason", pointer="/correction")]
        raise Invalid("correction_needs_reason", errors=errors)
    if state is ConferenceState.PLANNED and correction is not None:
        raise Conflict("meeting_not_recorded")
    return "hold" if correction is None else "correct"


def expect_valid_meeting(
    plan: Plan,
    terms: ConferenceTerms,
    meeting: Meeting,
    reason: str | None,
    today: dt.date,
    departures: Sequence[Finding] = (),
) -> None:
    """Raise ``Invalid`` for a meeting that cannot have been as it is told, or that departs from the plan
    without a reason: outside the window, or in one of the ``departures``, such as the missing approval of the
    council above or another presidium.

    With a reason it is recorded, not refused: a congress planned for the third quarter has met in October.
    """
    errors = check_meeting_facts(terms, meeting, today)
    if meeting.proceedings is not None:
        errors += check_proceedings_facts(plan, terms, meeting.proceedings)
    if errors:
        raise Invalid(errors[0].code, errors=errors)
    if departures and not reason:
        missing = Finding("reason_missing", pointer="/reason", clause=departures[0].clause)
        raise Invalid("departure_needs_reason", errors=[*departures, missing])
    if is_outside_window(terms, meeting) and not reason:
        raise Invalid("outside_window_needs_reason", errors=[Finding("reason_missing", pointer="/reason")])
