"""Columns used in several tables: identifiers, times, plain data; and the rule for names of constraints.

A constraint that a request can violate is named by hand, because its name is the code of the problem.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Index, Text, any_, literal, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, Range
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

SQLModel.metadata.naming_convention = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(constraint_name)s",
}

During = Range[date]
"""A range of days: the first is included, the last excluded; ``None`` means without a bound."""


def new_id() -> UUID:
    """A time-ordered identifier (UUIDv7, RFC 9562)."""
    return uuid7()


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def id_column() -> Any:
    """A primary key made here, not by the database, so that rows can refer to each other before an insert."""
    return Field(default_factory=new_id, primary_key=True)


def reference_column(
    column: str, *, primary_key: bool = False, index: bool = False, nullable: bool = False
) -> Any:
    """A foreign key; a row that another row refers to cannot be deleted."""
    if nullable:
        return Field(default=None, foreign_key=column, index=index)
    return Field(foreign_key=column, primary_key=primary_key, index=index)


def text_column(*, primary_key: bool = False, index: bool = False) -> Any:
    """Text of any length; the limits are checked where the input is read."""
    return Field(sa_type=Text, primary_key=primary_key, index=index)


def nullable_text_column() -> Any:
    """Text, or NULL for no statement."""
    return Field(default=None, sa_type=Text, nullable=True)


def time_column() -> Any:
    """A point in time, stored in UTC, by default the time when the row object is made."""
    return Field(default_factory=now, sa_type=DateTime(timezone=True))


def nullable_time_column() -> Any:
    """A point in time, or NULL when it has not come yet."""
    return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)


def days_column() -> Any:
    """The days on which a row is valid."""
    return Field(sa_type=DATERANGE)


def json_column() -> Any:
    """Plain JSON data."""
    return Field(sa_type=JSONB)


def nullable_json_column() -> Any:
    """Plain JSON data, or SQL's NULL, never JSON's null."""
    return Field(default=None, sa_type=JSONB(none_as_null=True), nullable=True)


def text_reference_column(column: str, *, primary_key: bool = False, index: bool = False) -> Any:
    """A foreign key to a row whose primary key is text."""
    return Field(sa_type=Text, foreign_key=column, primary_key=primary_key, index=index)


def unique_index(name: str, *columns: str, where: str) -> Index:
    """An index that refuses the same ``columns`` in two rows that meet the SQL condition ``where``."""
    return Index(name, *columns, unique=True, postgresql_where=text(where))


def is_among(column: Any, values: Collection[Any]) -> Any:
    """The condition that a column has one of the values.

    The values are passed as one argument, since a statement takes 32,767 arguments at most.
    """
    return column == any_(literal([*values], ARRAY(column.type)))
