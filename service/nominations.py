"""Nominations: named by a unit, submitted, returned or accepted, withdrawn; the list checked each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from db import nominations, quotas, selections, units
from db.columns import now
from db.conferences import Conference
from db.nominations import Nomination
from db.session import AsyncSession
from domain.access import Access
from domain.conferences import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.nominations import Honour, NominationState, Vote, check_nominee, derive_next_state
from domain.plans import SeatGroup
from domain.snapshots import plain_record
from service import conferences, lists, people
from service.access import act_for_unit, expect_may_act_for, expect_unit_visible
from service.audit import record_event
from service.clock import today
from service.lists import ListState
from service.people import PersonDetails, PersonEntry
from service.targets import expect_counted_attributes
from service.work import Work


@dataclass(frozen=True, slots=True)
class NominationDraft:
    """What a unit says of its nominee. ``person`` is somebody known, ``stated`` somebody new: one of the two.

    ``notice`` is the version of the privacy notice the person was given, ``purpose`` what the data is for;
    ``source_document`` the unit's paper where another enters it.
    """

    group: str
    notice: str
    purpose: str
    person: UUID | None = None
    stated: PersonEntry | None = None
    collective: str | None = None
    rank: int | None = None
    merit: str | None = None
    achievements: str | None = None
    honours: tuple[Honour, ...] = field(default=())
    vote: Vote | None = None
    source_document: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedNomination:
    """A nomination after a change, what is doubtful about it, and where the unit's list stands now."""

    nomination: Nomination
    findings: Sequence[Finding]
    composition: ListState


async def draft_nomination(
    work: Work,
    conference: Conference,
    unit: UUID,
    draft: NominationDraft,
) -> CheckedNomination:
    """Enter a draft. It may be ranked before the unit has any seats."""
    await expect_unit_visible(work, unit)
    work = await act_for_unit(work, conference.congress, unit, draft.source_document)
    terms = await _load_current_terms(work.session, conference)
    group = _get_seat_group(terms, draft.group)
    await _expect_may_nominate(work.session, conference, unit)
    expect_counted_attributes(terms.targets, draft.stated)
    person = await _get_or_enter_person(work, draft)
    nomination = Nomination(
        conference=conference.id,
        unit=unit,
        group=group.id,
        person=person,
        state=NominationState.DRAFT,
        honours=[],
        notice=draft.notice,
        purpose=draft.purpose,
    )
    await _store_draft(work, nomination, draft)
    return await _record_act(work, conference, terms, nomination, "nomination_drafted")


async def change_nomination(work: Work, nomination: Nomination, draft: NominationDraft) -> CheckedNomination:
    """Say it anew; only a draft, or what was returned, may be changed.

    What is stated of the person is changed in place where nobody else names the person; what is left out of
    it stays as it is.
    """
    conference = await conferences.get_conference(work, nomination.conference, share=True)
    await act_for_unit(work, conference.congress, nomination.unit, draft.source_document)
    terms = await _load_current_terms(work.session, conference)
    group = _get_seat_group(terms, draft.group)
    nomination.state = derive_next_state("change", NominationState(nomination.state))
    if draft.person is not None and draft.person != nomination.person:
        errors = [Finding("nominee_is_somebody_else", {}, "/person_id")]
        raise Invalid("nominee_is_somebody_else", errors=errors)
    expect_counted_attributes(terms.targets, draft.stated)
    if draft.stated is not None:
        await _amend_person(work, nomination, draft.stated)
    if nomination.group != group.id:  # a returned one still bears the old group's quota
        nomination.group, nomination.quota = group.id, None
    await _store_draft(work, nomination, draft)
    return await _record_act(work, conference, terms, nomination, "nomination_changed")


async def replace_representative(
    work: Work,
    nomination: Nomination,
    stated: PersonEntry,
    reason: str,
) -> CheckedNomination:
    """Send somebody else for the same collective."""
    if nomination.collective is None:
        raise Conflict("not_for_a_collective")
    derive_next_state("represent", NominationState(nomination.state))
    await _expect_no_delegate(work.session, nomination)
    conference = await _lock_active_conference(work, nomination)
    expect_counted_attributes((await conferences.load_terms(work.session, conference)).targets, stated)
    before, person = nomination.person, await people.enter_person(work, stated)
    changes: dict[str, Plain] = {
        "before": str(before),
        "after": str(person.id),
        "reason_sealed": await work.vault.seal_note(work.session, before, reason),
    }
    nomination.person = person.id
    if nomination.submitted_at is not None:  # what was sent holds of the other no more
        nomination.submitted_at = now()
    return await _store_and_record(work, conference, nomination, "representative_changed", changes)


