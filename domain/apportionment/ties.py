"""Ties between units: what is tied, its digest, and a second criterion that tells them apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

TIE_RULE = "daibieu-tie-2"


@dataclass(frozen=True, slots=True)
class Tie:
    """Units with exactly the same claim to fewer seats than there are units.

    ``claims`` are (unit, number of the seat for which it ties), by unit: a unit that has three seats in any
    case ties for its fourth. ``places`` of the units get that seat. ``stage`` names the apportionment among
    those of the same units: equal ties in two of them have two digests, and so two lots.
    """

    claims: tuple[tuple[str, int], ...]
    places: int
    stage: str = ""

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
        content = {"format": TIE_RULE, "stage": self.stage, "places": self.places, "units": self.claims}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def order_by_criterion(tie: Tie, figures: Mapping[str, int | Fraction]) -> tuple[str, ...] | None:
    """The tied units in the order of a second criterion, the greatest figure first; it replaces drawn lots.

    ``None`` where the figures do not decide the seats either.

    :raises KeyError: for a tied unit without a figure.
    """
    ranked = sorted(tie.ids, key=lambda one: -figures[one])
    if figures[ranked[tie.places - 1]] == figures[ranked[tie.places]]:
        return None
    return tuple(ranked)
