"""The tied cells of a two-way apportionment, and whether its seats follow the drawn order.

A cell that can take one more seat leads from its row to its column, one that can give its last seat from its
column to its row: along a round of them seats can be exchanged. Nodes are rows, then columns; a set of nodes
is a whole number with their bits.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

Cell = tuple[int, int]


def find_tied_cells(
    height: int, width: int, gains: AbstractSet[Cell], holds: AbstractSet[Cell]
) -> list[Cell]:
    """The cells of which each is part of a round of exchanges."""
    reach = [1 << node for node in range(height + width)]
    for i, j in gains:
        _lead(reach, i, height + j)
    for i, j in holds:
        _lead(reach, height + j, i)
    return [
        (i, j) for i, j in [*gains, *holds] if reach[i] >> (height + j) & 1 and reach[height + j] >> i & 1
    ]


def check_lots(height: int, width: int, order: Sequence[Cell], holds: AbstractSet[Cell]) -> int | None:
    """The place in ``order`` of the last cell that could have had its seat without taking one from a cell
    before it; ``None`` if the seats follow the order."""
    reach = [1 << node for node in range(height + width)]
    for place in range(len(order) - 1, -1, -1):
        i, j = order[place]
        if (i, j) in holds:
            _lead(reach, height + j, i)
            continue
        if reach[height + j] >> i & 1:
            return place
        _lead(reach, i, height + j)
    return None


def _lead(reach: list[int], start: int, end: int) -> None:
    """Add the way from ``start`` to ``end`` to what can be reached from each node."""
    if reach[start] >> end & 1:
        return
    for node, mask in enumerate(reach):
        if mask >> start & 1:
            reach[node] = mask | reach[end]
