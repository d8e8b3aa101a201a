"""Columns used in several tables: identifiers, times, plain data; and the rule for names of constraints.

A constraint that a request can violate is named by hand, because its name is the code of the problem.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Protocol, Self
from uuid import UUID

from pydantic_core import core_schema
from sqlalchemy import ARRAY, CheckConstraint, DateTime, Dialect, Index, Text, any_, literal, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, Range
from sqlalchemy.types import TypeDecorator, TypeEngine
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


def days_column(*, primary_key: bool = False) -> Any:
    """The days on which a row is valid."""
    return Field(sa_type=DATERANGE, primary_key=primary_key)


def json_column() -> Any:
    """Plain JSON data."""
    return Field(sa_type=JSONB)


def nullable_json_column() -> Any:
    """Plain JSON data, or SQL's NULL, never JSON's null."""
    return Field(default=None, sa_type=JSONB(none_as_null=True), nullable=True)


class PlainRecord(Protocol):
    """A frozen dataclass that is stored as plain JSON: ``read(value.plain())`` equals ``value``."""

    def plain(self) -> Mapping[str, Any]:
        """The value as plain JSON."""

    @classmethod
    def read(cls, plain: Any, /) -> Self:
        """The value that ``plain()`` wrote."""


class RecordType(TypeDecorator[Any]):
    """JSON that is read as one ``record``, or as a tuple of them; only an assignment is stored."""

    impl = JSONB
    cache_ok = True

    def __init__(self, record: type[PlainRecord], *, several: bool = False):
        super().__init__(none_as_null=True)
        self.record = record
        self.several = several

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The plain JSON of a value."""
        if value is None:
            return None
        return [each.plain() for each in value] if self.several else value.plain()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The value of plain JSON."""
        if value is None:
            return None
        return tuple(map(self.record.read, value)) if self.several else self.record.read(value)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """A condition on a part of the column compares plain JSON."""
        return self.impl_instance.coerce_compared_value(op, value)


class _ReadByColumn:
    """For pydantic, which need not know how a record is built: its column reads and writes it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.any_schema()


def record_column(record: type[PlainRecord], *, nullable: bool = False) -> Any:
    """One record as plain JSON; a ``nullable`` one is SQL's NULL where there is none."""
    if nullable:
        return _leave_to_column(Field(default=None, sa_type=RecordType(record), nullable=True))
    return _leave_to_column(Field(sa_type=RecordType(record)))


def records_column(record: type[PlainRecord]) -> Any:
    """A tuple of records as a list of plain JSON."""
    return _leave_to_column(Field(sa_type=RecordType(record, several=True)))


def _leave_to_column(field: Any) -> Any:
    field.metadata.append(_ReadByColumn())
    return field


class WordType(TypeDecorator[Any]):
    """Text that is one of the words of an enum, and is read as such."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]):
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The word as text; raises ``ValueError`` for any other text."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The word of the enum."""
        return None if value is None else self.words(value)


def word_column(words: type[StrEnum], *, nullable: bool = False) -> Any:
    """One of the words of an enum; :func:`check_words` makes its CHECK constraint."""
    if nullable:
        return Field(default=None, sa_type=WordType(words), nullable=True)
    return Field(sa_type=WordType(words))


class WordsType(TypeDecorator[Any]):
    """JSON that is a list of words of an enum, and is read as a tuple of them."""

    impl = JSONB
    cache_ok = True

    def __init__(self, words: type[StrEnum]):
        super().__init__(none_as_null=True)
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> list[str] | None:
        """The words as text; raises ``ValueError`` for any other text."""
        return None if value is None else [self.words(word).value for word in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[StrEnum, ...] | None:
        """The words of the enum."""
        return None if value is None else tuple(map(self.words, value))


def nullable_words_column(words: type[StrEnum]) -> Any:
    """Words of an enum as a list, or NULL for no statement."""
    return Field(default=None, sa_type=WordsType(words), nullable=True)


def check_words(name: str, column: str, words: type[StrEnum]) -> CheckConstraint:
    """The constraint ``name``, by which a ``column`` has one of the words of an enum."""
    among = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({among})", name)


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
