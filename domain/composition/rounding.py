"""From shares to seats: every cell is the floor or the ceiling of its published share, all margins are exact.

Such a table always exists (Cox, "A constructive procedure for unbiased controlled rounding", JASA 82, 1987).
This is the one nearest to the shares, both by the sum of differences and by the sum of their squares; among
equally near ones that with the least sum of tie keys (:mod:`domain.composition.ties`).

Rounding a cell up costs 1 − 2·fraction. Each row takes its cheapest cells. Then seats move from columns with
too many to columns with too few, along successive shortest paths on the graph of values, where a row is an
arc between two values. All numbers are integers.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

from domain.composition.grid import MILLION
from domain.composition.ties import KEY_BITS, TieKeys

CellCosts = list[list[int]]
"""Cost of rounding each cell up; 0 where the share is whole (and nowhere else: keys are below the weight)."""
ExchangeHeaps = dict[tuple[int, int], list[tuple[int, int]]]
MAX_LIST_CELLS = 1024


def round_table(shares: Sequence[Sequence[int]], keys: TieKeys) -> list[list[int]]:
    """Whole seats for ``shares``, which are in millionths and whose rows and columns add up to whole
    seats."""
    if len(shares) * len(shares[0]) > MAX_LIST_CELLS:
        from domain.composition.array_rounding import round_large_table

        return round_large_table(shares, keys)
    costs, chosen, off, heaps = _round_rows(shares, keys)
    balance_columns(costs, chosen, off, heaps)
    return [
        [share // MILLION + up for share, up in zip(row, ups, strict=True)]
        for row, ups in zip(shares, chosen, strict=True)
    ]


def compute_cost_weight(size: int) -> int:
    """The weight of one millionth of cost against tie keys.

    A cycle of exchanges contains each of the ``size`` columns at most one time, so its keys can never
    outweigh a difference of cost: the least cost always comes first.
    """
    return size << KEY_BITS


def _round_rows(
    shares: Sequence[Sequence[int]], keys: TieKeys
) -> tuple[CellCosts, list[list[bool]], list[int], ExchangeHeaps]:
    size = len(shares[0])
    unit = compute_cost_weight(size)
    costs, chosen = [], []
    off = [-sum(row[v] % MILLION for row in shares) // MILLION for v in range(size)]
    heaps: ExchangeHeaps = {(v, w): [] for v in range(size) for w in range(size) if v != w}
    for i, row in enumerate(shares):
        own = keys[i * size : (i + 1) * size]
        parts = [share % MILLION for share in row]
        cost = [
            (MILLION - 2 * part) * unit + key + 1 if part else 0 for part, key in zip(parts, own, strict=True)
        ]
        line = sorted((v for v in range(size) if parts[v]), key=lambda v: (cost[v], v))
        up = line[: sum(parts) // MILLION]
        for v in up:
            off[v] += 1
            for w in line[len(up) :]:
                heaps[v, w].append((cost[w] - cost[v], i))
        costs.append(cost)
        chosen.append([v in up for v in range(size)])
    for heap in heaps.values():
        heapify(heap)
    return costs, chosen, off, heaps


def balance_columns(costs: CellCosts, chosen: list[list[bool]], off: list[int], heaps: ExchangeHeaps) -> None:
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
    chosen: list[list[bool]], heaps: ExchangeHeaps
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
