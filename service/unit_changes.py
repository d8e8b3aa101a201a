"""Changes of a unit over time: another name, another parent, its end."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from db import plans, stored_units, units
from db import unit_changes as rows
from db.columns import During
from db.session import AsyncSession
from db.units import Unit, UnitLink, UnitName, build_interval
from domain.acts import Act
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.names import compute_sort_key
from service.access import expect_unit_below, is_in_subtree
from service.audit import record_change
from service.conferences.following import follow_facts
from service.units import get_unit
from service.work import Work

ONE_DAY = timedelta(days=1)
_MAX_CYCLE_NAMES = 10
"""How many units of a circle a finding names; its ``length`` is the number of all."""


async def lock_unit(work: Work, unit_id: UUID) -> Unit:
    """A unit to be changed; the tree of units is locked until the transaction ends."""
    await units.lock_tree(work.session)
    unit = await get_unit(work, unit_id)
    await units.lock_unit(work.session, unit)
    return unit


async def rename_unit(work: Work, unit: Unit, name: str, first: date) -> None:
    """Another name from a day on; the one before ends the day before."""
    _expect_within_life(unit, first, "/first")
    current = await rows.find_unit_name(work.session, unit.id, first)
    if current is None or current.during.lower == first:
        raise Conflict("name_starts_that_day", {"first": first.isoformat()})
    end = units.find_last_day(current.during)
    current.during = build_interval(current.during.lower, first - ONE_DAY)
    work.session.add(current)
    await work.session.flush()
    work.session.add(
        UnitName(unit=unit.id, name=name, sort_key=compute_sort_key(name), during=build_interval(first, end))
    )
    await follow_facts(work, [unit.id])
    await record_change(work, unit, Act.UNIT_RENAMED, {"name": name, "first": first.isoformat()})


async def move_unit(work: Work, unit: Unit, congress: str, parent: str | None, first: date) -> None:
    """Another parent in a congress chain from a day on, or none; a circle on any day is refused.

    The new link is for the days on which both units exist.
    """
    _expect_within_life(unit, first, "/first")
    await _expect_congress(work.session, congress)
    if parent is None and not work.actor.is_service_wide:  # no council would be above it
        raise _build_refusal(Finding("unit_needs_parent", {}, "/parent"))
    link = None if parent is None else await _build_link(work, unit, congress, parent, first)
    before = await rows.list_links_from(work.session, congress, unit.id, first)
    if before:
        await expect_unit_below(work, congress, unit.id)
    for old in before:
        if old.during.lower is not None and old.during.lower >= first:
            await work.session.delete(old)
        else:
            old.during = build_interval(old.during.lower, first - ONE_DAY)
            work.session.add(old)
    await work.session.flush()
    if link is not None:
        work.session.add(link)
        await work.session.flush()  # before the unit: the actor reaches it by this link
    changes: dict[str, Plain] = {"congress": congress, "parent": parent, "first": first.isoformat()}
    await record_change(work, unit, Act.UNIT_MOVED, changes)


async def close_unit(work: Work, unit: Unit, last: date) -> None:
    """The unit's last day; its names, codes and links end with it. No unit may be below it then."""
    _expect_within_life(unit, last, "/last")
    if await rows.has_units_below(work.session, unit.id, build_interval(last + ONE_DAY, None)):
        raise Conflict("unit_has_units_below", {"last": last.isoformat()})
    for congress in await stored_units.list_unit_chains(work.session, unit.id):
        await expect_unit_below(work, congress, unit.id)
    unit.during = build_interval(unit.during.lower, last)
    for row in await rows.list_unit_rows(work.session, unit.id):
        if row.during.lower is not None and row.during.lower > last:
            await work.session.delete(row)
        else:
            end = units.find_last_day(row.during)
            row.during = build_interval(row.during.lower, min(last, end) if end else last)
            work.session.add(row)
    await record_change(work, unit, Act.UNIT_CLOSED, {"last": last.isoformat()})


def _expect_within_life(unit: Unit, day: date, pointer: str) -> None:
    if not _is_valid_on(unit, day):
        errors = [Finding("day_outside_unit", {"day": day.isoformat()}, pointer)]
        raise Invalid("day_outside_unit", errors=errors)


def _is_valid_on(unit: Unit, day: date) -> bool:
    first, last = unit.during.lower, units.find_last_day(unit.during)
    return (first is None or first <= day) and (last is None or day <= last)


async def _expect_congress(session: AsyncSession, congress: str) -> None:
    known = await plans.list_congress_ids(session)
    if not known:
        raise _build_refusal(Finding("congress_none", {}, "/congress"))
    if congress not in known:
        raise _build_refusal(Finding("congress_unknown", {"congresses": [*known]}, "/congress"))


async def _build_link(work: Work, unit: Unit, congress: str, parent: str, first: date) -> UnitLink:
    """The link to a parent that exists on the first day, for as long as both do; it must close no circle."""
    found = await units.map_units_by_code(work.session, [parent])
    above = await units.find_unit(work.session, work.actor, found[parent]) if parent in found else None
    if above is None or not await is_in_subtree(work, congress, above.id):
        raise _build_refusal(Finding("unit_parent_unknown", {}, "/parent"))
    if above.id == unit.id:
        raise _build_refusal(Finding("unit_parent_itself", {}, "/parent"))
    if not _is_valid_on(above, first):
        span = {
            "valid_from": str(above.during.lower),
            "valid_to": str(units.find_last_day(above.during) or "…"),
        }
        raise _build_refusal(Finding("unit_parent_not_valid", span, "/parent"))
    ends = [last for each in (unit, above) if (last := units.find_last_day(each.during)) is not None]
    during = build_interval(first, min(ends, default=None))
    circle = await _find_cycle(work.session, congress, unit.id, above.id, during)
    if circle:
        codes = await stored_units.map_codes_by_unit(work.session, circle[:_MAX_CYCLE_NAMES])
        named: list[Plain] = [codes[each] for each in circle[:_MAX_CYCLE_NAMES]]
        raise _build_refusal(Finding("unit_parent_cycle", {"units": named, "length": len(circle)}, "/parent"))
    return UnitLink(congress=congress, child=unit.id, parent=above.id, during=during)


async def _find_cycle(
    session: AsyncSession, congress: str, unit: UUID, parent: UUID, during: During
) -> Sequence[UUID]:
    """The circle that a link would close on some of its days: the unit, its parent, and those above."""
    lines = await stored_units.list_units_above(session, congress, parent, during)
    line = next((each for each in lines if each.unit == unit), None)
    if line is None:
        return []
    circle = []
    while line.below is not None:
        line = next(each for each in lines if each.unit == line.below and each.during.contains(line.during))
        circle.append(line.unit)
    return [unit, *reversed(circle)]


def _build_refusal(finding: Finding) -> Invalid:
    return Invalid("units_faulty", {"errors": 1}, errors=[finding])
