"""Vietnamese names: cleaned, folded to plain letters, turned into codes, and put in order.

Sort keys have the right order as bytes (``COLLATE "C"``), so a database needs no Vietnamese collation.
"""

import re
import unicodedata

_LETTERS = {"ă": "a1", "â": "a2", "đ": "d1", "ê": "e1", "ô": "o1", "ơ": "o2", "ư": "u1"}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_LOOKALIKES = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_PART = re.compile(r"[0-9]+|[^\W\d_]", re.UNICODE)


def clean_text(text: str) -> str:
    """``text`` in NFC with single spaces; Icelandic or African letters that look like Đ are replaced by Đ."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
    return " ".join(composed.split())


def fold_text(text: str) -> str:
    """Lower case without any mark: ``"Tổng  Cộng"`` is ``"tong cong"``. Only for comparing."""
    letters = unicodedata.normalize("NFD", clean_text(text).lower().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(x for x in letters if not unicodedata.combining(x)))


def derive_slug(text: str) -> str:
    """A code made from a name: ``"Sở Y tế"`` is ``"so-y-te"``; empty when the name has no Latin letter."""
    return _NOT_WORD.sub("-", fold_text(text)).strip("-")


def compute_sort_key(name: str) -> str:
    """A key that orders Vietnamese names when compared byte by byte.

    Letters are compared first (a ă â b c d đ e ê … o ô ơ … u ư …), numbers by value (Phường 2 before Phường
    10). If all letters are equal, the tones are compared: level, huyền, hỏi, ngã, sắc, nặng. Case and
    punctuation do not count.
    """
    words = [_encode_word(word) for word in re.split(r"[\W_]+", clean_text(name).lower()) if word]
    return " ".join(["-".join(letters for letters, _ in words), "".join(tone for _, tone in words)])


MARKED_LETTER = "([a-z])[0-9]"
"""A letter in a sort key with the digit of its mark; without the digit it is the plain letter."""


def list_search_words(text: str) -> list[str]:
    """The words of a text as they are in the sort keys of names, without marks; numbers are by value."""
    letters = compute_sort_key(text).partition(" ")[0]
    return [word for word in re.sub(MARKED_LETTER, r"\1", letters).split("-") if word]


def compute_person_sort_key(full_name: str) -> str:
    """A key for persons: by given name, which is the last word, then by family and middle names."""
    words = clean_text(full_name).split(" ")
    return f"{compute_sort_key(words[-1])} {compute_sort_key(' '.join(words[:-1]))}"


def derive_likeness(sort_key: str) -> str:
    """What is alike in the names of persons, from their sort key: "Mĩ" is "Mỹ", and a leading "Bà" or "Ông"
    does not count where a family name follows."""
    given, *others = sort_key.replace(*_ALIKE).split(" ")
    if len(others) == 3:
        first, _, rest = others[1].partition("-")
        if rest and (first, others[2][:1]) in _HONORIFICS:
            others[1:] = [rest, others[2][1:]]
    return " ".join([given, *others])


def derive_given_likeness(sort_key: str) -> str:
    """The letters of the given name in :func:`derive_likeness`."""
    return derive_likeness(sort_key).partition(" ")[0]


_ALIKE = ("y0", "i0")
"""The letters y and i in sort keys; which of them is written is often a matter of taste."""


def _encode_word(word: str) -> tuple[str, str]:
    """(letters, tone) of one word; a word of several syllables has several tones."""
    marks = unicodedata.normalize("NFD", word)
    tones = "".join(_TONES[x] for x in marks if x in _TONES) or "0"
    bare = unicodedata.normalize("NFC", "".join(x for x in marks if x not in _TONES))
    return "".join(_encode_part(part) for part in _PART.findall(bare)), tones


def _encode_part(part: str) -> str:
    if part.isdecimal():
        digits = str(int(part[:60]))
        return f"{min(len(digits), 9)}{digits}"
    if part in _LETTERS:
        return _LETTERS[part]
    base = "".join(x for x in unicodedata.normalize("NFD", part) if not unicodedata.combining(x))
    return f"{base}0" if base.isascii() else f"z9{base}"


def _split_key(word: str) -> tuple[str, str]:
    letters, tone = compute_sort_key(word).split(" ")
    return letters, tone


_HONORIFICS = frozenset(_split_key(word) for word in ("Bà", "Ông", "Mẹ", "Cụ", "Cô"))
