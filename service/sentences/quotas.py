"""What is said of a quota: the seats of one unit in one group."""

SENTENCES: dict[str, tuple[str, str]] = {
    "unit_has_nobody_below": (
        "Đơn vị không có đơn vị trực thuộc nào trong hệ thống đại hội này để chia chỉ tiêu.",
        "Nobody stands below the unit in this congress chain, so there is nobody to share with.",
    ),
    "nominations_pending": (
        "Còn {pending} người đã giới thiệu, chưa được chấp nhận hay trả lại; hãy giải quyết trước khi chia.",
        "{pending} nominated here are neither accepted nor returned; settle that before seats are shared.",
    ),
    "quota_over_group": (
        "Chỉ tiêu {seats} vượt số đại biểu của nhóm “{group}” hoặc của hội nghị ({most}).",
        "{seats} seats are more than the group “{group}” or the conference has ({most}).",
    ),
    "quota_distributed_already": (
        "Đơn vị cấp trên đã chia chỉ tiêu của nhóm này cho: {units}; không giao thêm lần nữa.",
        "The unit over them already shared a quota of this group with: {units}; none holds two.",
    ),
    "distributed_quota_has_parent": (
        "Chỉ tiêu được chia lại phải có chỉ tiêu gốc.",
        "A distributed quota has the one it came from.",
    ),
    "quota_not_found": ("Không có chỉ tiêu này.", "There is no such quota."),
    "quota_not_received": (
        "Chỉ tiêu này do phân bổ mà có, không phải do cấp trên giao; hãy sửa đổi bản phân bổ.",
        "This quota comes from an allocation and not from above; amend the allocation.",
    ),
    "quota_conference_unit_group_key": (
        "Đơn vị đã có chỉ tiêu của nhóm này tại hội nghị.",
        "The unit already has a quota of this group in the conference.",
    ),
    "quota_seats_exceeded": (
        "Đơn vị đã đủ số đại biểu được phân bổ.",
        "The unit has filled all its seats.",
    ),
    "quota_nominee_limit_exceeded": (
        "Đơn vị đã giới thiệu đủ số người được phép.",
        "The unit has nominated as many as it may.",
    ),
    "quota_not_negative": (
        "Chỉ tiêu và số người được giới thiệu không được âm.",
        "Seats and nominees are not below zero.",
    ),
    "quota_excess_not_negative": (
        "Số vượt chỉ tiêu không được âm.",
        "What exceeds a quota is not below zero.",
    ),
    "quota_source_known": (
        "Chỉ tiêu phải do phân bổ hoặc do cấp trên giao.",
        "A quota comes from an allocation or from above.",
    ),
    "received_quota_has_document": (
        "Chỉ tiêu cấp trên giao phải có văn bản kèm theo, và chỉ loại này mới có.",
        "A quota from above has its document, and no other has one.",
    ),
    "computed_quota_has_allocation": (
        "Chỉ tiêu do phân bổ phải gắn với bản phân bổ, và chỉ loại này mới gắn.",
        "A computed quota has its allocation, and no other has one.",
    ),
    "quota_whole_key": (
        "Chỉ tiêu này đã được ghi.",
        "This quota is stored already.",
    ),
}
