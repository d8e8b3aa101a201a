"""The sums of a document: what is printed must follow from the rows that are printed, and agree everywhere.

A congress printed "338" where 388 was meant: such a paper must not leave.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.documents.content import Document, PrintedTable, Row, RowKind, sum_columns
from domain.findings import Conflict, Finding, Plain


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number that the document states, or the register has, and the same number counted from rows."""

    what: str
    stated: int
    counted: int


def expect_true_sums(document: Document, stated: Sequence[StatedNumber] = ()) -> None:
    """Raise :class:`Conflict` where a printed sum is not that of its rows, or two counts differ."""
    wrong = [*_check_tables(document), *_check_stated(stated)]
    if wrong:
        raise Conflict("document_sums_differ", {"places": len(wrong)}, errors=wrong)


def _check_tables(document: Document) -> Iterator[Finding]:
    for table in document.list_tables():
        section = 0
        for n, row in enumerate(table.rows):
            if row.kind is RowKind.SECTION:
                section = n + 1
            elif row.kind is RowKind.SUBTOTAL:
                yield from _compare(table, row, table.rows[section:n])
            elif row.kind is RowKind.TOTAL:
                yield from _compare(table, row, table.rows[:n])


def _compare(table: PrintedTable, row: Row, rows: Sequence[Row]) -> Iterator[Finding]:
    for column, printed, counted in zip(
        table.columns, row.cells, sum_columns(table.columns, [*rows]), strict=True
    ):
        if column.summed and printed != counted:
            where = f"{table.name}: {column.title}"
            params: dict[str, Plain] = {"where": where, "stated": printed, "counted": counted}
            yield Finding("document_sum_wrong", params)


def _check_stated(stated: Sequence[StatedNumber]) -> Iterator[Finding]:
    for each in stated:
        if each.stated != each.counted:
            params: dict[str, Plain] = {"where": each.what, "stated": each.stated, "counted": each.counted}
            yield Finding("document_sum_wrong", params)
