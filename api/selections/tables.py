"""Places and delegates as tables."""

from collections.abc import Sequence

from api.selections.answers import DelegateAnswer, SelectionPlaceAnswer
from service.formats.spreadsheets import Cell
from service.texts import Language

_PLACE_COLUMNS = {
    "vi": ("Mã đơn vị", "Đơn vị", "Nhóm", "Họ và tên", "Kết quả", "Dự khuyết số", "Lý do"),
    "en": ("Unit code", "Unit", "Group", "Name", "Outcome", "Alternate", "Reason"),
}
_OUTCOME_NAMES = {
    "vi": {"chosen": "Được chọn", "alternate": "Dự khuyết", "off": "Không xét"},
    "en": {"chosen": "Chosen", "alternate": "Alternate", "off": "Off the list"},
}
_DELEGATE_COLUMNS = {
    "vi": ("TT", "Họ và tên", "Mã đơn vị", "Đơn vị", "Nhóm"),
    "en": ("No.", "Name", "Unit code", "Unit", "Group"),
}


def build_place_table(
    rows: Sequence[SelectionPlaceAnswer], language: Language
) -> tuple[Sequence[str], list[list[Cell]]]:
    """Build the table of places."""
    return _PLACE_COLUMNS[language], [
        [
            row.unit.code,
            row.unit.name,
            row.group,
            row.name,
            _OUTCOME_NAMES[language][row.outcome],
            row.alternate_no,
            None if row.reason is None else row.reason.detail,
        ]
        for row in rows
    ]


def build_delegate_table(
    rows: Sequence[DelegateAnswer], language: Language
) -> tuple[Sequence[str], list[list[Cell]]]:
    """Build the table of delegates."""
    return _DELEGATE_COLUMNS[language], [
        [n, row.name, row.unit.code, row.unit.name, row.group] for n, row in enumerate(rows, 1)
    ]
