"""What people can state of themselves: the values of each attribute. A plan can count nothing else."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Gender(StrEnum):
    """The gender of a person as the identity papers have it."""

    FEMALE = "female"
    MALE = "male"


ETHNIC_GROUPS = tuple(f"{n:02d}" for n in range(1, 55))
"""Codes of decision 121-TCTK/PPCĐ of 1979; 01 is Kinh."""

SECTORS = ("state", "collective", "private", "foreign")

RELIGIONS = (
    "khong",
    "phat-giao",
    "cong-giao",
    "tin-lanh",
    "cao-dai",
    "phat-giao-hoa-hao",
    "hoi-giao",
    "bahai",
    "tinh-do-cu-si-phat-hoi",
    "co-doc-phuc-lam",
    "phat-giao-tu-an-hieu-nghia",
    "minh-su-dao",
    "minh-ly-dao",
    "ba-la-mon",
    "mac-mon",
    "phat-giao-hieu-nghia-ta-lon",
    "buu-son-ky-huong",
)
"""The religions that the State recognises, under codes of our own; the first states that there is none."""

YES_NO = ("yes", "no")

VALUES: Mapping[str, tuple[str, ...] | None] = {
    "birth": None,
    "gender": tuple(Gender),
    "ethnicity": ETHNIC_GROUPS,
    "religion": RELIGIONS,
    "party_member": YES_NO,
    "direct_worker": YES_NO,
    "new_exemplar": YES_NO,
    "sector": SECTORS,
    "field": None,
    "position": None,
    "title": None,
    "award": None,
}
"""Attribute → its values; ``None`` where they are no list: a day, a text, or a code of the plan's own."""

HONOUR_ATTRIBUTES = ("title", "award")
FREE_TEXTS = ("position",)

STATED_CODE = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?")
"""The form of a value that is neither on a list nor a text."""
