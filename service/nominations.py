"""Nominations: drafted by a unit, submitted, returned, accepted, withdrawn; each act checks the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from db import nominations, quotas, reach, rolls, selections, unit_changes, units, votes
from db.audit import AuditEvent
from db.cases import RowLock
from db.columns import now
from db.list_checks import UnitPlaces, load_unit_places
from db.nominations import Nomination
from db.people import Person
from domain.access import Access, build_forbidden
from domain.acts import Act
from domain.conferences.life import expect_open
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain, Severity
from domain.nominations import (
    Honour,
    NominationState,
    check_nominee,
    check_other_congresses,
    choose_seat_group,
    derive_next_state,
    expect_known_tiers,
)
from domain.plans import SelectionRule
from domain.quotas import expect_confirmed
from domain.votes import check_voted_name, expect_passed_list, find_list_clause
from service import lists, people
from service.access import act_for_unit, expect_unit_visible
from service.audit import build_event, record_events, store_row
from service.conferences.case import build_case, expect_preparing, read_planned_tier
from service.exemplars import asks_for_honours, list_recorded_honours, map_honours
from service.lists import ListState, UnitCheck
from service.nominees import NominationDraft, amend_nominee, apply_draft, get_or_enter_person
from service.people import PersonDetails, PersonEntry
from service.sealed_attributes import seal_note
from service.targets import expect_counted_attributes
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class CheckedNomination:
    """A nomination after a change, its person, its findings, and the unit's list."""

    nomination: Nomination
    person: Person
    findings: Sequence[Finding]
    composition: ListState


async def load_nomination(work: Work, nomination: UUID) -> tuple[Case, Nomination]:
    """One nomination within the actor's reach, and the case of its conference."""
    found = await nominations.find_nomination_case(work.session, work.actor, nomination)
    if found is None:
        raise NotFound("nomination_not_found")
    return build_case(work, found[1]), found[0]


async def lock_nomination(
    work: Work, nomination: UUID, document: str | None = None
) -> tuple[Case, Nomination]:
    """As :func:`load_nomination`, to act on it: its conference's state is locked first, then the nomination.

    An adoption uses the same order. ``document`` is the unit's, if this act brings one. Raises ``Forbidden``
    for an actor who may see it, but not act for the unit, or for the conference where its council decides.
    """
    session, actor = work.session, work.actor
    found = await nominations.find_nomination_case(session, actor, nomination, lock=RowLock.SHARE)
    row = None if found is None else await nominations.lock_nomination(session, actor, nomination)
    if found is None or row is None:
        raise NotFound("nomination_not_found")
    case = build_case(work, found[1])
    if actor.access is Access.NOMINATIONS_WRITE:
        await act_for_unit(work, case.congress, row.unit, document or row.source_document)
    elif actor.access is Access.NOMINATIONS_DECIDE and not case.may_act:
        raise build_forbidden(work.actor.access)
    return case, row


async def draft_nomination(work: Work, case: Case, unit: UUID, draft: NominationDraft) -> CheckedNomination:
    """Enter a draft, also before the unit has any seats."""
    await expect_unit_visible(work, unit)
    work = await act_for_unit(work, case.congress, unit, draft.source_document)
    expect_preparing(work, case)
    group = choose_seat_group(case.terms.seat_groups, draft.group)
    await _expect_may_nominate(work, case, unit)
    (await nominations.count_unit_drafts(work.session, case.congress, unit)).expect_room()
    expect_known_tiers(draft.honours, [each.id for each in case.plan.tiers])
    expect_counted_attributes(case.terms.targets, draft.stated)
    person, entered = await get_or_enter_person(work, draft)
    nomination = Nomination(
        conference=case.conference.id,
        unit=unit,
        group=group.id,
        person=person,
        entered=draft.stated is not None,
        state=NominationState.DRAFT,
        honours=(),
        notice=draft.notice,
        purpose=draft.purpose,
    )
    await apply_draft(work, nomination, draft)
    return await _store_and_record(work, case, nomination, Act.NOMINATION_DRAFTED, events=entered)


