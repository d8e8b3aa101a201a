"""From shares to seats: every cell is the floor or the ceiling of its published share, all margins are exact.

Such a table always exists (Cox, "A constructive procedure for unbiased controlled rounding", JASA 82, 1987).
This is the one nearest to the shares, both by the sum of differences and by the sum of their squares; among
equally near ones that with the least sum of tie keys (:mod:`domain.composition.solver.ties`).

Rounding a cell up costs 1 − 2·fraction. Each row takes its cheapest cells. Then seats move from columns with
too many to columns with too few, along successive shortest paths on the graph of values, where a row is an
arc between two values. All numbers are integers.
"""

from collections.abc import Sequence
from heapq import heapify

from domain.composition.solver.exchanges import ExchangeHeaps, balance_columns, compute_cost_weight
from domain.composition.solver.millionths import MILLION
from domain.composition.solver.ties import TieKeys

MAX_LIST_CELLS = 1024


def round_table(shares: Sequence[Sequence[int]], keys: TieKeys) -> list[list[int]]:
    """Whole seats for ``shares``, which are in millionths and whose rows and columns add up to whole
    seats."""
    if len(shares) * len(shares[0]) > MAX_LIST_CELLS:
        from domain.composition.solver.array_rounding import round_large_table

        return round_large_table(shares, keys)
    costs, chosen, off, heaps = _round_rows(shares, keys)
    balance_columns(dict(enumerate(costs)), dict(enumerate(chosen)), off, heaps)
    return [
        [share // MILLION + up for share, up in zip(row, ups, strict=True)]
        for row, ups in zip(shares, chosen, strict=True)
    ]


def _round_rows(
    shares: Sequence[Sequence[int]], keys: TieKeys
) -> tuple[list[list[int]], list[list[bool]], list[int], ExchangeHeaps]:
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
