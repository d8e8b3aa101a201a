"""What the check of a unit's list reads: its quotas and targets, and everybody on the list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, exists, func, literal
from sqlalchemy import select as columns
from sqlmodel import col, select

from db.allocations import Allocation, AllocationTarget
from db.conferences import Conference
from db.nominations import Nomination, build_live_conditions, is_visible_nomination
from db.people import Person, PersonAttribute
from db.quotas import Quota
from db.selections import Selection
from db.session import AsyncSession
from db.units import LOCAL_SCHEME, UnitCode
from domain.access import Actor
from domain.nominations import NominationState


@dataclass(frozen=True, slots=True)
class UnitPlaces:
    """The quotas of a unit at a conference, by id, and its part of each target: target → seats.

    The parts are those of the adopted allocation; before adoption there are none. ``code`` is the unit's on
    the day of the conference's facts; ``has_list`` is whether the list of the conference is adopted.
    """

    quotas: Sequence[Quota]
    targets: Mapping[str, int]
    code: str | None = None
    has_list: bool = False

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
    """The quotas and the targets of a unit at a conference, and what decides them, in one statement."""
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
    day = columns(col(Conference.as_of)).where(col(Conference.id) == conference).scalar_subquery()
    code = (
        columns(func.max(col(UnitCode.code)))  # there is one at most on a day
        .where(col(UnitCode.unit) == unit, col(UnitCode.scheme) == LOCAL_SCHEME)
        .where(col(UnitCode.during).op("@>")(day))
        .scalar_subquery()
    )
    has_list = exists().where(col(Selection.conference) == conference, col(Selection.state) == "adopted")
    one = columns(literal(1).label("row")).subquery("one")  # a unit without quotas may have targets
    query = (
        select(Quota, targets.label("targets"), code.label("code"), has_list.label("has_list"))
        .select_from(one)
        .outerjoin(Quota, and_(col(Quota.conference) == conference, col(Quota.unit) == unit))
        .order_by(col(Quota.id))
        .execution_options(populate_existing=True)
    )
    rows = (await session.exec(query)).all()
    _, parts, code_of_unit, list_adopted = rows[0]
    found = [row[0] for row in rows if row[0] is not None]
    return UnitPlaces(found, parts or {}, code_of_unit, list_adopted)


async def list_unit_people(
    session: AsyncSession, actor: Actor, conference: UUID, unit: UUID, states: Collection[NominationState]
) -> Sequence[ListedPerson]:
    """A unit's nominations in some states that are visible to the actor, with their people, by rank and then
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
        .where(*build_live_conditions(conference, unit, states), is_visible_nomination(actor))
        .order_by(col(Nomination.rank).asc().nulls_last(), col(Nomination.id))
    )
    return [ListedPerson(row[0], row[1], row[2] or {}) for row in await session.exec(query)]
