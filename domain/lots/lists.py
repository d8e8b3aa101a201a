"""Ties among equally good lists: how one is identified, and the lots that stand for every later list.

Who was drawn keeps the place in every later version of the conference's list; newcomers are drawn behind
them. The order from a seed rests on the seed and the place of the conference, and on nothing that could be
made anew until the lot falls as somebody likes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.findings import Conflict, Plain
from domain.lots.settlements import TieKey, TieSettlement
from domain.snapshots import compute_digest

SELECTION_STAGE = "selection"
"""The stage of every tie of a selection."""


@dataclass(frozen=True, slots=True)
class DrawnLot:
    """How the last lot for a list was drawn, who recorded it, and the lot drawn ``before`` it."""

    settlement: TieSettlement
    recorded_by: str
    before: "DrawnLot | None" = None

    def plain(self) -> dict[str, Plain]:
        """The lot as plain data, as a selection stores it."""
        before = None if self.before is None else self.before.plain()
        return {**self.settlement.plain(), "recorded_by": self.recorded_by, "before": before}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "DrawnLot":
        """The inverse of ``plain()``."""
        before = None if content["before"] is None else cls.read(content["before"])
        return cls(TieSettlement.read(content), content["recorded_by"], before)


def build_list_tie_key(last_lot: DrawnLot | None) -> TieKey:
    """The key of the tie that a list waits for: the number of lots drawn at the conference before it.

    So one announcement serves every version of the list, until its lot is drawn.
    """
    number = 0
    while last_lot is not None:
        number, last_lot = number + 1, last_lot.before
    return TieKey(SELECTION_STAGE, str(number))


def digest_list_tie(congress: str, unit: str) -> str:
    """The digest by which a seed is drawn with: of what a conference that is opened anew has in common with
    the one that was given up, its congress and its unit."""
    return compute_digest({"congress": congress, "unit": unit})


def expect_newest_lots(drawn: Sequence[str], elsewhere: Mapping[str, Sequence[str]]) -> None:
    """Raise ``Conflict`` where another version of the list was drawn for in the meantime.

    ``drawn`` are the lots of this version, ``elsewhere`` those of every version by its id. Lots only ever
    grow, and those of the other version stand for this one too.
    """
    for selection, lots in elsewhere.items():
        if len(lots) > len(drawn):
            raise Conflict("selection_drawn_since", {"selection": selection})
