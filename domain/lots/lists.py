"""Ties among equally good lists: how one is identified, and the lots that stand for every later list.

Who was drawn keeps the place in every later version of the conference's list; newcomers stand behind them.
The order from a seed rests on the seed, whose list it is, and the numbers of the ballots, and on nothing that
could be made anew until the lot falls as somebody likes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.findings import Conflict, Plain
from domain.lots.ballots import Ballot, map_nominations_by_number
from domain.lots.settlements import SettlementMethod, TieKey, TieSettlement
from domain.snapshots import compute_digest

SELECTION_STAGE = "selection"
"""The stage of every tie of a selection."""


@dataclass(frozen=True, slots=True)
class DrawnLot:
    """How the last lot for a list was drawn, who recorded it, and the lot drawn ``before`` it.

    ``numbers`` are those of the ballots in the order of the lot: for a seed all that were numbered for it,
    also of nominations that were sent again since.
    """

    settlement: TieSettlement
    recorded_by: str
    numbers: tuple[int, ...]
    before: "DrawnLot | None" = None

    @property
    def number(self) -> int:
        """How many lots were drawn, this one included."""
        return 1 if self.before is None else 1 + self.before.number

    def plain(self) -> dict[str, Plain]:
        """The lot as plain data, as a selection stores it."""
        before = None if self.before is None else self.before.plain()
        more: dict[str, Plain] = {"recorded_by": self.recorded_by, "numbers": [*self.numbers]}
        return {**self.settlement.plain(), **more, "before": before}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "DrawnLot":
        """The inverse of ``plain()``."""
        before = None if content["before"] is None else cls.read(content["before"])
        settlement = TieSettlement.read(content)
        return cls(settlement, content["recorded_by"], tuple(content["numbers"]), before)


def build_list_tie_key(last_lot: DrawnLot | None) -> TieKey:
    """The key of the tie that a list waits for: the number of lots drawn at the conference before it.

    So one announcement serves every version of the list, until its lot is drawn.
    """
    return TieKey(SELECTION_STAGE, str(0 if last_lot is None else last_lot.number))


def digest_list_tie(congress: str, unit: str) -> str:
    """The digest by which a seed is drawn with: of what a conference that is opened anew has in common with
    the one that was given up, its congress and its unit."""
    return compute_digest({"congress": congress, "unit": unit})


def list_lots(last_lot: DrawnLot | None, ballots: Sequence[Ballot]) -> list[str | None]:
    """The nominations that have lots, by lot; ``None`` for a lot that nobody has any more.

    Whoever was sent again since a lot has no part in it. The lot stays free then, so that no other moves.
    """
    standing = map_nominations_by_number(ballots)
    return [standing.get(number) for number in _order_numbers(last_lot, len(ballots))]


def _order_numbers(last_lot: DrawnLot | None, most: int) -> list[int]:
    """The numbers up to ``most`` that have lots, in the order of these: the earlier lots first.

    After a seed nobody is drawn for again: whoever came later stands behind all who were numbered for it, in
    the order in which they came.
    """
    if last_lot is None:
        return []
    order = dict.fromkeys((*_order_numbers(last_lot.before, most), *last_lot.numbers))
    if last_lot.settlement.how is SettlementMethod.PUBLISHED_SEED:
        order |= dict.fromkeys(range(len(last_lot.numbers) + 1, most + 1))
    return list(order)


def expect_newest_lots(drawn: DrawnLot | None, elsewhere: Mapping[str, DrawnLot | None]) -> None:
    """Raise ``Conflict`` where another version of the list was drawn for in the meantime.

    ``drawn`` is the last lot of this version, ``elsewhere`` that of every version by its id. The lots of the
    other version stand for this one too.
    """
    number = 0 if drawn is None else drawn.number
    for selection, lot in elsewhere.items():
        if lot is not None and lot.number > number:
            raise Conflict("selection_drawn_since", {"selection": selection})
