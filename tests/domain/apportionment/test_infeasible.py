"""Bounds that cannot be kept come back with the least that repairs them."""

from dataclasses import replace

import pytest
from hypothesis import given

from domain.apportionment import ApportionmentRule, Claim, apportion_seats
from tests.conftest import examples
from tests.domain.apportionment.naive import RULES, SEAT_TOTALS, claims

MANY = examples(25)


@pytest.mark.parametrize("rule", RULES, ids=str)
@given(units=claims(), house=SEAT_TOTALS)
@MANY
def test_each_repair_suffices_and_less_does_not(
    rule: ApportionmentRule, units: list[Claim], house: int
) -> None:
    repair = apportion_seats(house, units, rule).repair
    if repair is None:
        return
    assert apportion_seats(repair.house, units, rule).status != "infeasible"
    nearer = repair.house - (1 if repair.house > house else -1)
    assert nearer == house or apportion_seats(nearer, units, rule).status == "infeasible"
    if repair.reason == "house_too_small":
        new = dict(repair.floors)
        lower = [
            replace(unit, floor=new.get(unit.id, unit.floor), base=min(unit.base, new.get(unit.id, 99)))
            for unit in units
        ]
        assert apportion_seats(house, lower, rule).status != "infeasible"
        lows = [(max(a.floor, a.base), max(b.floor, b.base)) for a, b in zip(units, lower, strict=True)]
        assert sum(before - after for before, after in lows) == repair.lower
        assert repair.lower_bases == max(sum(unit.base for unit in units) - house, 0)
    elif repair.raise_caps is not None:
        caps = dict(repair.caps)
        higher = [replace(unit, cap=caps.get(unit.id, unit.cap)) for unit in units]
        assert apportion_seats(house, higher, rule).status != "infeasible"
        assert sum(caps[u.id] - (u.cap or 0) for u in units if u.id in caps) == repair.raise_caps
    else:
        assert not any(unit.weight for unit in units)


def test_the_least_changes() -> None:
    floors = apportion_seats(4, [Claim("a", 1, floor=4), Claim("b", 9, floor=2)]).repair
    assert floors is not None
    assert (floors.reason, floors.house, floors.lower) == ("house_too_small", 6, 2)
    assert dict(floors.floors) == {"a": 3, "b": 1}
    caps = apportion_seats(9, [Claim("a", 9, cap=3), Claim("b", 3, cap=2), Claim("c", 0)]).repair
    assert caps is not None
    assert (caps.reason, caps.house, caps.raise_caps) == ("caps_too_low", 5, 4)
    assert dict(caps.caps) == {"a": 7}


def test_without_weight_no_cap_helps() -> None:
    repair = apportion_seats(3, [Claim("a", 0, floor=1)]).repair
    assert repair is not None
    assert (repair.house, repair.raise_caps) == (1, None)
