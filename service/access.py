"""Authority in use cases: rows out of reach are not found; acts on visible rows of others are refused."""

from datetime import datetime
from uuid import UUID

from db import accounts, reach
from domain import decisions
from domain.findings import Finding, Forbidden, Invalid
from service.work import Case, Work


async def expect_may_act_for(work: Work, congress: str, unit: UUID) -> None:
    """Raise ``Forbidden`` unless the actor may act for the unit in that chain."""
    if not await reach.evaluate_for_unit(work.session, reach.may_act_for, work.actor, unit, congress):
        raise Forbidden("forbidden")


def expect_whole_service(work: Work) -> None:
    """Raise ``Forbidden`` unless the actor has a role for the whole service."""
    if not work.actor.is_service_wide:
        raise Forbidden("forbidden")


async def has_role_at(work: Work, congress: str, unit: UUID) -> bool:
    """Whether the actor has a grant for exactly that unit, in that chain."""
    return await reach.evaluate_for_unit(work.session, reach.has_role_at, work.actor, unit, congress)


async def expect_role_at(work: Work, congress: str, unit: UUID) -> None:
    """Raise ``Forbidden`` unless the actor has a grant for exactly that unit in that chain."""
    if not await has_role_at(work, congress, unit):
        raise Forbidden("forbidden")


async def is_in_subtree(work: Work, congress: str, unit: UUID) -> bool:
    """Whether the unit is one of the actor's or below one, in that chain."""
    return await reach.evaluate_for_unit(work.session, reach.is_in_subtree, work.actor, unit, congress)


async def expect_in_subtree(work: Work, congress: str, unit: UUID) -> None:
    """Raise ``Forbidden`` unless the unit is one of the actor's or below one, in that chain."""
    if not await is_in_subtree(work, congress, unit):
        raise Forbidden("forbidden")


async def expect_unit_below(work: Work, congress: str, unit: UUID) -> None:
    """Raise ``Forbidden`` unless the unit is below one of the actor's in that chain."""
    if not await reach.evaluate_for_unit(work.session, reach.is_below_actor, work.actor, unit, congress):
        raise Forbidden("forbidden")


async def expect_unit_visible(work: Work, unit: UUID) -> None:
    """Raise ``Invalid`` for a unit in a body that the actor does not see, the same as if it did not exist."""
    if not await reach.evaluate_for_unit(work.session, reach.is_visible_unit, work.actor, unit):
        raise Invalid("unit_not_found", errors=[Finding("unit_not_found", pointer="/unit")])


async def act_for_unit(work: Work, congress: str, unit: UUID, document: str | None) -> Work:
    """The work as done for a unit: the actor's own, or one below that sent paper, with its ``document``.

    Raises ``Forbidden`` for any other unit, and without the document.
    """
    if work.actor.is_own_unit(congress, unit):
        return work
    await expect_may_act_for(work, congress, unit)
    if document is None:
        raise Forbidden("source_document_needed", errors=[Finding("missing", {}, "/source_document")])
    return work.acting_for(unit)


async def expect_second_person(
    work: Work, case: Case, proposer: str | None, since: datetime, approver: str | None = None
) -> None:
    """Raise ``Forbidden`` unless the actor may approve and adopt what the proposer put before the authority.

    Where the plan asks for a second person, that is an approver other than the proposer, and so is the
    ``approver`` who signed before. Identities that were linked ``since`` it began are one person.
    """
    if not decisions.needs_second_person(case.plan):
        return
    signer = work.acting_as(decisions.narrow_to_signer(work.actor))
    await expect_may_act_for(signer, case.congress, case.conference.unit)
    people = [work.actor.id] if approver is None else [work.actor.id, approver]
    marks = await accounts.lock_person_marks(work.session, [proposer, *people], since)
    for each in people:
        decisions.expect_second_person(marks[each], marks.get(proposer or "", frozenset()))
