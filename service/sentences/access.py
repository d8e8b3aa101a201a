"""Sentences on identities, keys, roles and access."""

SENTENCES: dict[str, tuple[str, str]] = {
    "identity_provider_unavailable": (
        "Chưa kết nối được hệ thống xác thực; hãy thử lại sau.",
        "The sign-in service cannot be reached; try again later.",
    ),
    "identity_known": (
        "Danh tính này đã có trong hệ thống.",
        "This identity already exists.",
    ),
    "no_identity_provider": (
        "Chưa cấu hình hệ thống xác thực; hãy cấp khóa dịch vụ.",
        "No sign-in service is configured; issue a service key instead.",
    ),
    "service_key_not_found": ("Không tìm thấy khóa dịch vụ.", "There is no such service key."),
    "role_grant_not_found": ("Không tìm thấy vai trò đã cấp.", "There is no such role grant."),
    "service_key_handle_taken": (
        "Khóa vừa sinh trùng với khóa đã có; hãy thử lại.",
        "The new key is the same as an existing one; try again.",
    ),
    "service_key_digest_sha256": (
        "Mã băm của khóa phải là SHA-256.",
        "The digest of the key must be a SHA-256 value.",
    ),
    "service_key_expires": (
        "Khóa phải hết hạn sau khi được cấp.",
        "A key must expire after it was issued.",
    ),
    "key_life": (
        "Khóa phải hết hạn trong tương lai, không quá {days} ngày.",
        "A key must expire in the future, within {days:day|days}.",
    ),
    "key_revoked_already": ("Khóa này đã bị thu hồi.", "This key has already been revoked."),
    "grant_revoked_already": ("Vai trò này đã bị thu hồi.", "This role has already been revoked."),
    "grant_beyond_own": (
        "Ông/bà chỉ được cấp hoặc thu hồi trong phạm vi vai trò và đơn vị của mình.",
        "You may grant or revoke only what is within your own role and units.",
    ),
    "grant_faulty": ("Vai trò được cấp không hợp lệ.", "The role to be granted is not valid."),
    "grant_expired": (
        "Thời điểm hết hạn đã qua; hãy chọn thời điểm trong tương lai.",
        "The expiry time has already passed; choose a later one.",
    ),
    "scopes_beyond_role": (
        "Vai trò {role} không có đủ các quyền này.",
        "The role {role} does not include all of these scopes.",
    ),
    "scopes_needed": (
        "Khóa cho phần mềm phải nêu rõ các quyền.",
        "A key for a program must list its scopes.",
    ),
    "role_known": ("Không có vai trò đó.", "There is no such role."),
    "house_grant_has_no_congress": (
        "Vai trò cho toàn hệ thống không gắn với một đại hội.",
        "A role for the whole service cannot be limited to one congress.",
    ),
    "source_document_needed": (
        "Để làm thay đơn vị cấp dưới, phải nêu văn bản của đơn vị đó.",
        "To act for a lower unit, name the document that the unit sent.",
    ),
    "second_person_needed": (
        "Người đã trình không được tự phê duyệt hoặc thông qua; cần một người khác.",
        "The person who proposed this may not approve or adopt it; another person must.",
    ),
    "plan_of_another_council": (
        "Kế hoạch này thuộc Hội đồng khác.",
        "This plan belongs to another council.",
    ),
    "unit_needs_parent": (
        "Đơn vị phải trực thuộc một đơn vị trong phạm vi của ông/bà.",
        "The unit must be placed under one of your units.",
    ),
}
