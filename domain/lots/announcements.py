"""Announcing a seed: the day is to come, and the seed is what was announced (docs/decisions/0012).

The order of a lot follows from the tie and the seed. Whoever may still choose either of them once the other
is known chooses the order. So the place and the day of the seed are announced before that day, and the seed
is the digits that were published there: nothing is left to try.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.findings import Conflict, Finding, Invalid

LONGEST_LEAD = timedelta(days=92)
"""How far ahead the day of the seed may be."""


@dataclass(frozen=True, slots=True)
class SeedAnnouncement:
    """The ``source`` that publishes so many ``digits`` on the day ``drawn_on``."""

    source: str
    digits: int
    drawn_on: date


def expect_day_ahead(drawn_on: date, today: date) -> None:
    """Raise ``Invalid`` unless the day is to come, and soon enough: today's seed may be known already."""
    if not today < drawn_on <= today + LONGEST_LEAD:
        errors = [Finding("lot_day", {"days": LONGEST_LEAD.days}, "/drawn_on")]
        raise Invalid("lot_day", {"days": LONGEST_LEAD.days}, errors=errors)


def expect_first_announcement(earlier: SeedAnnouncement | None) -> None:
    """Raise ``Conflict`` where a seed was announced for the tie before: there is one for each tie."""
    if earlier is not None:
        raise Conflict("lot_announced_already")


def expect_free_day(same_day: SeedAnnouncement | None) -> None:
    """Raise ``Conflict`` where a seed of that day was announced for another tie of the same seats.

    Otherwise two versions with other figures could be announced for one draw, and the one whose lot somebody
    likes be taken when the seed is known. The source does not count: it could be written in two ways.
    """
    if same_day is not None:
        raise Conflict("lot_day_taken", {"drawn_on": same_day.drawn_on.isoformat()})


def expect_same_announcement(given_up: SeedAnnouncement | None, announced: SeedAnnouncement) -> None:
    """Raise ``Conflict`` unless a conference that is opened anew keeps to what was announced before it.

    Its pool is another one, which is numbered now; the seed stays the one that was announced, or there is
    none. That its day is still to come is checked as for any announcement.
    """
    if given_up is not None and given_up != announced:
        raise Conflict("lot_announced_already")


def expect_frozen_before(announced: SeedAnnouncement, frozen_on: date) -> None:
    """Raise ``Conflict`` for inputs that were frozen on the day of the seed, or later."""
    if frozen_on >= announced.drawn_on:
        raise Conflict("inputs_after_seed", {"drawn_on": announced.drawn_on.isoformat()})


def expect_announced_seed(announced: SeedAnnouncement, seed: str | None, drawn_on: date) -> None:
    """Raise ``Invalid`` unless a seed is the digits that were announced, from the day that was announced."""
    errors = []
    seed = seed or ""
    if not (seed.isascii() and seed.isdecimal() and len(seed) == announced.digits):
        errors.append(Finding("seed_not_as_announced", {"digits": announced.digits}, "/seed"))
    if drawn_on != announced.drawn_on:
        day = announced.drawn_on.isoformat()
        errors.append(Finding("drawn_not_as_announced", {"drawn_on": day}, "/drawn_on"))
    if errors:
        raise Invalid("settlement_faulty", errors=errors)
