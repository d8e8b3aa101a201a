"""The calendar of conferences: the entries of all that the actor sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from db import cases
from db.cases import CaseRow
from db.conferences import Conference
from domain.conferences.entries import CalendarEntry, list_calendar_entries
from domain.findings import Invalid
from service.conferences.case import build_case
from service.work import Work

MOST_CONFERENCES = 2_000
"""The most conferences of one calendar."""


@dataclass(frozen=True, slots=True)
class ConferenceEntry:
    """An entry with its conference; ``name`` is that of the conference, or else of its tier and unit.

    ``clause`` is the printed label of the plan's clause on which the entry is based.
    """

    conference: Conference
    name: str
    unit: str
    clause: str | None
    entry: CalendarEntry


async def load_calendar(work: Work, plan: UUID | None, unit: UUID | None) -> Sequence[CaseRow]:
    """The conferences that the actor sees, of one plan or unit if they are given, the oldest first.

    Raises ``Invalid`` (``calendar_too_large``) for more than ``MOST_CONFERENCES``.
    """
    found = await cases.list_cases(work.session, work.actor, plan=plan, unit=unit, limit=MOST_CONFERENCES + 1)
    if len(found) > MOST_CONFERENCES:
        raise Invalid("calendar_too_large", {"limit": MOST_CONFERENCES})
    return found


def build_entries(work: Work, found: Sequence[CaseRow]) -> Iterator[ConferenceEntry]:
    """The entries of conferences, those of each one together."""
    for row in found:
        case = build_case(work, row)
        conference, unit = case.conference, case.terms.unit.name
        name = conference.name or f"{case.tier.name}: {unit}"
        labels = {clause.id: clause.label for clause in case.plan.clauses}
        entries = list_calendar_entries(case.terms, conference.state, conference.schedule, conference.meeting)
        for entry in entries:
            yield ConferenceEntry(conference, name, unit, labels.get(entry.clause or ""), entry)
