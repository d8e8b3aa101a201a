"""What happens to a conference: what was left open is chosen, it meets, or it is cancelled."""

from collections.abc import Mapping
from uuid import UUID

from db import votes
from domain.acts import Act
from domain.conferences.choice import expect_left_open, expect_meeting_name, expect_offered_name
from domain.conferences.life import choose_meeting_act, derive_next_state, expect_valid_meeting
from domain.conferences.meetings import Meeting
from domain.conferences.preparation import check_preparation
from domain.conferences.proceedings import list_departures
from domain.findings import Plain
from domain.plans.tiers import Form
from domain.votes import VoteFacts, expect_votes_fit
from service.audit import record_change
from service.conferences.case import act_for_lower_unit, build_case, derive_planned_terms
from service.conferences.descriptions import ConferenceDescription, describe_changed
from service.conferences.following import apply_terms
from service.work import Case, Work


async def record_meeting(
    work: Work,
    case: Case,
    meeting: Meeting,
    reason: str | None,
    *,
    name: str | None = None,
    correction: str | None = None,
) -> ConferenceDescription:
    """Record when it met, who attended and what was done. What departs from the plan is recorded with its
    reason; a ``name`` that is still open is chosen in the same act.

    Once recorded it is changed only with the reason of the ``correction``, which is recorded too.
    """
    conference = case.conference
    act = choose_meeting_act(conference.state, correction)
    state = derive_next_state(act, conference.state)
    expect_meeting_name(case.tier, case.terms, conference.chosen, name)
    departures = list_departures(case.plan, case.terms, meeting.proceedings)
    departures += check_preparation(case.plan, case.terms, conference.vetting, meeting.first)
    expect_valid_meeting(case.plan, case.terms, meeting, reason, work.today, departures)
    if act == "correct":
        await _expect_votes_fit(work, conference.id, meeting)
    changes: dict[str, Plain] = {"on": str(meeting.first), "reason": reason, "meeting": meeting.plain()}
    if conference.meeting is not None:
        changes |= {"before": conference.meeting.plain(), "correction": correction}
    conference.state, conference.held_on, conference.postponed_reason = state, meeting.first, reason
    conference.meeting, conference.chosen = meeting, name or conference.chosen
    case = build_case(work, (conference, case.version, case.may_act))
    conference.name = case.terms.name
    await _record_change(work, case, _MEETING_ACTS[act], changes)
    return await describe_changed(work, case)


async def _expect_votes_fit(work: Work, conference: UUID, meeting: Meeting) -> None:
    """Raise ``Conflict`` where a corrected meeting contradicts a vote that is recorded of it."""
    found = await votes.list_conference_votes(work.session, conference)
    expect_votes_fit([VoteFacts(vote.on, vote.present, vote.in_favour) for vote in found], meeting)


_MEETING_ACTS: Mapping[str, Act] = {"hold": Act.CONFERENCE_HELD, "correct": Act.MEETING_CORRECTED}


async def choose_open_terms(
    work: Work, case: Case, name: str | None, form: Form | None, reason: str | None
) -> ConferenceDescription:
    """Choose the name or the form that the plan leaves open. A figure that comes later decides the form."""
    conference = case.conference
    conference.state = derive_next_state("choose", conference.state)
    expect_offered_name(case.tier, name)
    expect_left_open(derive_planned_terms(case), name, form, conference.size)
    conference.chosen, conference.chosen_form = name or conference.chosen, form or conference.chosen_form
    chosen = build_case(work, (conference, case.version, case.may_act))
    apply_terms(conference, chosen.terms)
    changes: dict[str, Plain] = {"name": name, "form": form, "reason": reason}
    await _record_change(work, case, Act.CONFERENCE_TERMS_CHOSEN, changes)
    return await describe_changed(work, chosen)


async def cancel_conference(work: Work, case: Case, reason: str) -> ConferenceDescription:
    """Cancel a conference; another may then be created for the unit."""
    conference = case.conference
    conference.state, conference.postponed_reason = derive_next_state("cancel", conference.state), reason
    conference.cancelled_on = work.today
    await _record_change(work, case, Act.CONFERENCE_CANCELLED, {"reason": reason})
    return await describe_changed(work, case)


async def _record_change(work: Work, case: Case, act: Act, changes: Mapping[str, Plain]) -> None:
    """Store and record a change of a conference, done by its own unit or on its behalf."""
    work = act_for_lower_unit(work, case.congress, case.conference.unit)
    await record_change(work, case.conference, act, changes, chain=case.chain)
