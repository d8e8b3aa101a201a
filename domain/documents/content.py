"""The content of a document: the elements of decree 30/2020/ND-CP, with the text between them, as data.

Every writer (PDF, DOCX, XLSX, CSV) takes this and nothing else, so that all of them say the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal, Self


class DocumentKind(StrEnum):
    """What a document is."""

    ALLOCATION_DECISION = "allocation_decision"
    """The decision that gives each unit its seats ("quyết định phân bổ")."""
    SEATS_LETTER = "seats_letter"
    """The letter that tells one unit its seats and targets ("công văn")."""
    DELEGATE_LIST = "delegate_list"
    """Everybody at a conference, group by group ("danh sách đại biểu")."""
    MINUTES = "minutes"
    """The minutes of a conference ("biên bản"), as far as they are known; the rest is filled in by hand."""
    SIGNING_SHEET = "signing_sheet"
    """A sheet for the signer: what the signature changes ("phiếu trình ký")."""


Cell = str | int | None
Align = Literal["left", "center", "right"]
ParagraphForm = Literal["text", "heading", "centred", "note"]


class RowKind(StrEnum):
    """What a row of a table is."""

    BODY = "body"
    SECTION = "section"
    """A heading over the rows that follow, across the whole table."""
    SUBTOTAL = "subtotal"
    """The sums of the rows since the heading before it."""
    TOTAL = "total"
    """The sums of all rows."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``lead`` is printed bold before the text ("Điều 1.")."""

    text: str
    lead: str = ""
    form: ParagraphForm = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width relative to the others, and whether its numbers are summed."""

    title: str
    width: int
    align: Align = "left"
    summed: bool = False


LONGEST_WHOLE_TEXT, MOST_WHOLE_LINES = 240, 20
"""The most letters and lines of a text in a row that stays on one page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; a section has only its heading, in the first cell."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.BODY

    @property
    def whole(self) -> bool:
        """Whether it stays on one page: a row taller than a page has to break."""
        texts = [str(cell) for cell in self.cells]
        return all(len(one) <= LONGEST_WHOLE_TEXT and one.count("\n") < MOST_WHOLE_LINES for one in texts)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table; ``name`` is that of its sheet in a spreadsheet."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


Block = Paragraph | PrintedTable


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the document, under which number, where and when. What is ``None`` is left blank.

    ``superior`` is the organ above the issuing one, printed over it.
    """

    organ: str
    series: str
    superior: str | None = None
    number: str | None = None
    place: str | None = None
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """In whose name and office somebody signs: ``capacity`` are lines such as "TM. ỦY BAN NHÂN DÂN"."""

    position: str
    capacity: tuple[str, ...] = ()
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: its title, the line that ties it to the document, and its content."""

    title: str
    attached: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    ``type_name`` is its kind as printed ("QUYẾT ĐỊNH"); a letter has none, and its ``subject`` is printed
    under the number. ``authority`` and ``ruling`` are the lines around the legal bases of a decision.
    ``as_of`` is the day of its content, for its properties: never the day on which it is printed. ``mark``
    says that it is a draft. ``proof`` is printed small at the end: digests by which it can be checked.
    """

    kind: DocumentKind
    letterhead: Letterhead
    subject: str
    as_of: date
    type_name: str = ""
    attached: str = ""
    authority: str = ""
    bases: tuple[str, ...] = ()
    ruling: str = ""
    addressees: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    signatures: tuple[SignatureBlock, ...] = ()
    receivers: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    mark: str = ""
    proof: tuple[str, ...] = ()
    landscape: bool = False

    def list_tables(self) -> Iterator[PrintedTable]:
        """All tables, those of the document itself first."""
        for blocks in (self.blocks, *(annex.blocks for annex in self.annexes)):
            yield from (block for block in blocks if isinstance(block, PrintedTable))

    def count_rows(self) -> int:
        """How many rows all tables have."""
        return sum(len(table.rows) for table in self.list_tables())


@dataclass
class TableBuilder:
    """Builds a table section by section; sums are counted from the rows and from nothing else."""

    name: str
    columns: tuple[Column, ...]
    rows: list[Row] = field(default_factory=list)
    _section: int = 0

    def open_section(self, title: str) -> Self:
        """Begin a section with its heading."""
        self.rows.append(Row((title,), RowKind.SECTION))
        self._section = len(self.rows)
        return self

    def add(self, *cells: Cell) -> Self:
        """Add a row."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for {len(self.columns)} columns of {self.name}")
        self.rows.append(Row(cells))
        return self

    def close_section(self, label: str) -> Self:
        """Add the sums of the section."""
        self.rows.append(self._sum(self.rows[self._section :], label, RowKind.SUBTOTAL))
        return self

    def build(self, total: str = "") -> PrintedTable:
        """The table; with ``total`` as the label of a last row with the sums of all rows."""
        last = [self._sum(self.rows, total, RowKind.TOTAL)] if total else []
        return PrintedTable(self.name, self.columns, (*self.rows, *last))

    def _sum(self, rows: list[Row], label: str, kind: RowKind) -> Row:
        cells: list[Cell] = list(sum_columns(self.columns, rows))
        cells[min(1, len(cells) - 1)] = label
        return Row(tuple(cells), kind)


def sum_columns(columns: tuple[Column, ...], rows: list[Row]) -> tuple[Cell, ...]:
    """The sum of each summed column over the rows of the body; ``None`` for the others."""
    body = [row.cells for row in rows if row.kind is RowKind.BODY]
    return tuple(
        sum(cell for cells in body if isinstance(cell := cells[n], int)) if column.summed else None
        for n, column in enumerate(columns)
    )


def mark_as_draft(document: Document, mark: str) -> Document:
    """The document as a draft, with the mark that says so."""
    return replace(document, mark=mark)
