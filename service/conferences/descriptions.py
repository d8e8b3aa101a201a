"""A conference as its readers see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from db import conference_steps, conferences
from db.conferences import Conference, SeatGroupRow
from db.plans import PlanVersion
from domain.conferences.filings import Filing
from domain.conferences.life import ConferenceState
from domain.conferences.meetings import check_meeting
from domain.conferences.preparation import check_preparation, check_schedule
from domain.conferences.proceedings import compare_proceedings
from domain.conferences.steps import (
    Preparation,
    Stage,
    Step,
    check_filings,
    derive_stage,
    derive_steps,
)
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class ConferenceDescription:
    """A conference with the version of the plan that it follows, its seat groups, its terms, the steps on its
    way, and the findings about it."""

    conference: Conference
    version: PlanVersion
    groups: Sequence[SeatGroupRow]
    findings: Sequence[Finding]
    terms: ConferenceTerms
    steps: Sequence[Step]
    stage: Stage


async def load_preparation(work: Work, conference: Conference) -> Preparation:
    """What has been done for a conference so far."""
    rows = await conference_steps.list_filings(work.session, conference.id)
    return build_preparation(conference, [row.read_filing() for row in rows])


def build_preparation(conference: Conference, filings: Sequence[Filing] = ()) -> Preparation:
    """What has been done for a conference, with these filings."""
    return Preparation(
        filings=filings,
        vetting=conference.vetting,
        schedule=conference.schedule,
        meeting=conference.meeting,
    )


async def describe_conference(work: Work, case: Case) -> ConferenceDescription:
    """A conference with its terms, derived again from the frozen plan."""
    groups = await conferences.list_seat_groups(work.session, case.conference.id)
    return describe_prepared(case, groups, await load_preparation(work, case.conference))


def describe_prepared(case: Case, groups: Sequence[SeatGroupRow], done: Preparation) -> ConferenceDescription:
    """A conference of which everything is read: nothing else is asked of the database."""
    conference, steps = case.conference, derive_steps(case.plan, case.terms, done)
    stage = derive_stage(conference.state, steps, done)
    found = list_findings(case, done)
    return ConferenceDescription(conference, case.version, groups, found, case.terms, steps, stage)


def list_findings(case: Case, done: Preparation) -> list[Finding]:
    """What has to be told about a conference: of its terms, its filings, its schedule and its meeting."""
    terms, meeting = case.terms, done.meeting
    met_on = None if meeting is None else meeting.first
    found = [*terms.findings, *check_filings(terms, done), *check_schedule(terms, done.schedule)]
    found += check_preparation(case.plan, terms, done.vetting, met_on)
    if meeting is not None:
        found += check_meeting(case.tier, terms, meeting)
        found += compare_proceedings(case.plan, terms, meeting.proceedings)
    return found


async def describe_changed(work: Work, case: Case) -> ConferenceDescription:
    """A conference after anything has changed on which its steps depend: they are written anew.

    A cancelled conference has none, since nothing is due any more.
    """
    description = await describe_conference(work, case)
    cancelled = case.conference.state is ConferenceState.CANCELLED
    steps = () if cancelled else description.steps
    await conference_steps.rewrite_steps(work.session, case.conference.id, steps)
    return description
