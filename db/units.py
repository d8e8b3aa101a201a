"""Units: their names, codes and parents over time; their staff figures; their mergers and divisions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, String, UniqueConstraint, cast, func, insert, or_
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import Range, distinct_on
from sqlmodel import Field, SQLModel, col, select

from db.columns import (
    During,
    days_column,
    id_column,
    is_among,
    nullable_time_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
)
from db.reach import is_visible_unit
from db.session import AsyncSession, fetch_rows
from domain.access import Actor

TREE_LOCK = 0x64616962
"""The advisory lock for changing the tree of units."""

LOCAL_SCHEME = "local"
"""The scheme of the codes by which plans and files name a unit."""


class Unit(SQLModel, table=True):
    """A unit, with the days on which it exists."""

    __table_args__ = (CheckConstraint("NOT isempty(during)", "unit_has_a_day"),)

    id: UUID = id_column()
    kind: str = text_column(index=True)
    during: During = days_column()
    created_at: datetime = time_column()
    version: int = 1


class UnitName(SQLModel, table=True):
    """A name of a unit, with its days; never two names on one day (``unit_name_overlap``)."""

    __tablename__ = "unit_name"
    __table_args__ = (CheckConstraint("NOT isempty(during)", "unit_name_has_a_day"),)

    id: UUID = id_column()
    unit: UUID = reference_column("unit.id", index=True)
    name: str = text_column()
    sort_key: str = text_column(index=True)
    during: During = days_column()


class UnitCode(SQLModel, table=True):
    """A code of a unit in a scheme, with its days; never for two units on one day (``unit_code_overlap``)."""

    __tablename__ = "unit_code"
    __table_args__ = (CheckConstraint("NOT isempty(during)", "unit_code_has_a_day"),)

    id: UUID = id_column()
    scheme: str = text_column()
    code: str = text_column(index=True)
    unit: UUID = reference_column("unit.id", index=True)
    during: During = days_column()


class UnitLink(SQLModel, table=True):
    """The parent of a unit in one congress chain, with its days; never two parents on one day."""

    __tablename__ = "unit_link"
    __table_args__ = (
        CheckConstraint("child <> parent", "unit_under_itself"),
        CheckConstraint("NOT isempty(during)", "unit_link_has_a_day"),
    )

    id: UUID = id_column()
    congress: str = text_reference_column("congress.id")
    child: UUID = reference_column("unit.id", index=True)
    parent: UUID = reference_column("unit.id", index=True)
    during: During = days_column()


class Succession(SQLModel, table=True):
    """A merger, a division or a renaming that made new units out of old ones."""

    id: UUID = id_column()
    kind: str = text_column()
    on: date
    source: str = text_column()


class SuccessionPart(SQLModel, table=True):
    """The share of a predecessor that went to a successor; those of one predecessor add up to at most 1."""

    __tablename__ = "succession_part"
    __table_args__ = (
        CheckConstraint("share_num > 0 AND share_den > 0 AND share_num <= share_den", "succession_share"),
        CheckConstraint("predecessor <> successor", "unit_succeeds_itself"),
    )

    succession: UUID = reference_column("succession.id", primary_key=True)
    predecessor: UUID = reference_column("unit.id", primary_key=True)
    successor: UUID = reference_column("unit.id", primary_key=True)
    share_num: int = Field(default=1, sa_type=BigInteger)
    share_den: int = Field(default=1, sa_type=BigInteger)


class StaffReport(SQLModel, table=True):
    """A report of a unit's figures for a day; a correction is a new revision."""

    __tablename__ = "staff_report"
    __table_args__ = (UniqueConstraint("unit", "as_of", "revision", "source"),)

    id: UUID = id_column()
    unit: UUID = reference_column("unit.id", index=True)
    as_of: date
    revision: int = 1
    source: str = text_column()
    made_up: bool = False
    published_at: datetime | None = nullable_time_column()
    created_at: datetime = time_column()


class StaffFigure(SQLModel, table=True):
    """One figure of a report; a figure without a row is unknown, never zero."""

    __tablename__ = "staff_figure"
    __table_args__ = (CheckConstraint("value >= 0", "figure_not_negative"),)

    report: UUID = reference_column("staff_report.id", primary_key=True)
    measure: str = text_column(primary_key=True)
    value: int = Field(sa_type=BigInteger)


_tables = SQLModel.metadata.tables


def build_day_range(day: date) -> Any:
    """The range of a single day, for the condition ``during && range``: valid on that day."""
    return func.daterange(day, day, "[]")


async def map_units_by_code(
    session: AsyncSession, codes: Collection[str], *, scheme: str = LOCAL_SCHEME, day: date | None = None
) -> Mapping[str, UUID]:
    """code → unit; on ``day``, or without one at any time (the newest unit of a code counts)."""
    query = (
        select(UnitCode.code, UnitCode.unit)
        .where(col(UnitCode.scheme) == scheme, is_among(col(UnitCode.code), codes))
        .order_by(func.lower(col(UnitCode.during)).asc().nulls_first())
    )
    if day is not None:
        query = query.where(col(UnitCode.during).op("&&")(build_day_range(day)))
    return dict((await session.exec(query)).all())


