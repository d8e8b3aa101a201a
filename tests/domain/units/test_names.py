"""Names in Vietnamese order, and what may be made of them."""

import unicodedata

import pytest

from domain.names import clean_text, compute_person_sort_key, compute_sort_key, derive_slug, fold_text


@pytest.mark.parametrize(
    "ordered",
    [
        ["an", "ăn", "ân", "ba", "ca", "da", "đa", "ea", "êa", "on", "ôn", "ơn", "tu", "tư", "va"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["An Hiệp", "An Ninh", "Ân"],
        ["Phường", "Phường 1", "Phường 2", "Phường 10", "Phường An"],
        ["Bá An", "Bà Chi"],
    ],
    ids=["letters", "tones", "letters before length", "numbers by value", "tones only between equal letters"],
)
def test_sort_keys_compare_as_bytes_in_the_order_of_the_alphabet(ordered: list[str]) -> None:
    assert sorted(set(ordered), key=lambda name: compute_sort_key(name).encode()) == ordered


def test_case_punctuation_and_the_place_of_the_tone_do_not_count() -> None:
    assert compute_sort_key("HÒA TÚ - 1") == compute_sort_key("Hoà  Tú 1")


def test_a_decomposed_name_has_the_key_of_the_composed_one() -> None:
    assert compute_sort_key(unicodedata.normalize("NFD", "Nguyễn Thị Ấn")) == compute_sort_key(
        "Nguyễn Thị Ấn"
    )


def test_persons_go_by_given_name_then_by_family_name() -> None:
    ordered = ["Đỗ Văn An", "Nguyễn Thị An", "Trần An", "Bùi Anh", "Lê Hà", "Lê Thị Hạ"]
    assert sorted(set(ordered), key=compute_person_sort_key) == ordered


@pytest.mark.parametrize("name", ["", " ", "-", "王", "١٢"])
def test_odd_names_still_have_keys(name: str) -> None:
    assert isinstance(compute_sort_key(name) + compute_person_sort_key(name), str)


def test_a_slug_is_plain_letters_digits_and_hyphens() -> None:
    assert derive_slug("Sở Lao động - Thương binh và Xã hội") == "so-lao-dong-thuong-binh-va-xa-hoi"


def test_the_icelandic_look_alike_of_old_fonts_becomes_a_vietnamese_letter() -> None:
    assert clean_text("Xã  \u00d0ại Hải\n") == "Xã Đại Hải"


def test_folding_forgets_case_and_marks() -> None:
    assert fold_text("TỔNG  Cộng Đ") == "tong cong d"
