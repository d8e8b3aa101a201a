"""Disclosures: sealed attributes of a person, for the purpose that the person knows, and recorded."""

from collections.abc import Mapping, Sequence

from db.invitations import Invitation, has_sealed_invitee_access
from db.nominations import Nomination, has_sealed_access
from domain.access import Access, build_forbidden
from domain.acts import Act
from domain.findings import Conflict, Finding, Plain
from domain.nominations import VACATING_REPLIES, NominationState
from service.audit import record_event
from service.sealed_attributes import open_person_attributes
from service.work import Case, Work


async def disclose_nominee(
    work: Work, case: Case, nomination: Nomination, purpose: str, attributes: Sequence[str]
) -> Mapping[str, str | None]:
    """The sealed attributes of a nominee; ``None`` for those not stated.

    ``nomination`` is one that the actor sees. Raises ``Forbidden`` for an actor who may not read sealed
    attributes, ``Conflict`` for a withdrawn nomination and for a purpose that is not in the nominee's notice.
    """
    if nomination.state == NominationState.WITHDRAWN:
        raise Conflict("nomination_state", {"state": nomination.state, "act": "disclose"})
    if not await has_sealed_access(work.session, work.actor, nomination.id):
        raise build_forbidden(Access.PERSONAL_READ)
    return await _disclose_attributes(work, case, nomination, purpose, attributes)


async def disclose_invitee(
    work: Work, case: Case, invitation: Invitation, purpose: str, attributes: Sequence[str]
) -> Mapping[str, str | None]:
    """The sealed attributes of a person on the organiser's list, as for a nominee."""
    if not await has_sealed_invitee_access(work.session, work.actor, invitation.id):
        raise build_forbidden(Access.PERSONAL_READ)
    if invitation.reply in VACATING_REPLIES:
        raise Conflict("invitation_reply", {"reply": invitation.reply, "wanted": "disclosure"})
    return await _disclose_attributes(work, case, invitation, purpose, attributes)


async def _disclose_attributes(
    work: Work, case: Case, bearer: Nomination | Invitation, purpose: str, attributes: Sequence[str]
) -> Mapping[str, str | None]:
    """Sealed attributes, recorded before they are read; the record has all that were asked for."""
    if purpose != bearer.purpose:
        errors = [Finding("purpose_not_told", {}, "/purpose")]
        raise Conflict("purpose_not_told", errors=errors)
    changes: dict[str, Plain] = {"purpose": purpose, "attributes": sorted(attributes)}
    await record_event(work, Act.SEALED_DISCLOSED, "person", bearer.person, changes, plan=case.chain)
    sealed = await open_person_attributes(work, bearer.person)
    return {name: sealed.get(name) for name in attributes}
