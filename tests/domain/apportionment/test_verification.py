"""A certificate proves its result, and nothing else's, to somebody who does not trust the engine."""

import ast
import copy
import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.verification
from domain.apportionment import Apportionment, ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.certificate import build_certificate
from domain.verification import verify_proof
from tests.conftest import examples
from tests.domain.apportionment.naive import RULES, SEAT_TOTALS, claims, data

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def read(result: Apportionment) -> Any:
    """The certificate as somebody else gets it."""
    return json.loads(json.dumps(build_certificate(result)))


def moved(told: Any) -> Iterator[Any]:
    """The certificate with one seat moved, in every way there is."""
    for giver, taker in permutations(range(len(told["units"])), 2):
        if told["units"][giver]["seats"]:
            other = copy.deepcopy(told)
            other["units"][giver]["seats"] -= 1
            other["units"][taker]["seats"] += 1
            yield other


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(most=5), house=SEAT_TOTALS, chance=st.randoms(use_true_random=False))
@examples(12)
def test_it_accepts_the_result_and_refuses_any_one_seat_moved(
    rule: ApportionmentRule, units: list[Claim], house: int, chance: Any
) -> None:
    result = apportion_seats(house, units, rule)
    assert verify_proof(read(result)) == ()
    if result.status == "infeasible":
        return
    assert all(verify_proof(other) for other in moved(read(result)))
    if result.tie:
        lots = chance.sample(result.tie.ids, len(result.tie.ids))
        settled = read(apportion_seats(house, units, rule, lots))
        assert verify_proof(settled) == ()
        assert all(verify_proof(other) for other in moved(settled))


def test_no_seat_of_the_house_of_representatives_can_be_moved() -> None:
    states = data("us_house.json")["years"]["2020"].items()
    units = [Claim(state, people, floor=1) for state, (people, _) in states]
    told = read(apportion_seats(435, units, ApportionmentRule(Method.HUNTINGTON_HILL)))
    assert verify_proof(told) == ()
    for state in ("New York", "Minnesota", "California"):
        place = [unit["id"] for unit in told["units"]].index(state)
        for other in range(len(told["units"])):
            if other != place:
                forged = copy.deepcopy(told)
                forged["units"][place]["seats"] += 1
                forged["units"][other]["seats"] -= 1
                assert verify_proof(forged)


TIED = [Claim("a", 7, cap=9), Claim("b", 7), Claim("c", 3, floor=1), Claim("d", 7, base=1)]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("seats",), 9),
        (("status",), "lots_required"),
        (("rule",), {"method": "dhondt"}),
        (("units", 0, "weight"), 8),
        (("units", 0, "cap"), 8),
        (("units", 2, "weight"), 2),
        (("units", 2, "floor"), 0),
        (("units", 3, "base"), 0),
        (("tie",), None),
        (("tie", "places"), 1),
        (("tie", "ids"), ["a", "b", "c"]),
        (("tie", "lots"), ["b", "a", "d"]),
        (("tie", "lots"), []),
        (("tie", "lots"), ["b", "d", "d"]),
        (("tie", "digest"), "0" * 64),
    ],
)
def test_nothing_can_be_changed_after_a_lot(at: tuple[Any, ...], value: Any) -> None:
    told = read(apportion_seats(7, TIED, lots=("b", "d", "a")))
    assert verify_proof(told) == ()
    assert (told["tie"]["ids"], told["tie"]["places"]) == (["a", "b", "d"], 2)
    place = told
    for step in at[:-1]:
        place = place[step]
    place[at[-1]] = value
    assert verify_proof(told)


def test_an_undeclared_tie_is_not_a_result() -> None:
    told = read(apportion_seats(1, [Claim("a", 1), Claim("b", 2)]))
    told["units"][0]["weight"] = 2
    assert [finding.code for finding in verify_proof(told)] == ["certificate_seat_misplaced"]


def test_the_wrong_scale_proves_nothing() -> None:
    told = read(
        apportion_seats(5, [Claim("a", 3), Claim("b", 4)], ApportionmentRule(Method.LARGEST_REMAINDER))
    )
    assert verify_proof(told) == ()
    told["scale"] = "5/8"
    assert [finding.code for finding in verify_proof(told)] == ["certificate_scale_wrong"]


@pytest.mark.parametrize(("house", "units"), [(1, [Claim("a", 1, floor=2)]), (3, [Claim("a", 1, cap=2)])])
def test_impossible_is_checked_too(house: int, units: list[Claim]) -> None:
    told = read(apportion_seats(house, units))
    assert verify_proof(told) == ()
    assert verify_proof({**told, "house": 7})
    assert verify_proof({**told, "seats": 2})


@given(JSON)
@examples(120)
def test_it_never_raises_on_anything(told: Any) -> None:
    assert verify_proof(told)


@given(st.data())
@examples(120)
def test_it_never_raises_on_a_certificate_with_something_else_in_it(draw: st.DataObject) -> None:
    told = read(apportion_seats(7, TIED, RULES[-4]))
    place = told
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or draw.draw(st.booleans()):
            place[key] = draw.draw(JSON)
            break
        place = place[key]
    assert isinstance(verify_proof(told), tuple)


def test_numbers_too_long_to_read_are_malformed() -> None:
    told = read(apportion_seats(1, [Claim("a", 1)]))
    for weight in ("9" * 5000, "1/0", "-1", "1e9", "٣", 1.5, -1, True):
        told["units"][0]["weight"] = weight
        assert [(f.code, f.pointer) for f in verify_proof(told)] == [
            ("certificate_malformed", "/units/0/weight")
        ]


def test_the_verifier_shares_nothing_with_the_engine() -> None:
    for source in Path(domain.verification.__file__).parent.glob("*.py"):
        tree = ast.parse(source.read_text())
        imported = {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {
            name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
        }
        own = {name for name in imported if name.startswith("domain")}
        assert all(name == "domain.findings" or name.startswith("domain.verification.") for name in own)
