"""A table becomes rows: every cell read as what its column holds, every failure told where it stands."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from domain.figures import FigureRow
from domain.findings import Severity
from domain.units import UnitRow, check_rows
from service.formats.unit_files import ParsedRows, parse_figures, parse_units, read_sheet

UNITS = "code,name,kind,valid_from,valid_to,parent:c,code:gso,predecessors,made_up\n"
FIGURES = "unit,as_of,source,made_up,staff,staff.women,staff.ethnic.05\n"


def units(text: str, head: str = UNITS, congresses: Sequence[str] = ("c",)) -> ParsedRows[UnitRow]:
    return parse_units(read_sheet((head + text).encode(), "csv"), congresses)


def figures(text: str, head: str = FIGURES) -> ParsedRows[FigureRow]:
    return parse_figures(read_sheet((head + text).encode(), "csv"))


def told(parsed: ParsedRows[UnitRow] | ParsedRows[FigureRow]) -> list[tuple[object, object, str]]:
    return [(finding.params["row"], finding.params["column"], finding.code) for finding in parsed.findings]


def test_a_full_row() -> None:
    text = "xa-a,Xã A,commune,01/07/2025,2199-12-31,huyen,00123,xa-b; xa-c=1/2;xa-d=12.5%,có\n"
    parsed = units(text)
    assert parsed.findings == ()
    assert parsed.rows == (
        UnitRow(
            2,
            "xa-a",
            "Xã A",
            "commune",
            date(2025, 7, 1),
            date(2199, 12, 31),
            {"c": "huyen"},
            {"gso": "00123"},
            (("xa-b", Fraction(1)), ("xa-c", Fraction(1, 2)), ("xa-d", Fraction(1, 8))),
            made_up=True,
        ),
    )


def test_empty_cells_leave_nothing_behind() -> None:
    (row,) = units("xa-a,Xã A,commune,2025-07-01,,,,,\n").rows
    assert (row.valid_to, row.parents, row.codes, row.predecessors, row.made_up) == (None, {}, {}, (), False)


def test_names_are_stored_composed_with_single_spaces() -> None:
    decomposed = unicodedata.normalize("NFD", "Xã  Hồ\u00a0Đắc Kiện")
    assert units(f"xa,{decomposed},commune,2025-07-01\n").rows[0].name == "Xã Hồ Đắc Kiện"


def test_headings_may_be_vietnamese_labels() -> None:
    head = "STT,MÃ ĐƠN VỊ,Tên đơn vị,Loại đơn vị,Có từ ngày,Đơn vị cấp trên,Ghi chú\n"
    parsed = units('1,xa-a,Xã A,"Xã, phường, thị trấn",01/07/2025,huyen,gì đó\n', head)
    assert told(parsed) == []
    assert parsed.rows == (UnitRow(2, "xa-a", "Xã A", "commune", date(2025, 7, 1), parents={"c": "huyen"}),)


@pytest.mark.parametrize(
    "kind",
    ["commune", "COMMUNE", '"Xã, phường, thị trấn"', '"xa, phuong, thi tran"', "Xã", "Phường", "THỊ TRẤN"],
)
def test_kinds_go_by_name_by_label_or_by_one_of_those_a_label_lists(kind: str) -> None:
    assert units(f"xa-a,Xã A,{kind},2025-07-01\n").rows[0].kind == "commune"


def test_a_city_may_be_of_two_kinds_and_is_not_guessed_at() -> None:
    (finding,) = check_rows(units("tp,Thành phố A,Thành phố,2025-07-01\n").rows, {})
    assert finding.code == "unit_kind_unknown"


def test_a_plain_parent_column_belongs_to_the_only_congress() -> None:
    head = "code,name,kind,valid_from,parent\n"
    assert units("xa,Xã,commune,2025-07-01,huyen\n", head).rows[0].parents == {"c": "huyen"}


@pytest.mark.parametrize(
    ("heading", "code", "severity"),
    [
        ("parent:khac", "column_congress_unknown", Severity.ERROR),
        ("staff", "column_of_other_file", Severity.ERROR),
        ("Tổng số người", "column_of_other_file", Severity.ERROR),
        ("Tên đơn vị", "column_repeated", Severity.ERROR),
        ("code:", "column_unknown", Severity.ERROR),
        ("Điện thoại", "column_unknown", Severity.WARNING),
    ],
)
def test_headings_that_do_not_belong(heading: str, code: str, severity: Severity) -> None:
    (finding,) = units("xa,Xã,commune,2025-07-01,x\n", f"code,name,kind,valid_from,{heading}\n").findings
    assert (finding.code, finding.severity, finding.params["column"]) == (code, severity, "E")


def test_a_missing_column_is_told_once_and_not_in_every_row() -> None:
    parsed = units("xa,Xã\nxb,Xã\n", "code,name\n")
    assert told(parsed) == [(1, "kind", "column_missing"), (1, "valid_from", "column_missing")]
    assert parsed.rows == ()


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",Xã A,commune,2025-07-01", "code", "unit_code_missing"),
        ("xa,,commune,2025-07-01", "name", "cell_missing"),
        ("xa,Xã A,,2025-07-01", "kind", "cell_missing"),
        ("xa,Xã A,commune,", "valid_from", "cell_missing"),
        ("xa,Xã A,commune,07/2025", "valid_from", "cell_not_a_day"),
        ("xa,Xã A,commune,31/02/2025", "valid_from", "cell_not_a_day"),
        ("xa,Xã A,commune,2025-07-01,mai", "valid_to", "cell_not_a_day"),
        ("xa,=1+1,commune,2025-07-01", "name", "cell_starts_formula"),
        ("xa, @SUM(A1),commune,2025-07-01", "name", "cell_starts_formula"),
        ("xa,+84,commune,2025-07-01", "name", "cell_starts_formula"),
        ("xa,-Xã A,commune,2025-07-01", "name", "cell_starts_formula"),
        ("xa,Xã\u200bA,commune,2025-07-01", "name", "cell_not_plain"),
        ("xa,Xã\u202eA,commune,2025-07-01", "name", "cell_not_plain"),
        ("xa,Xã A,commune,2025-07-01,,,,xa-b=nửa", "predecessors", "unit_share_bad"),
        ("xa,Xã A,commune,2025-07-01,,,,xa-b=1/0", "predecessors", "unit_share_bad"),
        ("xa,Xã A,commune,2025-07-01,,,,=1/2", "predecessors", "cell_starts_formula"),
        ("xa,Xã A,commune,2025-07-01,,,,,chắc thế", "made_up", "cell_not_yes_or_no"),
    ],
)
def test_a_cell_that_cannot_be_read(row: str, column: str, code: str) -> None:
    parsed = units(row + "\n")
    assert told(parsed)[0] == (2, column, code)
    assert parsed.rows == ()


def test_all_errors_of_all_rows_are_told_at_once() -> None:
    parsed = units("xa,,commune,x\nxb,Xã B,commune,2025-07-01\n,Xã C,,y\n")
    assert told(parsed) == [
        (2, "name", "cell_missing"),
        (2, "valid_from", "cell_not_a_day"),
        (4, "code", "unit_code_missing"),
        (4, "kind", "cell_missing"),
        (4, "valid_from", "cell_not_a_day"),
    ]
    assert [row.code for row in parsed.rows] == ["xb"]


def test_a_missing_code_comes_with_a_suggestion() -> None:
    (finding,) = units(",Xã Hồ Đắc Kiện,commune,2025-07-01\n").findings
    assert finding.params["suggestion"] == "xa-ho-dac-kien"


def test_children_of_an_unreadable_row_are_not_blamed() -> None:
    parsed = units("huyen,Huyện,district,hỏng\nxa,Xã,commune,2025-07-01,,huyen\n")
    assert [row.code for row in parsed.faulty] == ["huyen"]
    assert check_rows(parsed.all_rows, {}) == ()


def test_every_fault_of_a_row_is_told_with_those_of_its_cells() -> None:
    parsed = units("Xã B!,Xã B,lang,31/02/2020,,tinh-khong,,,maybe\n")
    told_of_cells = {column for _, column, _ in told(parsed)}
    judged = check_rows(parsed.all_rows, {})
    assert told_of_cells == {"valid_from", "made_up"}
    assert [finding.code for finding in judged] == [
        "unit_code_bad",
        "unit_kind_unknown",
        "unit_parent_unknown",
    ]


@pytest.mark.parametrize(
    ("heading", "congresses", "code", "column"),
    [
        ("parent:khac", ("c",), "column_congress_unknown", "parent:khac"),
        ("parent:c", (), "column_congress_none", "parent:c"),
        ("parent", ("c", "d"), "column_congress_missing", "parent:"),
        ("Đơn vị cấp trên", (), "column_congress_none", "parent:"),
    ],
)
def test_parents_are_judged_even_below_a_heading_of_no_congress(
    heading: str, congresses: Sequence[str], code: str, column: str
) -> None:
    parsed = units("xa,Xã,commune,2025-07-01,x\n", f"code,name,kind,valid_from,{heading}\n", congresses)
    assert told(parsed) == [(1, "E", code)]
    (finding,) = check_rows(parsed.all_rows, {})
    assert (finding.code, finding.params["column"]) == ("unit_parent_unknown", column)


def test_rows_are_judged_even_where_a_column_is_missing() -> None:
    parsed = units("Xã A,Xã A,commune\n", "code,name,kind\n")
    assert told(parsed) == [(1, "valid_from", "column_missing")]
    assert parsed.rows == ()
    assert [finding.code for finding in check_rows(parsed.all_rows, {})] == ["unit_code_bad"]


@pytest.mark.parametrize(
    "name", ["Cộng", "CỘNG:", "Tổng cộng", "Tổng số đơn vị", "tong cong", "Cộng các sở", "Total"]
)
def test_subtotals_are_told_and_left_out(name: str) -> None:
    parsed = units(f",{name},,\n")
    assert (told(parsed), parsed.rows) == ([(2, "name", "row_is_subtotal")], ())
    assert parsed.findings[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    "name", ["Công an tỉnh", "Sở Y tế", "Tổng công ty Điện lực", "Công ty Cổ phần Tổng Hợp"]
)
def test_units_whose_names_sound_like_subtotals_are_units(name: str) -> None:
    assert told(units(f",{name},department,2025-07-01\n")) == [(2, "code", "unit_code_missing")]
    assert told(units(f"ma,{name},department,2025-07-01\n")) == []


def test_a_unit_with_a_code_of_its_own_is_no_subtotal() -> None:
    assert len(units("cong-hoa,Cộng Hòa,commune,2025-07-01\n").rows) == 1


def test_a_subtotal_may_stand_in_another_column() -> None:
    head = "TT,unit,as_of,source,staff\n"
    parsed = figures("Cộng,,,,75\n1,so,2019-12-31,BM01,75\n", head)
    assert [row.row for row in parsed.rows] == [3]


def test_an_empty_figure_is_unknown_and_a_written_zero_is_zero() -> None:
    parsed = figures("so,31/12/2019,BM01,không,40,,0\n")
    assert parsed.rows == (
        FigureRow(2, "so", date(2019, 12, 31), "BM01", {"staff": 40, "staff.ethnic.05": 0}),
    )


@pytest.mark.parametrize(
    "cell",
    ["1.234", '"1,234"', "1 234", "12.5", "nan", "1e3", "1e999999999", "∞", "١٢", "12 người", "9" * 16],
)
def test_numbers_are_plain_digits(cell: str) -> None:
    parsed = figures(f"so,2019-12-31,BM01,,{cell}\n")
    assert (told(parsed), parsed.rows) == ([(2, "staff", "cell_not_whole")], ())


def test_figures_need_day_and_source() -> None:
    assert told(figures("so,,,,40\n")) == [(2, "as_of", "cell_missing"), (2, "source", "cell_missing")]


def test_a_measure_with_a_slip_is_an_error_not_a_remark() -> None:
    (finding,) = figures("so,2019-12-31,BM01,1\n", "unit,as_of,source,staff.woman\n").findings
    assert (finding.code, finding.severity) == ("column_unknown", Severity.ERROR)


def test_no_finding_repeats_what_was_sent() -> None:
    secret = "Bí mật 123"
    parsed = units(
        f"{secret},{secret}\u200b,{secret},{secret},{secret},{secret},{secret},{secret}=x,{secret}\n"
    )
    assert parsed.findings
    assert secret not in str(parsed.findings)
