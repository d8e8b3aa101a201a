"""Ties between units: what is tied, its digest, and a second criterion that tells them apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

TIE_RULE = "daibieu-tie-2"


@dataclass(frozen=True, slots=True)
class LevelSeats:
    """Seats of equal worth by the quota method, for which lots are drawn.

    ``given`` are the numbers of seats with which one of them is given; ``open_since`` are (unit, number of
    seats from which its seat of this worth can be given), by unit. Both are the same whatever the lots are,
    and with the order of the lots they decide who has these seats.
    """

    given: tuple[int, ...]
    open_since: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """Units with exactly the same claim to fewer seats than there are units.

    ``claims`` are (unit, number of the seat for which it ties), by unit: a unit that has three seats in any
    case ties for its fourth. ``places`` of the units get that seat. ``stage`` names the apportionment among
    those of the same units: equal ties in two of them have two digests, and so two lots.

    By the quota method the whole order of the lots can count: ``levels`` are then the seats of equal worth,
    the greatest worth first. By other methods there are none.
    """

    claims: tuple[tuple[str, int], ...]
    places: int
    stage: str = ""
    levels: tuple[LevelSeats, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The tied units, sorted."""
        return tuple(unit for unit, _ in self.claims)

    @property
    def lacking_seats(self) -> int:
        """How many more seats would give every tied unit a seat, where the plan's maximum allows it."""
        return len(self.claims) - self.places

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the tie by the rule ``daibieu-tie-2``.

        It is recorded before a seed is known. It covers what acts on the tie and nothing else: a figure, a
        bound or a parameter that leaves the same units tied for the same seats must not bring another lot,
        or one could try such edits until the lot falls as one likes (docs/decisions/0023).
        """
        content: dict[str, object] = {
            "format": TIE_RULE,
            "stage": self.stage,
            "places": self.places,
            "units": self.claims,
        }
        if self.levels:
            content["levels"] = [[level.given, level.open_since] for level in self.levels]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def order_by_criterion(tie: Tie, figures: Mapping[str, int | Fraction]) -> tuple[str, ...] | None:
    """The tied units in the order of a second criterion, the greatest figure first; it replaces drawn lots.

    ``None`` where the figures do not decide the seats either.

    :raises KeyError: for a tied unit without a figure.
    """
    ranked = sorted(tie.ids, key=lambda one: -figures[one])
    if tie.levels and len({figures[one] for one in tie.ids}) < len(tie.ids):
        return None  # by this method the whole order can count
    if figures[ranked[tie.places - 1]] == figures[ranked[tie.places]]:
        return None
    return tuple(ranked)