async def submit_nomination(work: Work, nomination: Nomination) -> CheckedNomination:
    """Put a nominee before the level above, within the unit's nominee limit (the database sees to it)."""
    conference = await conferences.get_conference(work, nomination.conference, share=True)
    terms = await _load_current_terms(work.session, conference)
    state = derive_next_state("submit", NominationState(nomination.state))
    quota = await quotas.find_unit_quota(
        work.session, nomination.conference, nomination.unit, nomination.group
    )
    if quota is None:
        raise Conflict("quota_missing", {"group": nomination.group})
    nomination.quota, nomination.state, nomination.submitted_at = quota.id, state, now()
    nomination.returned_reason = None
    await _store_nomination(work.session, nomination)
    return await _record_act(work, conference, terms, nomination, "nomination_submitted")


async def accept_nomination(work: Work, nomination: Nomination) -> CheckedNomination:
    """Take a nominee as delegate, never beyond the unit's seats (the database sees to it)."""
    conference = await _lock_active_conference(work, nomination)
    nomination.state = derive_next_state("accept", NominationState(nomination.state))
    return await _store_and_record(work, conference, nomination, "nomination_accepted")


async def return_nomination(work: Work, nomination: Nomination, reason: str) -> CheckedNomination:
    """Return a nomination to its unit, with the reason."""
    conference = await conferences.get_conference(work, nomination.conference)
    await _expect_no_delegate(work.session, nomination)
    changes: dict[str, Plain] = {
        "reason_sealed": await work.vault.seal_note(work.session, nomination.person, reason)
    }
    nomination.state = derive_next_state("return", NominationState(nomination.state))
    nomination.returned_reason = reason
    return await _store_and_record(work, conference, nomination, "nomination_returned", changes)


async def withdraw_nomination(work: Work, nomination: Nomination, reason: str) -> CheckedNomination:
    """Take a nomination back for good; its place is free again."""
    conference = await conferences.get_conference(work, nomination.conference)
    await _expect_no_delegate(work.session, nomination)
    changes: dict[str, Plain] = {
        "reason_sealed": await work.vault.seal_note(work.session, nomination.person, reason)
    }
    nomination.state = derive_next_state("withdraw", NominationState(nomination.state))
    return await _store_and_record(work, conference, nomination, "nomination_withdrawn", changes)


async def get_nomination(work: Work, id: UUID, *, lock: bool = False) -> Nomination:  # noqa: A002
    """One nomination within the actor's reach.

    With ``lock`` the conference's state holds first, as for whoever adopts its list and then locks those on
    it. Raises ``NotFound``, and ``Forbidden`` where the call is for the unit, or for the conference, and the
    actor is neither.
    """
    conference = await nominations.lock_nomination_conference(work.session, work.actor, id) if lock else None
    nomination = await nominations.find_nomination(work.session, work.actor, id, lock=lock)
    if nomination is None:
        raise NotFound("nomination_not_found")
    if work.actor.access in (Access.NOMINATIONS_WRITE, Access.NOMINATIONS_DECIDE):
        conference = conference or await conferences.get_conference(work, nomination.conference)
        if work.actor.access is Access.NOMINATIONS_WRITE:
            await act_for_unit(work, conference.congress, nomination.unit, nomination.source_document)
        else:
            await expect_may_act_for(work, conference.congress, conference.unit)
    return nomination


async def describe_nomination(work: Work, nomination: Nomination) -> tuple[CheckedNomination, PersonDetails]:
    """A nomination as it stands, with its unit's list, and what is stated of the person.

    Of what is sealed only the names are told, to who may read the values; that the box was opened leaves an
    event.
    """
    conference = await conferences.get_conference(work, nomination.conference)
    terms = await conferences.load_terms(work.session, conference)
    checked = await _check_nomination(work, conference, terms, nomination)
    opened = await nominations.has_sealed_access(work.session, work.actor, nomination.id)
    person = await people.get_person(work, nomination.person)
    known = await people.describe_person(work, person, opened=opened)
    if opened:
        plan = await conferences.get_audit_chain(work.session, conference)
        await record_event(work, "sealed_named", "person", nomination.person, plan=plan)
    return checked, known


async def page_nominations(
    work: Work,
    conference: UUID,
    *,
    unit: UUID | None,
    group: str | None,
    state: str | None,
    after_id: UUID | None,
    limit: int,
) -> Sequence[Nomination]:
    """Nominations to a conference by age, filtered by unit, group and state."""
    await conferences.get_conference(work, conference)
    return await nominations.page_nominations(
        work.session, work.actor, conference, unit=unit, group=group, state=state, after=after_id, limit=limit
    )


async def _lock_active_conference(work: Work, nomination: Nomination) -> Conference:
    """The nomination's conference, which nobody cancels until the transaction ends."""
    conference = await conferences.get_conference(work, nomination.conference, share=True)
    conferences.expect_not_cancelled(conference)
    return conference


async def _load_current_terms(session: AsyncSession, conference: Conference) -> ConferenceTerms:
    conferences.expect_not_cancelled(conference)
    plan = await conferences.load_plan(session, conference)
    if plan.has_expired(today()):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    return await conferences.load_terms(session, conference)


