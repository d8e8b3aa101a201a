"""Columns with types of their own: the words of an enum, and records stored as plain JSON."""

import re

import asyncpg
import pytest
from sqlalchemy.engine.default import DefaultDialect

from db.columns import WordsType, WordType
from db.tables import build_metadata
from domain.access import Access


async def test_a_column_of_words_has_a_check_for_exactly_these_words(
    application: asyncpg.Connection,
) -> None:
    columns = {
        (table.name, column.name): column.type.words
        for table in build_metadata().tables.values()
        for column in table.columns
        if isinstance(column.type, WordType)
    }
    found = await application.fetch(
        """
        SELECT relname, attname, pg_get_expr(conbin, conrelid) FROM pg_constraint
        JOIN pg_class ON pg_class.oid = conrelid
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'c' AND cardinality(conkey) = 1
        """
    )
    among = re.compile(r"\(\w+ = ANY \(ARRAY\[([^]]*)\]\)\)")
    checked = {
        (table, column): set(re.findall(r"'(\w+)'", words[1]))
        for table, column, condition in found
        if (words := among.fullmatch(condition))
    }
    assert columns
    assert {key: checked.get(key) for key in columns} == {key: {*map(str, columns[key])} for key in columns}


def test_a_column_of_several_words_takes_and_gives_only_these_words() -> None:
    column, dialect = WordsType(Access), DefaultDialect()
    scopes = (Access.PLANS_READ, Access.UNITS_READ)
    assert column.process_bind_param(scopes, dialect) == ["plans:read", "units:read"]
    assert column.process_result_value(["plans:read", "units:read"], dialect) == scopes
    assert column.process_bind_param(None, dialect) is None
    assert column.process_result_value(None, dialect) is None
    with pytest.raises(ValueError, match="plans:burn"):
        column.process_bind_param(["plans:burn"], dialect)
