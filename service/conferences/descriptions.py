"""A conference as its readers see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from db import conference_steps, conferences, nominations
from db.conferences import Conference, SeatGroupRow
from db.plans import PlanVersion
from domain.access import Access
from domain.conferences.filings import Filing, check_achievements, list_achievement_deadlines
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
from service.access import is_in_subtree
from service.names import name_nominees
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
    groups, conference = await conferences.list_seat_groups(work.session, case.conference.id), case.conference
    if not case.may_act and not await is_in_subtree(work, case.congress, conference.unit):
        return _describe_to_outsiders(case, groups, await _list_stored_steps(work, conference))
    done = await load_preparation(work, conference)
    described = describe_prepared(case, groups, done)
    lacking = await _list_lacking_achievements(work, case, done)
    return replace(described, findings=[*described.findings, *lacking]) if lacking else described


async def _list_stored_steps(work: Work, conference: Conference) -> Mapping[str, Step]:
    rows = await conference_steps.list_steps(work.session, conference.id, work.today)
    return {row.step: row.read_step() for row in rows}


def _describe_to_outsiders(
    case: Case, groups: Sequence[SeatGroupRow], stored: Mapping[str, Step]
) -> ConferenceDescription:
    """A conference for those who are neither of its unit nor above it: they do not read what it filed, but
    the board tells them when each step was done."""
    done = build_preparation(case.conference)
    steps = [
        replace(step, missing=(), due=stored[step.id].due, done_on=stored[step.id].done_on)
        for step in derive_steps(case.plan, case.terms, done)
        if step.id in stored
    ]
    stage = derive_stage(case.conference.state, steps, done)
    found = [*case.terms.findings, *_list_meeting_findings(case, done)]
    return ConferenceDescription(case.conference, case.version, groups, found, case.terms, steps, stage)


async def _list_lacking_achievements(work: Work, case: Case, done: Preparation) -> list[Finding]:
    """The delegates on a list that was sent without their achievements, as far as the actor may read
    nominations; asked only where the plan wants such a list, and it came."""
    due = list_achievement_deadlines(case.terms.deadlines, done.filings)
    if not due:
        return []
    reader, conference = work.actor.narrow_to_access(Access.NOMINATIONS_READ), case.conference
    found = await nominations.list_without_achievements(
        work.session, reader, case.congress, conference.unit, case.tier.superiors
    )
    await name_nominees(work, map(str, found))
    return [finding for each in due for finding in check_achievements(each, found)]


def describe_prepared(case: Case, groups: Sequence[SeatGroupRow], done: Preparation) -> ConferenceDescription:
    """A conference of which everything is read: nothing else is asked of the database."""
    conference, steps = case.conference, derive_steps(case.plan, case.terms, done)
    stage = derive_stage(conference.state, steps, done)
    found = list_findings(case, done)
    return ConferenceDescription(conference, case.version, groups, found, case.terms, steps, stage)


def list_findings(case: Case, done: Preparation) -> list[Finding]:
    """What has to be told about a conference: of its terms, its filings, its schedule and its meeting."""
    filed = check_filings(case.terms, done)
    return [*case.terms.findings, *filed, *_list_meeting_findings(case, done)]


def _list_meeting_findings(case: Case, done: Preparation) -> list[Finding]:
    """What has to be told about the days of a conference, its approval, and its meeting."""
    terms, meeting = case.terms, done.meeting
    met_on = None if meeting is None else meeting.first
    found = list(check_schedule(terms, done.schedule))
    found += check_preparation(case.plan, terms, done.vetting, met_on)
    if meeting is not None:
        found += check_meeting(case.tier, terms, meeting)
        found += compare_proceedings(case.plan, terms, meeting.proceedings)
    return found


async def describe_changed(work: Work, case: Case) -> ConferenceDescription:
    """A conference after anything has changed on which its steps depend: they are written anew.

    Those of a cancelled conference end on that day, since nothing is due any more; boards of days before it
    still have them.
    """
    description, conference = await describe_conference(work, case), case.conference
    steps, until = description.steps, conference.cancelled_on
    await conference_steps.rewrite_steps(work.session, conference.id, steps, until)
    return description
