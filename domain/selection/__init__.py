"""The selection of a conference's list: hard rules, targets by priority, score, lot; proven and explained.

:func:`select_list` is the entry point; ``docs/selection.md`` documents its guarantees.
"""

from domain.selection.faults import check_pool
from domain.selection.lots import map_alternates_by_place
from domain.selection.pool import Nominee, NomineeStatus, Pool, PoolQuota, build_unit_targets, list_statuses
from domain.selection.proven_selection import MAX_NODES, RecountMismatch, select_list
from domain.selection.recount import Recount, Shortfall, recount_list
from domain.selection.result import OptimalityGap, SearchStep, SelectionOutcome, SelectionResult, TargetPrice
from domain.selection.score_formula import ScoreFormula

__all__ = [
    "MAX_NODES",
    "Nominee",
    "NomineeStatus",
    "OptimalityGap",
    "Pool",
    "PoolQuota",
    "Recount",
    "RecountMismatch",
    "ScoreFormula",
    "SearchStep",
    "SelectionOutcome",
    "SelectionResult",
    "Shortfall",
    "TargetPrice",
    "build_unit_targets",
    "check_pool",
    "list_statuses",
    "map_alternates_by_place",
    "recount_list",
    "select_list",
]
