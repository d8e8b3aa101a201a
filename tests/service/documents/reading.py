"""Reading PDFs, with what the machine has, and DOCX back."""

import io
import shutil
import subprocess

import docx
import pytest

from service.formats.documents.pdf import FONT_FOLDER

needs_font = pytest.mark.skipif(
    not any(FONT_FOLDER.glob("*.ttf")), reason="the font of PDFs is not here: sh .ci/get-fonts"
)
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not here")


def read_pdf(content: bytes) -> str:
    """The text of a PDF, laid out as it is printed."""
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def count_pages(content: bytes) -> int:
    """How many pages a PDF has: each ends with a form feed."""
    return read_pdf(content).count("\f")


def read_docx(content: bytes) -> str:
    """The text of all paragraphs and cells, in their order."""
    frame = docx.Document(io.BytesIO(content))
    return " ".join(node.text or "" for node in frame.element.body.iter() if node.tag.endswith("}t"))
