"""The organiser's own lists: people seated by office, from a roll, or by invitation, with their replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from db import conferences as rows
from db.conferences import Conference
from db.nominations import Invitation, is_visible_invitation
from db.people import Person
from domain.access import Access
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.nominations import REPLY_TRANSITIONS
from service import conferences, people
from service.access import expect_may_act_for, expect_role_at
from service.audit import record_event
from service.clock import today
from service.people import PersonEntry
from service.targets import expect_counted_attributes
from service.work import Work


@dataclass(frozen=True, slots=True)
class InvitationEntry:
    """Somebody for the list; ``basis`` is the office, the roll, or whoever asked for the person."""

    group: str
    basis: str
    notice: str
    purpose: str
    person: UUID | None = None
    stated: PersonEntry | None = None


async def add_invitation(work: Work, conference: Conference, listing: InvitationEntry) -> Invitation:
    """List a person for a group that no unit fills; within its number (the database sees to it).

    The conference is to be held by the caller, so that nobody cancels it in between.
    """
    await expect_role_at(work, conference.congress, conference.unit)
    conferences.expect_not_cancelled(conference)
    groups = {row.group: row for row in await rows.list_seat_groups(work.session, conference.id)}
    group = groups.get(listing.group)
    if group is None:
        raise Invalid("group_unknown", errors=[Finding("group_unknown", {}, "/group")])
    if group.filled_by == "units":
        raise Invalid("group_filled_by_units", errors=[Finding("group_filled_by_units", {}, "/group")])
    if (listing.person is None) == (listing.stated is None):
        raise Invalid("person_once", errors=[Finding("person_once", {}, "/person")])
    expect_counted_attributes(
        (await conferences.load_terms(work.session, conference)).targets, listing.stated
    )
    person = (
        await people.enter_person(work, listing.stated)
        if listing.stated is not None
        else await _get_named_person(work, listing.person)
    )
    invitation = Invitation(
        conference=conference.id,
        group=listing.group,
        person=person.id,
        basis=listing.basis,
        reply="listed",
        notice=listing.notice,
        purpose=listing.purpose,
    )
    work.session.add(invitation)
    await work.session.flush()
    await _record_act(work, conference, invitation, "invitation_listed")
    return invitation


async def update_reply(
    work: Work,
    invitation: Invitation,
    reply: str,
    day: date,
    reason: str | None = None,
) -> Invitation:
    """Send the invitation, record the reply, or take somebody off who was listed by mistake."""
    conference = await conferences.get_conference(work, invitation.conference, share=True)
    conferences.expect_not_cancelled(conference)
    _expect_possible_reply(reply, day, reason)
    if reply not in REPLY_TRANSITIONS[invitation.reply]:
        raise Conflict("invitation_reply", {"reply": invitation.reply, "wanted": reply})
    invitation.reply, invitation.version = reply, invitation.version + 1
    if reply == "invited":
        invitation.invited_on, invitation.replied_on = day, None
    elif reply == "removed":
        invitation.reason = reason
    else:
        invitation.replied_on = day
    work.session.add(invitation)
    await work.session.flush()
    noted = None if reason is None else await work.vault.seal_note(work.session, invitation.person, reason)
    await _record_act(work, conference, invitation, f"invitation_{reply}", noted)
    return invitation


def _expect_possible_reply(reply: str, day: date, reason: str | None) -> None:
    """Nothing is recorded before it happens, and nobody is taken off a list without a reason."""
    errors = []
    if day > today():
        errors.append(Finding("day_in_future", pointer="/on"))
    if reply == "removed" and reason is None:
        errors.append(Finding("reason_missing", pointer="/reason"))
    if errors:
        raise Invalid(errors[0].code, errors=errors)


async def get_invitation(work: Work, id: UUID, *, lock: bool = False) -> Invitation:  # noqa: A002
    """One line of an organiser's list."""
    query = select(Invitation).where(col(Invitation.id) == id, is_visible_invitation(work.actor))
    invitation = (await work.session.exec(query.with_for_update() if lock else query)).first()
    if invitation is None:
        raise NotFound("invitation_not_found")
    if work.actor.access is Access.NOMINATIONS_DECIDE:
        conference = await conferences.get_conference(work, invitation.conference)
        await expect_may_act_for(work, conference.congress, conference.unit)
    return invitation


async def page_invitations(
    work: Work,
    conference: UUID,
    *,
    group: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Invitation]:
    """The organiser's lists of a conference, by age."""
    await conferences.get_conference(work, conference)
    query = (
        select(Invitation)
        .where(col(Invitation.conference) == conference, is_visible_invitation(work.actor))
        .order_by(col(Invitation.id))
        .limit(limit)
    )
    if group is not None:
        query = query.where(col(Invitation.group) == group)
    if after is not None:
        query = query.where(col(Invitation.id) > after)
    return (await work.session.exec(query)).all()


async def _get_named_person(work: Work, person: UUID | None) -> Person:
    try:
        return await people.get_unerased_person(work, person or UUID(int=0))
    except NotFound:
        raise Invalid("person_not_found", errors=[Finding("person_not_found", {}, "/person_id")]) from None


async def _record_act(
    work: Work,
    conference: Conference,
    invitation: Invitation,
    act: str,
    reason: str | None = None,
) -> None:
    said: dict[str, Plain] = {
        "group": invitation.group,
        "person": str(invitation.person),
        "reply": invitation.reply,
    }
    if invitation.reply == "removed":
        said["reason_sealed"] = reason
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, act, "invitation", invitation.id, said, plan=plan)
