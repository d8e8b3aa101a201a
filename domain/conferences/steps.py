"""The steps of a conference from plan to report: by when each is due, when it was done, and how far it is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.calendar import DueDays
from domain.conferences.deadlines import DueTerms
from domain.conferences.filed_facts import FiledFacts, compare_filed_facts
from domain.conferences.filings import (
    Filing,
    count_days_late,
    find_done_day,
    list_filing_findings,
    list_missing_documents,
)
from domain.conferences.life import ConferenceState
from domain.conferences.meetings import Meeting
from domain.conferences.preparation import Schedule, Vetting, find_vetting_organ
from domain.conferences.promises import find_promise, merge_filed_facts
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding, Plain, Severity
from domain.plans import Plan


class StepKind(StrEnum):
    """What is done in a step."""

    PLAN = "plan"
    """The unit files its own plan."""
    REGISTRATION = "registration"
    """The unit registers the day of its conference."""
    VETTING = "vetting"
    """The council above approves the unit's plan."""
    MEETING = "meeting"
    REPORT = "report"


class StepStatus(StrEnum):
    """How far a step is on a day."""

    DONE = "done"
    DONE_LATE = "done_late"
    DUE = "due"
    """Not done, and its last day has not passed."""
    LATE = "late"
    """Not done, and its last day has passed."""
    UNDATED = "undated"
    """Not done, and there is no last day: the plan names none, or leaves open which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its last day ``due``, to whom it goes, and the day on which it was done.

    ``id`` is that of the deadline, or the kind of the step. ``days`` are those in time by each open reading.
    ``missing`` are the documents that have not come. ``since`` is the first day from which ``due`` is known,
    ``None`` where it was from the beginning.
    """

    id: str
    kind: StepKind
    name: str | None = None
    days: tuple[DueDays, ...] = ()
    due: dt.date | None = None
    recipient: str | None = None
    via: str | None = None
    clause: str | None = None
    done_on: dt.date | None = None
    missing: tuple[str, ...] = ()
    since: dt.date | None = None

    def derive_status(self, day: dt.date) -> StepStatus:
        """How far the step is at the end of a day."""
        if self.done_on is not None and self.done_on <= day:
            late = self.due is not None and self.done_on > self.due
            return StepStatus.DONE_LATE if late else StepStatus.DONE
        if self.due is None or (self.since is not None and day < self.since):
            return StepStatus.UNDATED
        return StepStatus.DUE if day <= self.due else StepStatus.LATE

    def count_days_late(self, day: dt.date) -> int:
        """By how many days it was done late, or is late at the end of a day; 0 where it is in time."""
        if self.due is None:
            return 0
        return count_days_late(self.due, day if self.done_on is None else min(self.done_on, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What has been done for a conference: its filings, approval and schedule, and its meeting."""

    filings: Sequence[Filing] = ()
    vetting: Vetting | None = None
    schedule: Schedule | None = None
    meeting: Meeting | None = None


def derive_steps(plan: Plan, terms: ConferenceTerms, done: Preparation) -> tuple[Step, ...]:
    """The steps of a conference: what is filed before it meets, its approval, the meeting, the report."""
    filings = _group_filings(done.filings)
    filed = [
        _derive_filing_step(due, _list_counting(due, filings[due.id], done.meeting), done)
        for due in terms.deadlines
    ]
    before = [each for each in filed if each.kind is not StepKind.REPORT]
    after = [each for each in filed if each.kind is StepKind.REPORT]
    return (
        *before,
        *_derive_vetting(plan, terms, done.vetting),
        _derive_meeting(terms, done.meeting),
        *after,
    )


def _group_filings(filings: Sequence[Filing]) -> Mapping[str, list[Filing]]:
    grouped: dict[str, list[Filing]] = defaultdict(list)
    for filing in filings:
        grouped[filing.deadline].append(filing)
    return grouped


def _derive_filing_step(due: DueTerms, filings: Sequence[Filing], done: Preparation) -> Step:
    return Step(
        id=due.id,
        kind=StepKind(due.what),
        name=due.name,
        days=due.days,
        due=due.last_day,
        recipient=due.recipient,
        via=due.via,
        clause=due.clause,
        done_on=find_done_day(due, filings),
        missing=list_missing_documents(due, filings),
        since=_find_first_known_day(due, done),
    )


def _find_first_known_day(due: DueTerms, done: Preparation) -> dt.date | None:
    """A day that counts from the meeting is known once it has met, a promised one once the plan came."""
    if due.counts_from == "meeting":
        return None if done.meeting is None else done.meeting.last
    if due.counts_from == "own_plan":
        promise = find_promise(done.filings)
        return None if promise is None else promise.since
    return None


def _list_counting(due: DueTerms, filings: Sequence[Filing], meeting: Meeting | None) -> list[Filing]:
    """The filings that count: a report from before the meeting, whose day was corrected since, does not."""
    if due.what != "report" or meeting is None:
        return list(filings)
    return [each for each in filings if each.on >= meeting.last]


def _derive_vetting(plan: Plan, terms: ConferenceTerms, vetting: Vetting | None) -> Iterator[Step]:
    rule = find_vetting_organ(plan, terms)
    if rule is not None or vetting is not None:
        yield Step(
            id="vetting",
            kind=StepKind.VETTING,
            recipient=rule.approved_by if rule else None,
            clause=rule.approval_clause if rule else None,
            done_on=vetting.on if vetting else None,
        )


def _derive_meeting(terms: ConferenceTerms, meeting: Meeting | None) -> Step:
    window = terms.window
    return Step(
        id="meeting",
        kind=StepKind.MEETING,
        days=(DueDays(reading="within", first=window.start, last=window.end),) if window else (),
        due=window.end if window else None,
        clause=window.clause if window else None,
        done_on=meeting.last if meeting else None,
    )


def check_filings(terms: ConferenceTerms, done: Preparation) -> Iterator[Finding]:
    """What has to be told about the filings: late or incomplete ones, where the unit's plan departs from the
    plan above it, and a meeting before which no plan was filed."""
    grouped = _group_filings(done.filings)
    for due in terms.deadlines:
        counting = _list_counting(due, grouped[due.id], done.meeting)
        yield from list_filing_findings(due, terms.report, counting)
        if len(counting) < len(grouped[due.id]):
            early: dict[str, Plain] = {"name": due.name}
            yield Finding("report_before_meeting", early, clause=due.clause, severity=Severity.WARNING)
        if due.what == "plan" and done.meeting is not None and not _was_filed(due, counting, done.meeting):
            params: dict[str, Plain] = {"name": due.name, "on": done.meeting.first.isoformat()}
            yield Finding("met_without_plan", params, clause=due.clause, severity=Severity.WARNING)
    stated = merge_filed_facts(done.filings)
    if stated is not None:
        yield from compare_filed_facts(terms, stated)
    if stated is not None or done.meeting is not None:
        yield from _check_promised_report(terms, stated)
    yield from _check_vetted_plan(done)


def _was_filed(due: DueTerms, filings: Sequence[Filing], meeting: Meeting) -> bool:
    """Whether something of the plan had come: a filing without any document of those asked for is none."""
    before = [each for each in filings if each.on <= meeting.first]
    return any(each.documents or not due.documents for each in before)


def _check_vetted_plan(done: Preparation) -> Iterator[Finding]:
    """The unit's plan was filed again after it had been approved."""
    vetting = done.vetting
    if vetting is None:
        return
    later = [each.on for each in done.filings if each.facts is not None and each.on > vetting.on]
    if later:
        params: dict[str, Plain] = {"on": max(later).isoformat(), "vetted": vetting.on.isoformat()}
        yield Finding("plan_changed_after_approval", params, severity=Severity.WARNING)


def _check_promised_report(terms: ConferenceTerms, facts: FiledFacts | None) -> Iterator[Finding]:
    """The plan leaves the day of the report to the unit's own plan, which names none or was not filed."""
    for due in terms.deadlines:
        if due.counts_from == "own_plan" and (facts is None or facts.report_due is None):
            params: dict[str, Plain] = {"name": due.name}
            yield Finding("report_day_missing", params, clause=due.clause, severity=Severity.WARNING)


class Stage(StrEnum):
    """How far a conference is on its way from plan to report."""

    PLANNED = "planned"
    FILED = "filed"
    VETTED = "vetted"
    SCHEDULED = "scheduled"
    POSTPONED = "postponed"
    MET = "met"
    REPORTED = "reported"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_STAGE_BY_STATE = {ConferenceState.CANCELLED: Stage.CANCELLED, ConferenceState.CLOSED: Stage.CLOSED}


def derive_stage(state: ConferenceState, steps: Sequence[Step], done: Preparation) -> Stage:
    """The furthest stage that a conference has reached; one that it passed by is not asked for again."""
    if state in _STAGE_BY_STATE:
        return _STAGE_BY_STATE[state]
    by_kind = defaultdict(list)
    for step in steps:
        by_kind[step.kind].append(step.done_on is not None)
    if done.meeting is not None:
        reports = by_kind[StepKind.REPORT]
        return Stage.REPORTED if reports and all(reports) else Stage.MET
    if done.schedule is not None:
        return Stage.POSTPONED if done.schedule.is_postponed else Stage.SCHEDULED
    if done.vetting is not None:
        return Stage.VETTED
    plans = by_kind[StepKind.PLAN]
    return Stage.FILED if plans and all(plans) else Stage.PLANNED
