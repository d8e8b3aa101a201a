"""The organiser's own lists: people seated by office, from a roll, or by invitation, with their replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db import invitations, rolls, units
from db.cases import RowLock
from db.invitations import Invitation
from db.people import Person
from domain.access import Access, build_forbidden
from domain.acts import Act
from domain.conferences.life import expect_open
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.nominations import (
    VACATING_REPLIES,
    Honour,
    InvitationReply,
    check_nominee,
    expect_known_tiers,
    expect_one_person,
    expect_possible_reply,
    expect_reply,
)
from domain.plans import SeatGroup
from domain.rolls import check_offices, choose_offices, expect_collective_allowed, expect_free_offices
from service import people
from service.access import expect_role_at, is_in_subtree
from service.audit import record_change, record_event
from service.conferences.case import build_case
from service.exemplars import asks_for_honours, map_honours
from service.people import PersonEntry
from service.sealed_attributes import seal_note
from service.targets import expect_counted_attributes
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class InvitationEntry:
    """A person for the list; ``basis`` is the office, the roll, or who asked for the person.

    ``other_offices`` are held as well. ``collective`` is the unit and the name of the collective that the
    person represents.
    """

    group: str
    basis: str
    notice: str
    purpose: str
    person: UUID | None = None
    stated: PersonEntry | None = None
    other_offices: Sequence[str] = ()
    honours: tuple[Honour, ...] = ()
    collective: tuple[UUID, str] | None = None


async def load_invitation(work: Work, invitation: UUID) -> tuple[Case, Invitation]:
    """One line of an organiser's list, and the case of its conference."""
    found = await invitations.find_invitation_case(work.session, work.actor, invitation)
    if found is None:
        raise NotFound("invitation_not_found")
    return build_case(work, found[1]), found[0]


async def lock_invitation(work: Work, invitation: UUID) -> tuple[Case, Invitation]:
    """As :func:`load_invitation`, to act on it: its conference's state is locked first, then the line.

    Raises ``Forbidden`` for an actor who may see it but not act for the conference's unit.
    """
    session, actor = work.session, work.actor
    found = await invitations.find_invitation_case(session, actor, invitation, lock=RowLock.SHARE)
    row = None if found is None else await invitations.lock_invitation(session, actor, invitation)
    if found is None or row is None:
        raise NotFound("invitation_not_found")
    case = build_case(work, found[1])
    if actor.access is Access.NOMINATIONS_DECIDE and not case.may_act:
        raise build_forbidden(work.actor.access)
    return case, row


async def add_invitation(work: Work, case: Case, listing: InvitationEntry) -> tuple[Invitation, Person]:
    """List a person for a group that no unit fills; within its number (checked by the database).

    The conference is locked by the caller, so that nobody cancels it in between. Holders of an office are
    counted after the line is written: its trigger locks the seat group, so two lists wait for each other.
    """
    await expect_role_at(work, case.congress, case.conference.unit)
    expect_open(case.conference.state)
    group = _choose_invited_group(case, listing.group)
    offices = choose_offices(case.terms.seat_groups, group, listing.basis, listing.other_offices)
    expect_known_tiers(listing.honours, [each.id for each in case.plan.tiers])
    expect_one_person(listing.person, listing.stated)
    expect_counted_attributes(case.terms.targets, listing.stated)
    if listing.stated is not None:
        person = await people.enter_person(work, listing.stated)
    else:
        person = await people.get_named_person(work, listing.person)
    await _expect_no_unit_seat(work, case, group, person.id)
    invitation = Invitation(
        conference=case.conference.id,
        group=listing.group,
        person=person.id,
        collective=await _get_collective(work, case, group, listing.collective),
        basis=listing.basis,
        offices=list(offices),
        honours=listing.honours,
        reply=InvitationReply.LISTED,
        notice=listing.notice,
        purpose=listing.purpose,
    )
    work.session.add(invitation)
    await work.session.flush()
    await _expect_free_offices(work, case, invitation)
    changes = _describe_reply(invitation)
    await record_event(work, Act.INVITATION_LISTED, "invitation", invitation.id, changes, plan=case.chain)
    return invitation, person


