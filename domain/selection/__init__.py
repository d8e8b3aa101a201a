"""The selection of a conference's list: hard rules, targets by priority, score, lot; proven, and explained.

:func:`select` is the way in; ``docs/selection.md`` says what is promised.
"""

from domain.selection.faults import faults
from domain.selection.lots import alternates, draw
from domain.selection.model import Hold, Nominee, Pool, Quota, cells, holds
from domain.selection.recount import Recount, Shortfall, recount
from domain.selection.result import Gap, Outcome, Price, Selection, Step
from domain.selection.scoring import Formula
from domain.selection.solve import NODES, Miscounted, select

__all__ = [
    "NODES",
    "Formula",
    "Gap",
    "Hold",
    "Miscounted",
    "Nominee",
    "Outcome",
    "Pool",
    "Price",
    "Quota",
    "Recount",
    "Selection",
    "Shortfall",
    "Step",
    "alternates",
    "cells",
    "draw",
    "faults",
    "holds",
    "recount",
    "select",
]
