"""Every code of a finding in a unit file has a sentence, and every sentence has a code."""

import re
from pathlib import Path

from service.sentences.units import SENTENCES

ROOT = Path(__file__).parents[3]
SOURCES = [
    ROOT / "domain" / "units.py",
    ROOT / "domain" / "figures.py",
    *sorted((ROOT / "service" / "unit_files").glob("*.py")),
]
CODE = re.compile(r'"((?:unit|figure|cell|column|row|file)_[a-z0-9_]+)"')
COLUMNS = {f"column_means_{name}" for name in ("name", "kind", "valid_from", "valid_to", "parent")} | {
    f"column_means_{name}" for name in ("predecessors", "made_up", "as_of", "source")
}


def test_codes_and_sentences_are_the_same_set() -> None:
    codes = {code for path in SOURCES for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert codes | COLUMNS == set(SENTENCES)


def test_both_languages_name_the_same_parameters() -> None:
    for code, (vietnamese, english) in SENTENCES.items():
        assert sorted(re.findall(r"\{(\w+)", vietnamese)) == sorted(re.findall(r"\{(\w+)", english)), code
