"""What a plan's rules say of one unit's conference."""

from service.unit_files.columns import KIND_LABELS

WORDS = {"kind": KIND_LABELS}

SENTENCES: dict[str, tuple[str, str]] = {
    "tier_unknown": (
        "Kế hoạch không có cấp này; các cấp: {tiers}.",
        "The plan has no such tier; its tiers: {tiers}.",
    ),
    "name_not_offered": (
        "“{tier_name}” không có tên hội nghị này; các tên: {names}.",
        "“{tier_name}” does not offer this name; its names: {names}.",
    ),
    "name_to_choose": (
        "Đơn vị chọn một trong các tên: {names}.",
        "The unit chooses one of the names: {names}.",
    ),
    "unit_not_of_tier": (
        "“{name}” (loại: {kind}) không thuộc “{tier_name}”.",
        "“{name}” (kind: {kind}) does not belong to “{tier_name}”.",
    ),
    "staff_unknown": (
        "Chưa có số người của “{unit}” nên chưa xác định được hình thức (ngưỡng {number}).",
        "The staff of “{unit}” is unknown, so its form is open (the threshold is {number}).",
    ),
    "exactly_at_threshold": (
        "Đơn vị có đúng {number} người, kế hoạch không quy định hình thức; Hội đồng cần xác định.",
        "The unit has exactly {number}, for which the plan states no form; the Council should settle it.",
    ),
    "plenary_without_cap": (
        "Hội nghị toàn thể {staff} người và khách mời không có mức tối đa.",
        "A plenary of {staff} and its guests has no cap.",
    ),
    "plenary_above_delegate_cap": (
        "Toàn thể {staff} người, đông hơn mức {cap} của hội nghị đại biểu.",
        "The plenary of {staff} is larger than the {cap} allowed to delegate conferences.",
    ),
    "mix_not_binding": (
        "Kế hoạch không nêu tỷ lệ cho hình thức hội nghị này.",
        "The plan states no mix for this form of conference.",
    ),
    "plenary_mix_needs_outsiders": (
        "Toàn thể {staff} người, đủ tỷ lệ khách mời thì phải mời khoảng {outsiders} người ngoài.",
        "To meet the mix, a plenary of {staff} needs about {outsiders} outsiders as guests.",
    ),
    "mix_not_whole": (
        "Tỷ lệ không ra số nguyên trên {total} đại biểu: {least} hoặc {most} điển hình.",
        "The mix is no whole number of {total} delegates: {least} or {most} exemplars.",
    ),
    "pilot_not_named": (
        "Đơn vị “{unit}” được ghi là đơn vị điểm nhưng kế hoạch không nêu tên.",
        "The unit “{unit}” is recorded as a pilot, and the plan does not name it.",
    ),
    "peers_take_guest_places": (
        "Đơn vị điểm mời thêm đơn vị cùng cấp; số này tính vào phần khách mời.",
        "A pilot invites peers; they take places of the guests' share.",
    ),
    "holds_several_offices": (
        "Một người giữ nhiều chức vụ ({offices}), chỉ tính một đại biểu.",
        "One person holds several offices ({offices}) and counts as one delegate.",
    ),
    "days_backwards": (
        "Ngày đầu {first} sau ngày cuối {last}.",
        "The first day {first} is after the last {last}.",
    ),
    "outside_window": (
        "Họp từ {first} đến {last}, ngoài thời gian {start} đến {end} của kế hoạch.",
        "It meets from {first} to {last}, outside the plan's {start} to {end}.",
    ),
    "longer_than_planned": (
        "Họp từ {first} đến {last}, dài hơn {half_days} buổi của kế hoạch.",
        "It meets from {first} to {last}, longer than the plan's {half_days} half days.",
    ),
}
