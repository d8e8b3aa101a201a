"""Disclosures: what is sealed of a person, told for the purpose that the person was told, and recorded."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from db.conferences import Conference
from db.nominations import Invitation, Nomination, has_sealed_access, may_read_sealed_invitee
from domain.findings import Conflict, Finding, Forbidden, Plain
from domain.nominations import VACATING_REPLIES, NominationState
from service import conferences
from service.audit import record_event
from service.work import Work


async def disclose_nominee(
    work: Work,
    nomination: Nomination,
    purpose: str,
    attributes: Sequence[str],
) -> Mapping[str, str | None]:
    """What is sealed of a nominee; ``None`` for what is not stated.

    ``nomination`` is one that the actor sees. Raises ``Forbidden`` where seeing is all they may, ``Conflict``
    for what was withdrawn and for another purpose than the nominee was told of.
    """
    if nomination.state == NominationState.WITHDRAWN:
        raise Conflict("nomination_state", {"state": nomination.state, "act": "disclose"})
    if not await has_sealed_access(work.session, work.actor, nomination.id):
        raise Forbidden("forbidden")
    return await _disclose_attributes(work, nomination, purpose, attributes)


async def disclose_invitee(
    work: Work,
    invitation: Invitation,
    purpose: str,
    attributes: Sequence[str],
) -> Mapping[str, str | None]:
    """What is sealed of somebody on the organiser's list, as of a nominee."""
    query = select(Invitation.id).where(
        col(Invitation.id) == invitation.id, may_read_sealed_invitee(work.actor)
    )
    if (await work.session.exec(query)).first() is None:
        raise Forbidden("forbidden")
    if invitation.reply in VACATING_REPLIES:
        raise Conflict("invitation_reply", {"reply": invitation.reply, "wanted": "disclosure"})
    return await _disclose_attributes(work, invitation, purpose, attributes)


async def _disclose_attributes(
    work: Work,
    bearer: Nomination | Invitation,
    purpose: str,
    attributes: Sequence[str],
) -> Mapping[str, str | None]:
    if purpose != bearer.purpose:
        errors = [Finding("purpose_not_told", {}, "/purpose")]
        raise Conflict("purpose_not_told", errors=errors)
    conference = await work.session.get_one(Conference, bearer.conference)
    await record_disclosure(work, conference, bearer.person, purpose, attributes)
    held = (await work.vault.open_attributes(work.session, [bearer.person])).get(bearer.person, {})
    return {name: held.get(name) for name in attributes}


async def record_disclosure(
    work: Work,
    conference: Conference,
    person: UUID,
    purpose: str,
    attributes: Sequence[str],
) -> None:
    """Leave the event: who was told which attributes of whom and what for. What was asked for is named,
    whether it is stated or not."""
    said: dict[str, Plain] = {"purpose": purpose, "attributes": sorted(attributes)}
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, "sealed_disclosed", "person", person, said, plan=plan)
