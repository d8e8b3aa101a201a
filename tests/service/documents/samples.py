"""Documents of made-up people and units, for tests of the writers."""

from datetime import date

from domain.documents.content import (
    Annex,
    Column,
    Document,
    DocumentKind,
    Letterhead,
    Paragraph,
    PrintedTable,
    SignatureBlock,
    TableBuilder,
)

LONG_UNIT = "Công ty trách nhiệm hữu hạn một thành viên Xổ số kiến thiết số 1"
"""A name of a unit with more than 60 letters."""

COLUMNS = (
    Column("TT", 10, "center"),
    Column("Họ và tên", 42),
    Column("Năm sinh", 14, "center"),
    Column("Giới tính", 14, "center"),
    Column("Chức vụ", 36),
    Column("Đơn vị", 48),
    Column("Tập thể", 24),
    Column("Danh hiệu, thành tích", 48),
    Column("Số", 12, "right", summed=True),
)


def build_list_table(rows: int, *, section: str = "Nhóm 1") -> PrintedTable:
    """A list of that many people in one section."""
    table = TableBuilder("Danh sách", COLUMNS).open_section(f"I. {section}")
    for n in range(1, rows + 1):
        table.add(
            n,
            f"Người thử nghiệm Nguyễn Thị Bích Ngọc {n}",
            1950 + n % 50,
            "Nữ" if n % 3 else "Nam",
            "Phó Chủ tịch Ủy ban nhân dân",
            LONG_UNIT if n % 7 == 0 else f"Đơn vị thử nghiệm {n % 40}",
            None,
            "Chiến sĩ thi đua cấp tỉnh năm 2019",
            1,
        )
    return table.close_section("Cộng").build("Tổng cộng")


def build_list(rows: int) -> Document:
    """A delegate list with that many people."""
    return Document(
        DocumentKind.DELEGATE_LIST,
        Letterhead(
            "Ủy ban nhân dân tỉnh Thử Nghiệm",
            "DS-UBND",
            place="Thử Nghiệm",
            number="5",
            dated=date(2020, 2, 5),
        ),
        "Đại biểu dự Đại hội thi đua yêu nước tỉnh Thử Nghiệm lần thứ V",
        date(2020, 2, 5),
        type_name="DANH SÁCH",
        attached="(Kèm theo Quyết định số 05/QĐ-UBND ngày 05 tháng 02 năm 2020)",
        blocks=(build_list_table(rows),),
        signatures=(SignatureBlock("CHỦ TỊCH", ("TM. ỦY BAN NHÂN DÂN",)),),
        receivers=("- Như trên;", "- Lưu: VT."),
        landscape=True,
    )


def build_decision(rows: int) -> Document:
    """A decision with an annex of that many rows."""
    organ = "Hội đồng Thi đua - Khen thưởng tỉnh Thử Nghiệm"
    return Document(
        DocumentKind.ALLOCATION_DECISION,
        Letterhead(organ, "QĐ-HĐTĐKT", superior="Ủy ban nhân dân tỉnh Thử Nghiệm", place="Thử Nghiệm"),
        "Về việc phân bổ số lượng đại biểu dự Đại hội thi đua yêu nước tỉnh Thử Nghiệm lần thứ V",
        date(2020, 6, 5),
        type_name="QUYẾT ĐỊNH",
        authority=organ.upper(),
        bases=(
            "Căn cứ Kế hoạch số 19/KH-HĐTĐKT ngày 24 tháng 5 năm 2019 của Hội đồng Trung ương;",
            "Theo đề nghị của Sở Nội vụ.",
        ),
        ruling="QUYẾT ĐỊNH:",
        blocks=(
            Paragraph("Phân bổ 280 đại biểu cho 40 đơn vị theo Phụ lục kèm theo Quyết định này.", "Điều 1."),
            Paragraph("Quyết định này có hiệu lực kể từ ngày ký.", "Điều 2."),
        ),
        signatures=(SignatureBlock("PHÓ CHỦ TỊCH", ("TM. HỘI ĐỒNG", "KT. CHỦ TỊCH"), "Người thử nghiệm 1"),),
        receivers=("- Như Điều 2;", "- Lưu: VT."),
        annexes=(
            Annex(
                "Phân bổ đại biểu",
                "(Kèm theo Quyết định số        /QĐ-HĐTĐKT)",
                (build_list_table(rows),),
                landscape=True,
            ),
        ),
        mark="DỰ THẢO",
        proof=("SHA-256 của số liệu phân bổ: " + "ab" * 32,),
    )
