"""Sentences on the audit trail."""

SENTENCES: dict[str, tuple[str, str]] = {
    "audit_event_is_append_only": (
        "Nhật ký kiểm tra chỉ được ghi thêm, không được sửa hay xóa.",
        "The audit trail can only be added to; nothing in it can be changed or removed.",
    ),
    "audit_event_id_key": (
        "Sự kiện này đã có trong nhật ký kiểm tra.",
        "This event is already in the audit trail.",
    ),
}
