"""Lists of units: those visible to an actor on a day, in Vietnamese order of names, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, false, func, literal, tuple_
from sqlalchemy import select as columns
from sqlmodel import SQLModel

from db.reach import is_visible_unit
from db.session import AsyncSession, fetch_rows
from db.units import LOCAL_SCHEME, build_day_range
from domain.access import Actor
from domain.names import MARKED_LETTER, list_search_words

_tables = SQLModel.metadata.tables


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """Which units are wanted; ``words`` are some of the name, or their beginnings, with or without marks."""

    congress: str | None = None
    parent: UUID | None = None
    kind: str | None = None
    code: str | None = None
    words: str | None = None


_EVERY_UNIT = UnitFilter()


async def page_units(
    session: AsyncSession,
    actor: Actor,
    day: date,
    wanted: UnitFilter = _EVERY_UNIT,
    *,
    after: tuple[str, UUID] | None = None,
    limit: int,
) -> Sequence[Any]:
    """Units visible to the actor on a day: id, kind, during, version, code, name, sort_key; by name."""
    code, name = (_tables[each].c for each in ("unit_code", "unit_name"))
    visible = _query_visible_units(actor, day, wanted)
    unit = visible.c
    query = (
        columns(unit.id, unit.kind, unit.during, unit.version, code.code, name.name, name.sort_key)
        .join_from(visible, _tables["unit_code"], (code.unit == unit.id) & (code.scheme == LOCAL_SCHEME))
        .join(_tables["unit_name"], name.unit == unit.id)
        .where(_is_valid_on(code.during, day), _is_valid_on(name.during, day))
        .order_by(name.sort_key, unit.id)
        .limit(limit)
    )
    if wanted.code is not None:
        query = query.where(code.code == wanted.code)
    if wanted.words is not None:
        query = query.where(*_build_word_conditions(name.sort_key, wanted.words))
    if after is not None:
        query = query.where(tuple_(name.sort_key, unit.id) > tuple_(*after))
    return await fetch_rows(session, query)


def _query_visible_units(actor: Actor, day: date, wanted: UnitFilter) -> CTE:
    """The units visible to an actor on a day.

    For an actor with limited reach the visible units are found first. For an actor who sees all units, names
    are read in order until the page is full.
    """
    unit, link = (_tables[each].c for each in ("unit", "unit_link"))
    query = columns(unit.id, unit.kind, unit.during, unit.version).where(
        is_visible_unit(actor, unit.id), _is_valid_on(unit.during, day)
    )
    if wanted.kind is not None:
        query = query.where(unit.kind == wanted.kind)
    if wanted.congress is not None or wanted.parent is not None:
        children = columns(link.child).where(link.during.op("&&")(build_day_range(day)))
        children = (
            children.where(link.congress == wanted.congress) if wanted.congress is not None else children
        )
        children = children.where(link.parent == wanted.parent) if wanted.parent is not None else children
        query = query.where(unit.id.in_(children))
    return query.cte("seen").prefix_with("NOT MATERIALIZED" if actor.is_service_wide else "MATERIALIZED")


def _build_word_conditions(sort_key: Any, words: str) -> list[Any]:
    """That each word begins a word of the name; marks do not count."""
    plain = literal("-") + func.regexp_replace(sort_key, MARKED_LETTER, r"\1", "g")
    return [func.strpos(plain, f"-{word}") > 0 for word in list_search_words(words)]


def _is_valid_on(during: Any, day: date) -> Any:
    """The condition that a row is valid on a day, in a form for tables in which nearly every row is.

    The planner may not use the statistics of a table with a policy. For a plain comparison it then assumes
    that one row in a hundred passes, and chooses nested loops over thousands of rows.
    """
    return func.coalesce(during.op("&&")(build_day_range(day)), false())
