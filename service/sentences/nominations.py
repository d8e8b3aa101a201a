"""Sentences on a nomination, and on a list that names one person more than once."""

SENTENCES: dict[str, tuple[str, str]] = {
    "nomination_not_found": ("Không có hồ sơ giới thiệu này.", "There is no such nomination."),
    "nomination_state": (
        "Hồ sơ giới thiệu đang ở trạng thái “{state}” nên không thực hiện được việc “{act}”.",
        "The nomination is in the state “{state}”, so “{act}” is not possible.",
    ),
    "group_unknown": (
        "Hội nghị không có nhóm đại biểu này.",
        "The conference has no such group.",
    ),
    "group_not_filled_by_units": (
        "Đơn vị không giới thiệu người cho nhóm đại biểu này.",
        "Units do not nominate people for this group.",
    ),
    "unit_not_below_conference": (
        "Đơn vị không trực thuộc đơn vị tổ chức hội nghị và không có chỉ tiêu của hội nghị này.",
        "The unit is not directly below the unit of this conference and has no quota for it.",
    ),
    "quota_missing": (
        "Đơn vị chưa có chỉ tiêu của nhóm “{group}” nên chưa gửi được.",
        "The unit has no quota in the group “{group}” yet, so nothing can be submitted.",
    ),
    "nominee_is_somebody_else": (
        "Không thay người trong hồ sơ đã lập; hãy rút hồ sơ này rồi giới thiệu người khác.",
        "The person in a nomination cannot be changed; withdraw it and nominate the other person.",
    ),
    "person_shared": (
        "Người này còn có tên trong hồ sơ khác hoặc danh sách mời nên không sửa thông tin ở đây được.",
        (
            "This person is also in another nomination or on an invitation list, so the data cannot be "
            "changed here."
        ),
    ),
    "not_for_a_collective": (
        "Hồ sơ này giới thiệu cá nhân, không phải đại diện tập thể, nên không thay người đại diện được.",
        (
            "This nomination is for an individual, not for a collective, so its representative cannot be "
            "changed."
        ),
    ),
    "vote_over_present": (
        "Số phiếu tán thành ({in_favour}) nhiều hơn số người có mặt ({present}).",
        "There are more votes in favour ({in_favour}) than people present ({present}).",
    ),
    "eligibility_not_shown": (
        "Thành tích đã ghi chưa cho thấy đủ tiêu chuẩn của nhóm “{group}”: {conditions}.",
        (
            "The recorded achievements do not show that the conditions of the group “{group}” are met: "
            "{conditions}."
        ),
    ),
    "rank_given_twice": (
        "Thứ tự {rank} trong nhóm “{group}” được xếp cho nhiều người.",
        "The rank {rank} in the group “{group}” is given to more than one person.",
    ),
    "person_named_twice": (
        "Một người được giới thiệu hoặc mời nhiều lần cho cùng hội nghị; chỉ tính một đại biểu.",
        "One person is nominated or invited more than once for this conference but counts as one delegate.",
    ),
    "perhaps_the_same_person": (
        "Có những người trùng họ tên và năm sinh được nhập riêng; hãy kiểm tra có phải cùng một người không.",
        "Several entries have the same name and year of birth; check whether they are the same person.",
    ),
    # Constraints of the database
    "person_nominated_once_by_unit": (
        "Đơn vị đã giới thiệu người này cho hội nghị.",
        "The unit has already nominated this person for the conference.",
    ),
    "person_accepted_once": (
        "Người này đã được chấp nhận làm đại biểu của hội nghị theo một hồ sơ khác.",
        "This person has already been accepted as a delegate of the conference through another nomination.",
    ),
    "nomination_quota_fits": (
        "Chỉ tiêu không thuộc hội nghị, đơn vị và nhóm đại biểu của hồ sơ.",
        "The quota does not belong to the conference, unit and group of the nomination.",
    ),
    "nomination_needs_quota": (
        "Hồ sơ đã gửi phải gắn với chỉ tiêu của đơn vị.",
        "A submitted nomination needs a quota of the unit.",
    ),
    "nomination_rank_positive": ("Thứ tự phải từ 1 trở lên.", "A rank must be 1 or more."),
    "nomination_state_known": (
        "Trạng thái của hồ sơ giới thiệu không hợp lệ.",
        "This is not a valid state of a nomination.",
    ),
}