async def change_nomination(
    work: Work, case: Case, nomination: Nomination, draft: NominationDraft
) -> CheckedNomination:
    """Replace what the unit states; only a draft, or what was returned, may be changed.

    The person's attributes are changed where the person was entered with it; those left out remain.
    """
    await act_for_unit(work, case.congress, nomination.unit, draft.source_document)
    expect_preparing(work, case)
    choose_seat_group(case.terms.seat_groups, draft.group)
    expect_known_tiers(draft.honours, [each.id for each in case.plan.tiers])
    state = derive_next_state("change", NominationState(nomination.state))
    if draft.person is not None and draft.person != nomination.person:
        errors = [Finding("nominee_is_somebody_else", {}, "/person_id")]
        raise Invalid("nominee_is_somebody_else", errors=errors)
    expect_counted_attributes(case.terms.targets, draft.stated)
    if draft.stated is not None:
        await amend_nominee(work, nomination, draft.stated)
    nomination.state = state
    await apply_draft(work, nomination, draft)
    return await _store_and_record(work, case, nomination, Act.NOMINATION_CHANGED)


async def replace_representative(
    work: Work, case: Case, nomination: Nomination, stated: PersonEntry, reason: str
) -> CheckedNomination:
    """Nominate another person for the same collective."""
    if nomination.collective is None:
        raise Conflict("not_for_a_collective")
    derive_next_state("represent", NominationState(nomination.state))
    await _expect_no_delegate(work, nomination)
    expect_open(case.conference.state)
    expect_counted_attributes(case.terms.targets, stated)
    before, person = nomination.person, await people.store_person(work, stated)
    changes: dict[str, Plain] = {
        "before": str(before),
        "after": str(person.id),
        "reason_sealed": await seal_note(work, before, reason),
    }
    nomination.person, nomination.entered = person.id, True
    if nomination.submitted_at is not None:  # it was sent for the former person
        nomination.submitted_at = now()
    entered = [people.build_entry_event(work, person.id)]
    act = Act.REPRESENTATIVE_CHANGED
    return await _store_and_record(work, case, nomination, act, changes, events=entered)


async def raise_nomination(work: Work, case: Case, nomination: Nomination) -> CheckedNomination:
    """Hand a proposal for a conference further above to the unit directly above, which may then nominate it.

    ``named_by_unit`` keeps whose proposal it was, and ``named_by_document`` that unit's document: the unit
    above has not sent any yet. The list that is checked is that of the unit that had it.
    """
    expect_preparing(work, case)
    state = derive_next_state("rise", NominationState(nomination.state))
    conference, unit = case.conference, nomination.unit
    above = await unit_changes.find_parent(work.session, conference.congress, unit, conference.as_of)
    if above is None or above == conference.unit:
        raise Conflict("nomination_at_the_top")
    nomination.state, nomination.unit, nomination.rank = state, above, None
    if nomination.named_by_unit is None:
        nomination.named_by_unit, nomination.named_by_document = unit, nomination.source_document
    nomination.source_document = None
    await store_row(work, nomination)
    check = await lists.load_unit_check(work, case, unit)
    checked = await _check_nomination(work, case, nomination, check)
    changes: dict[str, Plain] = {"unit": str(unit), "above": str(above), "person": str(nomination.person)}
    event = build_event(work, Act.NOMINATION_RISEN, "nomination", nomination.id, changes, plan=case.chain)
    await record_events(work, *check.events, event)
    return checked


async def submit_nomination(work: Work, case: Case, nomination: Nomination) -> CheckedNomination:
    """Submit a nominee to the level above, within the unit's nominee limit (checked by the database).

    A finding says where the actor sees that the person was sent to another congress as well; whoever does
    not see it is told when the second congress starts to choose its list.
    """
    expect_preparing(work, case)
    state = derive_next_state("submit", NominationState(nomination.state))
    places = await load_unit_places(work.session, nomination.conference, nomination.unit)
    quota = places.find_quota(nomination.group)
    if quota is None:
        raise Conflict("quota_missing", {"group": nomination.group})
    expect_confirmed(quota.source, quota.document)
    found = check_other_congresses(await _list_other_congresses(work, case, nomination.person))
    nomination.quota, nomination.state, nomination.submitted_at = quota.id, state, now()
    nomination.returned_reason = None
    checked = await _store_and_record(work, case, nomination, Act.NOMINATION_SUBMITTED, places=places)
    return replace(checked, findings=[*checked.findings, *found])


