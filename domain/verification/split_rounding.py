"""The check of the places of a split: floors and ceilings of the shares, exact sums, and none nearer.

Rounding a cell up costs 1 − 2 × its fraction, and then its tie key. The places are the nearest table if no
cycle of exchanges between values, each inside one unit, costs less than nothing (a minimum-cost flow has no
negative cycle: Ahuja, Magnanti and Orlin, Network Flows, 1993, theorem 3.8).
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from domain.findings import Finding
from domain.verification.json_readers import read_text
from domain.verification.split_rows import SplitUnit

MILLION = 1_000_000
KEY_ROOM = 48
"""Bits that no sum of tie keys along a cycle fills."""

Arcs = dict[tuple[str, str], int]


def check_places(
    units: Sequence[SplitUnit], columns: Mapping[str, int], content: Mapping[str, object]
) -> Iterator[Finding]:
    """The errors in the places of ``units``."""
    seed = read_text(content.get("seed"), "/seed")
    found = [*_check_cells(units), *_check_sums(units, columns)]
    if not found and _has_cheaper_cycle(_map_cheapest_exchanges(units, seed), list(columns)):
        found.append(Finding("certificate_places_not_nearest", {}, "/rows"))
    yield from found


def _check_cells(units: Sequence[SplitUnit]) -> Iterator[Finding]:
    for unit in units:
        for value, places in unit.places.items():
            share = unit.shares[value]
            if places not in (share // MILLION, -(-share // MILLION)):
                yield Finding(
                    "certificate_places_wrong", {"id": unit.id, "value": value}, f"{unit.at}/places"
                )


def _check_sums(units: Sequence[SplitUnit], columns: Mapping[str, int]) -> Iterator[Finding]:
    for unit in units:
        if sum(unit.places.values()) != unit.seats:
            yield Finding("certificate_margin_wrong", {"id": unit.id}, f"{unit.at}/places")
    for value, wanted in columns.items():
        if sum(unit.places[value] for unit in units) != wanted:
            yield Finding("certificate_margin_wrong", {"id": value}, "/columns")


def _map_cheapest_exchanges(units: Sequence[SplitUnit], seed: str) -> Arcs:
    """(v, w) → the least cost at which some unit sends one more of w and one less of v."""
    arcs: Arcs = {}
    for unit in units:
        open_ = [value for value, share in unit.shares.items() if share % MILLION]
        costs = {value: _compute_cost(unit, value, seed) for value in open_}
        up = [value for value in open_ if unit.places[value] > unit.shares[value] // MILLION]
        for v in up:
            for w in open_:
                if w not in up:
                    price = costs[w] - costs[v]
                    arcs[v, w] = min(price, arcs.get((v, w), price))
    return arcs


def _compute_cost(unit: SplitUnit, value: str, seed: str) -> int:
    key = int(sha256(f"{seed}\x1f{unit.id}\x1f{value}".encode()).hexdigest()[:8], 16)
    return (MILLION - 2 * (unit.shares[value] % MILLION) << KEY_ROOM) + key


def _has_cheaper_cycle(arcs: Arcs, values: Sequence[str]) -> bool:
    """Whether exchanges can be chained to a cycle of negative cost (Bellman and Ford)."""
    least = dict.fromkeys(values, 0)
    for _ in values:
        changed = False
        for (v, w), price in arcs.items():
            if least[v] + price < least[w]:
                least[w], changed = least[v] + price, True
        if not changed:
            return False
    return True
