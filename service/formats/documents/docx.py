"""Documents as DOCX: python-docx builds the frame, and the rows of tables are streamed into its text.

A row written cell by cell through python-docx takes thirty times as long. The font is named, not held: Times
New Roman, or what an office program has in its place.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from domain.documents.content import (
    Block,
    Document,
    Paragraph,
    PrintedTable,
    SignatureBlock,
)
from domain.documents.elements import (
    COUNTRY,
    MOTTO,
    break_organ,
    write_number,
    write_place_and_day,
)
from service.formats.documents.docx_tables import CELL_STYLE, MARK, drop_controls, write_table
from service.formats.documents.elements import label_annex, write_subject, write_title

if TYPE_CHECKING:
    from docx.document import Document as Frame

FONT = "Times New Roman"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every part of a file: the same content has the same bytes."""

_TEXT_PART = "word/document.xml"
_MARKER = re.compile(f"<w:p>(?:(?!</w:p>).)*?{MARK}([0-9]+){MARK}.*?</w:p>".encode(), re.DOTALL)
_PORTRAIT, _LANDSCAPE = (210, 297), (297, 210)
_MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}
_MOTTO_LENGTH = 57
"""Millimetres of the motto at 13 points: the line below it is as long."""


def write_docx(document: Document) -> bytes:
    """The document as DOCX."""
    tables: list[tuple[PrintedTable, int]] = []
    frame = _build_skeleton(document, tables)
    saved, content = BytesIO(), BytesIO()
    frame.save(saved)
    with ZipFile(saved) as source, ZipFile(content, "w") as target:
        for name in source.namelist():
            part = ZipInfo(name, _FIXED_TIME)
            part.compress_type = ZIP_DEFLATED  # else it is stored as it is
            pieces = _stream_text(source.read(name), tables) if name == _TEXT_PART else [source.read(name)]
            with target.open(part, "w") as stream:
                for piece in pieces:
                    stream.write(piece)
    return content.getvalue()


def _stream_text(text: bytes, tables: Sequence[tuple[PrintedTable, int]]) -> Iterator[bytes]:
    """The text with each marker replaced by its table, row by row."""
    end = 0
    for found in _MARKER.finditer(text):
        yield text[end : found.start()]
        yield from write_table(*tables[int(found[1])])
        end = found.end()
    yield text[end:]


