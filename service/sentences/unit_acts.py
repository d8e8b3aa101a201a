"""Sentences on why a unit cannot be created, renamed, moved or closed, or its figures stored."""

SENTENCES: dict[str, tuple[str, str]] = {
    "unit_not_found": ("Không có đơn vị này.", "There is no such unit."),
    "unit_known": (
        "Mã này đã thuộc một đơn vị khác.",
        "This code already belongs to another unit.",
    ),
    "units_faulty": (
        "Thông tin đơn vị có {errors} lỗi; chưa lưu gì.",
        "The units have {errors:error|errors}; nothing was stored.",
    ),
    "figures_faulty": (
        "Số liệu có {errors} lỗi; chưa lưu gì.",
        "The figures have {errors:error|errors}; nothing was stored.",
    ),
    "congress_unknown": (
        "Không có đại hội này; các đại hội đang có: {congresses}.",
        "There is no such congress; the congresses are: {congresses}.",
    ),
    "congress_none": (
        "Chưa có đại hội nào; hãy nạp kế hoạch có nêu đại hội trước.",
        "There is no congress yet; first load a plan that names one.",
    ),
    "day_outside_unit": (
        "Ngày này nằm ngoài thời gian tồn tại của đơn vị.",
        "The unit does not exist on that day.",
    ),
    "name_starts_that_day": (
        "Tên hiện tại cũng bắt đầu từ ngày {first}; không đặt được hai tên từ cùng một ngày.",
        "The current name also begins on {first}; two names cannot begin on the same day.",
    ),
    "unit_has_units_below": (
        "Sau ngày {last} vẫn còn đơn vị trực thuộc; hãy chuyển các đơn vị đó trước.",
        "There are still units below this one after {last}; move them first.",
    ),
    # Constraints of the database
    "unit_name_overlap": (
        "Một đơn vị không thể có hai tên trong cùng thời gian.",
        "A unit cannot have two names at the same time.",
    ),
    "unit_code_overlap": (
        "Mã này đang thuộc một đơn vị khác trong cùng thời gian.",
        "This code belongs to another unit at the same time.",
    ),
    "unit_has_two_codes": (
        "Một đơn vị không thể có hai mã của cùng một hệ thống trong cùng thời gian.",
        "A unit cannot have two codes of the same scheme at the same time.",
    ),
    "unit_has_two_parents": (
        "Trong một đại hội, đơn vị không thể có hai cấp trên cùng thời gian.",
        "In one congress, a unit cannot have two parents at the same time.",
    ),
    "unit_under_itself": (
        "Đơn vị không thể là cấp trên của chính mình.",
        "A unit cannot be its own parent.",
    ),
    "unit_succeeds_itself": (
        "Đơn vị không thể kế thừa chính mình.",
        "A unit cannot be its own successor.",
    ),
    "succession_share": (
        "Phần kế thừa phải lớn hơn 0 và không quá 1.",
        "A share must be greater than 0 and at most 1.",
    ),
    "figure_not_negative": ("Số liệu không được âm.", "A figure must not be negative."),
    "staff_report_unit_as_of_revision_source_key": (
        "Một yêu cầu khác vừa lưu báo cáo này của đơn vị; hãy đọc lại rồi làm lại.",
        "Another request has just stored this report of the unit; read it, then try again.",
    ),
    "unit_has_a_day": (
        "Đơn vị phải tồn tại ít nhất một ngày.",
        "A unit must exist for at least one day.",
    ),
    "unit_name_has_a_day": (
        "Tên đơn vị phải có hiệu lực ít nhất một ngày.",
        "A unit's name must be valid for at least one day.",
    ),
    "unit_code_has_a_day": (
        "Mã đơn vị phải có hiệu lực ít nhất một ngày.",
        "A unit's code must be valid for at least one day.",
    ),
    "unit_link_has_a_day": (
        "Quan hệ trực thuộc phải có hiệu lực ít nhất một ngày.",
        "A unit must belong to its parent for at least one day.",
    ),
}
