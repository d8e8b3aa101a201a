"""Disclosures: what is sealed of a person, told for the purpose that the person was told, and recorded."""

from collections.abc import Mapping, Sequence

from db.nominations import Invitation, Nomination, has_sealed_access, has_sealed_invitee_access
from domain.acts import Act
from domain.findings import Conflict, Finding, Forbidden, Plain
from domain.nominations import VACATING_REPLIES, NominationState
from service.audit import record_event
from service.sealed_attributes import open_attributes
from service.work import Case, Work


async def disclose_nominee(
    work: Work, case: Case, nomination: Nomination, purpose: str, attributes: Sequence[str]
) -> Mapping[str, str | None]:
    """What is sealed of a nominee; ``None`` for what is not stated.

    ``nomination`` is one that the actor sees. Raises ``Forbidden`` where seeing is all they may, ``Conflict``
    for what was withdrawn and for another purpose than the nominee was told of.
    """
    if nomination.state == NominationState.WITHDRAWN:
        raise Conflict("nomination_state", {"state": nomination.state, "act": "disclose"})
    if not await has_sealed_access(work.session, work.actor, nomination.id):
        raise Forbidden("forbidden")
    return await _disclose_attributes(work, case, nomination, purpose, attributes)


async def disclose_invitee(
    work: Work, case: Case, invitation: Invitation, purpose: str, attributes: Sequence[str]
) -> Mapping[str, str | None]:
    """What is sealed of somebody on the organiser's list, as of a nominee."""
    if not await has_sealed_invitee_access(work.session, work.actor, invitation.id):
        raise Forbidden("forbidden")
    if invitation.reply in VACATING_REPLIES:
        raise Conflict("invitation_reply", {"reply": invitation.reply, "wanted": "disclosure"})
    return await _disclose_attributes(work, case, invitation, purpose, attributes)


async def _disclose_attributes(
    work: Work, case: Case, bearer: Nomination | Invitation, purpose: str, attributes: Sequence[str]
) -> Mapping[str, str | None]:
    """What is sealed, recorded before it is read; what was asked for is named, stated or not."""
    if purpose != bearer.purpose:
        errors = [Finding("purpose_not_told", {}, "/purpose")]
        raise Conflict("purpose_not_told", errors=errors)
    changes: dict[str, Plain] = {"purpose": purpose, "attributes": sorted(attributes)}
    await record_event(work, Act.SEALED_DISCLOSED, "person", bearer.person, changes, plan=case.chain)
    sealed = (await open_attributes(work, [bearer.person])).get(bearer.person, {})
    return {name: sealed.get(name) for name in attributes}
