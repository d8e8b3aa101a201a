"""What happens to a unit over time: it is renamed, stands under somebody else, comes to its end."""

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from db import units
from db.plans import Congress
from db.session import AsyncSession
from db.units import LOCAL, Unit, UnitCode, UnitLink, UnitName, days
from domain.access import Actor
from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.names import sort_key
from domain.units import UnitRow, check_rows
from service.access import expect_below
from service.audit import record
from service.units import beyond, known_units, reachable

DAY = timedelta(days=1)


async def expect(session: AsyncSession, actor: Actor, unit_id: UUID) -> Unit:
    """A unit that somebody is about to change; the tree of units is locked until the transaction ends."""
    await units.lock_tree(session)
    unit = await reachable(session, actor, unit_id)
    await session.refresh(unit, with_for_update=True)
    return unit


async def rename(session: AsyncSession, actor: Actor, unit: Unit, name: str, first: date) -> None:
    """Another name from a day on; the one before ends the day before."""
    _within(unit, first)
    current = await _name_on(session, unit.id, first)
    if current is None or current.during.lower == first:
        raise Conflict("name_starts_that_day", {"first": first.isoformat()})
    end = units.last_day(current.during)
    current.during = days(current.during.lower, first - DAY)
    session.add(current)
    await session.flush()
    session.add(UnitName(unit=unit.id, name=name, sort_key=sort_key(name), during=days(first, end)))
    await _changed(session, actor, unit, "unit_renamed", {"name": name, "first": first.isoformat()})


async def move(
    session: AsyncSession, actor: Actor, unit: Unit, congress: str, parent: str | None, first: date
) -> None:
    """Another parent in a congress chain from a day on, or none; a circle is refused."""
    _within(unit, first)
    if await session.get(Congress, congress) is None:
        errors = [Finding("congress_unknown", {"row": 1, "column": "congress"}, "/congress")]
        raise Invalid("units_faulty", {"errors": 1}, errors=errors)
    if parent is not None:
        await _check_parent(session, actor, unit, congress, parent)
    query = select(UnitLink).where(
        col(UnitLink.child) == unit.id,
        col(UnitLink.congress) == congress,
        col(UnitLink.during).op("&&")(days(first, None)),
    )
    links = (await session.exec(query)).all()
    if links:
        await expect_below(session, actor, congress, unit.id)
    for link in links:
        if link.during.lower is not None and link.during.lower >= first:
            await session.delete(link)
        else:
            link.during = days(link.during.lower, first - DAY)
            session.add(link)
    await session.flush()
    if parent is not None:
        above = (await units.by_code(session, [parent]))[parent]
        end = units.last_day(unit.during)
        session.add(UnitLink(congress=congress, child=unit.id, parent=above, during=days(first, end)))
    changes: dict[str, Plain] = {"congress": congress, "parent": parent, "first": first.isoformat()}
    await _changed(session, actor, unit, "unit_moved", changes)


async def close(session: AsyncSession, actor: Actor, unit: Unit, last: date) -> None:
    """The unit's last day; its names, codes and links end with it. Units below it must have gone before."""
    _within(unit, last)
    if await _busy(session, unit.id, last):
        raise Conflict("unit_has_units_below", {"last": last.isoformat()})
    for congress in await units.chains(session, unit.id):
        await expect_below(session, actor, congress, unit.id)
    unit.during = days(unit.during.lower, last)
    rows: list[UnitName | UnitCode | UnitLink] = [
        *(await session.exec(select(UnitName).where(col(UnitName.unit) == unit.id))).all(),
        *(await session.exec(select(UnitCode).where(col(UnitCode.unit) == unit.id))).all(),
        *(await session.exec(select(UnitLink).where(col(UnitLink.child) == unit.id))).all(),
    ]
    for row in rows:
        if row.during.lower is not None and row.during.lower > last:
            await session.delete(row)
        else:
            end = units.last_day(row.during)
            row.during = days(row.during.lower, min(last, end) if end else last)
            session.add(row)
    await _changed(session, actor, unit, "unit_closed", {"last": last.isoformat()})


def _within(unit: Unit, day: date) -> None:
    last = units.last_day(unit.during)
    if (unit.during.lower and day < unit.during.lower) or (last and day > last):
        raise Invalid("day_outside_unit", errors=[Finding("day_outside_unit", {"day": day.isoformat()})])


async def _name_on(session: AsyncSession, unit: UUID, day: date) -> UnitName | None:
    query = select(UnitName).where(col(UnitName.unit) == unit, col(UnitName.during).op("&&")(units.on(day)))
    return (await session.exec(query)).first()


async def _check_parent(session: AsyncSession, actor: Actor, unit: Unit, congress: str, parent: str) -> None:
    known = await known_units(session, actor)
    code = (
        await session.exec(
            select(UnitCode.code).where(col(UnitCode.unit) == unit.id, col(UnitCode.scheme) == LOCAL)
        )
    ).one()
    own = known.pop(code)
    row = UnitRow(
        0,
        code,
        own.name,
        own.kind,
        own.valid_from,
        own.valid_to,
        {**own.parents, congress: parent},
        own.codes,
    )
    column = f"/parent:{congress}"
    errors = [
        Finding(finding.code, finding.params, "/parent")
        for finding in [*check_rows([row], known), *await beyond(session, actor, [row], known)]
        if finding.severity is Severity.ERROR and finding.pointer.endswith(column)
    ]
    if errors:
        raise Invalid("units_faulty", {"errors": len(errors)}, errors=errors)


async def _busy(session: AsyncSession, unit: UUID, last: date) -> bool:
    """Whether somebody still stands under the unit after its last day."""
    query = (
        select(UnitLink.id)
        .where(col(UnitLink.parent) == unit, col(UnitLink.during).op("&&")(days(last + DAY, None)))
        .limit(1)
    )
    return (await session.exec(query)).first() is not None


async def _changed(
    session: AsyncSession, actor: Actor, unit: Unit, act: str, changes: dict[str, Plain]
) -> None:
    unit.version += 1
    session.add(unit)
    await session.flush()
    await record(session, actor, act, "unit", unit.id, changes)
