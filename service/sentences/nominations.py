"""What is said of a nomination, and of a list on which persons meet."""

SENTENCES: dict[str, tuple[str, str]] = {
    "nomination_not_found": ("Không có hồ sơ giới thiệu này.", "There is no such nomination."),
    "nomination_state": (
        "Hồ sơ giới thiệu đang ở trạng thái “{state}” nên không thực hiện được việc “{act}”.",
        "The nomination is in the state “{state}”, which does not allow “{act}”.",
    ),
    "group_unknown": (
        "Hội nghị không có nhóm đại biểu này.",
        "The conference has no such group.",
    ),
    "group_not_filled_by_units": (
        "Đơn vị không giới thiệu người cho nhóm đại biểu này.",
        "Units do not nominate for this group.",
    ),
    "unit_not_below_conference": (
        "Đơn vị không trực thuộc đơn vị tổ chức hội nghị và không có chỉ tiêu của hội nghị này.",
        "The unit stands neither below this conference nor has a quota of it.",
    ),
    "quota_missing": (
        "Đơn vị chưa có chỉ tiêu của nhóm “{group}” nên chưa gửi được.",
        "The unit has no quota of the group “{group}” yet, so nothing can be submitted.",
    ),
    "nominee_is_somebody_else": (
        "Không thay người trong hồ sơ đã lập; hãy rút hồ sơ này rồi giới thiệu người khác.",
        "A nomination keeps its person; withdraw it and nominate the other one.",
    ),
    "person_shared": (
        "Người này còn có tên trong hồ sơ khác hoặc danh sách mời nên không sửa thông tin ở đây được.",
        "This person also stands in another nomination or on a list, so nothing of it is changed here.",
    ),
    "not_for_a_collective": (
        "Hồ sơ này giới thiệu cá nhân, không phải đại diện tập thể, nên không thay người đại diện được.",
        "This nomination is of a person and not for a collective; nobody else can stand in.",
    ),
    "vote_over_present": (
        "Số phiếu tán thành ({in_favour}) nhiều hơn số người có mặt ({present}).",
        "More voted in favour ({in_favour}) than were present ({present}).",
    ),
    "eligibility_not_shown": (
        "Thành tích đã ghi chưa cho thấy đủ tiêu chuẩn của nhóm “{group}”: {conditions}.",
        "What is recorded does not show what the group “{group}” asks for: {conditions}.",
    ),
    "rank_given_twice": (
        "Thứ tự {rank} trong nhóm “{group}” được xếp cho nhiều người.",
        "The rank {rank} in the group “{group}” is given to more than one person.",
    ),
    "person_named_twice": (
        "Một người được giới thiệu hoặc mời nhiều lần cho cùng hội nghị; chỉ tính một đại biểu.",
        "One person is nominated or invited more than once for this conference and counts as one delegate.",
    ),
    "perhaps_the_same_person": (
        "Có những người trùng họ tên và năm sinh, được nhập riêng; hãy kiểm tra có phải cùng một người.",
        "Persons of the same name and year of birth were entered apart; see whether they are one.",
    ),
    # Guards of the database
    "person_nominated_once_by_unit": (
        "Đơn vị đã giới thiệu người này cho hội nghị.",
        "The unit has already nominated this person for the conference.",
    ),
    "person_accepted_once": (
        "Người này đã được chấp nhận làm đại biểu của hội nghị theo một hồ sơ khác.",
        "This person has already been accepted as a delegate by another nomination.",
    ),
    "nomination_quota_fits": (
        "Chỉ tiêu không thuộc hội nghị, đơn vị và nhóm đại biểu của hồ sơ.",
        "The quota is not of the conference, unit and group of the nomination.",
    ),
    "nomination_needs_quota": (
        "Hồ sơ đã gửi phải gắn với chỉ tiêu của đơn vị.",
        "What is submitted needs a quota of the unit.",
    ),
    "nomination_rank_positive": ("Thứ tự phải từ 1 trở lên.", "A rank is 1 or more."),
    "nomination_state_known": (
        "Không có trạng thái này của hồ sơ giới thiệu.",
        "A nomination has no such state.",
    ),
}
