"""A conference as its readers see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from db import conferences
from db.conferences import Conference, SeatGroupRow
from db.plans import PlanVersion
from domain.conferences.life import check_days
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class ConferenceDescription:
    """A conference with the version of the plan that it follows, its seat groups, its terms, and the findings
    about it."""

    conference: Conference
    version: PlanVersion
    groups: Sequence[SeatGroupRow]
    findings: Sequence[Finding]
    terms: ConferenceTerms


async def describe_conference(work: Work, case: Case) -> ConferenceDescription:
    """A conference with its terms, derived again from the frozen plan."""
    conference, found = case.conference, list(case.terms.findings)
    if conference.held_on is not None:
        found += check_days(case.terms, conference.held_on, conference.held_on)
    groups = await conferences.list_seat_groups(work.session, conference.id)
    return ConferenceDescription(conference, case.version, groups, found, case.terms)
