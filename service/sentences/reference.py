"""Sentences on reference lists."""

SENTENCES: dict[str, tuple[str, str]] = {
    "reference_list_not_found": ("Không có danh mục này.", "There is no such list."),
}
