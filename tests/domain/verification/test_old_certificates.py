"""A certificate that an earlier program made is proven by every later one."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from domain.verification import verify_proof

CERTIFICATE: dict[str, Any] = json.loads(
    (Path(__file__).parent / "certificates" / "soc_trang_2020.json").read_text("utf-8")
)
"""Of the example of Sóc Trăng, by the program of November 2026 before any release."""


def test_it_is_proven() -> None:
    assert verify_proof(CERTIFICATE) == ()


@pytest.mark.parametrize("row", range(0, len(CERTIFICATE["seats"]), 7))
def test_it_is_refused_with_one_seat_moved(row: int) -> None:
    moved = deepcopy(CERTIFICATE)
    other = (row + 1) % len(moved["seats"])
    moved["seats"][row]["seats"] += 1
    moved["seats"][other]["seats"] -= 1
    assert verify_proof(moved) != ()
