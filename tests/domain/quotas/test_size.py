"""How large a quota is, and what exceeds it when it becomes smaller."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quotas import (
    QuotaChange,
    QuotaSize,
    QuotaTree,
    QuotaUse,
    compute_changes,
    compute_size,
    must_recall_seats,
)

FIRST, SECOND, THIRD = (UUID(int=n) for n in (1, 2, 3))
CHAIN = QuotaTree(
    FIRST, QuotaUse(1, 1, 8), (QuotaTree(SECOND, QuotaUse(1, 1, 6), (QuotaTree(THIRD, QuotaUse(1, 2, 0)),)),)
)
"""9 seats, of which 8 went on to a unit below, and 6 of those further down; on each floor one is accepted.
One more is submitted at the end."""


@pytest.mark.parametrize(
    ("use", "seats", "limit", "excess"),
    [
        (QuotaUse(taken=3, nominated=4), 3, 4, (0, 0)),
        (QuotaUse(taken=3, nominated=4), 2, 4, (1, 0)),
        (QuotaUse(taken=3, nominated=4), 3, 2, (0, 2)),
        (QuotaUse(taken=1, nominated=2, distributed=3), 4, 5, (0, 0)),
        (QuotaUse(taken=1, nominated=2, distributed=3), 2, 2, (2, 3)),
    ],
)
def test_what_is_used_beyond_the_size_is_excess(
    use: QuotaUse, seats: int, limit: int, excess: tuple[int, int]
) -> None:
    assert compute_size(use, seats, limit) == QuotaSize(seats, limit, *excess)


@pytest.mark.parametrize(
    ("use", "seats", "recalled"),
    [
        (QuotaUse(taken=2, distributed=3), 5, False),
        (QuotaUse(taken=2, distributed=3), 4, True),
        (QuotaUse(taken=2), 1, False),
    ],
)
def test_seats_come_back_only_where_there_are_some_below_and_not_all_fit(
    use: QuotaUse, seats: int, recalled: bool
) -> None:
    assert must_recall_seats(use, seats) is recalled


def test_accepted_people_on_every_floor_are_committed() -> None:
    assert (CHAIN.committed_seats, CHAIN.below[0].committed_seats) == (3, 2)


def test_a_change_that_still_fits_touches_nobody_below() -> None:
    assert compute_changes(CHAIN, 9, 9) == (QuotaChange(FIRST, QuotaSize(9, 9), 8),)


def test_a_cut_leaves_each_unit_below_the_seats_that_are_taken_there() -> None:
    assert compute_changes(CHAIN, 5, 5) == (
        QuotaChange(THIRD, QuotaSize(1, 1, 0, 1), 0),
        QuotaChange(SECOND, QuotaSize(2, 2), 1),
        QuotaChange(FIRST, QuotaSize(5, 5), 2),
    )


def test_a_cut_below_what_is_taken_leaves_the_excess_with_the_first() -> None:
    assert compute_changes(CHAIN, 1, 1)[-1] == QuotaChange(FIRST, QuotaSize(1, 1, 2, 2), 2)


@st.composite
def trees(draw: st.DrawFn, place: int = 1, depth: int = 3) -> QuotaTree:
    """A quota and those below it, each with seats for all that it uses; ``place`` is its own in the tree."""
    parts = range(2 * place, 2 * place + draw(st.integers(0, 2))) if depth else ()
    below = tuple(draw(trees(part, depth - 1)) for part in parts)
    taken, pending = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    spare = draw(st.integers(0, 2)) if below else 0
    distributed = sum(each.use.taken + each.use.distributed for each in below) + spare
    return QuotaTree(UUID(int=place), QuotaUse(taken, taken + pending, distributed), below)


@given(trees(), st.integers(0, 40))
def test_nobody_is_cut_and_no_seat_is_given_twice(quota: QuotaTree, seats: int) -> None:
    *below, own = compute_changes(quota, seats, seats)
    assert own.distributed <= quota.use.distributed
    assert quota.use.taken + own.distributed <= seats + own.size.excess_taken
    if own.size.excess_taken:
        assert quota.use.taken + own.distributed == quota.committed_seats
    assert all(change.size.excess_taken == 0 for change in below)
    if below:
        at_once = {each.id for each in quota.below}
        assert sum(change.size.seats for change in below if change.id in at_once) == own.distributed
