"""Sentences on why a conference cannot be created, recorded as met or cancelled."""

SENTENCES: dict[str, tuple[str, str]] = {
    "conference_not_found": ("Không có hội nghị này.", "There is no such conference."),
    "plan_not_published": (
        "Kế hoạch chưa được ban hành nên chưa mở được hội nghị.",
        "The plan is not published yet, so no conference can be created under it.",
    ),
    "plan_forbids_conference": (
        "Kế hoạch không cho phép đơn vị này tổ chức hội nghị của “{tier_name}”.",
        "The plan does not allow this unit to have a conference of “{tier_name}”.",
    ),
    "tier_not_of_congress": (
        "“{tier_name}” không tiến tới đại hội này, mà tới: {congresses}.",
        "A conference of “{tier_name}” does not lead to this congress; it leads to: {congresses}.",
    ),
    "unit_not_on_day": (
        "Đơn vị này không tồn tại vào ngày {day}; muốn tính theo ngày khác thì nêu ngày đó (as_of).",
        "This unit does not exist on {day}; to use another day, give that day (as_of).",
    ),
    "unit_not_in_congress": (
        "Vào ngày tính, đơn vị không thuộc hệ thống đơn vị của đại hội “{congress}”.",
        "On that day the unit does not belong to the congress “{congress}”.",
    ),
    "one_conference_per_unit_and_congress": (
        "Đơn vị đã có một hội nghị tiến tới đại hội này; muốn mở hội nghị khác phải hủy hội nghị đó.",
        "The unit already has a conference that leads to this congress; cancel it before you create another.",
    ),
    "conference_cancelled": ("Hội nghị đã bị hủy.", "The conference has been cancelled."),
    "conference_not_planned": (
        "Hội nghị đang ở trạng thái “{state}”; chỉ hủy được hội nghị chưa tổ chức.",
        "Only a conference that has not met can be cancelled; this one is in the state “{state}”.",
    ),
    "day_in_future": ("Ngày này chưa tới.", "This day is in the future."),
    "outside_window_needs_reason": (
        "Ngày họp nằm ngoài thời gian của kế hoạch; phải ghi lý do.",
        "The day is outside the period in the plan; give a reason.",
    ),
    "reason_missing": ("Chưa ghi lý do.", "The reason is missing."),
    "conference_state_known": (
        "Trạng thái của hội nghị không hợp lệ.",
        "This is not a valid state of a conference.",
    ),
    "seat_group_full": (
        "Nhóm đại biểu này đã đủ số lượng.",
        "This group is full.",
    ),
    "seat_group_not_negative": (
        "Số lượng của nhóm đại biểu không được âm.",
        "The numbers of a group must not be negative.",
    ),
    "seat_group_filled_by_known": (
        "Cách lập nhóm đại biểu không hợp lệ.",
        "This is not a valid way to fill a group.",
    ),
}
