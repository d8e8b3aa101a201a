"""Whoever edits what does not act on a tie changes no winner; whoever changes the tie needs another lot."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from domain.apportionment import ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.ties import Tie
from domain.lots.orders import compute_lot_order
from tests.domain.apportionment.naive import RULES, Naive

Asked = tuple[int, list[Claim], ApportionmentRule]
SEED = "123456"


def draw_tie(draw: random.Random) -> Asked:
    """What somebody asks whose answer is a tie, in most cases."""
    names = [f"xã-{n}" for n in range(draw.randrange(3, 9))]
    units = [
        Claim(
            one,
            draw.choice((2, 3, 5, 6, 9, Fraction(7, 2))),
            draw.choice((0, 0, 1)),
            base=draw.choice((0, 0, 1)),
        )
        for one in names
    ]
    house = sum(max(unit.floor, unit.base) for unit in units) + draw.randrange(1, 9)
    return house, units, draw.choice(RULES)


def edit_order(draw: random.Random, asked: Asked) -> Asked:
    house, units, rule = asked
    return house, draw.sample(units, len(units)), rule


def edit_scale(draw: random.Random, asked: Asked) -> Asked:
    house, units, rule = asked
    by = draw.choice((2, 3, Fraction(1, 7)))
    return house, [replace(unit, weight=unit.weight * by) for unit in units], rule


def edit_unit(draw: random.Random, asked: Asked) -> Asked:
    house, units, rule = asked
    n = draw.randrange(len(units))
    unit = units[n]
    other = draw.choice(
        (
            replace(unit, weight=unit.weight + draw.choice((1, Fraction(1, 5)))),
            replace(unit, cap=max(unit.floor, unit.base) + draw.randrange(1, 9)),
            replace(unit, floor=draw.randrange(3)),
            replace(unit, base=draw.randrange(3)),
            replace(unit, id=f"{unit.id}-mới"),
        )
    )
    return house, [*units[:n], other, *units[n + 1 :]], rule


def edit_company(draw: random.Random, asked: Asked) -> Asked:
    house, units, rule = asked
    if draw.random() < 0.5:
        return house, [*units, Claim("xã-thêm", draw.choice((0, 1, 2)))], rule
    gone = draw.randrange(len(units))
    return house, [unit for n, unit in enumerate(units) if n != gone], rule


def edit_rule(draw: random.Random, asked: Asked) -> Asked:
    return *asked[:2], draw.choice(RULES)


def edit_house(draw: random.Random, asked: Asked) -> Asked:
    return asked[0] + draw.randrange(1, 3), *asked[1:]


EDITS: Sequence[Callable[[random.Random, Asked], Asked]] = (
    edit_order, edit_scale, edit_unit, edit_unit, edit_company, edit_rule, edit_house,
)  # fmt: skip


def find_naive_tie(asked: Asked) -> tuple[dict[str, int], int] | None:
    """Tied unit → the seats that it has in any case, and the places, by the plain definition."""
    naive = Naive(*asked)
    if not naive.feasible:
        return None
    held, level, places = naive.seats()
    return ({one: held[one] for one in level}, places) if level else None


def find_tie(asked: Asked) -> Tie:
    tie = apportion_seats(*asked).tie
    assert tie is not None
    return tie


def list_winners(tie: Tie) -> list[str]:
    """Who gets the seats by a published seed."""
    return sorted(compute_lot_order(SEED, tie.digest, tie.ids)[: tie.places])


def compare_edits(seed: str, most: int) -> Counter[str]:
    """How many edits were ``without`` effect on a tie and left its lot alone, and how many ``with``."""
    draw, counted = random.Random(seed), Counter[str]()
    while counted["without"] < most:
        asked = draw_tie(draw)
        before = find_naive_tie(asked)
        if before is None:
            continue
        edited = draw.choice(EDITS)(draw, asked)
        after = find_naive_tie(edited)
        if after is None:
            continue
        tie, again = find_tie(asked), find_tie(edited)
        if after == before:
            counted["without"] += 1
            assert (again.digest, list_winners(again)) == (tie.digest, list_winners(tie)), seed
        else:
            counted["with"] += 1
            assert again.digest != tie.digest, seed
    return counted


def test_an_edit_without_effect_on_a_tie_changes_no_winner_and_any_other_changes_the_digest() -> None:
    assert compare_edits("edits", 1_000)["with"] > 200


@pytest.mark.oracles
def test_of_8_000_edits_without_effect_none_changes_a_winner() -> None:
    """4,337 did when the digest covered the whole input."""
    seed = f"edits {random.Random().randrange(10**9)}"
    assert compare_edits(seed, 8_000)["with"] > 1_600, seed


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.method is Method.SAINTE_LAGUE])
def test_another_seed_gives_another_winner(rule: ApportionmentRule) -> None:
    tie = find_tie((1, [Claim(one, 1) for one in "abcd"], rule))
    found = {compute_lot_order(f"{n:06}", tie.digest, tie.ids)[0] for n in range(50)}
    assert found == set("abcd")
