"""What keeps a list from being adopted, and who gives a seat up and who takes one when it is."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.nominations import NominationState
from domain.selection.adoption import (
    ListedNomination,
    ListToAdopt,
    SeatChanges,
    SeatedDelegate,
    check_list_to_adopt,
    derive_seat_changes,
)

SUBMITTED, ACCEPTED = NominationState.SUBMITTED, NominationState.ACCEPTED
FROZEN_AT = datetime(2030, 1, 1, tzinfo=UTC)
HERE, THERE = (UUID(int=100), "g"), (UUID(int=200), "g")
ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))


def nomination(one: UUID, state: NominationState = SUBMITTED, **more: Any) -> ListedNomination:
    """The nomination of a person of its own."""
    before = FROZEN_AT - timedelta(days=1)
    return replace(ListedNomination(one, UUID(int=one.int + 1000), HERE, state, before), **more)


def delegate(one: UUID, place: tuple[UUID, str] = HERE) -> SeatedDelegate:
    return SeatedDelegate(UUID(int=one.int + 2000), one, place)


def adopted(
    chosen: Collection[UUID],
    *nominations: ListedNomination,
    delegates: Collection[SeatedDelegate] = (),
    leaving: Collection[UUID] = (),
    reopened: Collection[tuple[UUID, str]] = (),
) -> ListToAdopt:
    known = {each.id: each for each in nominations}
    return ListToAdopt(
        frozenset(chosen), frozenset(leaving), frozenset(reopened), FROZEN_AT, known, list(delegates)
    )


def codes(of: ListToAdopt, seats: int = 9, elsewhere: Collection[UUID] = ()) -> list[tuple[str, Any]]:
    found = check_list_to_adopt(of, {HERE: seats, THERE: seats}, elsewhere)
    return [(each.code, next(iter(each.params.values()))) for each in found]


def test_nothing_is_found_where_nothing_has_changed() -> None:
    assert codes(adopted({ONE, TWO}, nomination(ONE), nomination(TWO, ACCEPTED)), seats=2) == []


@pytest.mark.parametrize(
    "found",
    [
        (),
        (nomination(ONE, NominationState.WITHDRAWN),),
        (nomination(ONE, NominationState.RETURNED),),
        (nomination(ONE, NominationState.DRAFT),),
        (nomination(ONE, erased=True),),
    ],
)
def test_whoever_is_no_longer_nominated_or_was_erased_is_gone(found: tuple[ListedNomination, ...]) -> None:
    assert codes(adopted({ONE}, *found)) == [("selection_nominee_gone", str(ONE))]


def test_a_list_does_not_seat_somebody_whose_vote_is_gone_where_the_plan_requires_it() -> None:
    """Whoever else was accepted without a passed list gives the seat up: the plan takes nobody else."""
    of = replace(
        adopted({ONE, TWO}, nomination(ONE), nomination(TWO), nomination(THREE, ACCEPTED)),
        unpassed=frozenset({TWO, THREE}),
    )
    assert codes(of) == [("selection_list_gone", str(TWO))]
    right = replace(of, chosen=frozenset({ONE}))
    assert codes(right) == []
    assert derive_seat_changes(right).given_up == {THREE: SUBMITTED}
    assert codes(replace(right, unpassed=frozenset())) == [("selection_accepted_since", str(THREE))]


def test_whoever_was_put_on_the_list_by_office_since_is_told_of() -> None:
    of = adopted({ONE}, nomination(ONE))
    [found] = check_list_to_adopt(of, {HERE: 9, THERE: 9}, (), {of.nominations[ONE].person})
    assert (found.code, found.params["nominee"]) == ("person_seated_by_office", str(ONE))


def test_a_nomination_that_was_sent_anew_is_another_one() -> None:
    at, later = FROZEN_AT, FROZEN_AT + timedelta(microseconds=1)
    assert codes(adopted({ONE}, nomination(ONE, submitted_at=at))) == []
    assert codes(adopted({ONE}, nomination(ONE, submitted_at=later))) == [
        ("selection_nominee_changed", str(ONE))
    ]


def test_nobody_goes_to_two_congresses() -> None:
    both = nomination(ONE), nomination(TWO)
    assert codes(adopted({ONE, TWO}, *both), elsewhere={both[1].person}) == [
        ("selection_seated_elsewhere", str(TWO))
    ]


def test_nobody_loses_a_seat_in_silence() -> None:
    """But where the list replaces a delegate, where the council reopened the place, or after an erasure."""
    rows = nomination(ONE), nomination(TWO, ACCEPTED)
    assert codes(adopted({ONE}, *rows)) == [("selection_accepted_since", str(TWO))]
    assert codes(adopted({ONE}, *rows, delegates=[delegate(TWO)])) == []
    assert codes(adopted({ONE}, *rows, reopened={HERE})) == []
    assert codes(adopted({ONE}, *rows, reopened={THERE})) == [("selection_accepted_since", str(TWO))]
    assert codes(adopted({ONE}, rows[0], replace(rows[1], erased=True))) == []


def test_no_place_has_more_people_than_seats() -> None:
    rows = nomination(ONE), nomination(TWO), nomination(THREE, place=THERE)
    assert codes(adopted({ONE, TWO, THREE}, *rows), seats=1) == [("selection_seats_changed", str(HERE[0]))]


def test_newcomers_take_a_seat_and_whoever_has_one_keeps_it() -> None:
    rows = nomination(ONE), nomination(TWO, ACCEPTED), nomination(THREE, ACCEPTED)
    changes = derive_seat_changes(adopted({ONE, TWO, THREE}, *rows, delegates=[delegate(THREE)]))
    assert changes == SeatChanges({}, {}, {ONE: ACCEPTED}, {ONE: None, TWO: None})


def test_who_cannot_come_is_withdrawn_and_replaced_and_who_is_not_chosen_again_is_not() -> None:
    rows = nomination(ONE), nomination(TWO, ACCEPTED), nomination(THREE, ACCEPTED, place=THERE)
    seated = [delegate(TWO), delegate(THREE, THERE)]
    changes = derive_seat_changes(adopted({ONE}, *rows, delegates=seated, leaving={TWO}))
    assert changes.ended == {seated[0].id: "replaced", seated[1].id: "reselected"}
    assert changes.given_up == {TWO: NominationState.WITHDRAWN, THREE: SUBMITTED}
    assert (changes.taken, changes.replaced) == ({ONE: ACCEPTED}, {ONE: seated[0].id})


def test_a_seat_is_freed_once_and_only_in_its_own_place() -> None:
    rows = nomination(ONE), nomination(TWO), nomination(THREE, place=THERE)
    left = delegate(UUID(int=4))
    changes = derive_seat_changes(adopted({ONE, TWO, THREE}, *rows, delegates=[left]))
    assert changes.replaced == {ONE: left.id, TWO: None, THREE: None}
