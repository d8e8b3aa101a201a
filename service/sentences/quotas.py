"""Sentences on a quota: the seats of one unit in one group."""

SENTENCES: dict[str, tuple[str, str]] = {
    "unit_has_nobody_below": (
        "Đơn vị không có đơn vị trực thuộc nào trong hệ thống đại hội này để chia chỉ tiêu.",
        "The unit has no units below it in this congress, so there is nobody to share the quota with.",
    ),
    "nominations_pending": (
        "Còn {pending} người đã giới thiệu, chưa được chấp nhận hay trả lại; hãy giải quyết trước khi chia.",
        (
            "{pending:nomination is|nominations are} neither accepted nor returned; decide on this before "
            "you share seats."
        ),
    ),
    "quota_over_group": (
        "Chỉ tiêu {seats} vượt số đại biểu của nhóm “{group}” hoặc của hội nghị ({most}).",
        "A quota of {seats:seat|seats} is more than the group “{group}” or the conference has ({most}).",
    ),
    "quota_distributed_already": (
        "Đơn vị cấp trên đã chia chỉ tiêu của nhóm này cho: {units}; không giao thêm lần nữa.",
        "The unit above has already given a quota of this group to: {units}; it cannot be given again.",
    ),
    "distributed_quota_has_parent": (
        "Chỉ tiêu được chia lại phải có chỉ tiêu gốc.",
        "A distributed quota must name the quota that it comes from.",
    ),
    "quota_not_found": ("Không có chỉ tiêu này.", "There is no such quota."),
    "quota_not_received": (
        "Chỉ tiêu này do phân bổ mà có, không phải do cấp trên giao; hãy sửa đổi bản phân bổ.",
        "This quota comes from an allocation, not from a higher level; amend the allocation instead.",
    ),
    "quota_conference_unit_group_key": (
        "Đơn vị đã có chỉ tiêu của nhóm này tại hội nghị.",
        "The unit already has a quota in this group of the conference.",
    ),
    "quota_seats_exceeded": (
        "Đơn vị đã đủ số đại biểu được phân bổ.",
        "The unit has already filled all its seats.",
    ),
    "quota_nominee_limit_exceeded": (
        "Đơn vị đã giới thiệu đủ số người được phép.",
        "The unit has already nominated as many people as it may.",
    ),
    "quota_not_negative": (
        "Chỉ tiêu và số người được giới thiệu không được âm.",
        "Numbers of seats and nominees must not be negative.",
    ),
    "quota_excess_not_negative": (
        "Số vượt chỉ tiêu không được âm.",
        "The number above the quota must not be negative.",
    ),
    "quota_source_known": (
        "Nguồn của chỉ tiêu không hợp lệ.",
        "This is not a valid source of a quota.",
    ),
    "received_quota_has_document": (
        "Chỉ tiêu cấp trên giao phải có văn bản kèm theo, và chỉ loại này mới có.",
        "A quota from a higher level must have a document; no other quota may have one.",
    ),
    "computed_quota_has_allocation": (
        "Chỉ tiêu do phân bổ phải gắn với bản phân bổ, và chỉ loại này mới gắn.",
        "A quota from an allocation must name that allocation; no other quota may name one.",
    ),
    "quota_whole_key": (
        "Chỉ tiêu này đã được ghi.",
        "This quota is already stored.",
    ),
}
