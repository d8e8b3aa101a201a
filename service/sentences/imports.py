"""Sentences on a unit file that was checked."""

SENTENCES: dict[str, tuple[str, str]] = {
    "findings_too_many": (
        "Tệp có quá nhiều lỗi; mới kiểm tra đến {limit} lỗi đầu tiên.",
        "The file has too many errors; the check stopped after the first {limit}.",
    ),
    "import_not_found": ("Không có tệp này.", "There is no such file."),
    "file_unreadable": (
        "Không đọc được bảng nào trong tệp này; không có gì được lưu.",
        "No table could be read from this file; nothing was stored.",
    ),
    "import_not_checked": (
        "Tệp đang ở trạng thái “{state}”; chỉ xác nhận được tệp đã kiểm tra và không có lỗi.",
        "Only a file that was checked without errors can be confirmed; this one is in the state “{state}”.",
    ),
    "import_outdated": (
        (
            "Đơn vị hoặc kế hoạch đã thay đổi sau khi kiểm tra, nay tệp có {errors} lỗi; hãy gửi lại để kiểm "
            "tra."
        ),
        (
            "Units or plans changed after the check; the file now has {errors:error|errors}. Send it again "
            "to check it."
        ),
    ),
    "at_cell": ("Dòng {row}, cột “{column}”: {what}", "Row {row}, column “{column}”: {what}"),
    "at_row": ("Dòng {row}: {what}", "Row {row}: {what}"),
    "unit_import_state_known": (
        "Trạng thái của tệp không hợp lệ.",
        "This is not a valid state of a file.",
    ),
}
