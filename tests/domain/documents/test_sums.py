"""A document whose sums are not those of its rows does not leave."""

from dataclasses import replace

import pytest

from domain.documents.content import Column, Document, PrintedTable, Row, RowKind, TableBuilder
from domain.documents.sums import StatedNumber, expect_true_sums
from domain.findings import Conflict
from tests.service.documents.samples import build_decision, build_list

COLUMNS = (Column("TT", 1), Column("Ngành", 3), Column("Số", 1, summed=True))


def build_table() -> PrintedTable:
    table = TableBuilder("Ngành", COLUMNS).open_section("I").add(1, "a", 200).add(2, "b", 188)
    return table.close_section("Cộng").open_section("II").add(3, "c", 12).close_section("Cộng").build("Tổng")


def replace_sum(table: PrintedTable, kind: RowKind, stated: int) -> Document:
    """A document whose last row of a kind states another number."""
    place = max(n for n, row in enumerate(table.rows) if row.kind is kind)
    wrong = Row((None, "Cộng", stated), kind)
    rows = (*table.rows[:place], wrong, *table.rows[place + 1 :])
    return replace(build_list(1), blocks=(replace(table, rows=rows),))


@pytest.mark.parametrize("rows", [1, 178, 500])
def test_sums_that_follow_from_the_rows_are_printed(rows: int) -> None:
    expect_true_sums(build_decision(rows))
    expect_true_sums(build_list(rows), [StatedNumber("nhóm", rows, rows)])


def test_338_where_388_is_meant_does_not_leave() -> None:
    with pytest.raises(Conflict, match="document_sums_differ") as refused:
        expect_true_sums(replace_sum(build_table(), RowKind.TOTAL, 338))
    (wrong,) = refused.value.errors
    assert wrong.params == {"where": "Ngành: Số", "stated": 338, "counted": 400}


def test_a_wrong_sum_of_a_section_does_not_leave() -> None:
    with pytest.raises(Conflict):
        expect_true_sums(replace_sum(build_table(), RowKind.SUBTOTAL, 13))


def test_a_number_that_the_register_counts_otherwise_does_not_leave() -> None:
    with pytest.raises(Conflict) as refused:
        expect_true_sums(build_list(3), [StatedNumber("Khách mời", 15, 14)])
    assert refused.value.errors[0].params["counted"] == 14


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="2 cells for 3 columns"):
        TableBuilder("Ngành", COLUMNS).add(1, "a")
