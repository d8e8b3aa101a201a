"""The order of lots: the published rule that turns a seed into one, and what every order must name."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from domain.findings import Finding, Invalid

LOT_RULE = "daibieu-lot-1"


def compute_lot_order(seed: str, digest: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The order of lots for ``ids``, by the rule ``daibieu-lot-1``; the order of ``ids`` does not matter.

    Each id's lot is SHA-256 over the UTF-8 lines "daibieu-lot-1", seed, digest, id, joined by a line feed;
    the least lot, read as a hexadecimal number, comes first. If the seed is published after the digest was
    recorded, nobody can be favoured, and anybody can repeat the computation with a standard tool.
    """

    def lot(one: str) -> tuple[str, str]:
        return sha256("\n".join((LOT_RULE, seed, digest, one)).encode()).hexdigest(), one

    return tuple(sorted(ids, key=lot))


def expect_valid_lots(lots: Sequence[str], tied: Sequence[str]) -> None:
    """Refuse lots that do not name each tied unit exactly once.

    :raises Invalid: pointing below ``/lots``.
    """
    wanted, found = set(tied), []
    for index, one in enumerate(lots):
        if one not in wanted:
            found.append(Finding("lot_not_tied", {"id": one}, f"/lots/{index}"))
        wanted.discard(one)
    found += [Finding("lot_missing", {"id": one}, "/lots") for one in sorted(wanted)]
    if found:
        raise Invalid("lots_invalid", errors=found)
