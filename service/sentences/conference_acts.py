"""What keeps a conference from being opened, held or cancelled."""

SENTENCES: dict[str, tuple[str, str]] = {
    "conference_not_found": ("Không có hội nghị này.", "There is no such conference."),
    "plan_not_published": (
        "Kế hoạch chưa được ban hành nên chưa mở được hội nghị.",
        "The plan is not published, so no conference can be opened under it.",
    ),
    "plan_forbids_conference": (
        "Kế hoạch không cho phép đơn vị này tổ chức hội nghị của “{tier_name}”.",
        "The plan does not let this unit hold a conference of “{tier_name}”.",
    ),
    "tier_not_of_congress": (
        "“{tier_name}” không tiến tới đại hội này, mà tới: {congresses}.",
        "“{tier_name}” does not lead to this congress, but to: {congresses}.",
    ),
    "unit_not_on_day": (
        "Có đơn vị này, nhưng không phải vào ngày {day}; muốn tính theo ngày khác thì nêu ngày đó (as_of).",
        "There is such a unit, but not on {day}; give another day (as_of) if that is meant.",
    ),
    "unit_not_in_congress": (
        "Vào ngày tính, đơn vị không thuộc hệ thống đơn vị của đại hội “{congress}”.",
        "On that day the unit has no place in the chain of the congress “{congress}”.",
    ),
    "one_conference_per_unit_and_congress": (
        "Đơn vị đã có một hội nghị tiến tới đại hội này; muốn mở hội nghị khác phải hủy hội nghị đó.",
        "The unit already has a conference towards this congress; cancel that one to open another.",
    ),
    "conference_cancelled": ("Hội nghị đã bị hủy.", "The conference was cancelled."),
    "conference_not_planned": (
        "Hội nghị đang ở trạng thái “{state}”; chỉ hủy được hội nghị chưa tổ chức.",
        "The conference is in the state “{state}”; only one that has not met can be cancelled.",
    ),
    "day_in_future": ("Ngày này chưa tới.", "This day has not come yet."),
    "outside_window_needs_reason": (
        "Ngày họp nằm ngoài thời gian của kế hoạch; phải ghi lý do.",
        "The day lies outside the plan's window; say why.",
    ),
    "reason_missing": ("Chưa ghi lý do.", "The reason is missing."),
    "conference_state_known": (
        "Không có trạng thái này của hội nghị.",
        "A conference has no such state.",
    ),
    "seat_group_full": (
        "Nhóm đại biểu này đã đủ số lượng.",
        "This group has all the persons that it may have.",
    ),
    "seat_group_not_negative": (
        "Số lượng của nhóm đại biểu không được âm.",
        "The numbers of a group are not below zero.",
    ),
    "seat_group_filled_by_known": (
        "Không có cách lập nhóm đại biểu này.",
        "A group is not filled in such a way.",
    ),
}
