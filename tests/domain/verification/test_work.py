"""What a verification costs: numbers have as many digits as the engine takes, and the work is estimated."""

import time
from fractions import Fraction
from typing import Any

import pytest

from api.apportionments import MAX_IMMEDIATE_UNITS
from api.http.types import MAX_DIGITS
from domain.apportionment import ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.certificate import build_certificate
from domain.findings import Invalid
from domain.snapshots import compute_digest
from domain.verification import expect_affordable, verify_proof
from domain.verification.components import Figures, Measures
from domain.verification.json_readers import MOST_DIGITS, MOST_ID_LENGTH
from domain.verification.work import MOST_STEPS, estimate_steps
from tests.domain.apportionment.test_bombs import allocation, weighed
from tests.domain.verification.samples import list_conferences

Certificate = dict[str, Any]
NINES = int("9" * MAX_DIGITS)
TINY = Fraction(1, 10 ** (MAX_DIGITS - 1))


def in_steps(units: int, components: int, names: int, *, same: bool = False) -> Certificate:
    figures = {f"f{n}": "7" for n in range(names)}
    steps = [
        {
            "kind": "step",
            "measure": dict.fromkeys(figures, 1 if same else n + 1),
            "every": 7,
            "each": 1,
            "rounding": "down",
        }
        for n in range(components)
    ]
    paper = allocation(steps, units)
    for row in paper["units"]:
        row["figures"] = figures
        row["parts"] = [0] * components
    return paper


@pytest.mark.parametrize(
    "rule",
    [
        ApportionmentRule(Method.STATIONARY, c=Fraction(NINES, 10**MAX_DIGITS)),
        ApportionmentRule(Method.MODIFIED_SAINTE_LAGUE, first_divisor=3 - TINY),
        ApportionmentRule(Method.LARGEST_REMAINDER),
        ApportionmentRule(Method.LARGEST_REMAINDER, quota="droop"),
        ApportionmentRule(Method.HUNTINGTON_HILL),
    ],
)
def test_the_longest_numbers_that_the_engine_takes_are_verified(rule: ApportionmentRule) -> None:
    weights: list[int | Fraction] = [NINES, NINES * TINY, NINES - 2, Fraction(NINES, 10**20), 3 - TINY]
    claims = [Claim(str(n), weight, floor=n % 2, cap=900_000) for n, weight in enumerate(weights)]
    certificate = build_certificate(apportion_seats(999_999, claims, rule))
    assert verify_proof(certificate) == ()


def test_longer_numbers_are_refused_at_their_place() -> None:
    paper = weighed(2, 5)
    for weight, malformed in (("9" * MOST_DIGITS, False), ("9" * (MOST_DIGITS + 1), True)):
        for text in (weight, f"1/{weight}", int(weight)):
            paper["units"][0]["weight"] = text
            found = [each.pointer for each in verify_proof(paper) if each.code == "certificate_malformed"]
            assert found == (["/units/0/weight"] if malformed else []), text


def test_an_id_is_no_longer_than_findings_may_repeat() -> None:
    paper = weighed(2, 5)
    paper["units"][0]["id"] = "x" * (MOST_ID_LENGTH + 1)
    assert [each.pointer for each in verify_proof(paper)] == ["/units/0/id"]
    paper = allocation([{"kind": "proportional", "measure": {}, "rule": {}, "blocs": []}], 1)
    paper["stages"] = {"y" * 100_000: {}}
    assert len(repr(verify_proof(paper))) < 2_000


def test_a_weight_is_computed_once() -> None:
    measures = Measures()
    first, again = measures.read({"a": 2, "b": "1/3"}, ""), measures.read({"b": "1/3", "a": 2}, "")
    other = measures.read({"a": 2}, "")
    figures = Figures({"a": Fraction(5), "b": Fraction(3)}, "")
    assert [figures.compute_weight(each) for each in (first, again, other)] == [11, 11, 10]
    assert len(figures.weights) == 2


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"groups": 3}, {"components": [1], "units": [2]}])
def test_any_value_can_be_estimated(value: object) -> None:
    expect_affordable(value)


def test_the_estimate_follows_what_the_work_takes() -> None:
    """Units times figures of different measures: twice as many of either are twice the work."""
    base = estimate_steps(in_steps(100, 10, 20))
    assert estimate_steps(in_steps(200, 10, 20)) == 2 * base
    assert 1.8 < estimate_steps(in_steps(100, 20, 20)) / base < 2.2
    assert 1.8 < estimate_steps(in_steps(100, 10, 40)) / base < 2.2
    assert estimate_steps(in_steps(100, 10, 20, same=True)) < base / 5
    group = {"group": "a", "certificate": in_steps(100, 10, 20)}
    assert estimate_steps({"groups": [group, group]}) == 2 * base


def test_each_settled_tie_counts_its_stage_once_more() -> None:
    """A tie after one more seat is settled in the same stage: the paper may tell thousands of them."""
    (group,) = list_conferences()["one more, drawn"]["groups"]
    first, _ = group["settled"]
    steps = [
        estimate_steps({"groups": [{**group, "settled": [first] * n}]}) - estimate_steps({"groups": [group]})
        for n in (2, 1_002)
    ]
    assert steps[0] == 0
    assert steps[1] > 1_000 * len(group["certificate"]["units"])


def test_a_calculation_that_is_answered_at_once_can_be_verified() -> None:
    expect_affordable(weighed(MAX_IMMEDIATE_UNITS, 5))
    expect_affordable(in_steps(50_000, 3, 2))


def test_too_much_work_is_refused_before_it_begins() -> None:
    paper = in_steps(20_000, 31, 10)
    began = time.process_time()
    with pytest.raises(Invalid) as refused:
        expect_affordable(paper)
    assert time.process_time() - began < 1
    assert refused.value.code == "certificate_too_large"
    assert refused.value.params == {"steps": estimate_steps(paper), "limit": MOST_STEPS}


@pytest.mark.slow
def test_what_is_not_refused_takes_seconds() -> None:
    """The most that the estimate lets through, with the longest numbers: before, a minute."""
    paper = in_steps(9_400, 31, 1)
    for row in paper["units"]:
        row["figures"] = {"f0": "7" * MOST_DIGITS}
    assert MOST_STEPS * 0.9 < estimate_steps(paper) <= MOST_STEPS
    began = time.process_time()
    verify_proof(paper)
    assert time.process_time() - began < 20


def in_cells(rows: int, values: int, tight: int) -> Certificate:
    """A split in which every unit has people of every value."""
    names = [f"v{n}" for n in range(values)]
    cells = {"shares": dict.fromkeys(names, "1.000000"), "places": dict.fromkeys(names, 1)}
    row = {"seats": values, "people": dict.fromkeys(names, 9), "headcount": None, "by_hand": {}, **cells}
    content: Certificate = {
        "format": "daibieu-split-1",
        "status": "split",
        "seed": "s",
        "columns": dict.fromkeys(names, rows),
        "rows": [{"unit": f"u{n:06}", **row} for n in range(rows)],
        "short": [],
        "factors": dict.fromkeys(names, "1"),
        "tight": [names[:1]] * tight,
        "fixed_by_seats": False,
    }
    return {**content, "digest": compute_digest(content)}


def test_a_split_of_a_province_is_verified_and_the_largest_are_refused() -> None:
    assert verify_proof(in_cells(20, 8, 0)) == ()
    expect_affordable(in_cells(2_000, 8, 2))
    for rows, values, tight in ((20_000, 8, 0), (200, 64, 10_000), (2_000, 64, 0)):
        with pytest.raises(Invalid):
            expect_affordable(in_cells(rows, values, tight))
