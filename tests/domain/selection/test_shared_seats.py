"""Seats that a unit gave to units below: who fills them, and of whom a target is asked."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from domain.composition.criteria import AnyOf
from domain.composition.targets import CompositionTarget, Scope
from domain.selection.shared_seats import (
    count_empty_seats,
    count_own_seats,
    map_fillers_by_unit,
    map_origins_by_place,
    widen_target,
)

DISTRICT, COMMUNE, VILLAGE, NEIGHBOUR = (uuid4() for _ in range(4))
CODES = {DISTRICT: "huyen", COMMUNE: "xa", VILLAGE: "thon", NEIGHBOUR: "huyen-ben"}


@dataclass
class Seats:
    """A quota as far as the rules look at it."""

    unit: UUID
    seats: int
    distributed: int = 0
    parent: UUID | None = None
    group: str = "dien-hinh"
    id: UUID = field(default_factory=uuid4)


district = Seats(DISTRICT, 7, distributed=4)
commune = Seats(COMMUNE, 4, distributed=1, parent=district.id)
village = Seats(VILLAGE, 1, parent=commune.id)
neighbour = Seats(NEIGHBOUR, 2)
QUOTAS = [village, district, neighbour, commune]


def test_a_unit_fills_the_seats_that_it_did_not_give_away() -> None:
    assert [count_own_seats(quota) for quota in (district, commune, village)] == [3, 3, 1]
    assert count_own_seats(Seats(DISTRICT, 2, distributed=3)) == 0, "an amendment may leave it fewer"


def test_seats_that_were_given_on_come_from_the_unit_to_which_they_were_allocated() -> None:
    top = (DISTRICT, "dien-hinh")
    assert map_origins_by_place(QUOTAS) == {(COMMUNE, "dien-hinh"): top, (VILLAGE, "dien-hinh"): top}


def test_what_is_asked_of_a_unit_is_asked_of_those_who_fill_its_seats_together() -> None:
    fillers = map_fillers_by_unit(map_origins_by_place(QUOTAS), CODES)
    target = CompositionTarget(
        "nu", AnyOf("gender", frozenset({"female"})), at_least=2, scope=Scope("unit", frozenset({"huyen"}))
    )
    assert widen_target(target, fillers).scope == Scope("unit", frozenset({"huyen", "xa", "thon"}))


def test_what_is_asked_of_other_units_or_of_the_whole_list_stays_as_it_is() -> None:
    fillers = map_fillers_by_unit(map_origins_by_place(QUOTAS), CODES)
    for scope in (Scope("unit", frozenset({"huyen-ben"})), Scope("group", frozenset({"huyen"})), Scope()):
        target = CompositionTarget("nu", AnyOf("gender", frozenset({"female"})), at_least=2, scope=scope)
        assert widen_target(target, fillers) == target


def test_a_list_that_is_mended_leaves_seats_as_empty_as_they_are() -> None:
    going = {(DISTRICT, "dien-hinh"): 3, (COMMUNE, "dien-hinh"): 1, (NEIGHBOUR, "dien-hinh"): 3}
    assert count_empty_seats(QUOTAS, going) == {(COMMUNE, "dien-hinh"): 2, (VILLAGE, "dien-hinh"): 1}
