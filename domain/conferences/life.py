"""The life of a conference: planned, then held or cancelled."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from domain.conferences.terms import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid, Plain, Severity

WARNING = Severity.WARNING


class ConferenceState(StrEnum):
    """The state of a conference."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


ConferenceAct = Literal["choose", "hold", "cancel"]

CONFERENCE_TRANSITIONS: Mapping[ConferenceAct, Mapping[ConferenceState, ConferenceState]] = {
    "choose": {ConferenceState.PLANNED: ConferenceState.PLANNED},
    "hold": {
        ConferenceState.PLANNED: ConferenceState.HELD,
        ConferenceState.HELD: ConferenceState.HELD,
    },
    "cancel": {ConferenceState.PLANNED: ConferenceState.CANCELLED},
}
"""Act → state before → state after. The day of a meeting can be corrected."""


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


def expect_valid_meeting(terms: ConferenceTerms, day: dt.date, reason: str | None, today: dt.date) -> None:
    """Raise ``Invalid`` for a meeting in the future, or outside the window without a reason.

    A day outside the window is recorded with its reason, not refused: a congress planned for the third
    quarter has met in October.
    """
    if day > today:
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/on")])
    if _is_outside_window(terms, day, day) and not reason:
        raise Invalid("outside_window_needs_reason", errors=[Finding("reason_missing", pointer="/reason")])


def check_days(terms: ConferenceTerms, first: dt.date, last: dt.date) -> tuple[Finding, ...]:
    """Findings about the days for which a conference is called, or on which it met."""
    found: list[Finding] = []
    params: dict[str, Plain] = {"first": first.isoformat(), "last": last.isoformat()}
    if last < first:
        found.append(Finding("days_backwards", params))
    if terms.window and _is_outside_window(terms, first, last):
        bounds: dict[str, Plain] = {
            "start": terms.window.start.isoformat(),
            "end": terms.window.end.isoformat(),
        }
        found.append(
            Finding("outside_window", {**params, **bounds}, clause=terms.window.clause, severity=WARNING)
        )
    if terms.length and 2 * ((last - first).days + 1) - 1 > terms.length.half_days:
        longer: dict[str, Plain] = {**params, "half_days": terms.length.half_days}
        found.append(Finding("longer_than_planned", longer, clause=terms.length.clause, severity=WARNING))
    return tuple(found)


def _is_outside_window(terms: ConferenceTerms, first: dt.date, last: dt.date) -> bool:
    window = terms.window
    return window is not None and not (window.contains(first) and window.contains(last))
