"""How elements of documents are written: numbers, days, organs, receivers (decree 30/2020/ND-CP, annex I)."""

import re
from collections.abc import Sequence
from datetime import date
from textwrap import wrap

from domain.plans import Plan
from domain.plans.plan import LegalBasis

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

_BLANK = "\N{NO-BREAK SPACE}" * 8
_COMMUNE = r"(?<!tác )xã(?!(?-i:\s+(?:hội|HỘI)\b))"
"""Not "xã hội" (society) and "hợp tác xã" (cooperative); "xã Hội Sơn" is one."""

_PLACES = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", _COMMUNE, "phường")
_KIND_OF_PLACE = "|".join(_PLACES)
_PLACE = re.compile(
    rf"(?:^|\s)(?:{_KIND_OF_PLACE})\s+(?P<name>\w.*?)(?:,.*|\s(?:{_KIND_OF_PLACE})\s.*)?$", re.IGNORECASE
)
_TYPES = (
    *("Nghị quyết", "Nghị định", "Quyết định", "Chỉ thị", "Kế hoạch", "Hướng dẫn", "Thông tư", "Công văn"),
    *("Thông báo", "Luật", "Kết luận", "Chương trình", "Đề án", "Báo cáo"),
)


def write_number(number: str | None, series: str) -> str:
    """As in "Số: 05/QĐ-UBND": a number below 10 has two digits; without one there is room for it."""
    if number is None:
        return f"Số: {_BLANK}/{series}"
    return f"Số: {number.zfill(2) if number.isdecimal() else number}/{series}"


def write_day(day: date | None) -> str:
    """As in "ngày 05 tháng 02 năm 2020": days below 10 and the months 1 and 2 have two digits."""
    if day is None:
        return f"ngày {_BLANK} tháng {_BLANK} năm {_BLANK}"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def write_place_and_day(place: str | None, day: date | None) -> str:
    """As in "Sóc Trăng, ngày 05 tháng 02 năm 2020"."""
    return f"{place or '.' * 12}, {write_day(day)}"


def derive_place(organ: str) -> str | None:
    """The place of an organ by its name: "Ủy ban nhân dân tỉnh Sóc Trăng" is in "Sóc Trăng"."""
    found = _PLACE.search(organ)
    return None if found is None else found["name"]


def abbreviate_organ(organ: str) -> str:
    """The initials of an organ without its place: "Ủy ban nhân dân tỉnh Sóc Trăng" is "UBND"."""
    found = _PLACE.search(organ)
    own = organ[: found.start()] if found and found.start() else organ
    letters = [word[0].upper() for word in re.findall(r"\w+", own)]
    return "".join(letters).replace("Ủ", "U")


LONGEST_HEAD_LINE = 27
"""The most letters of an organ's name on one line of the head, at 12 points in capitals."""


LONGEST_SUBJECT_LINE = 32
"""The most letters of a letter's subject on one line of the head, at 12 points."""


LONGEST_TITLE_LINE, LONGEST_LANDSCAPE_TITLE = 72, 110
"""The same of any other subject, at 14 points bold, on a page that stands or lies."""


def break_organ(organ: str) -> tuple[str, ...]:
    """The name of an organ in capitals, as lines of the head: the place is on a line of its own, unless all
    fits on one."""
    name = organ.upper().replace("KHEN THƯỞNG", "KHEN\N{NO-BREAK SPACE}THƯỞNG")
    found = _PLACE.search(organ)
    if len(name) <= LONGEST_HEAD_LINE or found is None or not found.start():
        return (name,) if name else ()
    return name[: found.start()], name[found.start() :].strip()


def break_subject(subject: str) -> tuple[str, ...]:
    """The subject of a letter as lines of the head, under the number."""
    return _balance(subject, LONGEST_SUBJECT_LINE)


def break_title(subject: str, *, landscape: bool) -> tuple[str, ...]:
    """The subject of any other document as lines under its type."""
    return _balance(subject, LONGEST_LANDSCAPE_TITLE if landscape else LONGEST_TITLE_LINE)


def write_bases(bases: Sequence[str]) -> tuple[str, ...]:
    """Legal bases: each ends with a semicolon, the last one with a full stop."""
    bare = [base.rstrip(" .;") for base in bases]
    return tuple(f"{base}{'.' if n == len(bare) else ';'}" for n, base in enumerate(bare, 1))


def write_receivers(receivers: Sequence[str]) -> tuple[str, ...]:
    """Receivers as lines with a hyphen, the last one the archive: "Lưu: VT", unless they name it."""
    bare = [receiver.strip(" -.;") for receiver in receivers]
    archive = next((each for each in bare if each.startswith("Lưu")), "Lưu: VT")
    return (*(f"- {each};" for each in bare if not each.startswith("Lưu")), f"- {archive}.")


def cite_basis(basis: LegalBasis) -> str:
    """A legal basis as it is cited: type, number, day and organ first ("Kế hoạch số 19/KH-HĐTĐKT ngày …").

    What is not known is left out.
    """
    kind = next((each for each in _TYPES if basis.name.startswith(f"{each} ")), "")
    about = basis.name.removeprefix(kind).strip()
    if not kind:
        return _join(basis.name, _cite_number(basis.number), _cite_day(basis.date), _cite_organ(basis.organ))
    return _join(kind, _cite_number(basis.number), _cite_day(basis.date), _cite_organ(basis.organ), about)


def cite_plan(plan: Plan) -> str:
    """The plan itself as a legal basis."""
    about = plan.title.removeprefix("Kế hoạch").strip()
    about = about[:1].lower() + about[1:]
    organ = _cite_organ(plan.authority.name)
    return _join("Kế hoạch", _cite_number(plan.number), _cite_day(plan.date), organ, about)


def cite_decision(kind: str, number: str, day: date | None, organ: str) -> str:
    """As in "Quyết định số 123/QĐ-UBND ngày 05 tháng 6 năm 2020 của …"."""
    return _join(kind, _cite_number(number), _cite_day(day), _cite_organ(organ))


def write_roman(number: int) -> str:
    """The number of an annex or a section: IV for 4."""
    letters = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, letter in letters:
        count, number = divmod(number, value)
        text += letter * count
    return text


def _cite_number(number: str | None) -> str:
    return f"số {number}" if number else ""


def _cite_day(day: date | None) -> str:
    return write_day(day) if day else ""


def _cite_organ(organ: str | None) -> str:
    return f"của {organ}" if organ else ""


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _balance(text: str, most: int) -> tuple[str, ...]:
    """A text as few lines of at most so many letters, about as long as each other."""

    def split(width: int) -> list[str]:
        return wrap(text, width, break_long_words=False, break_on_hyphens=False)

    fewest = len(split(most))
    width = next(
        (n for n in range(len(text) // max(fewest, 1), most) if len(split(max(n, 1))) == fewest), most
    )
    return tuple(split(max(width, 1)))
