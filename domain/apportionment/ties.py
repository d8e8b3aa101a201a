"""Ties between units: what is tied, its digest, and a second criterion that tells them apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from domain.apportionment.claims import Claims
from domain.apportionment.rules import ApportionmentRule, Method

TIE_RULE = "daibieu-tie-2"


@dataclass(frozen=True)
class Tie:
    """Units with exactly the same claim to fewer seats than there are units.

    ``ids`` are sorted; ``places`` of them get one seat each. ``stage`` names the apportionment among those of
    the same units: equal ties in two of them have two digests, and so two lots.
    """

    ids: tuple[str, ...]
    places: int
    seats: int
    rule: ApportionmentRule
    claims: Claims
    stage: str = ""

    @property
    def lacking_seats(self) -> int:
        """How many more seats would give every tied unit a seat, where the plan's maximum allows it."""
        return len(self.ids) - self.places

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the whole input and the tie; the order of the claims does not matter.

        It is recorded before a seed is known, and so proves that nothing was changed afterwards.
        """
        return digest_tie(self)


def digest_tie(tie: Tie) -> str:
    """The digest of ``tie`` by the rule ``daibieu-tie-2``."""
    content = {
        "format": TIE_RULE,
        "stage": tie.stage,
        "seats": tie.seats,
        "rule": tie.rule.plain_rule(),
        "units": sorted(
            [claim.id, str(Fraction(claim.weight)), claim.floor, claim.cap, claim.base]
            for claim in tie.claims
        ),
        "ids": tie.ids,
        "places": tie.places,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def order_by_criterion(tie: Tie, figures: Mapping[str, int | Fraction]) -> tuple[str, ...] | None:
    """The tied units in the order of a second criterion, the greatest figure first; it replaces drawn lots.

    ``None`` where the figures do not decide the seats either.

    :raises KeyError: for a tied unit without a figure.
    """
    ranked = sorted(tie.ids, key=lambda one: -figures[one])
    if tie.rule.method is Method.QUOTA and len({figures[one] for one in tie.ids}) < len(tie.ids):
        return None  # by this method the whole order can count
    if figures[ranked[tie.places - 1]] == figures[ranked[tie.places]]:
        return None
    return tuple(ranked)
