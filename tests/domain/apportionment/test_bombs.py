"""A certificate that anybody may send is checked in about as much time as it takes to read."""

import json
import subprocess
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from domain.verification import verify_proof
from tests.house.tree import ROOT

SECONDS = 60
"""Before this was bounded, each of them took hours."""

Certificate = dict[str, Any]


def weighed(units: int, digits: int) -> Certificate:
    """Weights whose denominators have next to nothing in common."""
    random = Random(1)
    low, high = 10 ** (digits - 1), 10**digits
    rows = [
        {
            "weight": f"{random.randrange(low, high)}/{random.randrange(low, high) | 1}",
            "floor": 0,
            "cap": None,
        }
        for _ in range(units)
    ]
    return {
        "format": "daibieu-apportionment-1",
        "status": "decided",
        "seats": units,
        "rule": {"method": "largest_remainder", "quota": "hare", "bounds": "whole_house"},
        "units": [{**row, "id": str(n), "base": 0, "seats": 1} for n, row in enumerate(rows)],
    }


def allocation(components: list[Certificate], units: int, bloc: str | None = None) -> Certificate:
    row = {"figures": {}, "floor": 0, "cap": None, "predecessors": 1, "bloc": bloc, "parts": [], "seats": 0}
    return {
        "format": "daibieu-allocation-1",
        "status": "decided",
        "seats": 0,
        "left": 0,
        "components": components,
        "stages": {},
        "adjustments": [],
        "units": [{**row, "id": str(n)} for n in range(units)],
    }


def in_blocs() -> Certificate:
    """As many blocs as units."""
    blocs = [{"id": str(n), "measure": {}, "rule": {}} for n in range(40_000)]
    return allocation([{"kind": "proportional", "measure": {}, "rule": {}, "blocs": blocs}], 40_000, "0")


def in_components() -> Certificate:
    return allocation([{"kind": "base", "each": 0, "merged": {}} for _ in range(40_000)], 40_000)


def with_long_parameter() -> Certificate:
    """Each seat is compared by a number of 4,000 digits."""
    paper = weighed(3_000, 6)
    paper["rule"] = {"method": "stationary", "c": "1/" + "7" * 4_000}
    return paper


def in_steps() -> Certificate:
    """Each unit has its figure of 3,900 digits divided 31 times."""
    step = {"kind": "step", "measure": {"f": 1}, "every": 7, "each": 1, "rounding": "down"}
    paper = allocation([step] * 31, 40)
    for row in paper["units"]:
        row["figures"] = {"f": "3" * 3_900}
    return paper


def by_hand() -> Certificate:
    """As many groups as adjustments."""
    groups = [
        {"group": str(n), "certificate": {"status": "decided", "units": [{"id": "a", "seats": 0}]}}
        for n in range(40_000)
    ]
    told = {"unit": "a", "adjustment": 0, "reason": "x", "author": "x"}
    return {
        "format": "daibieu-conference-1",
        "groups": groups,
        "adjustments": [{**told, "group": str(n)} for n in range(40_000)],
        "seats": [{"unit": "a", "group": str(n), "seats": 0} for n in range(40_000)],
    }


BOMBS: dict[str, tuple[Callable[[], Certificate], str, str]] = {
    "digits": (lambda: weighed(1_000, 4_000), "certificate_malformed", "/units/0/weight"),
    "parameter": (with_long_parameter, "certificate_malformed", "/rule/c"),
    "steps": (in_steps, "certificate_malformed", "/units/0"),
    "many denominators": (lambda: weighed(20_000, 200), "certificate_scale_wrong", "/units"),
    "blocs": (in_blocs, "certificate_malformed", "/stages/blocs"),
    "components": (in_components, "certificate_malformed", "/components"),
    "groups": (by_hand, "certificate_malformed", "/groups/0/certificate/units/0/parts"),
}


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[str, str]]:
    """Code and pointer of what is said first of each; in a process of its own, which can be stopped."""
    command = [sys.executable, "-c", "from tests.domain.apportionment.test_bombs import go_off; go_off()"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=True)
    return {name: (code, pointer) for name, code, pointer in json.loads(run.stdout)}


@pytest.mark.parametrize("name", BOMBS)
def test_a_certificate_costs_no_more_than_its_length(found: dict[str, tuple[str, str]], name: str) -> None:
    assert found[name] == BOMBS[name][1:]


def go_off() -> None:
    first = [(name, verify_proof(bomb())[0]) for name, (bomb, _, _) in BOMBS.items()]
    sys.stdout.write(json.dumps([(name, finding.code, finding.pointer) for name, finding in first]))


def test_denominators_as_certificates_have_them_add_up() -> None:
    """Thirds, ten thousandths, eighths: what figures and factors are made of."""
    paper = weighed(3, 5)
    for row, weight in zip(paper["units"], ("4/3", "12345/10000", "7/8"), strict=True):
        row["weight"] = weight
    assert verify_proof(paper) == ()
