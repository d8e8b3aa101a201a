"""Lots: the order in which names are drawn, and the alternates that follow from it."""

from collections.abc import Collection, Iterable, Mapping

from domain.apportionment.lots import compute_lot_order
from domain.selection.pool import PlaceKey, Pool, list_statuses

UNDRAWN = 2**62
"""The lot of a nominee without a drawn lot; greater than every drawn lot."""


def draw_lots(seed: str, digest: str, ids: Iterable[str]) -> Mapping[str, int]:
    """Lots 1 … n for nominees from a published seed, by the rule ``daibieu-lot-1``.

    ``digest`` is that of the frozen pool, recorded before the seed was known. Lots drawn by hand need no
    function: they are the order of the names in the minutes.
    """
    return {one: lot for lot, one in enumerate(compute_lot_order(seed, digest, ids), 1)}


def map_alternates_by_place(pool: Pool, chosen: Collection[str]) -> dict[PlaceKey, tuple[str, ...]]:
    """Place → alternates: the nominees not excluded and not chosen, by score, lot and id."""
    on_list = set(chosen)
    line: dict[PlaceKey, list[tuple[int, int, str]]] = {quota.place: [] for quota in pool.quotas}
    for nominee, status in zip(pool.nominees, list_statuses(pool), strict=True):
        if nominee.id not in on_list and not status.is_excluded:
            lot = UNDRAWN if nominee.lot is None else nominee.lot
            line[nominee.place].append((-nominee.score, lot, nominee.id))
    return {place: tuple(one for _, _, one in sorted(keys)) for place, keys in line.items()}