class _FrameBuilder:
    """Fills a frame; tables leave a marker."""

    def __init__(self, frame: "Frame", tables: list[tuple[PrintedTable, int]]):
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm, Pt

        self.frame, self.tables = frame, tables
        self.align = WD_ALIGN_PARAGRAPH
        self.mm, self.pt = Mm, Pt
        self.width = 0

    def open_section(self, *, landscape: bool, first: bool) -> None:
        """Begin a section on a new page, with page numbers from 1; that of its first page is hidden."""
        from docx.enum.section import WD_ORIENT, WD_SECTION

        section = self.frame.sections[0] if first else self.frame.add_section(WD_SECTION.NEW_PAGE)
        width, height = _LANDSCAPE if landscape else _PORTRAIT
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = self.mm(width), self.mm(height)
        for name, size in _MARGINS.items():
            setattr(section, name, self.mm(size))
        section.header_distance = self.mm(10)
        section.different_first_page_header_footer = True
        self.width = width - _MARGINS["left_margin"] - _MARGINS["right_margin"]
        _restart_page_numbers(section)
        if first:
            header = section.header.paragraphs[0]
            header.alignment = self.align.CENTER
            _add_page_field(header, self.pt(13))

    def add(
        self,
        text: str,
        *,
        place: Any = None,
        size: int = 13,
        bold: bool = False,
        italic: bool = False,
        align: str = "CENTER",
        space: tuple[int, int] = (0, 0),
        indent: int = 0,
        keep: bool = False,
    ) -> Any:
        """Add a paragraph: to a cell, if that is the ``place``. ``space``: points before and after it."""
        paragraph = (self.frame if place is None else place).add_paragraph()
        paragraph.alignment = self.align[align]
        form = paragraph.paragraph_format
        form.space_before, form.space_after = map(self.pt, space)
        form.first_line_indent = self.mm(indent) if indent else None
        form.keep_with_next = keep or None
        self.run(paragraph, text, size, bold=bold, italic=italic)
        return paragraph

    def run(
        self, paragraph: Any, text: str, size: int = 13, *, bold: bool = False, italic: bool = False
    ) -> None:
        """Add a run to a paragraph; without text, the size of the empty line."""
        run = paragraph.add_run(drop_controls(text))
        run.bold, run.italic, run.font.size = bold or None, italic or None, self.pt(size)

    def add_rule(self, place: Any | None, length: float, width: float) -> None:
        """Add a line ``length`` millimetres long, in the middle of a place that is ``width`` wide."""
        paragraph = self.add("", place=place, size=2)
        side = self.mm(max(0.0, (width - length) / 2))
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
        borders = _build_element("w:pBdr")
        borders.append(_build_element("w:top", val="single", sz="6", space="4", color="auto"))
        paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - there is no call for borders
            borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
        )

    def add_grid(self, rows: int, widths: tuple[float, float]) -> Any:
        """A table of two columns without lines and margins: the head, or receivers and signature."""
        table = self.frame.add_table(rows, 2)
        table.autofit = False
        properties = table._tbl.tblPr  # noqa: SLF001 - there is no call for margins
        margins = _build_element("w:tblCellMar")
        for side in ("left", "right"):
            margins.append(_build_element(f"w:{side}", w="0", type="dxa"))
        properties.append(margins)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = self.mm(width)
            for cell in column.cells:
                cell.width = self.mm(width)
                cell._element.remove(cell.paragraphs[0]._element)  # noqa: SLF001 - each cell gets its own
        for row in table.rows:
            row._tr.get_or_add_trPr().append(_build_element("w:cantSplit"))  # noqa: SLF001
        return table

    def add_blocks(self, blocks: Sequence[Block]) -> None:
        """Add the paragraphs, and a marker for each table."""
        for place, block in enumerate(blocks, 1):
            if isinstance(block, PrintedTable):
                self.add("").add_run(f"{MARK}{len(self.tables)}{MARK}")
                self.tables.append((block, self.width))
                self.add("", size=6)
            else:
                self._add_paragraph(block, last=place == len(blocks))

    def _add_paragraph(self, block: Paragraph, *, last: bool) -> None:
        """Add a paragraph; the last one stays with the signature."""
        if block.form == "centred":
            self.add(block.text, bold=True, space=(6, 6))
        elif block.form == "heading":
            self.add(block.text, bold=True, align="LEFT", space=(6, 4), keep=True)
        elif block.form == "note":
            self.add(block.text, size=11, align="LEFT", italic=True, space=(3, 3))
        else:
            lead = f"{block.lead} " if block.lead else ""
            paragraph = self.add(lead, bold=True, align="JUSTIFY", indent=10, space=(0, 6), keep=last)
            self.run(paragraph, block.text)


def _build_skeleton(document: Document, tables: list[tuple[PrintedTable, int]]) -> "Frame":
    """The document without the rows of its tables, which are put into ``tables`` with their widths."""
    import docx

    frame = docx.Document()
    _set_styles(frame)
    _set_properties(frame, document)
    builder = _FrameBuilder(frame, tables)
    builder.open_section(landscape=document.landscape, first=True)
    _add_head(builder, document)
    _add_opening(builder, document)
    builder.add_blocks(document.blocks)
    _add_end(builder, document)
    for place, annex in enumerate(document.annexes):
        builder.open_section(landscape=annex.landscape, first=False)
        builder.add(label_annex(document, place), size=14, bold=True)
        builder.add(annex.title.upper(), size=14, bold=True)
        builder.add(annex.attached, italic=True, space=(0, 8))
        builder.add_blocks(annex.blocks)
    return frame