async def list_children(
    session: AsyncSession, congress: str, parents: Collection[UUID], day: date
) -> Sequence[tuple[UUID, UUID]]:
    """(parent, child) pairs in one congress chain on a day."""
    query = select(UnitLink.parent, UnitLink.child).where(
        col(UnitLink.congress) == congress,
        is_among(col(UnitLink.parent), parents),
        col(UnitLink.during).op("&&")(build_day_range(day)),
    )
    return (await session.exec(query)).all()


async def is_direct_child(session: AsyncSession, congress: str, child: UUID, parent: UUID, day: date) -> bool:
    """Whether one unit is directly below another in a congress chain on a day."""
    query = select(UnitLink.id).where(
        col(UnitLink.congress) == congress,
        col(UnitLink.child) == child,
        col(UnitLink.parent) == parent,
        col(UnitLink.during).op("&&")(build_day_range(day)),
    )
    return (await session.exec(query)).first() is not None


async def is_in_chain(session: AsyncSession, congress: str, unit: UUID, day: date) -> bool:
    """Whether a unit has a parent or a child in a congress chain on a day."""
    query = select(UnitLink.id).where(
        col(UnitLink.congress) == congress,
        (col(UnitLink.child) == unit) | (col(UnitLink.parent) == unit),
        col(UnitLink.during).op("&&")(build_day_range(day)),
    )
    return (await session.exec(query.limit(1))).first() is not None


async def describe_units(
    session: AsyncSession, units: Collection[UUID], day: date
) -> Sequence[tuple[UUID, str, str, str]]:
    """(id, kind, local code, name) of units on a day, in Vietnamese order of names."""
    query = (
        select(Unit.id, Unit.kind, UnitCode.code, UnitName.name)
        .join(UnitCode, (col(UnitCode.unit) == col(Unit.id)) & (col(UnitCode.scheme) == LOCAL_SCHEME))
        .join(UnitName, col(UnitName.unit) == col(Unit.id))
        .where(
            is_among(col(Unit.id), units),
            col(UnitCode.during).op("&&")(build_day_range(day)),
            col(UnitName.during).op("&&")(build_day_range(day)),
        )
        .order_by(col(UnitName.sort_key), col(Unit.id))
    )
    return (await session.exec(query)).all()


async def find_unit(session: AsyncSession, actor: Actor, id: UUID) -> Unit | None:  # noqa: A002
    """One unit visible to the actor."""
    return (
        await session.exec(select(Unit).where(col(Unit.id) == id, is_visible_unit(actor, col(Unit.id))))
    ).first()


async def has_unit(session: AsyncSession, unit: UUID) -> bool:
    """Whether there is, on any day, a unit with that id, within reach of the policies of the database."""
    return await session.get(Unit, unit) is not None


async def find_end(session: AsyncSession, unit: UUID) -> date | None:
    """The first day on which a unit was no more; ``None`` for one that has no end."""
    found = await session.get(Unit, unit)
    return None if found is None else found.during.upper


async def lock_unit(session: AsyncSession, unit: Unit) -> None:
    """Read a unit again and lock it against other changes, not against rows that refer to it."""
    await session.refresh(unit, with_for_update={"key_share": True})


async def map_names_by_unit(
    session: AsyncSession, units: Collection[UUID], day: date
) -> Mapping[UUID, tuple[str, str]]:
    """unit → (local code, name) on a day. Names of units are public, so there is no check of access."""
    query = (
        select(UnitCode.unit, UnitCode.code, UnitName.name)
        .join(UnitName, col(UnitName.unit) == col(UnitCode.unit))
        .where(
            col(UnitCode.scheme) == LOCAL_SCHEME,
            is_among(col(UnitCode.unit), units),
            col(UnitCode.during).op("&&")(build_day_range(day)),
            col(UnitName.during).op("&&")(build_day_range(day)),
        )
    )
    return {unit: (code, name) for unit, code, name in await session.exec(query)}


async def map_names_by_code(session: AsyncSession, codes: Collection[str], day: date) -> Mapping[str, str]:
    """local code → the name of its unit on a day; public, as all names of units are."""
    query = (
        select(UnitCode.code, UnitName.name)
        .join(UnitName, col(UnitName.unit) == col(UnitCode.unit))
        .where(
            col(UnitCode.scheme) == LOCAL_SCHEME,
            is_among(col(UnitCode.code), codes),
            col(UnitCode.during).op("&&")(build_day_range(day)),
            col(UnitName.during).op("&&")(build_day_range(day)),
        )
    )
    return dict((await session.exec(query)).all())


async def map_latest_names(session: AsyncSession, codes: Collection[str]) -> Mapping[str, str]:
    """local code or id → the last name of its unit; units that have ended have one too."""
    unit = cast(col(UnitCode.unit), String)
    query = (
        select(UnitCode.code, unit, UnitName.name)
        .join(UnitName, col(UnitName.unit) == col(UnitCode.unit))
        .where(
            col(UnitCode.scheme) == LOCAL_SCHEME,
            or_(is_among(col(UnitCode.code), codes), is_among(unit, codes)),
        )
        .order_by(func.lower(UnitCode.during), func.lower(UnitName.during))
    )
    rows = (await session.exec(query)).all()
    return {key: name for code, one, name in rows for key in (code, one) if key in codes}


