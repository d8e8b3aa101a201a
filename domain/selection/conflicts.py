"""Conflicts: why there is no list, or why a list misses a target."""

from domain.selection.clashes import Clash
from domain.selection.faults import expect_valid_pool
from domain.selection.pool import Pool
from domain.selection.proven_selection import MAX_NODES
from domain.selection.result import SelectionResult


def find_hard_clash(pool: Pool, *, nodes: int = MAX_NODES) -> Clash | None:
    """Why no list keeps the hard rules of ``pool``; ``None`` when a list does, or the budget ends before this
    is known.

    :raises Invalid: ``selection_invalid``, as :func:`domain.selection.select_list` does.
    """
    expect_valid_pool(pool)
    from domain.selection.search.conflict_search import search_hard_clash

    return search_hard_clash(pool, nodes)


def find_soft_clash(
    pool: Pool, selection: SelectionResult, target: str, *, nodes: int = MAX_NODES
) -> Clash | None:
    """Why a soft ``target`` falls short in a proven ``selection``: the demands with which it clashes.

    The hard rules count, and the targets of its own and of earlier priorities as far as the list keeps them.
    ``None`` when the target does not fall short.
    """
    expect_valid_pool(pool)
    from domain.selection.search.conflict_search import search_soft_clash

    return search_soft_clash(pool, selection, target, nodes)
