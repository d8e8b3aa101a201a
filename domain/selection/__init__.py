"""The selection of a conference's list: hard rules, targets by priority, score, lot; proven and explained.

:func:`select_list` is the entry point; ``docs/selection.md`` documents its guarantees.
"""

from domain.selection.faults import check_pool
from domain.selection.lots import map_alternates_by_place
from domain.selection.pool import Nominee, NomineeStatus, Pool, PoolQuota, build_unit_targets, list_statuses
from domain.selection.proven_selection import MAX_NODES, select_list
from domain.selection.result import SelectionOutcome, SelectionResult
from domain.selection.score_formula import ScoreFormula

__all__ = [
    "MAX_NODES",
    "Nominee",
    "NomineeStatus",
    "Pool",
    "PoolQuota",
    "ScoreFormula",
    "SelectionOutcome",
    "SelectionResult",
    "build_unit_targets",
    "check_pool",
    "list_statuses",
    "map_alternates_by_place",
    "select_list",
]
