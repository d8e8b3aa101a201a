"""Ties among equally good lists: how one is identified, and the lots that stand for every later list.

Who was drawn keeps the place in every later version of the conference's list; newcomers stand behind them.
The order from a seed rests on the seed, whose list it is, and the numbers of the ballots, and on nothing that
could be made anew until the lot falls as somebody likes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.findings import Conflict, Plain
from domain.lots.ballots import Ballot, compute_draw_order, list_drawn, list_later, map_numbers
from domain.lots.settlements import SettlementMethod, TieKey, TieSettlement
from domain.snapshots import compute_digest

SELECTION_STAGE = "selection"
"""The stage of every tie of a selection."""


@dataclass(frozen=True, slots=True)
class DrawnLot:
    """How the last lot for a list was drawn, who recorded it, and the lot drawn ``before`` it.

    ``ballots`` is the greatest number that took part: of the pool as it was numbered for this lot.
    """

    settlement: TieSettlement
    recorded_by: str
    ballots: int
    before: "DrawnLot | None" = None

    @property
    def number(self) -> int:
        """How many lots were drawn, this one included."""
        return 1 if self.before is None else 1 + self.before.number

    def plain(self) -> dict[str, Plain]:
        """The lot as plain data, as a selection stores it."""
        before = None if self.before is None else self.before.plain()
        more: dict[str, Plain] = {"recorded_by": self.recorded_by, "ballots": self.ballots, "before": before}
        return {**self.settlement.plain(), **more}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "DrawnLot":
        """The inverse of ``plain()``."""
        before = None if content["before"] is None else cls.read(content["before"])
        settlement = TieSettlement.read(content)
        return cls(settlement, content["recorded_by"], content["ballots"], before)


def build_list_tie_key(last_lot: DrawnLot | None) -> TieKey:
    """The key of the tie that a list waits for: the number of lots drawn at the conference before it.

    So one announcement serves every version of the list, until its lot is drawn.
    """
    return TieKey(SELECTION_STAGE, str(0 if last_lot is None else last_lot.number))


def digest_list_tie(congress: str, unit: str) -> str:
    """The digest by which a seed is drawn with: of what a conference that is opened anew has in common with
    the one that was given up, its congress and its unit."""
    return compute_digest({"congress": congress, "unit": unit})


def draw_ballots(ballots: Sequence[Ballot], seed: str, subject: str, most: int) -> tuple[str, ...]:
    """The nominations numbered 1 to ``most`` in the order of the lot; those sent again are not among them."""
    return list_drawn(ballots, compute_draw_order(seed, subject, most))


def list_lots(last_lot: DrawnLot | None, ballots: Sequence[Ballot]) -> list[str]:
    """The nominations that have lots, in their order: as they were drawn, the earlier lots first.

    Whoever was sent again since a lot has no part in it any more. After a seed nobody is drawn for again:
    whoever came later stands behind all who were numbered for it, in the order in which they came.
    """
    if last_lot is None:
        return []
    numbers = map_numbers(ballots)
    found = dict.fromkeys(list_lots(last_lot.before, ballots))
    found |= {one: None for one in last_lot.settlement.order if numbers.get(one, 0) <= last_lot.ballots}
    if last_lot.settlement.how is SettlementMethod.PUBLISHED_SEED:
        found |= dict.fromkeys(list_later(ballots, last_lot.ballots))
    return list(found)


def expect_newest_lots(drawn: DrawnLot | None, elsewhere: Mapping[str, DrawnLot | None]) -> None:
    """Raise ``Conflict`` where another version of the list was drawn for in the meantime.

    ``drawn`` is the last lot of this version, ``elsewhere`` that of every version by its id. The lots of the
    other version stand for this one too.
    """
    number = 0 if drawn is None else drawn.number
    for selection, lot in elsewhere.items():
        if lot is not None and lot.number > number:
            raise Conflict("selection_drawn_since", {"selection": selection})