def build_interval(first: date | None, last: date | None) -> During:
    """The days from ``first`` to ``last``, both included; no end if ``last`` is ``None`` or ``date.max``."""
    return Range(first, None if last == date.max else last, bounds="[]")


async def lock_tree(session: AsyncSession) -> None:
    """Let one transaction at a time change the tree of units: two of them could make a cycle together."""
    await fetch_rows(session, columns(func.pg_advisory_xact_lock(TREE_LOCK)))


async def lock_units(session: AsyncSession, units: Collection[UUID]) -> None:
    """Lock these units: no other transaction may change them or add reports until this one ends."""
    unit = _tables["unit"].c
    query = columns(unit.id).where(is_among(unit.id, units)).order_by(unit.id)
    await fetch_rows(session, query.with_for_update(key_share=True))


async def map_revisions_by_report(
    session: AsyncSession, units: Collection[UUID]
) -> Mapping[tuple[UUID, date, str], int]:
    """(unit, day, source) → number of the last revision of that report."""
    report = _tables["staff_report"].c
    query = (
        columns(report.unit, report.as_of, report.source, func.max(report.revision))
        .where(is_among(report.unit, units))
        .group_by(report.unit, report.as_of, report.source)
    )
    return {(unit, as_of, source): n for unit, as_of, source, n in await fetch_rows(session, query)}


async def insert_rows(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert many rows into a table in one statement."""
    if rows:
        await session.exec(insert(table), params=rows)


def find_last_day(during: During) -> date | None:
    """The last day in an interval, or ``None`` when it has no end."""
    if during.upper is None:
        return None
    return during.upper if during.upper_inc else during.upper - timedelta(days=1)


async def list_parents(session: AsyncSession, unit: UUID, day: date) -> Sequence[Any]:
    """The parents of a unit on a day: rows of (congress, parent, code, name)."""
    link, code, name = (_tables[each].c for each in ("unit_link", "unit_code", "unit_name"))
    query = (
        columns(link.congress, link.parent, code.code, name.name)
        .join_from(
            _tables["unit_link"],
            _tables["unit_code"],
            (code.unit == link.parent) & (code.scheme == LOCAL_SCHEME),
        )
        .join(_tables["unit_name"], name.unit == link.parent)
        .where(
            link.child == unit,
            *(each.op("&&")(build_day_range(day)) for each in (link.during, code.during, name.during)),
        )
        .order_by(link.congress)
    )
    return await fetch_rows(session, query)


async def list_relatives(session: AsyncSession, unit: UUID) -> tuple[Sequence[UUID], Sequence[UUID]]:
    """(predecessors, successors) of a unit."""
    part = SuccessionPart
    before = select(part.predecessor).where(col(part.successor) == unit).order_by(col(part.predecessor))
    after = select(part.successor).where(col(part.predecessor) == unit).order_by(col(part.successor))
    return (await session.exec(before)).all(), (await session.exec(after)).all()


async def list_predecessors(session: AsyncSession, units: Collection[UUID]) -> Sequence[Any]:
    """The predecessors of units: rows of (successor, predecessor, its last name, its share as numerator and
    denominator, the day)."""
    part, act, name = (_tables[each] for each in ("succession_part", "succession", "unit_name"))
    query = (
        columns(
            *(part.c.successor, part.c.predecessor, name.c.name),
            *(part.c.share_num, part.c.share_den, act.c.on),
        )
        .join_from(part, act, act.c.id == part.c.succession)
        .join(name, name.c.unit == part.c.predecessor, isouter=True)
        .where(is_among(part.c.successor, units))
        .ext(distinct_on(part.c.successor, part.c.predecessor))
        .order_by(part.c.successor, part.c.predecessor, func.lower(name.c.during).desc())
    )
    return await fetch_rows(session, query)


async def list_latest_figures(session: AsyncSession, units: Collection[UUID], day: date) -> Sequence[Any]:
    """The newest published figure of each unit and measure up to a day.

    For one source and day only the last revision counts: a figure that it leaves out is withdrawn. Among
    several sources for one day, the one published last counts. Rows of unit, measure, value, as_of, source,
    made_up; there is no row for a figure without a published report.
    """
    report, figure = _tables["staff_report"].c, _tables["staff_figure"].c
    valid = (
        columns(_tables["staff_report"])
        .where(is_among(report.unit, units), report.as_of <= day, report.published_at.is_not(None))
        .ext(distinct_on(report.unit, report.as_of, report.source))
        .order_by(report.unit, report.as_of, report.source, report.revision.desc())
        .subquery()
        .c
    )
    query = (
        columns(valid.unit, figure.measure, figure.value, valid.as_of, valid.source, valid.made_up)
        .where(figure.report == valid.id)
        .ext(distinct_on(valid.unit, figure.measure))
        .order_by(valid.unit, figure.measure, valid.as_of.desc(), valid.published_at.desc(), valid.id.desc())
    )
    return await fetch_rows(session, query)
