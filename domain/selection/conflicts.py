"""Conflicts: which demands clash, what is reachable instead, and which units could help.

A conflict is minimal: no list keeps all its demands, but without any one of them there is a list. The numbers
of seats, and the persons fixed by office or by a conference's vote, are never part of a conflict.
"""

from dataclasses import dataclass
from typing import Literal

from domain.findings import Finding, Plain, Severity
from domain.selection.faults import expect_valid_pool
from domain.selection.pool import Pool
from domain.selection.proven_selection import MAX_NODES
from domain.selection.result import SelectionResult

DemandKind = Literal["target", "pair", "pin"]


@dataclass(frozen=True, slots=True)
class Demand:
    """One part of a conflict: a side of a target (``ids`` its id, ``side``), a pair, or a pinned person."""

    kind: DemandKind
    ids: tuple[str, ...]
    side: str = ""

    @property
    def finding(self) -> Finding:
        """The same as code and parameters."""
        params: dict[str, Plain] = {"ids": list(self.ids), "side": self.side}
        return Finding(f"selection_clash_{self.kind}", params)


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One side of a target, changed from ``wanted`` to ``reachable`` persons, which a list can keep."""

    target: str
    side: str
    wanted: int
    reachable: int

    @property
    def finding(self) -> Finding:
        """The same as code and parameters."""
        params: dict[str, Plain] = {
            "target": self.target, "side": self.side, "wanted": self.wanted, "reachable": self.reachable
        }  # fmt: skip
        return Finding("selection_reachable", params, severity=Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Changes with which a list can keep all hard rules; ``witness`` is such a list."""

    changes: tuple[TargetChange, ...]
    witness: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NominationRequest:
    """A quota with ``room`` seats for which it has no nominee who meets all clashing minima: one more such
    nominee would help. ``sure`` when a single minimum clashes with the pool, so that each such nominee
    reduces its shortfall by one."""

    unit: str
    group: str
    room: int
    sure: bool

    @property
    def finding(self) -> Finding:
        """The same as code and parameters."""
        params: dict[str, Plain] = {"unit": self.unit, "group": self.group, "room": self.room}
        return Finding("selection_ask_unit", params, severity=Severity.INFO)


@dataclass(frozen=True, slots=True)
class Clash:
    """Why there is no list.

    ``minimal`` is false only when the budget ended first. ``certified``: it follows from multipliers in whole
    numbers that no list keeps the demands. ``relaxations``: each is sufficient alone; first those of one
    target, then the one over all targets with the fewest persons. ``asks``: the most room first.
    """

    demands: tuple[Demand, ...]
    minimal: bool
    certified: bool
    relaxations: tuple[Relaxation, ...]
    asks: tuple[NominationRequest, ...]


def find_hard_clash(pool: Pool, *, nodes: int = MAX_NODES) -> Clash | None:
    """Why no list keeps the hard rules of ``pool``; ``None`` when a list does, or the budget ends before this
    is known.

    :raises Invalid: ``selection_invalid``, as :func:`domain.selection.select_list` does.
    """
    expect_valid_pool(pool)
    from domain.selection.conflict_search import search_hard_clash

    return search_hard_clash(pool, nodes)


def find_soft_clash(
    pool: Pool, selection: SelectionResult, target: str, *, nodes: int = MAX_NODES
) -> Clash | None:
    """Why a soft ``target`` falls short in a proven ``selection``: the demands with which it clashes.

    The hard rules count, and the targets of its own and of earlier priorities as far as the list keeps them.
    ``None`` when the target does not fall short.
    """
    expect_valid_pool(pool)
    from domain.selection.conflict_search import search_soft_clash

    return search_soft_clash(pool, selection, target, nodes)
