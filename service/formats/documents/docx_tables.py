"""The tables of a DOCX, as XML that is written row by row."""

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from domain.documents.content import Cell, Column, PrintedTable, Row, RowKind

CELL_STYLE = "Cell"
"""The style of paragraphs in cells, which the frame defines."""

MARK = "\ue000"
"""A sign of the private use area, around the number of a table in whose place it stands: no text has it."""

_TWIPS = 1440 / 25.4


def write_table(table: PrintedTable, width: int) -> Iterator[bytes]:
    """The XML of a table that is ``width`` millimetres wide, row by row."""
    whole = sum(column.width for column in table.columns)
    widths = [round(column.width * width * _TWIPS / whole) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="70" w:type="dxa"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    ).encode()
    titles = [(column.title, "center") for column in table.columns]
    yield _write_row(_write_cells(titles, widths, bold=True), "<w:tblHeader/>")
    for row in table.rows:
        yield _write_row(_write_body_cells(row, table.columns, widths), whole=row.whole)
    yield b"</w:tbl>"


def _write_row(cells: Iterable[str], more: str = "", *, whole: bool = True) -> bytes:
    split = "<w:cantSplit/>" if whole else ""
    return f"<w:tr><w:trPr>{split}{more}</w:trPr>{''.join(cells)}</w:tr>".encode()


def _write_body_cells(row: Row, columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    if row.kind is RowKind.SECTION:
        return _write_cells([(row.cells[0], "left")], [sum(widths)], bold=True, span=len(widths))
    aligned = [(cell, column.align) for cell, column in zip(row.cells, columns, strict=True)]
    return _write_cells(aligned, widths, bold=row.kind is not RowKind.BODY)


def _write_cells(
    cells: Sequence[tuple[Cell, str]], widths: Sequence[int], *, bold: bool = False, span: int = 1
) -> Iterator[str]:
    strong = "<w:rPr><w:b/></w:rPr>" if bold else ""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    for (cell, align), width in zip(cells, widths, strict=True):
        run = (
            f'<w:r>{strong}<w:t xml:space="preserve">{_escape(cell)}</w:t></w:r>' if cell is not None else ""
        )
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{CELL_STYLE}"/><w:jc w:val="{align}"/></w:pPr>{run}</w:p></w:tc>'
        )


def _escape(cell: Cell) -> str:
    text = escape(drop_controls(str(cell)))
    return text.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')


_CONTROLS = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff{MARK}]")


def drop_controls(text: str) -> str:
    """The text without what XML cannot hold, and without our mark."""
    return _CONTROLS.sub("", text)
