"""The entries of a conference in a calendar: when it meets, and what its unit has to send by when."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.conferences.life import ConferenceState
from domain.conferences.meetings import Meeting
from domain.conferences.preparation import Schedule
from domain.conferences.terms import ConferenceTerms


class EntryKind(StrEnum):
    """What an entry in a calendar is about."""

    MEETING = "meeting"
    """The days on which the conference met."""
    SCHEDULE = "schedule"
    """The days that are set for it."""
    POSTPONED = "postponed"
    """It was postponed and has no days: the days within which it has to meet."""
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
    terms: ConferenceTerms, state: ConferenceState, schedule: Schedule | None, meeting: Meeting | None
) -> tuple[CalendarEntry, ...]:
    """The entries of one conference: its meeting; until it has met, the days that are set for it, or else the
    window; and its deadlines.

    A deadline without a last day has none. Meeting, days and window have one key: each takes the place of
    those before it.
    """
    cancelled = state is ConferenceState.CANCELLED
    entries = list(_list_meeting_entries(terms, schedule, meeting, cancelled=cancelled))
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


def _list_meeting_entries(
    terms: ConferenceTerms, schedule: Schedule | None, meeting: Meeting | None, *, cancelled: bool
) -> Iterator[CalendarEntry]:
    """The one entry for when a conference meets; none where neither the plan nor its unit named days."""
    window, kind = terms.window, EntryKind.WINDOW
    first, last, clause = (window.start, window.end, window.clause) if window else (None, None, None)
    if meeting is not None:
        kind, first, last, clause = EntryKind.MEETING, meeting.first, meeting.last, None
    elif schedule is not None and schedule.is_postponed:
        kind = EntryKind.POSTPONED
    elif schedule is not None:
        kind, (first, last), clause = EntryKind.SCHEDULE, schedule.days, None
    if first is not None and last is not None:
        yield CalendarEntry(
            key="meeting", kind=kind, first=first, last=last, clause=clause, cancelled=cancelled
        )
