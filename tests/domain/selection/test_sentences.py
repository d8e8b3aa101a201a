"""Every code of the selection has its sentence, and no sentence is without a code."""

import re
from pathlib import Path
from typing import get_args

from domain.selection.conflicts import DemandKind
from domain.selection.explanation import LeftOutReason
from domain.selection.prices import WhyNotGround
from service.sentences.selection import SENTENCES

SOURCES = sorted((Path(__file__).parents[3] / "domain" / "selection").glob("*.py"))
CODE = re.compile(r'"((?:selection|replacement)_[a-z0-9_]+)"')
COMPOSED = {
    *(f"selection_left_out_{reason}" for reason in LeftOutReason),
    *(f"selection_why_not_{ground}" for ground in get_args(WhyNotGround)),
    *(f"selection_clash_{kind}" for kind in get_args(DemandKind)),
}


def test_codes_and_sentences_are_the_same_set() -> None:
    codes = {code for path in SOURCES for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert codes | COMPOSED == set(SENTENCES)


def test_both_languages_name_the_same_parameters() -> None:
    for code, (vietnamese, english) in SENTENCES.items():
        assert sorted(re.findall(r"\{(\w+)", vietnamese)) == sorted(re.findall(r"\{(\w+)", english)), code
