"""The entries of a conference in a calendar: when it meets, and what its unit has to send by when."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from domain.conferences.life import ConferenceState
from domain.conferences.terms import ConferenceTerms


class EntryKind(StrEnum):
    """What an entry in a calendar is about."""

    MEETING = "meeting"
    """The days on which the conference met."""
    WINDOW = "window"
    """The days within which it has to meet."""
    DEADLINE = "deadline"
    """The last day for a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One entry: ``first`` and ``last`` day, both included. ``key`` stays the same when the days change.

    ``what`` and ``recipient`` are those of a deadline. ``cancelled``: the conference was, so calendars that
    have the entry remove it.
    """

    key: str
    kind: EntryKind
    first: dt.date
    last: dt.date
    clause: str | None
    what: str | None = None
    recipient: str | None = None
    cancelled: bool = False


def list_calendar_entries(
    terms: ConferenceTerms, state: ConferenceState, met_on: dt.date | None
) -> tuple[CalendarEntry, ...]:
    """The entries of one conference: its meeting, or the window until it has met, and its deadlines.

    A deadline without a last day has none. Meeting and window have one key: the one takes the other's place.
    """
    cancelled = state is ConferenceState.CANCELLED
    entries = []
    if met_on is not None:
        entries.append(
            CalendarEntry(key="meeting", kind=EntryKind.MEETING, first=met_on, last=met_on, clause=None)
        )
    elif terms.window is not None:
        entries.append(
            CalendarEntry(
                key="meeting",
                kind=EntryKind.WINDOW,
                first=terms.window.start,
                last=terms.window.end,
                clause=terms.window.clause,
                cancelled=cancelled,
            )
        )
    entries += (
        CalendarEntry(
            key=f"deadline-{due.id}",
            kind=EntryKind.DEADLINE,
            first=due.last_day,
            last=due.last_day,
            clause=due.clause,
            what=due.name,
            recipient=due.recipient,
            cancelled=cancelled,
        )
        for due in terms.deadlines
        if due.last_day is not None
    )
    return tuple(entries)
