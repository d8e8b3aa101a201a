"""What the check of a unit's list reads: its quotas and targets, and everybody on the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, literal
from sqlalchemy import select as columns
from sqlmodel import col, select

from db.allocations import Allocation, AllocationTarget
from db.nominations import Nomination, build_live_conditions, is_visible_nomination
from db.people import Person, PersonAttribute
from db.quotas import Quota
from db.session import AsyncSession
from domain.access import Actor


@dataclass(frozen=True, slots=True)
class UnitPlaces:
    """The quotas of a unit at a conference, by id, and its part of each target: target → seats.

    The parts are those of the adopted allocation; before adoption there are none.
    """

    quotas: Sequence[Quota]
    targets: Mapping[str, int]

    def find_quota(self, group: str) -> Quota | None:
        """The quota for a seat group, if there is one."""
        return next((quota for quota in self.quotas if quota.group == group), None)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A nomination on a unit's list, its person, and what is stated of the person in the open."""

    nomination: Nomination
    person: Person
    attributes: Mapping[str, str]


async def load_unit_places(session: AsyncSession, conference: UUID, unit: UUID) -> UnitPlaces:
    """The quotas and the targets of a unit at a conference, in one statement."""
    targets = (
        columns(func.jsonb_object_agg(col(AllocationTarget.target), col(AllocationTarget.seats)))
        .join(Allocation, col(Allocation.id) == col(AllocationTarget.allocation))
        .where(
            col(Allocation.conference) == conference,
            col(Allocation.state) == "adopted",
            col(AllocationTarget.unit) == unit,
        )
        .scalar_subquery()
    )
    one = columns(literal(1).label("row")).subquery("one")  # a unit without quotas may have targets
    query = (
        select(Quota, targets.label("targets"))
        .select_from(one)
        .outerjoin(Quota, and_(col(Quota.conference) == conference, col(Quota.unit) == unit))
        .order_by(col(Quota.id))
        .execution_options(populate_existing=True)
    )
    rows = (await session.exec(query)).all()
    return UnitPlaces([quota for quota, _ in rows if quota is not None], rows[0][1] or {})


async def list_unit_people(
    session: AsyncSession, actor: Actor, conference: UUID, unit: UUID
) -> Sequence[ListedPerson]:
    """A unit's nominations that still count and are visible to the actor, with their people, by rank and then
    by age; in one statement."""
    attributes = (
        columns(func.jsonb_object_agg(col(PersonAttribute.attribute), col(PersonAttribute.value)))
        .where(col(PersonAttribute.person) == col(Nomination.person))
        .correlate(Nomination)
        .scalar_subquery()
    )
    query = (
        select(Nomination, Person, attributes.label("attributes"))
        .join(Person, col(Person.id) == col(Nomination.person))
        .where(*build_live_conditions(conference, unit), is_visible_nomination(actor))
        .order_by(col(Nomination.rank).asc().nulls_last(), col(Nomination.id))
    )
    return [ListedPerson(row[0], row[1], row[2] or {}) for row in await session.exec(query)]
