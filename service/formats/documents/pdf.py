"""Documents as PDF by typst: tagged, PDF/A-2a and PDF/UA-1, with fonts of our own.

typst keeps what it has compiled, and there is no way to let it go: it runs in a process that ends after the
document (``api.http.processes``). What is only a warning elsewhere, as a missing font, is an error here.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from domain.documents.content import Document
from domain.findings import Conflict
from service.formats.documents.elements import build_plain

MOST_PDF_ROWS = 2_000
"""The most rows of a PDF: a tagged one takes memory with its rows. DOCX, XLSX and CSV have no such limit."""

FONT = "Tinos"
"""The font of our template."""

FONT_FOLDER = Path(sys.prefix) / "fonts"
"""Where the set-up puts the font (.ci/get-fonts)."""

_LACKING_LETTER = re.compile('(?:the text|contains the codepoint) `"(?P<letter>.+?)"`')
"""What typst says of a letter that no font has, or that is for private use."""

TEMPLATE = Path(__file__).with_name("document.typ")


def write_pdf(document: Document, templates: Path | None = None) -> bytes:
    """The document as PDF; ``templates`` is the operator's own folder of templates and fonts.

    Raises :class:`Conflict` for more than :data:`MOST_PDF_ROWS` rows, where the font is missing, and for a
    letter that the font lacks.
    """
    rows = document.count_rows()
    if rows > MOST_PDF_ROWS:
        raise Conflict("document_too_long_for_pdf", {"rows": rows, "limit": MOST_PDF_ROWS})
    fonts, template = _list_font_folders(templates), choose_template(document, templates)
    if not fonts or (template == TEMPLATE and FONT not in _list_families(fonts)):
        raise Conflict("document_font_missing")
    data = json.dumps(build_plain(document), ensure_ascii=False)
    return _compile(template, data, fonts)


def choose_template(document: Document, templates: Path | None) -> Path:
    """The operator's template of the document's kind, or for all kinds, or else ours."""
    names = (f"{document.kind}.typ", TEMPLATE.name)
    own = [] if templates is None else [templates / name for name in names]
    return next((path for path in own if path.is_file()), TEMPLATE)


def _list_font_folders(templates: Path | None) -> Sequence[Path]:
    return [folder for folder in (templates, FONT_FOLDER) if folder is not None and any(folder.glob("*.ttf"))]


def _list_families(fonts: Sequence[Path]) -> Sequence[str]:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[*fonts]
    ).families()


def _compile(template: Path, data: str, fonts: Sequence[Path]) -> bytes:
    import typst

    try:
        content, warnings = typst.compile_with_warnings(
            template,
            font_paths=[*fonts],
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=["a-2a", "ua-1"],
        )
    except typst.TypstError as error:
        lacking = _LACKING_LETTER.search(str(error))
        if lacking is None:
            raise
        raise Conflict("document_letter_missing", {"letter": lacking["letter"]}) from None
    if warnings:
        raise RuntimeError(f"the template gives warnings: {warnings[0].message}")
    if not isinstance(content, bytes):
        raise TypeError("a PDF is one file")
    return content