async def _list_other_congresses(work: Work, case: Case, person: UUID) -> list[str]:
    """The other congresses to which the actor sees the person sent, where one person goes to one only."""
    if not case.tier.congress or (case.tier.selection or SelectionRule()).both_congresses:
        return []
    found = await nominations.list_other_congresses(work.session, work.actor, case.conference, person)
    return [each.congress for each, version in found if read_planned_tier(version, each)[1].congress]


async def accept_nomination(work: Work, case: Case, nomination: Nomination) -> CheckedNomination:
    """Accept a nominee as delegate, within the unit's seats (checked by the database).

    A finding says where the list of the conference is adopted already: only a new list makes them a delegate.
    """
    expect_open(case.conference.state)
    state = derive_next_state("accept", NominationState(nomination.state))
    await _expect_no_seat_by_office(work, case, nomination)
    found = await _check_own_list(work, case, nomination)
    expect_passed_list(case.tier, found)
    places = await load_unit_places(work.session, nomination.conference, nomination.unit)
    nomination.state = state
    checked = await _store_and_record(work, case, nomination, Act.NOMINATION_ACCEPTED, places=places)
    if places.has_list:
        found = [*found, Finding("accepted_after_list", severity=Severity.WARNING)]
    alike = await people.check_similar_names(work, nomination.conference, checked.person)
    return replace(checked, findings=[*checked.findings, *found, *alike])


async def _expect_no_seat_by_office(work: Work, case: Case, nomination: Nomination) -> None:
    """Raise ``Conflict`` for somebody who has a seat by office, and takes none of a unit."""
    if not any(group.filled_by == "ex_officio" for group in case.terms.seat_groups):
        return
    await rolls.lock_person(work.session, nomination.conference, nomination.person)
    if await rolls.has_seat_by_office(work.session, nomination.conference, nomination.person):
        raise Conflict("person_seated_by_office")


async def _check_own_list(work: Work, case: Case, nomination: Nomination) -> list[Finding]:
    """The warning for a nominee whose list was not passed. Where the plan asks for none, nothing is read."""
    if not find_list_clause(case.plan, case.tier)[0]:
        return []
    found = await votes.map_votes_by_nomination(work.session, nomination.conference, nomination.id)
    return check_voted_name(case.plan, case.tier, found.get(nomination.id))


async def return_nomination(work: Work, case: Case, nomination: Nomination, reason: str) -> CheckedNomination:
    """Return a nomination to its unit, with the reason."""
    expect_open(case.conference.state)
    await _expect_no_delegate(work, nomination)
    state = derive_next_state("return", NominationState(nomination.state))
    changes: dict[str, Plain] = {"reason_sealed": await seal_note(work, nomination.person, reason)}
    nomination.state, nomination.returned_reason = state, reason
    return await _store_and_record(work, case, nomination, Act.NOMINATION_RETURNED, changes)


async def withdraw_nomination(
    work: Work, case: Case, nomination: Nomination, reason: str
) -> CheckedNomination:
    """Withdraw a nomination for ever; its place is free again."""
    expect_open(case.conference.state)
    await _expect_no_delegate(work, nomination)
    state = derive_next_state("withdraw", NominationState(nomination.state))
    changes: dict[str, Plain] = {"reason_sealed": await seal_note(work, nomination.person, reason)}
    nomination.state = state
    return await _store_and_record(work, case, nomination, Act.NOMINATION_WITHDRAWN, changes)


