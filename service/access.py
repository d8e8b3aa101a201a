"""Authority in use cases: what is out of reach is not there, what is seen and not theirs is refused."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Text, Uuid, literal

from db import reach
from db.conferences import Conference
from domain.access import Role
from domain.findings import Finding, Forbidden, Invalid
from domain.plans import Plan
from service.work import Work


async def expect_may_act_for(work: Work, congress: str, unit: UUID) -> None:
    """Raise ``Forbidden`` unless the actor may act for the unit in that chain."""
    condition = reach.may_act_for(work.actor, literal(congress, Text()), literal(unit, Uuid()))
    if not await reach.evaluate_condition(work.session, condition):
        raise Forbidden("forbidden")


async def has_role_at(work: Work, congress: str, unit: UUID) -> bool:
    """Whether a grant of the actor's stands at that very unit, in that chain."""
    condition = reach.has_role_at(work.actor, literal(congress, Text()), literal(unit, Uuid()))
    return await reach.evaluate_condition(work.session, condition)


async def expect_role_at(work: Work, congress: str, unit: UUID) -> None:
    """Raise ``Forbidden`` unless a grant of the actor's stands at that very unit in that chain."""
    if not await has_role_at(work, congress, unit):
        raise Forbidden("forbidden")


async def is_in_subtree(work: Work, congress: str, unit: UUID) -> bool:
    """Whether the unit is the actor's or stands below one of theirs in that chain."""
    condition = reach.is_in_subtree(work.actor, literal(congress, Text()), literal(unit, Uuid()))
    return await reach.evaluate_condition(work.session, condition)


async def expect_in_subtree(work: Work, congress: str, unit: UUID) -> None:
    """Raise ``Forbidden`` unless the unit is the actor's or stands below one of theirs in that chain."""
    if not await is_in_subtree(work, congress, unit):
        raise Forbidden("forbidden")


async def expect_unit_below(work: Work, congress: str, unit: UUID) -> None:
    """Raise ``Forbidden`` unless the unit stands below one of the actor's in that chain."""
    condition = reach.is_below_actor(work.actor, literal(congress, Text()), literal(unit, Uuid()))
    if not await reach.evaluate_condition(work.session, condition):
        raise Forbidden("forbidden")


async def expect_unit_visible(work: Work, unit: UUID) -> None:
    """Raise ``Invalid`` for a unit that a body names and the actor does not see, as for one that is not."""
    if not await reach.evaluate_condition(
        work.session, reach.is_visible_unit(work.actor, literal(unit, Uuid()))
    ):
        raise Invalid("unit_not_found", errors=[Finding("unit_not_found", pointer="/unit")])


async def act_for_unit(work: Work, congress: str, unit: UUID, document: str | None) -> Work:
    """The work as done for a unit: the actor's own, or one below that sent paper, named by its document.

    Raises ``Forbidden`` for any other unit, and without the document.
    """
    if work.actor.is_own_unit(congress, unit):
        return work
    await expect_may_act_for(work, congress, unit)
    if document is None:
        raise Forbidden("source_document_needed", errors=[Finding("missing", {}, "/source_document")])
    return work.acting_for(unit)


async def expect_second_person(
    work: Work, plan: Plan, conference: Conference, proposed_by: str | None
) -> None:
    """Raise ``Forbidden`` unless the actor may approve and adopt what another has proposed.

    Where the plan asks for a second person (``four_eyes``), that is an approver other than the proposer;
    where the signed document is the second pair of eyes, its number is asked for at the adoption.
    """
    if plan.four_eyes == "document":
        return
    approver = replace(
        work.actor, grants=tuple(each for each in work.actor.grants if each.role is Role.APPROVER)
    )
    await expect_may_act_for(work.acting_as(approver), conference.congress, conference.unit)
    if work.actor.id == proposed_by:
        raise Forbidden("second_person_needed")
