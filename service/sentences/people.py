"""What is said of a person or a collective, without saying who."""

SENTENCES: dict[str, tuple[str, str]] = {
    "attribute_not_counted": (
        "Không chỉ tiêu nào của kế hoạch dùng đến “{attribute}”, nên không nhận thông tin này.",
        "No target of the plan counts “{attribute}”, so it is not taken.",
    ),
    "attribute_has_field": (
        "Thông tin này có trường riêng, không ghi ở “other”.",
        "This has a field of its own; do not give it as “other”.",
    ),
    "person_not_found": ("Không có người này.", "There is no such person."),
    "person_once": (
        "Nêu người đã có, hoặc khai người mới: đúng một trong hai.",
        "Name a known person or state a new one: exactly one of the two.",
    ),
    "birth_year_disagrees": (
        "Năm sinh khác với năm của ngày sinh.",
        "The year of birth is not that of the day of birth.",
    ),
    "birth_year_agrees": (
        "Năm sinh phải là năm của ngày sinh.",
        "The year of birth has to be that of the day of birth.",
    ),
    "birth_year_plausible": (
        "Năm sinh phải từ 1850 đến 2200.",
        "The year of birth has to lie between 1850 and 2200.",
    ),
    "collective_unit_name_key": (
        "Đơn vị vừa có một tập thể cùng tên được ghi ở một lần khác; hãy làm lại.",
        "Another request has just entered a collective of this name in the unit; try again.",
    ),
}
