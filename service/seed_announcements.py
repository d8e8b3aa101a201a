"""What holds of every lot whose seed is announced: the day lies ahead, and the seed is what was announced.

The order of a lot follows from the tie and the seed. Whoever may still choose either of them once the other
is known chooses the order. So the place and the day of the seed are announced before that day, and the seed
is the digits that were published there: nothing is left to try.
"""

from datetime import date, timedelta

from db.lots import LotAnnouncement
from domain.findings import Conflict, Finding, Invalid
from service.clock import today

LONGEST_LEAD = timedelta(days=92)
"""How far ahead the day of the seed may be."""


def expect_day_ahead(drawn_on: date) -> None:
    """Raise ``Invalid`` unless the day is to come, and soon enough."""
    if not today() < drawn_on <= today() + LONGEST_LEAD:
        errors = [Finding("lot_day", {"days": LONGEST_LEAD.days}, "/drawn_on")]
        raise Invalid("lot_day", {"days": LONGEST_LEAD.days}, errors=errors)


def expect_announced_seed(announced: LotAnnouncement | None, seed: str | None, drawn_on: date) -> None:
    """A seed is the digits that were announced, from the day that was announced, and nothing else."""
    if announced is None:
        raise Conflict("lot_not_announced")
    errors = []
    seed = seed or ""
    if not (seed.isascii() and seed.isdecimal() and len(seed) == announced.digits):
        errors.append(Finding("seed_not_as_announced", {"digits": announced.digits}, "/seed"))
    if drawn_on != announced.drawn_on:
        day = announced.drawn_on.isoformat()
        errors.append(Finding("drawn_not_as_announced", {"drawn_on": day}, "/drawn_on"))
    if errors:
        raise Invalid("settlement_faulty", errors=errors)
