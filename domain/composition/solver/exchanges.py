"""Exchanges between the columns of a table that is rounded: a row gives up one cell for another.

Seats move from columns with too many to columns with too few, along successive shortest paths on the graph of
values, where a row is an arc between two values. All numbers are integers.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import pairwise

from domain.composition.solver.ties import KEY_BITS

CellCosts = dict[int, list[int]]
"""Row → cost of rounding each cell up; 0 where the share is whole (and nowhere else: keys are below the
weight)."""
CellChoices = dict[int, list[bool]]
"""Row → which of its cells are rounded up."""
ExchangeHeaps = dict[tuple[int, int], list[tuple[int, int]]]


def compute_cost_weight(size: int) -> int:
    """The weight of one millionth of cost against tie keys.

    A cycle of exchanges contains each of the ``size`` columns at most one time, so its keys can never
    outweigh a difference of cost: the least cost always comes first.
    """
    return size << KEY_BITS


def balance_columns(costs: CellCosts, chosen: CellChoices, off: list[int], heaps: ExchangeHeaps) -> None:
    """Bring every column to its total, one seat at a time, always by the cheapest exchanges."""
    while any(off):
        tops = _map_cheapest_exchanges(chosen, heaps)
        path = _find_cheapest_path(off, tops)
        off[path[0]] -= 1
        off[path[-1]] += 1
        rows = [(tops[arc][1], arc) for arc in pairwise(path)]
        for i, (v, w) in rows:
            chosen[i][v], chosen[i][w] = False, True
        for i, (v, w) in rows:
            _push_exchanges(costs[i], chosen[i], i, (v, w), heaps)


def _map_cheapest_exchanges(
    chosen: CellChoices, heaps: ExchangeHeaps
) -> dict[tuple[int, int], tuple[int, int]]:
    """The cheapest exchange that is still possible, for each pair of columns."""
    tops = {}
    for (v, w), heap in heaps.items():
        while heap and (not chosen[heap[0][1]][v] or chosen[heap[0][1]][w]):
            heappop(heap)
        if heap:
            tops[v, w] = heap[0]
    return tops


def _find_cheapest_path(off: Sequence[int], tops: dict[tuple[int, int], tuple[int, int]]) -> list[int]:
    """The cheapest path from a column with too many to one with too few (Bellman and Ford)."""
    cost = {v: 0 for v, amount in enumerate(off) if amount > 0}
    before: dict[int, int] = {}
    arcs = sorted((v, w, price) for (v, w), (price, _) in tops.items())
    changed = True
    while changed:
        changed = False
        for v, w, price in arcs:
            if v in cost and (w not in cost or cost[v] + price < cost[w]):
                cost[w], before[w], changed = cost[v] + price, v, True
    end = min((w for w, amount in enumerate(off) if amount < 0 and w in cost), key=lambda w: (cost[w], w))
    path = [end]
    while path[-1] in before:
        path.append(before[path[-1]])
    return path[::-1]


def _push_exchanges(
    cost: list[int], chosen: list[bool], i: int, arc: tuple[int, int], heaps: ExchangeHeaps
) -> None:
    """Add the exchanges that are possible in row ``i`` after its seat moved along ``arc`` (from, to)."""
    left, taken = arc
    for v, up in enumerate(chosen):
        if up and cost[left]:
            heappush(heaps[v, left], (cost[left] - cost[v], i))
        elif cost[v] and v != taken:
            heappush(heaps[taken, v], (cost[v] - cost[taken], i))
