"""Calendars as files: iCalendar (RFC 5545), which calendar programs read and update."""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event

from domain.conferences.entries import EntryKind
from service.conferences.calendars import ConferenceEntry
from service.texts import Translator

PRODUCT = "-//daibieu//conferences//VI"


def write_calendar(entries: Iterable[ConferenceEntry], translator: Translator) -> bytes:
    """The calendar of the entries, in the reader's language.

    An entry keeps its ``UID`` when its days change, and its ``SEQUENCE`` grows with the conference's version:
    a program that reads the calendar again moves the entry. All entries are whole days.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", translator.translate("calendar_name", {}))
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    for each in entries:
        calendar.add_component(_build_event(each, translator))
    content: bytes = calendar.to_ical()
    return content


def _build_event(each: ConferenceEntry, translator: Translator) -> Event:
    entry, conference = each.entry, each.conference
    event = Event()
    event.add("uid", f"{conference.id}/{entry.key}@daibieu")
    event.add("dtstamp", conference.created_at)
    event.add("sequence", conference.version)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + timedelta(days=1))  # the day after the last (RFC 5545, 3.6.1)
    event.add("summary", _write_summary(each, translator))
    if each.clause:
        event.add("description", translator.translate("calendar_clause", {"clause": each.clause}))
    event.add("status", "CANCELLED" if entry.cancelled else _STATUS[entry.kind])
    event.add("transp", "OPAQUE" if entry.kind in _OPAQUE else "TRANSPARENT")
    return event


def _write_summary(each: ConferenceEntry, translator: Translator) -> str:
    entry = each.entry
    match entry.kind:
        case EntryKind.MEETING | EntryKind.SCHEDULE:
            return each.name
        case EntryKind.POSTPONED:
            return translator.translate("calendar_postponed", {"name": each.name})
        case EntryKind.WINDOW:
            return translator.translate("calendar_window", {"name": each.name})
        case EntryKind.DEADLINE:
            params = {"what": entry.what, "unit": each.unit, "recipient": entry.recipient}
            return translator.translate("calendar_deadline", params)


_OPAQUE = {EntryKind.MEETING, EntryKind.SCHEDULE}

_STATUS = {
    EntryKind.MEETING: "CONFIRMED",
    EntryKind.SCHEDULE: "CONFIRMED",
    EntryKind.POSTPONED: "TENTATIVE",
    EntryKind.WINDOW: "TENTATIVE",
    EntryKind.DEADLINE: "CONFIRMED",
}
