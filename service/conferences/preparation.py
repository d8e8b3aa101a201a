"""Preparing a conference: what its unit files, the approval of the council above, its day; and its close."""

from collections.abc import Mapping, Sequence

from db import accounts, conference_steps, papers, units
from db.conference_steps import ConferenceFiling
from db.conferences import Conference
from domain.access import Role
from domain.acts import Act
from domain.conferences.deadlines import DueTerms
from domain.conferences.filed_facts import check_filed_facts
from domain.conferences.filings import Filing, check_filing, check_sender
from domain.conferences.life import derive_next_state
from domain.conferences.preparation import Schedule, Vetting, expect_valid_schedule
from domain.conferences.promises import check_promise, merge_filed_facts
from domain.conferences.steps import StepKind, derive_steps
from domain.findings import Conflict, Finding, Forbidden, Invalid, Plain
from service.access import expect_in_subtree
from service.audit import record_change
from service.conferences.case import act_for_lower_unit, build_case, expect_current
from service.conferences.descriptions import ConferenceDescription, describe_changed, load_preparation
from service.work import Case, Work


async def file_papers(work: Work, case: Case, filing: Filing) -> ConferenceDescription:
    """Record what a unit sent by a deadline of the plan. What is late, missing or departs from the plan is
    recorded with a finding; what cannot be true, or is above a limit, is refused.

    Raises ``Invalid`` for such a filing, ``Conflict`` for a conference that was cancelled or closed.
    """
    conference = case.conference
    derive_next_state("file", conference.state)
    due = _get_deadline(case, filing.deadline)
    done = await load_preparation(work, conference)
    met_on = None if conference.meeting is None else conference.meeting.last
    errors = check_filing(due, case.terms.report, filing, met_on, work.today)
    ended_on = await units.find_end(work.session, conference.unit)
    errors += check_sender(case.terms.unit.code, ended_on, filing)
    if filing.facts is not None:
        errors += check_filed_facts(case.tier, case.terms, filing.facts, filing.reason)
        errors += check_promise(done.filings, filing)
    errors += await _check_papers(work, conference, filing)
    if errors:
        raise Invalid(errors[0].code, errors[0].params, errors=errors)
    work.session.add(
        ConferenceFiling(
            conference=conference.id,
            deadline=filing.deadline,
            on=filing.on,
            documents=filing.documents,
            facts=filing.facts,
            reason=filing.reason,
            on_behalf=not _files_for_own_unit(work, case),
            parts=None if filing.parts is None else list(filing.parts),
            created_by=work.actor.id,
        )
    )
    conference.planned = merge_filed_facts([*done.filings, filing])
    changes: dict[str, Plain] = {"deadline": filing.deadline, "on": filing.on.isoformat()}
    return await _store_change(work, case, Act.CONFERENCE_FILED, changes)


def _files_for_own_unit(work: Work, case: Case) -> bool:
    """Whether the actor belongs to the unit; otherwise a council enters what the unit sent on paper."""
    return any(grant.is_at_unit(case.congress, case.conference.unit) for grant in work.actor.own_unit_grants)


def _get_deadline(case: Case, id: str) -> DueTerms:  # noqa: A002
    """The deadline with that id; raises ``Invalid`` for one that does not apply to the conference."""
    due = next((each for each in case.terms.deadlines if each.id == id), None)
    if due is None:
        params: dict[str, Plain] = {"deadlines": [each.id for each in case.terms.deadlines]}
        raise Invalid("deadline_unknown", params, errors=[Finding("deadline_unknown", params, "/deadline")])
    return due


async def _check_papers(work: Work, conference: Conference, filing: Filing) -> list[Finding]:
    """The files that are named and are not among the papers of the unit in this congress chain."""
    named = {each.paper for each in filing.documents if each.paper is not None}
    found = await papers.list_paper_ids(work.session, conference.congress, conference.unit, named)
    return [
        Finding("paper_not_found", pointer=f"/documents/{position}/paper")
        for position, each in enumerate(filing.documents)
        if each.paper is not None and each.paper not in found
    ]


async def list_filings(work: Work, case: Case) -> Sequence[ConferenceFiling]:
    """What a unit has filed for its conference, the oldest first.

    Raises ``Forbidden`` for an actor who is neither of the unit nor above it.
    """
    await expect_in_subtree(work, case.congress, case.conference.unit)
    return await conference_steps.list_filings(work.session, case.conference.id)


