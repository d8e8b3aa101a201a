"""Lots within a pool: that of a nominee who was not drawn, and the alternates that follow from lots."""

from collections.abc import Collection

from domain.selection.pool import PlaceKey, Pool, list_statuses

UNDRAWN = 2**62
"""The lot of a nominee without a drawn lot; greater than every drawn lot."""


def map_alternates_by_place(pool: Pool, chosen: Collection[str]) -> dict[PlaceKey, tuple[str, ...]]:
    """Place → alternates: the nominees not excluded and not chosen, by score, lot and id."""
    on_list = set(chosen)
    line: dict[PlaceKey, list[tuple[int, int, str]]] = {quota.place: [] for quota in pool.quotas}
    for nominee, status in zip(pool.nominees, list_statuses(pool), strict=True):
        if nominee.id not in on_list and not status.is_excluded:
            lot = UNDRAWN if nominee.lot is None else nominee.lot
            line[nominee.place].append((-nominee.score, lot, nominee.id))
    return {place: tuple(one for _, _, one in sorted(keys)) for place, keys in line.items()}
