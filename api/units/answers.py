"""Answers about units."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.types import Answer
from db.units import find_last_day

KIND_DESCRIPTION = "A code such as those of the list `unit_kinds`; a plan may name others."


class UnitName(Answer):
    """The id, code and name of a unit."""

    id: UUID
    code: str
    name: str


class UnitItem(TaggedAnswer):
    """A unit in a list, as it is on the given day."""

    id: UUID
    code: str
    name: str
    kind: str = Field(description=KIND_DESCRIPTION)
    valid_from: date | None
    valid_to: date | None


class ParentAnswer(Answer):
    """The parent of a unit in a congress."""

    congress: str
    unit: UUID
    code: str
    name: str


class FigureAnswer(Answer):
    """The latest figure of a measure."""

    measure: str
    value: int
    as_of: date
    source: str
    made_up: bool


class UnitAnswer(UnitItem):
    """A unit with its parents, identifiers, predecessors, successors and figures."""

    codes: dict[str, str]
    parents: list[ParentAnswer]
    predecessors: list[UUID]
    successors: list[UUID]
    figures: list[FigureAnswer] = Field(description="A measure that is not listed is unknown.")


def build_unit_item(row: Any) -> UnitItem:
    """Build an item of a list from its row."""
    return UnitItem(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        valid_from=row.during.lower,
        valid_to=find_last_day(row.during),
        etag=compute_row_etag(row.id, row.version),
    )


def build_unit_name(unit: UUID, names: Mapping[UUID, tuple[str, str]]) -> UnitName:
    """Build the name of a unit from ``names`` (code and name by id)."""
    code, name = names.get(unit, ("", ""))
    return UnitName(id=unit, code=code, name=name)
