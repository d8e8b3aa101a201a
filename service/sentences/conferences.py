"""Sentences on what a plan's rules mean for the conference of one unit."""

from service.unit_files.columns import KIND_LABELS

WORDS = {"kind": KIND_LABELS}

SENTENCES: dict[str, tuple[str, str]] = {
    "tier_unknown": (
        "Kế hoạch không có cấp này; các cấp: {tiers}.",
        "The plan has no such tier; its tiers are: {tiers}.",
    ),
    "name_not_offered": (
        "“{tier_name}” không có tên hội nghị này; các tên được dùng: {names}.",
        "“{tier_name}” does not allow this name; the allowed names are: {names}.",
    ),
    "name_to_choose": (
        "Đơn vị cần chọn một trong các tên: {names}.",
        "The unit must choose one of these names: {names}.",
    ),
    "unit_not_of_tier": (
        "“{name}” (loại: {kind}) không thuộc “{tier_name}”.",
        "“{name}” (kind: {kind}) does not belong to “{tier_name}”.",
    ),
    "staff_unknown": (
        "Chưa có số người của “{unit}” nên chưa xác định được hình thức (ngưỡng {number}).",
        (
            "The number of staff of “{unit}” is unknown, so its form cannot be decided (the threshold is "
            "{number})."
        ),
    ),
    "exactly_at_threshold": (
        (
            "Đơn vị có đúng {number} người; kế hoạch không quy định hình thức cho trường hợp này, Hội đồng "
            "cần xác định."
        ),
        (
            "The unit has exactly {number:person|people}; the plan sets no form for this case, so the "
            "Council must decide."
        ),
    ),
    "plenary_without_cap": (
        "Hội nghị toàn thể {staff} người và khách mời không có mức tối đa.",
        "A plenary meeting of {staff:person|people} and their guests has no maximum number.",
    ),
    "plenary_above_delegate_cap": (
        "Hội nghị toàn thể có {staff} người, đông hơn mức {cap} của hội nghị đại biểu.",
        (
            "The plenary meeting has {staff:person|people}, more than the {cap} allowed at a conference of "
            "delegates."
        ),
    ),
    "mix_not_binding": (
        "Kế hoạch không nêu tỷ lệ điển hình và khách mời cho hình thức hội nghị này.",
        "The plan sets no mix of exemplars and guests for this form of conference.",
    ),
    "plenary_mix_needs_outsiders": (
        (
            "Hội nghị toàn thể có {staff} người; muốn đủ tỷ lệ khách mời phải mời khoảng {outsiders} người "
            "ngoài."
        ),
        (
            "To reach the mix, a plenary meeting of {staff:person|people} must invite about "
            "{outsiders:outside guest|outside guests}."
        ),
    ),
    "mix_not_whole": (
        "Với {total} đại biểu, tỷ lệ không ra số nguyên: {least} hoặc {most} điển hình.",
        (
            "For {total:delegate|delegates} the mix gives no whole number of exemplars; the nearest are "
            "{least} and {most}."
        ),
    ),
    "pilot_not_named": (
        "Đơn vị “{unit}” được ghi là đơn vị điểm nhưng kế hoạch không nêu tên.",
        "The unit “{unit}” is recorded as a pilot unit, but the plan does not name it.",
    ),
    "peers_take_guest_places": (
        "Đơn vị điểm mời thêm đơn vị cùng cấp; số này tính vào phần khách mời.",
        "A pilot unit invites units of the same tier; the people they send count as guests.",
    ),
    "days_backwards": (
        "Ngày đầu {first} sau ngày cuối {last}.",
        "The first day {first} is after the last day {last}.",
    ),
    "outside_window": (
        "Họp từ {first} đến {last}, ngoài thời gian {start} đến {end} của kế hoạch.",
        "The conference is from {first} to {last}, outside the period of the plan, {start} to {end}.",
    ),
    "longer_than_planned": (
        "Họp từ {first} đến {last}, dài hơn {half_days} buổi của kế hoạch.",
        (
            "The conference is from {first} to {last}, longer than the {half_days:half day|half days} in the "
            "plan."
        ),
    ),
}
