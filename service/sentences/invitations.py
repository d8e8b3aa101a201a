"""What is said of the organiser's own lists: ex officio, by roll, by invitation."""

SENTENCES: dict[str, tuple[str, str]] = {
    "invitation_not_found": (
        "Không có người này trong danh sách của ban tổ chức.",
        "There is no such line in the organiser's list.",
    ),
    "group_filled_by_units": (
        "Nhóm đại biểu này do đơn vị giới thiệu, không lập theo danh sách của ban tổ chức.",
        "This group is filled by units, not from the organiser's list.",
    ),
    "invitation_reply": (
        "Trạng thái hiện tại là “{reply}”, không chuyển sang “{wanted}” được.",
        "It stands at “{reply}” and cannot go on to “{wanted}”.",
    ),
    "person_invited_once": (
        "Người này đã có trong danh sách của ban tổ chức cho hội nghị này.",
        "This person is already on the organiser's list of the conference.",
    ),
    "invitation_group_fits": (
        "Hội nghị không có nhóm đại biểu này trong danh sách của ban tổ chức.",
        "The conference has no such group for the organiser's list.",
    ),
    "removed_invitation_has_reason": (
        "Đưa một người ra khỏi danh sách thì phải ghi lý do.",
        "To take somebody off the list takes a reason.",
    ),
    "invitation_reply_known": ("Không có trạng thái trả lời này.", "There is no such reply."),
}
