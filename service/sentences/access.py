"""What is said of identities, keys, roles and reach."""

SENTENCES: dict[str, tuple[str, str]] = {
    "identity_provider_unavailable": (
        "Chưa kết nối được hệ thống xác thực; hãy thử lại sau.",
        "The provider of identities cannot be reached; try again later.",
    ),
    "identity_known": (
        "Danh tính này đã có.",
        "This identity is known already.",
    ),
    "no_identity_provider": (
        "Chưa cấu hình hệ thống xác thực; hãy cấp khóa dịch vụ.",
        "No provider of identities is set; issue a service key instead.",
    ),
    "service_key_not_found": ("Không tìm thấy khóa dịch vụ.", "There is no such service key."),
    "role_grant_not_found": ("Không tìm thấy vai trò đã cấp.", "There is no such grant of a role."),
    "service_key_handle_taken": (
        "Khóa vừa sinh trùng với khóa đã có; hãy thử lại.",
        "The key that was made is like another; try again.",
    ),
    "service_key_digest_sha256": (
        "Dấu của khóa không đúng dạng.",
        "The digest of the key has the wrong form.",
    ),
    "service_key_expires": (
        "Khóa phải hết hạn sau khi được cấp.",
        "A key expires after it was issued.",
    ),
    "key_life": (
        "Khóa phải hết hạn trong tương lai, không quá {days} ngày.",
        "A key expires in the future, within {days} days.",
    ),
    "key_revoked_already": ("Khóa này đã bị thu hồi.", "This key was revoked already."),
    "grant_revoked_already": ("Vai trò này đã bị thu hồi.", "This role was taken back already."),
    "grant_beyond_own": (
        "Không thể cấp hay thu hồi vai trò ngoài phạm vi của chính mình.",
        "Nobody grants, or takes back, what is beyond their own.",
    ),
    "grant_faulty": ("Vai trò được cấp không hợp lệ.", "What is to be granted is at fault."),
    "grant_expired": ("Thời hạn đã qua.", "Its time is over already."),
    "scopes_beyond_role": (
        "Vai trò {role} không có quyền đó.",
        "The role {role} does not have such a scope.",
    ),
    "scopes_needed": (
        "Khóa cho phần mềm phải nêu rõ các quyền.",
        "A key for a program names its scopes.",
    ),
    "role_known": ("Không có vai trò đó.", "There is no such role."),
    "house_grant_has_no_congress": (
        "Vai trò cho toàn hệ thống không gắn với một đại hội.",
        "A role for the whole house is not tied to one congress.",
    ),
    "source_document_needed": (
        "Làm thay đơn vị cấp dưới phải nêu văn bản của đơn vị đó.",
        "To act for a unit below, name the paper it sent.",
    ),
    "second_person_needed": (
        "Người đã trình không được tự phê duyệt; cần người thứ hai.",
        "Whoever proposed it does not approve it; a second person is needed.",
    ),
    "plan_of_another_council": (
        "Kế hoạch này thuộc Hội đồng khác.",
        "This plan is run by another council.",
    ),
    "unit_needs_parent": (
        "Đơn vị mới phải trực thuộc một đơn vị của ông/bà.",
        "A new unit stands below one of yours.",
    ),
}