async def describe_nomination(
    work: Work, case: Case, nomination: Nomination
) -> tuple[CheckedNomination, PersonDetails, Sequence[Honour]]:
    """A nomination with its unit's list, the attributes of the person, and the honours given at conferences.

    Of sealed attributes an actor who may read the values gets only the names, and this is recorded.
    """
    check = await lists.load_unit_check(work, case, nomination.unit)
    checked = await _check_nomination(work, case, nomination, check)
    may_open = await nominations.has_sealed_access(work.session, work.actor, nomination.id)
    details = await people.describe_person(work, checked.person, may_open=may_open)
    events = [*check.events]
    if may_open:
        events.append(build_event(work, Act.SEALED_NAMED, "person", nomination.person, plan=case.chain))
    given = await list_recorded_honours(work, nomination)
    await record_events(work, *events)
    return replace(checked, findings=[*checked.findings, *details.findings]), details, given


async def page_nominations(
    work: Work,
    case: Case,
    *,
    unit: UUID | None,
    group: str | None,
    state: NominationState | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Nomination]:
    """Nominations to a conference by age, filtered by unit, group and state."""
    return await nominations.page_nominations(
        work.session,
        work.actor,
        case.conference.id,
        unit=unit,
        group=group,
        state=state,
        after=after,
        limit=limit,
    )


async def _expect_may_nominate(work: Work, case: Case, unit: UUID) -> None:
    """Units nominate to the conference of the unit above them, or to one that gave them a quota. To one
    further above they propose: the proposal rises through the units between (:func:`raise_nomination`)."""
    session, conference = work.session, case.conference
    chain, above, day = conference.congress, conference.unit, conference.as_of
    if await units.is_direct_child(session, chain, unit, above, day):
        return
    if await quotas.list_quotas(session, conference.id, unit):
        return
    if await reach.is_unit_above(session, above, unit, day, chain):
        return
    raise Invalid("unit_not_below_conference", errors=[Finding("unit_not_below_conference", {}, "/unit")])


async def _expect_no_delegate(work: Work, nomination: Nomination) -> None:
    """Raise ``Conflict`` for a delegate of an adopted list, who can only be replaced."""
    if await selections.has_delegate(work.session, nomination.id):
        raise Conflict("nomination_is_delegate")


async def _store_and_record(
    work: Work,
    case: Case,
    nomination: Nomination,
    act: Act,
    changes: Mapping[str, Plain] | None = None,
    *,
    places: UnitPlaces | None = None,
    events: Sequence[AuditEvent] = (),
) -> CheckedNomination:
    """Write the nomination, check the unit's list, and record the act after the ``events`` before it.

    In this order, since other writers wait for the end of the audit chain. The row is written by one
    statement: another writer may come between two.
    """
    await store_row(work, nomination)
    check = await lists.load_unit_check(work, case, nomination.unit, places=places)
    checked = await _check_nomination(work, case, nomination, check)
    event = _build_act_event(work, case, nomination, act, changes or {})
    await record_events(work, *events, *check.events, event)
    return checked


def _build_act_event(
    work: Work, case: Case, nomination: Nomination, act: Act, changes: Mapping[str, Plain]
) -> AuditEvent:
    """The event of an act on a nomination; for another unit it names that unit's document."""
    details: dict[str, Plain] = {
        "state": nomination.state,
        "unit": str(nomination.unit),
        "group": nomination.group,
        "person": str(nomination.person),
        **changes,
    }
    is_own_unit = work.actor.is_own_unit(case.congress, nomination.unit)
    if not (is_own_unit or work.actor.access is Access.NOMINATIONS_DECIDE):
        work = work.acting_for(nomination.unit)
        details["source_document"] = nomination.source_document
    return build_event(work, act, "nomination", nomination.id, details, plan=case.chain)


async def _check_nomination(
    work: Work, case: Case, nomination: Nomination, check: UnitCheck
) -> CheckedNomination:
    """The person and the findings: those of the unit's list, unless the nomination is no longer on it."""
    person = check.persons.get(nomination.person) or await people.get_person(work, nomination.person)
    group = choose_seat_group(case.terms.seat_groups, nomination.group)
    honours: Sequence[Honour] = nomination.honours
    if asks_for_honours([group]):
        honours = (await map_honours(work, [nomination]))[nomination.id]
    found = check_nominee(group, honours)
    return CheckedNomination(nomination, person, found, check.state)
