"""Sentences that explain to a unit's officer why the unit got its number of seats."""

SENTENCES: dict[str, tuple[str, str]] = {
    "unit_explained": (
        (
            "{stage}: số liệu {measure} của đơn vị là {weight}; phần tương ứng trong {house} chỗ là {share}; "
            "đơn vị được {seats} đại biểu."
        ),
        (
            "{stage}: the unit's {measure} is {weight}; its exact share of {house:seat|seats} is {share}; it "
            "gets {seats:seat|seats}."
        ),
    ),
    "unit_share_bounded": (
        "Sau khi áp dụng mức tối thiểu và tối đa của các đơn vị trong khối, phần tương ứng là {quota}.",
        "With the minimums and maximums of the units in the bloc, its exact share is {quota}.",
    ),
    "unit_at_floor": (
        "Mức tối thiểu {bound} có hiệu lực: không có mức này, đơn vị được ít hơn.",
        "The minimum of {bound} applies: without it the unit would get fewer seats.",
    ),
    "unit_at_cap": (
        "Mức tối đa {bound} có hiệu lực: không có mức này, đơn vị được nhiều hơn.",
        "The maximum of {bound} applies: without it the unit would get more seats.",
    ),
    "unit_tied": (
        "Đơn vị ngang quyền với đơn vị khác ở chỗ cuối cùng; chỗ này được xử lý theo kế hoạch.",
        (
            "The unit has the same claim to the last seat as another unit; the plan says how this tie is "
            "settled."
        ),
    ),
    "next_seat": (
        (
            "Thêm {more_weight} ({measure}), hoặc tổng số tăng thêm {more_seats} chỗ, thì đơn vị được thêm "
            "một đại biểu."
        ),
        (
            "With {more_weight} more ({measure}), or {more_seats:more seat|more seats} in total, the unit "
            "would get one more seat."
        ),
    ),
    "next_seat_by_weight": (
        "Thêm {more_weight} ({measure}) thì đơn vị được thêm một đại biểu.",
        "With {more_weight} more ({measure}), the unit would get one more seat.",
    ),
    "next_seat_by_house": (
        "Tổng số tăng thêm {more_seats} chỗ thì đơn vị được thêm một đại biểu.",
        "With {more_seats:more seat|more seats} in total, the unit would get one more seat.",
    ),
    "next_seat_never": (
        "Với các giới hạn hiện có, đơn vị không thể được thêm đại biểu.",
        "Within its minimum and maximum, the unit cannot get another seat.",
    ),
    "stage_unknown": ("Không có phần phân bổ này.", "There is no such stage of the allocation."),
    "what_if_faulty": ("Phương án thử không hợp lệ.", "The what-if request is not valid."),
}
