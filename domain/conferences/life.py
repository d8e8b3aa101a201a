"""The life of a conference: planned, then held or cancelled."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from domain.conferences.meetings import Meeting, check_meeting_facts, is_outside_window
from domain.conferences.terms import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid


class ConferenceState(StrEnum):
    """The state of a conference."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


ConferenceAct = Literal["hold", "correct", "cancel"]

CONFERENCE_TRANSITIONS: Mapping[ConferenceAct, Mapping[ConferenceState, ConferenceState]] = {
    "hold": {ConferenceState.PLANNED: ConferenceState.HELD},
    "correct": {ConferenceState.HELD: ConferenceState.HELD},
    "cancel": {ConferenceState.PLANNED: ConferenceState.CANCELLED},
}
"""Act → state before → state after."""


def derive_next_state(act: ConferenceAct, state: ConferenceState) -> ConferenceState:
    """The state after an act; raises ``Conflict`` if the state does not allow it."""
    expect_active(state)
    if state not in CONFERENCE_TRANSITIONS[act]:
        raise Conflict("conference_not_planned", {"state": state})
    return CONFERENCE_TRANSITIONS[act][state]


def expect_active(state: ConferenceState) -> None:
    """Raise ``Conflict`` for a conference that was cancelled."""
    if state is ConferenceState.CANCELLED:
        raise Conflict("conference_cancelled")


def expect_open(state: ConferenceState) -> None:
    """Raise ``Conflict`` for a conference that was cancelled or has met: what leads up to it is closed."""
    expect_active(state)
    if state is ConferenceState.HELD:
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
    terms: ConferenceTerms, meeting: Meeting, reason: str | None, today: dt.date
) -> None:
    """Raise ``Invalid`` for a meeting that cannot have been as it is told, or that is outside the window
    without a reason.

    With a reason a day outside the window is recorded, not refused: a congress planned for the third quarter
    has met in October.
    """
    errors = check_meeting_facts(terms, meeting, today)
    if errors:
        raise Invalid(errors[0].code, errors=errors)
    if is_outside_window(terms, meeting) and not reason:
        raise Invalid("outside_window_needs_reason", errors=[Finding("reason_missing", pointer="/reason")])
