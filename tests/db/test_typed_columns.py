"""Columns with types of their own: the words of an enum, and records stored as plain JSON."""

import re

import asyncpg

from db.columns import WordType
from db.tables import build_metadata


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
