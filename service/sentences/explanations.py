"""Why a unit got what it got, for its officer to read."""

SENTENCES: dict[str, tuple[str, str]] = {
    "unit_explained": (
        (
            "{stage}: số liệu {measure} của đơn vị là {weight}; phần tương ứng trong {house} chỗ là {share}; "
            "đơn vị được {seats} đại biểu."
        ),
        "{stage}: the unit's {measure} is {weight}; its part of {house} seats is {share}; it gets {seats}.",
    ),
    "unit_share_bounded": (
        "Sau khi áp dụng mức tối thiểu và tối đa của các đơn vị trong khối, phần tương ứng là {quota}.",
        "Once the floors and caps of the bloc's units have acted, its part is {quota}.",
    ),
    "unit_at_floor": (
        "Mức tối thiểu {bound} có hiệu lực: không có mức này, đơn vị được ít hơn.",
        "The floor of {bound} holds: without it the unit would get less.",
    ),
    "unit_at_cap": (
        "Mức tối đa {bound} có hiệu lực: không có mức này, đơn vị được nhiều hơn.",
        "The cap of {bound} holds: without it the unit would get more.",
    ),
    "unit_tied": (
        "Đơn vị ngang quyền với đơn vị khác ở chỗ cuối cùng; chỗ này được xử lý theo kế hoạch.",
        "The unit has exactly the same claim to the last seat as another; the plan says how that is settled.",
    ),
    "next_seat": (
        (
            "Thêm {more_weight} ({measure}), hoặc tổng số tăng thêm {more_seats} chỗ, thì đơn vị được "
            "thêm một đại biểu."
        ),
        "{more_weight} more ({measure}), or {more_seats} more seats in all, and the unit gains one.",
    ),
    "next_seat_by_weight": (
        "Thêm {more_weight} ({measure}) thì đơn vị được thêm một đại biểu.",
        "{more_weight} more ({measure}) and the unit gains one.",
    ),
    "next_seat_by_house": (
        "Tổng số tăng thêm {more_seats} chỗ thì đơn vị được thêm một đại biểu.",
        "{more_seats} more seats in all and the unit gains one.",
    ),
    "next_seat_never": (
        "Với các giới hạn hiện có, đơn vị không thể được thêm đại biểu.",
        "Within its bounds the unit cannot gain another seat.",
    ),
    "stage_unknown": ("Không có phần phân bổ này.", "There is no such stage."),
    "what_if_faulty": ("Phương án thử không hợp lệ.", "What is to be tried is not valid."),
}
