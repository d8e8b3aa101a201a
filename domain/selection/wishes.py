"""What the council says before a list is computed: edits, places, pairs, and the size it expects."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.findings import Finding, Invalid, Severity
from domain.selection.candidates import Place

REOPENED_CODE = "selection_reopened"
"""The finding by which a list remembers a place that was reopened for it."""


@dataclass(frozen=True, slots=True)
class ListEdit:
    """The council's hand: a nomination pinned to the list or dropped from it, and why."""

    nomination: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class SelectionWish:
    """What the council says of a selection before it is computed.

    ``pin`` and ``drop``: nominations on the list, or off it, whatever is chosen. ``reopen``: places whose
    seats, given away already, are chosen anew. ``apart``: pairs of nominations that may not both be chosen.
    ``empty``: seats that stay empty, by place. ``size``: the seats that are expected; refused where the
    units' quotas make another number.
    """

    pin: Sequence[ListEdit] = ()
    drop: Sequence[ListEdit] = ()
    reopen: Sequence[Place] = ()
    apart: Sequence[tuple[UUID, UUID]] = ()
    empty: Mapping[Place, int] = field(default_factory=dict)
    size: int | None = None


@dataclass(frozen=True, slots=True)
class MendedList:
    """A list that is mended: the nominations on it or in line (``candidates``), how many go for each place
    (``filled``), and the pairs that may not both be chosen."""

    candidates: frozenset[UUID]
    filled: Mapping[Place, int]
    apart: Sequence[tuple[UUID, UUID]] = ()


def expect_in_pool(known: Collection[UUID], wish: SelectionWish) -> None:
    """Raise ``Invalid`` for nominations that a wish names and the pool does not know, whatever they are."""
    ids = [
        *((f"/pin/{n}/nomination", each.nomination) for n, each in enumerate(wish.pin)),
        *((f"/drop/{n}/nomination", each.nomination) for n, each in enumerate(wish.drop)),
        *((f"/apart/{n}/one", one) for n, (one, _) in enumerate(wish.apart)),
        *((f"/apart/{n}/other", other) for n, (_, other) in enumerate(wish.apart)),
    ]
    wrong = [Finding("nomination_not_found", {}, pointer) for pointer, one in ids if one not in known]
    if wrong:
        raise Invalid("selection_wish_invalid", errors=wrong)


def expect_known_places(wish: SelectionWish, seats: Mapping[Place, int]) -> None:
    """Raise ``Invalid`` unless every place that a wish names has seats, and as many as shall stay empty."""
    wrong = [
        Finding("selection_place_unknown", {"group": place[1]}, f"/reopen/{n}")
        for n, place in enumerate(wish.reopen)
        if place not in seats
    ]
    wrong += [
        Finding("selection_empty_over_seats", {"seats": seats.get(place, 0)}, f"/empty/{n}")
        for n, (place, empty) in enumerate(wish.empty.items())
        if empty > seats.get(place, 0)
    ]
    if wrong:
        raise Invalid("selection_wish_invalid", errors=wrong)


def check_reopened_places(wish: SelectionWish) -> list[Finding]:
    """Which seats, given away already, are chosen anew: whoever has one may lose it by this list."""
    return [
        Finding(REOPENED_CODE, {"unit": str(unit), "group": group}, severity=Severity.INFO)
        for unit, group in wish.reopen
    ]
