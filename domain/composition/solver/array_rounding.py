"""The rounding of :mod:`domain.composition.solver.rounding` for large tables, which starts on arrays.

First it searches for column prices such that the columns nearly reach their totals when each row takes its
cheapest cells. A table of cheapest rows under any prices has least cost among all tables with the same column
sums, so only few exchanges are then needed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.composition.solver.exchanges import ExchangeHeaps, balance_columns, compute_cost_weight
from domain.composition.solver.millionths import MILLION
from domain.composition.solver.ties import TieKeys

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

PRICE_SWEEPS = 8
PROHIBITIVE_COST = 1 << 62
"""The cost of a cell that cannot be rounded up; all other costs and prices are below a quarter of it."""


def round_large_table(shares: Sequence[Sequence[int]], keys: TieKeys) -> list[list[int]]:
    """The same result as :func:`domain.composition.solver.rounding.round_table`, for a large table."""
    table = np.array(shares, dtype=np.int64)
    costs, chosen, off, heaps, rows = _round_rows(table % MILLION, keys)
    exchanging = dict(zip(rows, chosen[rows].tolist(), strict=True))
    balance_columns(dict(zip(rows, costs[rows].tolist(), strict=True)), exchanging, off, heaps)
    for i, ups in exchanging.items():
        chosen[i] = ups
    places: list[list[int]] = (table // MILLION + chosen).tolist()
    return places


def _round_rows(
    parts: Integers, keys: TieKeys
) -> tuple[Integers, Flags, list[int], ExchangeHeaps, list[int]]:
    """Costs, the cells rounded up at first, the excess of each column, and the exchanges with their rows."""
    own = np.array(keys, dtype=np.int64).reshape(parts.shape)
    open_ = parts > 0
    costs = np.where(
        open_, (MILLION - 2 * parts) * compute_cost_weight(parts.shape[1]) + own + 1, PROHIBITIVE_COST
    )
    rows, columns = parts.sum(axis=1) // MILLION, parts.sum(axis=0) // MILLION
    chosen = _choose_cheapest_cells(costs - _compute_prices(costs, rows, columns), rows)
    off = chosen.sum(axis=0) - columns
    heaps, rows = _build_heaps(costs, chosen, open_, int(np.abs(off).sum()) // 2)
    return np.where(open_, costs, 0), chosen, off.tolist(), heaps, rows


def _compute_prices(costs: Integers, rows: Integers, columns: Integers) -> Integers:
    """Prices set for one column after the other so that it is filled exactly, until few seats are wrong."""
    prices = np.zeros(len(columns), dtype=np.int64)
    best, fewest = prices.copy(), PROHIBITIVE_COST
    for _ in range(PRICE_SWEEPS):
        for v in range(len(columns)):
            prices[v] = _compute_clearing_price(costs - prices, costs[:, v], v, rows, int(columns[v]))
        off = int(np.abs(_choose_cheapest_cells(costs - prices, rows).sum(axis=0) - columns).sum())
        if off < fewest:
            best, fewest = prices.copy(), off
        if off <= len(columns):
            break
    return best


def _compute_clearing_price(priced: Integers, cost: Integers, v: int, rows: Integers, wanted: int) -> int:
    """The price at which column ``v`` is among the cheapest of exactly ``wanted`` rows."""
    if not 0 < wanted < rows.size:
        return 0
    others = np.delete(priced, v, axis=1)
    others.sort(axis=1)
    # The most expensive cell that the row would take without v: v is taken if it is cheaper.
    last = np.where(
        rows > 0,
        np.take_along_axis(others, np.maximum(rows - 1, 0)[:, None], axis=1)[:, 0],
        -PROHIBITIVE_COST,
    )
    needed = np.where(
        cost < PROHIBITIVE_COST // 2,
        cost - np.clip(last, -PROHIBITIVE_COST // 2, PROHIBITIVE_COST // 2),
        PROHIBITIVE_COST,
    )
    pair = np.partition(needed, (wanted - 1, wanted))[wanted - 1 : wanted + 1]
    low, high = (int(np.clip(bound, -PROHIBITIVE_COST // 4, PROHIBITIVE_COST // 4)) for bound in pair)
    return (low + high) // 2 + (high > low)


def _choose_cheapest_cells(priced: Integers, rows: Integers) -> Flags:
    """The ``rows[i]`` cheapest cells of each row ``i``."""
    order = np.argsort(priced, axis=1, kind="stable")
    chosen = np.zeros(priced.shape, dtype=bool)
    np.put_along_axis(chosen, order, np.arange(priced.shape[1]) < rows[:, None], axis=1)
    return chosen


def _build_heaps(
    costs: Integers, chosen: Flags, open_: Flags, places: int
) -> tuple[ExchangeHeaps, list[int]]:
    """The cheapest exchanges between each two columns, as many as the later moves can need; and their
    rows."""
    size = chosen.shape[1]
    most = places * size + 1
    heaps: ExchangeHeaps = {}
    exchanging = np.zeros(len(costs), dtype=bool)
    for v in range(size):
        have = np.flatnonzero(chosen[:, v])
        for w in range(size):
            if v != w:
                line = have[open_[have, w] & ~chosen[have, w]]
                price = costs[line, w] - costs[line, v]
                if line.size > most:
                    near = np.flatnonzero(price <= np.partition(price, most - 1)[most - 1])
                    line, price = line[near], price[near]
                order = np.lexsort((line, price))
                heaps[v, w] = list(zip(price[order].tolist(), line[order].tolist(), strict=True))
                exchanging[line] = True
    return heaps, np.flatnonzero(exchanging).tolist()
