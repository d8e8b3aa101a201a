"""The bodies of requests about selections."""

from typing import Annotated, Literal

from pydantic import Field

from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Body, Code, Count, Date, Label, Name, Text, Uuid
from domain.lots import SettlementMethod, TieSettlement
from domain.selection import MAX_NODES
from domain.selection.wishes import ListEdit, SelectionWish

_MAX_ENTRIES = 10_000
"""The most edits, pairs or places in one request."""


class EditBody(Body):
    """An edit of one nomination by the council, and why."""

    nomination: Uuid
    reason: Text


class PlaceBody(Body):
    """A unit's seats in a group."""

    unit: Uuid
    group: Code


class EmptyBody(PlaceBody):
    """Seats of a unit that stay empty by decision."""

    seats: Annotated[Count, Field(ge=1)]


class PairBody(Body):
    """Two nominations that may not both be chosen."""

    one: Uuid
    other: Uuid


Edits = Annotated[list[EditBody], Field(default_factory=list, max_length=_MAX_ENTRIES)]


class SelectionBody(Body):
    """The council's wishes for the list; every one may be left out."""

    model_config = build_sample(reason="Lựa chọn lần đầu")

    reason: Text | None = None
    pin: Edits
    drop: Edits
    reopen: Annotated[
        list[PlaceBody],
        Field(
            default_factory=list,
            max_length=_MAX_ENTRIES,
            description="Occupied seats for which delegates are chosen again.",
        ),
    ]
    apart: Annotated[list[PairBody], Field(default_factory=list, max_length=_MAX_ENTRIES)]
    empty: Annotated[list[EmptyBody], Field(default_factory=list, max_length=_MAX_ENTRIES)]
    size: Annotated[
        Count | None, Field(description="The expected number of seats; refused if the quotas give another.")
    ] = None
    nodes: Annotated[
        int,
        Field(
            strict=True, ge=1, le=MAX_NODES, description="The most search nodes; using all proves nothing."
        ),
    ] = MAX_NODES

    def build_wish(self) -> SelectionWish:
        """The wishes for the use case."""
        return SelectionWish(
            build_edits(self.pin),
            build_edits(self.drop),
            [(each.unit, each.group) for each in self.reopen],
            [(each.one, each.other) for each in self.apart],
            {(each.unit, each.group): each.seats for each in self.empty},
            self.size,
        )


class SelectionEditBody(Body):
    """Nominations to put on the list (`pin`) and to take off (`drop`)."""

    model_config = build_sample(
        pin=[{"nomination": SAMPLE_ID, "reason": "Gương điển hình tiêu biểu nhất khối"}]
    )

    pin: Edits
    drop: Edits
    reason: Text | None = None


class SelectionDrawBody(Body):
    """How the lot among equally good lists was drawn."""

    model_config = build_sample(
        how="published_seed",
        seed="123456",
        minutes="Biên bản bốc thăm số 02/BB",
        drawn_by="Tổ bốc thăm",
        drawn_on="2020-06-05",
    )

    how: Literal["lot_by_hand", "published_seed", "decision"]
    order: Annotated[
        list[Uuid], Field(default_factory=list, max_length=100_000, description="The tied, in drawn order.")
    ]
    seed: Label | None = None
    minutes: Text
    drawn_by: Name
    drawn_on: Date

    def build_settlement(self) -> TieSettlement:
        """The settlement for the use case."""
        how, order = SettlementMethod(self.how), tuple(map(str, self.order))
        return TieSettlement(how, order, self.minutes, self.drawn_by, self.drawn_on, self.seed)


class ReplacementBody(Body):
    """Delegates who cannot come, and why; `authority` is required from the plan's freeze date on."""

    model_config = build_sample(delegates=[SAMPLE_ID], reason="Bị ốm")

    delegates: Annotated[list[Uuid], Field(min_length=1, max_length=1000)]
    reason: Text
    authority: Text | None = None


def build_edits(bodies: list[EditBody]) -> list[ListEdit]:
    """The council's edits for the use cases."""
    return [ListEdit(each.nomination, each.reason) for each in bodies]
