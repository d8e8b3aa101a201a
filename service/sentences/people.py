"""Sentences on a person or a collective; they never name the person."""

SENTENCES: dict[str, tuple[str, str]] = {
    "attribute_not_counted": (
        "Không chỉ tiêu nào của kế hoạch dùng đến “{attribute}”, nên không nhận thông tin này.",
        "No target of the plan uses “{attribute}”, so it is not accepted.",
    ),
    "attribute_has_field": (
        "Thông tin này có trường riêng, không ghi ở “other”.",
        "This attribute has its own field; do not give it under “other”.",
    ),
    "person_not_found": ("Không có người này.", "There is no such person."),
    "person_once": (
        "Chỉ nêu một trong hai: người đã có, hoặc người mới.",
        "Give exactly one of the two: an existing person or a new one.",
    ),
    "birth_year_disagrees": (
        "Năm sinh không khớp với ngày sinh.",
        "The year of birth does not match the date of birth.",
    ),
    "birth_year_agrees": (
        "Năm sinh phải khớp với ngày sinh.",
        "The year of birth must match the date of birth.",
    ),
    "birth_year_plausible": (
        "Năm sinh phải từ 1850 đến 2200.",
        "The year of birth must be from 1850 to 2200.",
    ),
    "collective_unit_name_key": (
        "Một yêu cầu khác vừa thêm tập thể cùng tên vào đơn vị; hãy làm lại.",
        "Another request has just added a collective with this name to the unit; try again.",
    ),
}
