"""Sentences on the organiser's own lists: ex officio, by roll, by invitation."""

SENTENCES: dict[str, tuple[str, str]] = {
    "invitation_not_found": (
        "Không có người này trong danh sách của ban tổ chức.",
        "This person is not on the organiser's list.",
    ),
    "group_filled_by_units": (
        "Nhóm đại biểu này do đơn vị giới thiệu, không lập theo danh sách của ban tổ chức.",
        "Units nominate people for this group; it is not filled from the organiser's list.",
    ),
    "invitation_reply": (
        "Trạng thái trả lời hiện tại là “{reply}” nên không thực hiện được “{wanted}”.",
        "The reply of this person is “{reply}”, so “{wanted}” is not possible.",
    ),
    "person_invited_once": (
        "Người này đã có trong danh sách của ban tổ chức cho hội nghị này.",
        "This person is already on the organiser's list for this conference.",
    ),
    "invitation_group_fits": (
        "Hội nghị không có nhóm đại biểu này trong danh sách của ban tổ chức.",
        "The conference has no such group for the organiser's list.",
    ),
    "removed_invitation_has_reason": (
        "Đưa một người ra khỏi danh sách thì phải ghi lý do.",
        "To remove a person from the list, give a reason.",
    ),
    "invitation_reply_known": ("Trạng thái trả lời không hợp lệ.", "This is not a valid reply."),
}