def _get_seat_group(terms: ConferenceTerms, name: str) -> SeatGroup:
    group = next((group for group in terms.seat_groups if group.id == name), None)
    if group is None:
        raise Invalid("group_unknown", errors=[Finding("group_unknown", {}, "/group")])
    if group.filled_by != "units":
        finding = Finding("group_not_filled_by_units", {"filled_by": group.filled_by}, "/group")
        raise Invalid("group_not_filled_by_units", errors=[finding])
    return group


async def _expect_may_nominate(session: AsyncSession, conference: Conference, unit: UUID) -> None:
    """Units nominate to the conference they stand under, or to one that gave them a quota."""
    if await units.is_direct_child(session, conference.congress, unit, conference.unit, conference.as_of):
        return
    if await quotas.list_quotas(session, conference.id, unit):
        return
    raise Invalid("unit_not_below_conference", errors=[Finding("unit_not_below_conference", {}, "/unit")])


async def _get_or_enter_person(work: Work, draft: NominationDraft) -> UUID:
    if (draft.person is None) == (draft.stated is None):
        raise Invalid("person_once", errors=[Finding("person_once", {}, "/person")])
    if draft.stated is not None:
        return (await people.enter_person(work, draft.stated)).id
    if draft.person is not None:
        try:
            return (await people.get_unerased_person(work, draft.person)).id
        except NotFound:
            pass
    raise Invalid("person_not_found", errors=[Finding("person_not_found", {}, "/person_id")])


async def _amend_person(work: Work, nomination: Nomination, stated: PersonEntry) -> None:
    person = await people.get_person(work, nomination.person, lock=True)
    if await nominations.is_person_named_elsewhere(work.session, nomination):
        raise Conflict("person_shared", errors=[Finding("person_shared", {}, "/person")])
    await people.amend_person(work, person, stated)


async def _store_draft(work: Work, nomination: Nomination, draft: NominationDraft) -> None:
    collective = None
    if draft.collective is not None:
        collective = await people.get_or_enter_collective(work, nomination.unit, draft.collective)
    nomination.collective = collective
    nomination.rank, nomination.merit, nomination.achievements = draft.rank, draft.merit, draft.achievements
    nomination.honours = [plain_record(honour) for honour in draft.honours]
    nomination.vote = None if draft.vote is None else plain_record(draft.vote)
    nomination.notice, nomination.purpose = draft.notice, draft.purpose
    nomination.source_document = draft.source_document
    await _store_nomination(work.session, nomination)


async def _store_nomination(session: AsyncSession, nomination: Nomination) -> None:
    """Write it down, in one statement: between two a rival who waits for the row stands in the way."""
    nomination.version += 1
    session.add(nomination)
    await session.flush()


async def _expect_no_delegate(session: AsyncSession, nomination: Nomination) -> None:
    """Raise ``Conflict`` for somebody on an adopted list: there a replacement is adopted."""
    if await selections.has_delegate(session, nomination.id):
        raise Conflict("nomination_is_delegate")


async def _store_and_record(
    work: Work,
    conference: Conference,
    nomination: Nomination,
    act: str,
    changes: Mapping[str, Plain] | None = None,
) -> CheckedNomination:
    await _store_nomination(work.session, nomination)
    terms = await conferences.load_terms(work.session, conference)
    return await _record_act(work, conference, terms, nomination, act, changes)


async def _record_act(
    work: Work,
    conference: Conference,
    terms: ConferenceTerms,
    nomination: Nomination,
    act: str,
    changes: Mapping[str, Plain] | None = None,
) -> CheckedNomination:
    """The list checked and the act recorded, in this order: rivals wait for the end of the audit chain."""
    checked = await _check_nomination(work, conference, terms, nomination)
    said: dict[str, Plain] = {
        "state": nomination.state,
        "unit": str(nomination.unit),
        "group": nomination.group,
        "person": str(nomination.person),
        **(changes or {}),
    }
    if not (
        work.actor.is_own_unit(conference.congress, nomination.unit)
        or work.actor.access is Access.NOMINATIONS_DECIDE
    ):
        work = work.acting_for(nomination.unit)
        said["source_document"] = nomination.source_document
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, act, "nomination", nomination.id, said, plan=plan)
    return checked


async def _check_nomination(
    work: Work,
    conference: Conference,
    terms: ConferenceTerms,
    nomination: Nomination,
) -> CheckedNomination:
    honours = [Honour(**each) for each in nomination.honours]
    vote = None
    if nomination.vote is not None:
        vote = Vote(**{**nomination.vote, "on": date.fromisoformat(nomination.vote["on"])})
    state = await lists.check_unit_list(work, conference, nomination.unit, terms)
    return CheckedNomination(
        nomination, check_nominee(_get_seat_group(terms, nomination.group), honours, vote), state
    )
