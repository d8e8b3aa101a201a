"""Lots: the order in which names are drawn, and the alternates who follow from it."""

from collections.abc import Collection, Iterable, Mapping

from domain.apportionment.lots import compute_lot_order
from domain.selection.pool import Pool, list_statuses

UNDRAWN = 2**62
"""Stands behind every lot that was drawn."""


def draw_lots(seed: str, digest: str, ids: Iterable[str]) -> Mapping[str, int]:
    """Lots 1 … n for nominees from a published seed, by the rule ``daibieu-lot-1``.

    ``digest`` is that of the frozen pool, recorded before the seed was known. Lots drawn by hand need no
    function: they are the order in which the minutes have the names.
    """
    return {one: lot for lot, one in enumerate(compute_lot_order(seed, digest, ids), 1)}


def map_alternates_by_place(pool: Pool, chosen: Collection[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Who follows, place by place: nominees who could sit and were not chosen, by score, lot and id."""
    on_list = set(chosen)
    line: dict[tuple[str, str], list[tuple[int, int, str]]] = {quota.place: [] for quota in pool.quotas}
    for nominee, hold in zip(pool.nominees, list_statuses(pool), strict=True):
        if nominee.id not in on_list and not hold.is_excluded:
            lot = UNDRAWN if nominee.lot is None else nominee.lot
            line[nominee.place].append((-nominee.score, lot, nominee.id))
    return {place: tuple(one for _, _, one in sorted(keys)) for place, keys in line.items()}
