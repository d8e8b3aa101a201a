"""One content, four files: the same text in each, the same bytes for the same content."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook

from domain.documents.content import Column, Document, Paragraph, TableBuilder
from domain.findings import Conflict
from service.formats.documents import pdf
from service.formats.documents.docx import write_docx
from service.formats.documents.docx_tables import MARK
from service.formats.documents.pdf import FONT_FOLDER, MOST_PDF_ROWS, write_pdf
from service.formats.documents.tables import write_csv, write_xlsx
from tests.service.documents.reading import needs_font, needs_poppler, read_docx, read_pdf
from tests.service.documents.samples import COLUMNS, LONG_UNIT, build_decision, build_list

WRITERS = [pytest.param(write_pdf, marks=needs_font), write_docx, write_xlsx, write_csv]
HOSTILE = '#strong[a] $x$ </w:t> <w:p/> & "b" \\ =1+1'


def collapse(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_content_has_the_same_bytes(write: object) -> None:
    assert callable(write)
    assert write(build_decision(3)) == write(build_decision(3))


@needs_font
@needs_poppler
def test_a_pdf_has_the_elements_of_the_decree_in_their_order() -> None:
    text = collapse(read_pdf(write_pdf(build_decision(2))))
    elements = (
        "ỦY BAN NHÂN DÂN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "/QĐ-HĐTĐKT",
        "DỰ THẢO",
        "QUYẾT ĐỊNH",
        "Về việc phân bổ số lượng đại biểu",
        "Căn cứ Kế hoạch số 19/KH-HĐTĐKT",
        "QUYẾT ĐỊNH:",
        "Điều 1. Phân bổ 280 đại biểu",
        "Nơi nhận:",
        "- Như Điều 2;",
        "Phụ lục",
        "(Kèm theo Quyết định",
        "Chiến sĩ thi đua cấp tỉnh",
    )
    places = [text.find(element) for element in elements]
    assert [element for element, place in zip(elements, places, strict=True) if place < 0] == []
    assert text.index("TM. HỘI ĐỒNG") < text.index("KT. CHỦ TỊCH") < text.index("PHÓ CHỦ TỊCH")


@needs_font
@needs_poppler
def test_pdf_and_docx_say_the_same() -> None:
    for document in (build_decision(178), build_list(1)):
        printed = re.sub(r"\W", "", read_pdf(write_pdf(document)))
        for paragraph in re.findall(r"\w+", read_docx(write_docx(document))):
            assert paragraph in printed


@needs_font
@needs_poppler
def test_text_is_never_read_as_markup() -> None:
    document = replace(build_list(0), blocks=(Paragraph(HOSTILE),))
    assert HOSTILE in collapse(read_pdf(write_pdf(document)))
    assert HOSTILE in read_docx(write_docx(document))


def test_no_text_stands_for_a_table_in_docx() -> None:
    tricks = ("@@table-0@@", "@@table-9@@", f"{MARK}0{MARK}", f"{MARK}9{MARK}")
    document = replace(build_list(1), blocks=(*map(Paragraph, tricks), *build_list(1).blocks))
    frame = docx.Document(io.BytesIO(write_docx(document)))
    assert [one.text for one in frame.paragraphs if "table" in one.text] == ["@@table-0@@", "@@table-9@@"]
    assert [len(table.columns) for table in frame.tables] == [2, len(COLUMNS), 2]


LONG_TEXT = " ".join(f"thanhtich{n:04}" for n in range(220))
"""More than 3,000 letters."""


def build_long_list() -> Document:
    """A list with a row that is taller than a page."""
    table = TableBuilder("Danh sách", (Column("TT", 10), Column("Thành tích", 30), Column("Khác", 180)))
    table.add(1, "ngắn", None).add(2, LONG_TEXT, None)
    return replace(build_list(0), blocks=(table.build(),))


@needs_font
@needs_poppler
def test_a_row_taller_than_a_page_loses_nothing() -> None:
    printed = read_pdf(write_pdf(build_long_list()))
    assert {word for word in LONG_TEXT.split() if word not in printed} == set()


def test_only_a_row_with_a_long_text_may_be_split_in_docx() -> None:
    rows = docx.Document(io.BytesIO(write_docx(build_long_list()))).tables[1].rows
    assert ["cantSplit" in row._tr.xml for row in rows] == [True, True, False]


@needs_font
def test_a_pdf_of_too_many_rows_is_refused_with_the_way_out() -> None:
    with pytest.raises(Conflict, match="document_too_long_for_pdf") as refused:
        write_pdf(build_list(MOST_PDF_ROWS))
    assert refused.value.params == {"rows": MOST_PDF_ROWS + 3, "limit": MOST_PDF_ROWS}


def test_without_a_font_a_pdf_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf, "FONT_FOLDER", tmp_path)
    with pytest.raises(Conflict, match="document_font_missing"):
        write_pdf(build_decision(1))


@needs_font
@pytest.mark.parametrize("letter", ["ខ", "中", "😀", "\ue123"])
def test_a_letter_that_the_font_lacks_is_a_refusal_and_docx_has_it(letter: str) -> None:
    document = replace(build_list(0), blocks=(Paragraph(f"Người {letter}"),))
    with pytest.raises(Conflict, match="document_letter_missing") as refused:
        write_pdf(document)
    assert refused.value.params["letter"] in (letter, "\\u{e123}")
    assert letter in read_docx(write_docx(document))


@needs_font
def test_an_operator_replaces_a_template_without_code(tmp_path: Path) -> None:
    (tmp_path / "delegate_list.typ").write_text(
        '#set document(title: "x", date: datetime(year: 2020, month: 1, day: 1))\n'
        '#set text(font: "Tinos", lang: "vi")\nMẫu riêng\n'
    )
    own, ours = write_pdf(build_list(1), tmp_path), write_pdf(build_list(1))
    assert own != ours
    assert write_pdf(build_decision(1), tmp_path) == write_pdf(build_decision(1))


@needs_font
def test_our_template_needs_our_font_whatever_others_there_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "Other.ttf").write_bytes(b"a font that is not ours")
    monkeypatch.setattr(pdf, "FONT_FOLDER", tmp_path / "none")
    with pytest.raises(Conflict, match="document_font_missing"):
        write_pdf(build_decision(1), tmp_path)


@needs_font
def test_a_template_with_another_font_is_an_error(tmp_path: Path) -> None:
    own = tmp_path / "document.typ"
    text = pdf.TEMPLATE.read_text("utf-8")
    own.write_text(text)
    assert write_pdf(build_decision(1), tmp_path).startswith(b"%PDF")
    own.write_text(text.replace('font: "Tinos"', 'font: "Arial"'))
    with pytest.raises(RuntimeError, match="warnings: unknown font family: arial"):
        write_pdf(build_decision(1), tmp_path)


def test_numbers_are_numbers_in_a_spreadsheet() -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(write_xlsx(build_list(2)))).get_sheet_by_index(0)
    rows = sheet.to_python()
    header = next(n for n, row in enumerate(rows) if row[0] == "TT")
    assert rows[header + 2][:4] == [1.0, "Người thử nghiệm Nguyễn Thị Bích Ngọc 1", 1951.0, "Nữ"]
    assert rows[header + 4][1] == "Cộng"
    assert rows[-1][-1] == 2.0


def test_csv_has_a_line_for_each_person_and_no_formula() -> None:
    text = write_csv(build_list(7)).decode("utf-8-sig")
    header, *lines = text.splitlines()
    assert header.startswith("Nhóm;TT;Họ và tên;")
    assert len(lines) == 7
    assert LONG_UNIT in lines[-1]
    assert all(line.startswith("I. Nhóm 1;") for line in lines)


def test_docx_names_its_font_and_numbers_its_pages_from_two() -> None:
    frame = docx.Document(io.BytesIO(write_docx(build_decision(1))))
    assert frame.styles["Normal"].font.name == "Times New Roman"
    first, annex = frame.sections
    assert first.different_first_page_header_footer
    assert "PAGE" in first.header.paragraphs[0]._p.xml
    assert (first.page_width, annex.page_width) == (first.page_width, first.page_height)


def convert(content: bytes, folder: Path) -> str:
    """The text of a DOCX after LibreOffice has made a PDF of it, its lines as they stand on the page."""
    (folder / "a.docx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(folder), str(folder / "a.docx")],
        check=True,
        capture_output=True,
    )
    return read_pdf((folder / "a.pdf").read_bytes())


def list_head_lines(text: str) -> list[str]:
    """The lines of the head, both columns, as far as the title."""
    lines = [collapse(line) for line in text.splitlines() if line.strip()]
    return sorted(" ".join(lines[: lines.index("QUYẾT ĐỊNH")]).split())


@pytest.mark.slow
@needs_font
@needs_poppler
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("document", [build_decision(3)])
def test_libreoffice_breaks_the_head_where_the_pdf_does(document: Document, tmp_path: Path) -> None:
    of_docx, of_pdf = convert(write_docx(document), tmp_path), read_pdf(write_pdf(document))
    assert list_head_lines(of_docx) == list_head_lines(of_pdf)
    for line in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỈNH THỬ NGHIỆM", "KHEN THƯỞNG"):
        assert any(line in collapse(each) for each in of_docx.splitlines())


def test_the_font_folder_belongs_to_the_environment() -> None:
    assert FONT_FOLDER.name == "fonts"