async def vet_conference(work: Work, case: Case, vetting: Vetting) -> ConferenceDescription:
    """Record that the council above has approved a unit's plan. A unit does not approve its own, and whoever
    filed it for the unit does not either.

    Raises ``Invalid`` for a day in the future, ``Forbidden`` for the unit itself, ``Conflict`` for a
    conference that was cancelled or closed, or whose plan has expired.
    """
    conference = case.conference
    expect_current(work, case)
    derive_next_state("vet", conference.state)
    expect_council_above(work, case, "approval_of_own_plan")
    await _expect_other_person(work, case)
    if vetting.on > work.today:
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/on")])
    conference.vetting = vetting
    await record_change(work, conference, Act.CONFERENCE_VETTED, vetting.plain(), chain=case.chain)
    return await describe_changed(work, build_case(work, (conference, case.version, case.may_act)))


async def _expect_other_person(work: Work, case: Case) -> None:
    """Raise ``Forbidden`` for somebody who filed the plan as one of the unit, with whatever identity."""
    plans = {due.id for due in case.terms.deadlines if due.what == "plan"}
    rows = await conference_steps.list_filings(work.session, case.conference.id)
    own = [row for row in rows if row.deadline in plans and not row.on_behalf]
    if not own:
        return
    people = [work.actor.id, *(row.created_by for row in own)]
    marks = await accounts.lock_person_marks(work.session, people, min(row.created_at for row in own))
    actor = marks.get(work.actor.id, frozenset())
    if any(not actor.isdisjoint(marks.get(row.created_by, frozenset())) for row in own):
        raise Forbidden("approval_of_own_plan")


def expect_council_above(work: Work, case: Case, code: str) -> None:
    """Raise ``Forbidden`` with that code for the conference's own unit, and for a program of the whole
    service."""
    grants = work.actor.grants
    if any(grant.role is Role.STANDING_COUNCIL and grant.unit is None for grant in grants):
        return
    if work.actor.is_service_wide or work.actor.is_own_unit(case.congress, case.conference.unit):
        raise Forbidden(code)


async def schedule_conference(work: Work, case: Case, schedule: Schedule) -> ConferenceDescription:
    """Set, move or postpone the days of a conference; why it is moved is recorded.

    Raises ``Invalid`` for days that cannot be or need a reason, ``Conflict`` for a conference that has met
    and for a plan that has expired.
    """
    conference = case.conference
    expect_current(work, case)
    derive_next_state("schedule", conference.state)
    expect_valid_schedule(case.terms, conference.schedule, schedule)
    before = None if conference.schedule is None else conference.schedule.plain()
    conference.schedule = schedule
    return await _store_change(work, case, Act.CONFERENCE_SCHEDULED, {**schedule.plain(), "before": before})


async def close_conference(work: Work, case: Case, reason: str | None) -> ConferenceDescription:
    """Close a conference that has met and reported. Without its report the reason is needed.

    Raises ``Conflict`` for a conference that has not met, and for a missing report without a reason.
    """
    conference = case.conference
    state = derive_next_state("close", conference.state)
    missing = await _list_missing_reports(work, case)
    if missing and not reason:
        raise Conflict("closing_needs_reason", errors=missing)
    conference.state = state
    changes: dict[str, Plain] = {"reason": reason, "missing": [str(each.params["name"]) for each in missing]}
    return await _store_change(work, case, Act.CONFERENCE_CLOSED, changes)


async def _list_missing_reports(work: Work, case: Case) -> list[Finding]:
    steps = derive_steps(case.plan, case.terms, await load_preparation(work, case.conference))
    return [
        Finding("report_missing", {"name": step.name}, clause=step.clause)
        for step in steps
        if step.kind is StepKind.REPORT and step.done_on is None
    ]


async def _store_change(
    work: Work, case: Case, act: Act, changes: Mapping[str, Plain]
) -> ConferenceDescription:
    """Store and record a change of a conference, and write its steps anew."""
    conference = case.conference
    work = act_for_lower_unit(work, case.congress, conference.unit)
    await record_change(work, conference, act, changes, chain=case.chain)
    case = build_case(work, (conference, case.version, case.may_act))
    return await describe_changed(work, case)
