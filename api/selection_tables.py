"""Places and delegates as tables."""

from collections.abc import Sequence

from api.selections_shown import DelegateAnswer, SelectionPlaceAnswer
from service.sentences import Language
from service.spreadsheets import Cell

_PLACES = {
    "vi": ("Mã đơn vị", "Đơn vị", "Nhóm", "Họ và tên", "Kết quả", "Dự khuyết số", "Lý do"),
    "en": ("Unit code", "Unit", "Group", "Name", "Outcome", "Alternate", "Reason"),
}
_OUTCOMES = {
    "vi": {"chosen": "Được chọn", "alternate": "Dự khuyết", "off": "Không xét"},
    "en": {"chosen": "Chosen", "alternate": "Alternate", "off": "Off the list"},
}
_DELEGATES = {
    "vi": ("TT", "Họ và tên", "Mã đơn vị", "Đơn vị", "Nhóm"),
    "en": ("No.", "Name", "Unit code", "Unit", "Group"),
}


def place_rows(
    rows: Sequence[SelectionPlaceAnswer], language: Language
) -> tuple[Sequence[str], list[list[Cell]]]:
    """The places as a table."""
    return _PLACES[language], [
        [
            row.unit.code,
            row.unit.name,
            row.group,
            row.name,
            _OUTCOMES[language][row.outcome],
            row.alternate_no,
            None if row.reason is None else row.reason.detail,
        ]
        for row in rows
    ]


def delegate_rows(
    rows: Sequence[DelegateAnswer], language: Language
) -> tuple[Sequence[str], list[list[Cell]]]:
    """Who goes, as a table."""
    return _DELEGATES[language], [
        [n, row.name, row.unit.code, row.unit.name, row.group] for n, row in enumerate(rows, 1)
    ]
