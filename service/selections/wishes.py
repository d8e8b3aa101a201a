"""What the council says before a list is computed: edits, places, pairs, and the size it expects."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.findings import Finding, Invalid
from service.selections.candidates import (
    Place,
)


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
    """A list that is mended: the nominations on it or in line (``standing``), how many go for each place,
    and the pairs that may not both be chosen."""

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
