"""Disclosures: what is sealed of a person, told for the purpose that the person was told, and recorded."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from db.conferences import Conference
from db.nominations import Invitation, Nomination, invitation_opened, is_opened
from db.session import AsyncSession
from domain.access import Actor
from domain.findings import Conflict, Finding, Forbidden, Plain
from domain.nominations import GONE, State
from service import conferences
from service.audit import record
from service.sealing import Vault


async def of_nominee(
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
    if nomination.state == State.WITHDRAWN:
        raise Conflict("nomination_state", {"state": nomination.state, "act": "disclose"})
    if not await is_opened(session, actor, nomination.id):
        raise Forbidden("forbidden")
    return await _disclosed(session, actor, vault, nomination, purpose, attributes)


async def of_invited(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    invitation: Invitation,
    purpose: str,
    attributes: Sequence[str],
) -> Mapping[str, str | None]:
    """What is sealed of somebody on the organiser's list, as of a nominee."""
    query = select(Invitation.id).where(col(Invitation.id) == invitation.id, invitation_opened(actor))
    if (await session.exec(query)).first() is None:
        raise Forbidden("forbidden")
    if invitation.reply in GONE:
        raise Conflict("invitation_reply", {"reply": invitation.reply, "wanted": "disclosure"})
    return await _disclosed(session, actor, vault, invitation, purpose, attributes)


async def _disclosed(
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
    await note(session, actor, conference, bearer.person, purpose, attributes)
    held = (await vault.open(session, [bearer.person])).get(bearer.person, {})
    return {name: held.get(name) for name in attributes}


async def note(
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
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "sealed_disclosed", "person", person, said, plan=plan)
