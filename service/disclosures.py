"""Disclosures: what is sealed of a person, told for the purpose that the person was told, and recorded."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from db.conferences import Conference
from db.nominations import Invitation, Nomination, has_sealed_access, may_read_sealed_invitee
from db.session import AsyncSession
from domain.access import Actor
from domain.findings import Conflict, Finding, Forbidden, Plain
from domain.nominations import VACATING_REPLIES, NominationState
from service import conferences
from service.audit import record_event
from service.vaults import Vault


async def disclose_nominee(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
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
    if not await has_sealed_access(session, actor, nomination.id):
        raise Forbidden("forbidden")
    return await _disclose_attributes(session, actor, vault, nomination, purpose, attributes)


async def disclose_invitee(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    invitation: Invitation,
    purpose: str,
    attributes: Sequence[str],
) -> Mapping[str, str | None]:
    """What is sealed of somebody on the organiser's list, as of a nominee."""
    query = select(Invitation.id).where(col(Invitation.id) == invitation.id, may_read_sealed_invitee(actor))
    if (await session.exec(query)).first() is None:
        raise Forbidden("forbidden")
    if invitation.reply in VACATING_REPLIES:
        raise Conflict("invitation_reply", {"reply": invitation.reply, "wanted": "disclosure"})
    return await _disclose_attributes(session, actor, vault, invitation, purpose, attributes)


async def _disclose_attributes(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    bearer: Nomination | Invitation,
    purpose: str,
    attributes: Sequence[str],
) -> Mapping[str, str | None]:
    if purpose != bearer.purpose:
        errors = [Finding("purpose_not_told", {}, "/purpose")]
        raise Conflict("purpose_not_told", errors=errors)
    conference = await session.get_one(Conference, bearer.conference)
    await record_disclosure(session, actor, conference, bearer.person, purpose, attributes)
    held = (await vault.open_attributes(session, [bearer.person])).get(bearer.person, {})
    return {name: held.get(name) for name in attributes}


async def record_disclosure(
    session: AsyncSession,
    actor: Actor,
    conference: Conference,
    person: UUID,
    purpose: str,
    attributes: Sequence[str],
) -> None:
    """Leave the event: who was told which attributes of whom and what for. What was asked for is named,
    whether it is stated or not."""
    said: dict[str, Plain] = {"purpose": purpose, "attributes": sorted(attributes)}
    plan = await conferences.get_audit_chain(session, conference)
    await record_event(session, actor, "sealed_disclosed", "person", person, said, plan=plan)
