"""Ballots: the numbers under which the nominations of a conference are drawn (docs/decisions/0023).

At the announcement of a seed the whole pool is numbered, while nobody can know the seed. The lot orders these
numbers and nothing that a unit could make anew. A ballot stands for a nomination as it was sent then: whoever
is named later, or whose nomination is sent again (returned, under another name, for another person), gets
a new number behind all others, in the order in which they came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.lots.orders import compute_lot_order


@dataclass(frozen=True, slots=True)
class Ballot:
    """The number of one nomination among those of its conference, from 1, and when it was given."""

    draw_no: int
    nomination: str
    frozen_at: datetime


@dataclass(frozen=True, slots=True)
class SentNomination:
    """A nomination that is to be numbered, and when it was last sent (``None``: before that was recorded)."""

    id: str
    sent_at: datetime | None


def map_ballots_by_nomination(ballots: Iterable[Ballot]) -> dict[str, Ballot]:
    """Nomination → its last ballot: the one under which it is drawn."""
    return {each.nomination: each for each in sorted(ballots, key=lambda each: each.draw_no)}


def build_ballots(
    ballots: Sequence[Ballot], standing: Iterable[SentNomination], at: datetime
) -> list[Ballot]:
    """The next ballots, for those of ``standing`` who have none for what was sent: who came first is first.

    Nobody gains by coming again: a second sending is later than the first, and behind everybody who was
    numbered before. The ids, which are given in the order of entry, part those sent at the same instant.
    """
    known = map_ballots_by_nomination(ballots)
    coming = [each for each in standing if not _is_numbered(each, known.get(each.id))]
    coming.sort(key=lambda each: (each.sent_at is not None, each.sent_at or at, each.id))
    return [Ballot(len(ballots) + n, each.id, at) for n, each in enumerate(coming, 1)]


def _is_numbered(sent: SentNomination, last: Ballot | None) -> bool:
    return last is not None and (sent.sent_at is None or sent.sent_at <= last.frozen_at)


def compute_draw_order(seed: str, subject: str, most: int) -> tuple[int, ...]:
    """The numbers 1 to ``most`` in the order of their lots; ``subject`` is the digest of whose list it is.

    By the published rule ``daibieu-lot-1``, with the number in decimal digits as the id.
    """
    order = compute_lot_order(seed, subject, map(str, range(1, most + 1)))
    return tuple(int(one) for one in order)


def map_nominations_by_number(ballots: Iterable[Ballot]) -> dict[int, str]:
    """Number → the nomination that still stands under it."""
    return {each.draw_no: one for one, each in map_ballots_by_nomination(ballots).items()}


def map_numbers(ballots: Iterable[Ballot]) -> Mapping[str, int]:
    """Nomination → the number under which it is drawn."""
    return {one: each.draw_no for one, each in map_ballots_by_nomination(ballots).items()}
