"""Which of the offered media types the caller prefers (``Accept``, RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

_MEDIA_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^;]*)*)", re.ASCII)
_WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", re.ASCII | re.IGNORECASE)
_MAX_RANGES = 50
"""The most ranges that are read; further ones are ignored."""


@dataclass(frozen=True, slots=True)
class _AcceptedRange:
    kind: str
    form: str
    weight: float

    @property
    def exactness(self) -> int:
        return (self.kind != "*") + (self.form != "*")

    def can_take(self, media: str) -> bool:
        kind, _, form = media.partition("/")
        return self.kind in ("*", kind) and self.form in ("*", form)


def choose_media(request: Request, offers: Sequence[str]) -> str | None:
    """The best of ``offers``, the first if the caller has no preference; ``None``: none is accepted."""
    return choose_offer(", ".join(request.headers.getlist("accept")), offers)


def choose_offer(accept: str, offers: Sequence[str]) -> str | None:
    """The best offer for the text of an ``Accept`` header; unreadable parts are ignored."""
    ranges = [found for part in accept.split(",")[:_MAX_RANGES] if (found := _read_range(part)) is not None]
    if not ranges:
        return offers[0]
    rated = [(_rate_offer(ranges, offer), offer) for offer in offers]
    (weight, _, _), offer = max(rated, key=lambda each: each[0])
    return offer if weight > 0 else None


def _rate_offer(ranges: Sequence[_AcceptedRange], offer: str) -> tuple[float, int, int]:
    """Weight, exactness and place of the most exact range that accepts an offer."""
    taking = [
        (each.exactness, -place, each.weight) for place, each in enumerate(ranges) if each.can_take(offer)
    ]
    if not taking:
        return 0.0, 0, 0
    exactness, place, weight = max(taking)
    return weight, exactness, place


def _read_range(part: str) -> _AcceptedRange | None:
    found = _MEDIA_RANGE.fullmatch(part)
    if found is None:
        return None
    weights = [weight for each in found[3].split(";") if (weight := _WEIGHT.fullmatch(each))]
    return _AcceptedRange(
        found[1].lower(), found[2].lower(), min(1.0, float(weights[-1][1])) if weights else 1.0
    )
