"""What keeps a unit from being founded, renamed, moved or closed, and its figures from being stored."""

SENTENCES: dict[str, tuple[str, str]] = {
    "unit_not_found": ("Không có đơn vị này.", "There is no such unit."),
    "unit_known": (
        "Mã này đã thuộc một đơn vị khác.",
        "This code belongs to a unit already.",
    ),
    "units_faulty": (
        "Thông tin đơn vị có {errors} lỗi; chưa lưu gì.",
        "The units have {errors} errors; nothing was stored.",
    ),
    "figures_faulty": (
        "Số liệu có {errors} lỗi; chưa lưu gì.",
        "The figures have {errors} errors; nothing was stored.",
    ),
    "congress_unknown": (
        "Không có đại hội này; các đại hội đang có: {congresses}.",
        "There is no such congress; congresses are {congresses}.",
    ),
    "congress_none": (
        "Chưa có đại hội nào; hãy nạp kế hoạch có nêu đại hội trước.",
        "There is no congress yet; load the plan that names it first.",
    ),
    "day_outside_unit": (
        "Ngày này nằm ngoài thời gian tồn tại của đơn vị.",
        "The unit is not there on that day.",
    ),
    "name_starts_that_day": (
        "Tên hiện tại cũng bắt đầu từ ngày {first}; không đặt được hai tên từ cùng một ngày.",
        "The present name begins on {first} too; two names cannot begin on one day.",
    ),
    "unit_has_units_below": (
        "Sau ngày {last} vẫn còn đơn vị trực thuộc; hãy chuyển các đơn vị đó trước.",
        "Units still stand below this one after {last}; move them first.",
    ),
    # Guards of the database
    "unit_name_overlap": (
        "Một đơn vị không thể có hai tên trong cùng thời gian.",
        "A unit has no two names at the same time.",
    ),
    "unit_code_overlap": (
        "Mã này đang thuộc một đơn vị khác trong cùng thời gian.",
        "The code belongs to another unit at the same time.",
    ),
    "unit_has_two_codes": (
        "Một đơn vị không thể có hai mã của cùng một hệ thống trong cùng thời gian.",
        "A unit has no two codes of one scheme at the same time.",
    ),
    "unit_has_two_parents": (
        "Trong một đại hội, đơn vị không thể có hai cấp trên cùng thời gian.",
        "In one congress a unit has no two parents at the same time.",
    ),
    "unit_under_itself": (
        "Đơn vị không thể là cấp trên của chính mình.",
        "A unit does not stand under itself.",
    ),
    "unit_succeeds_itself": (
        "Đơn vị không thể kế thừa chính mình.",
        "A unit does not succeed itself.",
    ),
    "succession_share": (
        "Phần kế thừa phải lớn hơn 0 và không quá toàn bộ.",
        "A share is more than nothing and at most the whole.",
    ),
    "figure_not_negative": ("Số liệu không được âm.", "A figure is not below zero."),
    "staff_report_unit_as_of_revision_source_key": (
        "Báo cáo này của đơn vị vừa được lưu ở một lần khác; hãy đọc lại rồi làm lại.",
        "This report of the unit has just been stored by another request; read it, then try again.",
    ),
    "unit_has_a_day": (
        "Đơn vị phải tồn tại ít nhất một ngày.",
        "A unit exists for a day at least.",
    ),
    "unit_name_has_a_day": (
        "Tên đơn vị phải có hiệu lực ít nhất một ngày.",
        "A unit's name holds for a day at least.",
    ),
    "unit_code_has_a_day": (
        "Mã đơn vị phải có hiệu lực ít nhất một ngày.",
        "A unit's code holds for a day at least.",
    ),
    "unit_link_has_a_day": (
        "Quan hệ trực thuộc phải có hiệu lực ít nhất một ngày.",
        "A unit stands under another for a day at least.",
    ),
}