async def update_reply(
    work: Work,
    case: Case,
    invitation: Invitation,
    reply: InvitationReply,
    day: date,
    reason: str | None = None,
) -> Invitation:
    """Send the invitation, record the reply, or remove a person who was listed by mistake."""
    expect_open(case.conference.state)
    expect_possible_reply(reply, day, reason, work.today)
    expect_reply(invitation.reply, reply)
    note = await seal_note(work, invitation.person, reason) if reason is not None else None
    invitation.reply = reply
    if reply is InvitationReply.INVITED:
        invitation.invited_on, invitation.replied_on = day, None
    elif reply is InvitationReply.REMOVED:
        invitation.reason = reason
    else:
        invitation.replied_on = day
    changes = _describe_reply(invitation)
    if reply is InvitationReply.REMOVED:
        changes["reason_sealed"] = note
    if reply not in VACATING_REPLIES:
        group = next(each for each in case.terms.seat_groups if each.id == invitation.group)
        await _expect_no_unit_seat(work, case, group, invitation.person)
    await record_change(work, invitation, Act(f"invitation_{reply}"), changes, chain=case.chain)
    await _expect_free_offices(work, case, invitation)
    return invitation


async def check_invitations(
    work: Work, case: Case, rows: Sequence[Invitation]
) -> Mapping[UUID, Sequence[Finding]]:
    """Invitation → what is missing or doubtful about somebody on the list, by the plan's conditions for the
    group; what they were given at conferences counts."""
    groups = {each.id: each for each in case.terms.seat_groups}
    honours: Mapping[UUID, Sequence[Honour]] = {row.id: row.honours for row in rows}
    if asks_for_honours(groups[row.group] for row in rows):
        honours = await map_honours(work, rows)
    return {
        row.id: [*check_offices(row.offices), *check_nominee(groups[row.group], honours[row.id])]
        for row in rows
    }


async def page_invitations(
    work: Work, case: Case, *, group: str | None, after: UUID | None, limit: int
) -> Sequence[Invitation]:
    """The organiser's lists of a conference, by age."""
    return await invitations.page_invitations(
        work.session, work.actor, case.conference.id, group=group, after=after, limit=limit
    )


def _choose_invited_group(case: Case, name: str) -> SeatGroup:
    """The seat group; raises ``Invalid`` unless the conference has it and no unit fills it."""
    group = next((each for each in case.terms.seat_groups if each.id == name), None)
    if group is None:
        raise Invalid("group_unknown", errors=[Finding("group_unknown", {}, "/group")])
    if group.filled_by == "units":
        raise Invalid("group_filled_by_units", errors=[Finding("group_filled_by_units", {}, "/group")])
    return group


async def _get_collective(
    work: Work, case: Case, group: SeatGroup, collective: tuple[UUID, str] | None
) -> UUID | None:
    if collective is None:
        return None
    expect_collective_allowed(group)
    unit, name = collective
    is_below = await is_in_subtree(work, case.congress, unit)
    if not is_below or not await units.has_unit(work.session, unit):
        raise Invalid("unit_not_found", errors=[Finding("unit_not_found", {}, "/collective/unit")])
    return await people.get_or_enter_collective(work, unit, name)


async def _expect_no_unit_seat(work: Work, case: Case, group: SeatGroup, person: UUID) -> None:
    """Raise ``Conflict`` for somebody with a seat by office who was accepted for a unit as well."""
    if group.filled_by != "ex_officio":
        return
    await rolls.lock_person(work.session, case.conference.id, person)
    if await rolls.is_accepted_nominee(work.session, case.conference.id, person):
        raise Conflict("person_accepted_for_unit")


async def _expect_free_offices(work: Work, case: Case, invitation: Invitation) -> None:
    if invitation.offices and invitation.reply not in VACATING_REPLIES:
        holders = await rolls.count_office_holders(work.session, case.conference.id)
        expect_free_offices(case.terms.seat_groups, invitation.offices, holders)


def _describe_reply(invitation: Invitation) -> dict[str, Plain]:
    return {"group": invitation.group, "person": str(invitation.person), "reply": invitation.reply}
