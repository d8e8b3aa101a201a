"""The certificate of the lots of a list: from the seed and the numbers of the ballots, without any person."""

from collections.abc import Sequence

from domain.findings import Plain
from domain.lots.lists import DrawnLot
from domain.lots.settlements import SettlementMethod
from domain.snapshots import compute_digest

FORMAT = "daibieu-lots-1"


def build_lots_certificate(
    congress: str, unit: str, lot: DrawnLot | None, numbers: Sequence[int]
) -> dict[str, Plain] | None:
    """The lots of a list as JSON; ``numbers`` are the ballots that stand, in the order of the lots.

    ``None`` unless a published seed was the first lot: an order that people brought about cannot be repeated.
    The format is in ``docs/selection.md``.
    """
    if lot is None or lot.before is not None or lot.settlement.how is not SettlementMethod.PUBLISHED_SEED:
        return None
    most = len(lot.numbers)
    content: dict[str, Plain] = {
        "format": FORMAT,
        "congress": congress,
        "unit": unit,
        "seed": lot.settlement.seed,
        "drawn_on": lot.settlement.drawn_on.isoformat(),
        "ballots": most,
        "drawn": [number for number in numbers if number <= most],
        "later": [number for number in numbers if number > most],
    }
    return {**content, "digest": compute_digest(content)}