def _add_head(builder: _FrameBuilder, document: Document) -> None:
    head = document.letterhead
    widths = (105.0, 147.0) if document.landscape else (70.0, 95.0)
    table = builder.add_grid(2, widths)
    left, right = table.rows[0].cells
    for line in break_organ(head.superior or ""):
        builder.add(line, place=left, size=12)
    for line in break_organ(head.organ):
        builder.add(line, place=left, size=12, bold=True)
    builder.add_rule(left, 24, widths[0])
    builder.add(COUNTRY, place=right, size=12, bold=True)
    builder.add(MOTTO, place=right, bold=True)
    builder.add_rule(right, _MOTTO_LENGTH, widths[1])
    left, right = table.rows[1].cells
    builder.add(write_number(head.number, head.series), place=left, space=(4, 0))
    builder.add(write_place_and_day(head.place, head.dated), place=right, italic=True, space=(4, 0))
    if not document.type_name:
        for line in write_subject(document):
            builder.add(line, place=left, size=12)
    if document.mark:
        builder.add(document.mark, place=left, size=12, bold=True, space=(4, 0))


def _add_opening(builder: _FrameBuilder, document: Document) -> None:
    if document.type_name:
        builder.add(document.type_name, size=14, bold=True, space=(18, 0))
        for line in write_subject(document):
            builder.add(line, size=14, bold=True)
        if document.attached:
            builder.add(document.attached, italic=True)
        builder.add_rule(None, 35, builder.width)
    else:
        builder.add("", space=(6, 6))
    for addressee in document.addressees:
        builder.add(f"Kính gửi: {addressee}.", space=(10, 10))
    if document.authority:
        builder.add(document.authority, bold=True, space=(6, 8))
    for basis in document.bases:
        builder.add(basis, italic=True, align="JUSTIFY", indent=10, space=(0, 6))
    if document.ruling:
        builder.add(document.ruling, bold=True, space=(6, 8))


def _add_end(builder: _FrameBuilder, document: Document) -> None:
    if document.signatures or document.receivers:
        builder.add("", size=6, keep=True)
        left, right = builder.add_grid(1, (builder.width / 2, builder.width / 2)).rows[0].cells
        if len(document.signatures) > 1:
            _add_signature(builder, left, document.signatures[0])
        else:
            _add_receivers(builder, left, document.receivers)
        for signature in document.signatures[-1:] or [None]:
            _add_signature(builder, right, signature)
    for line in document.proof:
        builder.add(line, size=9, align="LEFT", space=(4, 0))


def _add_receivers(builder: _FrameBuilder, place: Any, receivers: Sequence[str]) -> None:
    builder.add("Nơi nhận:" if receivers else "", place=place, size=12, align="LEFT", bold=True, italic=True)
    for line in receivers:
        builder.add(line, place=place, size=11, align="LEFT")


def _add_signature(builder: _FrameBuilder, place: Any, signature: SignatureBlock | None) -> None:
    if signature is None:
        builder.add("", place=place)
        return
    for line in (*signature.capacity, signature.position):
        builder.add(line, place=place, bold=True)
    builder.add(signature.name or "", place=place, bold=True, space=(68, 0))


def _set_styles(frame: "Frame") -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt

    normal = frame.styles["Normal"]
    cell = frame.styles.add_style(CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    for style, size in ((normal, 13), (cell, 12)):
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:cs"):
            fonts.set(qn(script), FONT)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1.0


def _set_properties(frame: "Frame", document: Document) -> None:
    day = datetime(document.as_of.year, document.as_of.month, document.as_of.day, tzinfo=UTC)
    known = frame.core_properties
    known.title, known.author = write_title(document)[:255], document.letterhead.organ[:255]
    known.language, known.comments, known.last_modified_by = "vi-VN", "", ""
    known.created = known.modified = day


def _restart_page_numbers(section: Any) -> None:
    numbering = _build_element("w:pgNumType", start="1")
    properties = section._sectPr  # noqa: SLF001 - python-docx has no call for it
    for old in properties.findall(numbering.tag):
        properties.remove(old)
    properties.find(_qualify("w:pgMar")).addnext(numbering)


def _add_page_field(paragraph: Any, size: Any) -> None:
    """Let a paragraph show the number of its page."""
    field = _build_element("w:fldSimple", instr="PAGE")
    run = paragraph.add_run("2")
    run.font.size = size
    paragraph._p.append(field)  # noqa: SLF001
    field.append(run._r)  # noqa: SLF001


def _build_element(name: str, **attributes: str) -> Any:
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(_qualify(f"w:{attribute}"), value)
    return element


def _qualify(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))
