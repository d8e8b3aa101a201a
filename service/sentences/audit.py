"""What is said of the audit trail."""

SENTENCES: dict[str, tuple[str, str]] = {
    "audit_event_is_append_only": (
        "Nhật ký kiểm tra chỉ được ghi thêm, không được sửa hay xóa.",
        "The audit trail is only added to; nothing in it changes or goes.",
    ),
    "audit_event_id_key": (
        "Sự kiện này đã có trong nhật ký kiểm tra.",
        "This event is in the audit trail already.",
    ),
}
