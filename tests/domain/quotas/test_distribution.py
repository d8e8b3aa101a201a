"""What a unit can share over the units below it, and what each of these may claim."""

import pytest

from domain.apportionment import ApportionmentRule, Claim, apportion_seats
from domain.findings import Conflict
from domain.quotas import QuotaUse, build_claim, compute_seats_below, count_free_seats, expect_nothing_pending


def test_nothing_is_shared_while_nominations_are_not_decided() -> None:
    expect_nothing_pending(QuotaUse(taken=2, nominated=2))
    with pytest.raises(Conflict) as refused:
        expect_nothing_pending(QuotaUse(taken=2, nominated=5))
    assert (refused.value.code, refused.value.params) == ("nominations_pending", {"pending": 3})


@pytest.mark.parametrize(
    ("taken", "committed", "free"),
    [(0, {}, 9), (2, {}, 7), (2, {"a": 3}, 7), (2, {"a": 3, "gone": 4}, 3), (9, {"gone": 4}, 0)],
)
def test_seats_filled_by_itself_or_committed_elsewhere_are_not_free(
    taken: int, committed: dict[str, int], free: int
) -> None:
    assert count_free_seats(9, taken, committed, ["a", "b"]) == free


@pytest.mark.parametrize(
    ("committed", "floor", "cap", "claim"),
    [
        (0, 0, None, Claim("a", 40, 0, None)),
        (0, 1, 3, Claim("a", 40, 1, 3)),
        (2, 1, 3, Claim("a", 40, 2, 3)),
        (4, 1, 3, Claim("a", 40, 4, 4)),
        (4, 1, None, Claim("a", 40, 4, None)),
    ],
)
def test_whoever_was_accepted_keeps_the_seat_whatever_floor_and_cap_say(
    committed: int, floor: int, cap: int | None, claim: Claim
) -> None:
    assert build_claim("a", 40, committed, floor=floor, cap=cap) == claim


def test_a_unit_that_is_no_longer_below_keeps_the_seats_that_are_committed_there() -> None:
    committed = {"a": 2, "gone": 1}
    claims = [build_claim("a", 10, 2), build_claim("b", 90, 0)]
    free = count_free_seats(6, 1, committed, ["a", "b"])
    shared = apportion_seats(free, claims, ApportionmentRule())
    seats = compute_seats_below(committed, shared.by_id)
    assert seats == {"a": 2, "b": 2, "gone": 1}
    assert sum(seats.values()) + 1 == 6
