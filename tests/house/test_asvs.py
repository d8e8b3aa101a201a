"""The page on the ASVS has every requirement of its levels once, judged, and names tests that are there."""

import re
from pathlib import Path

import pytest

from .tree import ROOT, read

NUMBERS = Path(__file__).parent / "data" / "asvs_5.0.0.txt"
PAGE = "docs/security-asvs.md"
STATES = {"met", "**not met**", "operator's", "not applicable"}
CELLS = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)


def read_rows() -> list[tuple[str, ...]]:
    return CELLS.findall(read(PAGE))


def test_every_requirement_is_there_once_and_in_order() -> None:
    sections = re.findall(r"^([\d.]+): (.+)$", NUMBERS.read_text(), re.MULTILINE)
    wanted = [f"{section}.{number}" for section, numbers in sections for number in numbers.split()]
    assert len(wanted) == 253
    assert [number for number, *_ in read_rows()] == wanted


def test_every_requirement_is_judged_with_a_reason() -> None:
    for number, asks, state, how, _ in read_rows():
        assert state in STATES, number
        assert len(asks) > 3 < len(how), number


def test_the_tests_that_it_names_are_there() -> None:
    named = {path for *_, tests in read_rows() for path in re.findall(r"`([^`]+)`", tests)}
    assert len(named) > 50
    assert [path for path in sorted(named) if not (ROOT / "tests" / path).exists()] == []


@pytest.mark.parametrize("page", [PAGE, "docs/security.md"])
def test_what_it_points_to_is_there(page: str) -> None:
    files = re.findall(r"`([\w/]+/[\w/]+\.py)`", read(page))
    assert len(files) > 15
    for path in files:
        assert (ROOT / path).exists() or (ROOT / "tests" / path).exists(), path
    for link in re.findall(r"\]\(([^)#]+)", read(page)):
        assert "://" in link or (ROOT / "docs" / link).exists(), link
