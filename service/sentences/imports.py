"""What is said of a unit file that was checked."""

SENTENCES: dict[str, tuple[str, str]] = {
    "findings_too_many": (
        "Tệp có quá nhiều lỗi; mới kiểm tra đến {limit} lỗi đầu tiên.",
        "The file has too many faults; it was checked up to the first {limit}.",
    ),
    "import_not_found": ("Không có tệp này.", "There is no such file."),
    "file_unreadable": (
        "Không đọc được bảng nào trong tệp này; không có gì được lưu.",
        "No table can be read from this file; nothing was stored.",
    ),
    "import_not_checked": (
        "Tệp đang ở trạng thái “{state}”; chỉ xác nhận được tệp đã kiểm tra và không có lỗi.",
        "The file is in the state “{state}”; only one that was checked without errors can be confirmed.",
    ),
    "import_outdated": (
        "Đơn vị hoặc kế hoạch đã thay đổi từ khi kiểm tra, nay tệp có {errors} lỗi; hãy gửi lại để kiểm tra.",
        "Units or plans have changed since the check; the file has {errors} errors now; send it again.",
    ),
    "at_cell": ("Dòng {row}, cột “{column}”: {what}", "Row {row}, column “{column}”: {what}"),
    "at_row": ("Dòng {row}: {what}", "Row {row}: {what}"),
    "unit_import_state_known": (
        "Không có trạng thái này của tệp.",
        "A file has no such state.",
    ),
}
