"""Move factors to the middle of what they may be, so that short numbers can stand for them."""

import numpy as np

from domain.apportionment.two_way.graphs import find_circles
from domain.apportionment.two_way.scaling import Counts, Floats, Scaling

ROUNDS = 60
EQUAL = 1e-11
"""Logarithms this close may be equal; whole numbers decide."""
ENOUGH = 1e-4
"""With so much room at each cell, the factors are short enough."""
WIDEST = 2.0


def group_lines(scaling: Scaling) -> Counts:
    """The group of each row, then of each column: within a group the factors have no room to move."""
    height, width = scaling.seats.shape
    room, rest = scaling.room() < EQUAL, scaling.rest() < EQUAL
    successors = [0] * (height + width)
    for i, j in np.argwhere(room).tolist():
        successors[i] |= 1 << (height + j)
    for i, j in np.argwhere(rest).tolist():
        successors[height + j] |= 1 << i
    return np.array(find_circles(successors), dtype=np.int64)


def centre_factors(scaling: Scaling, groups: Counts) -> float:
    """Centre the factors of each group, and return the least room that is left at a cell between groups."""
    height = len(scaling.up)
    sizes = np.bincount(groups)
    apart = np.not_equal.outer(groups[:height], groups[height:])
    single_rows, single_columns = sizes[groups[:height]] == 1, sizes[groups[height:]] == 1
    many = [group for group, size in enumerate(sizes.tolist()) if size > 1]
    least = 0.0
    for _ in range(ROUNDS):
        scaling.up += np.where(single_rows, _find_middle(scaling), 0)
        scaling.across += np.where(single_columns, _find_middle(scaling.build_transposed()), 0)
        for group in many:
            _centre_group(scaling, groups[:height] == group, groups[height:] == group)
        least = min(
            np.where(apart, scaling.room(), np.inf).min(), np.where(apart, scaling.rest(), np.inf).min()
        )
        if least > ENOUGH:
            break
    return float(least)


def _find_middle(scaling: Scaling) -> Floats:
    high = np.minimum(scaling.room().min(axis=1), WIDEST)
    low = np.maximum(-scaling.rest().min(axis=1), -WIDEST)
    return np.asarray((high + low) / 2)


def _centre_group(scaling: Scaling, rows: Counts, columns: Counts) -> None:
    room, rest = scaling.room(), scaling.rest()
    here, there = np.ix_(rows, ~columns), np.ix_(~rows, columns)
    high = min(room[here].min(initial=WIDEST), rest[there].min(initial=WIDEST))
    low = min(rest[here].min(initial=WIDEST), room[there].min(initial=WIDEST))
    scaling.up[rows] += (high - low) / 2
    scaling.across[columns] -= (high - low) / 2
