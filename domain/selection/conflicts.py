"""When it cannot be done: which demands clash, what is within reach, and who could change it.

A conflict is minimal: no list keeps all of it, and leaving any one part out lets a list be found (seats and
what is settled by office or by a conference's vote stand in any case).
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
    """One side of a target, taken to where a list can keep it."""

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
    """Changes that together let a list keep all that is hard; ``witness`` is such a list."""

    changes: tuple[TargetChange, ...]
    witness: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NominationRequest:
    """A quota with ``room`` seats that none of its nominees can fill in the sense of the clashing minima:
    one nominee more who meets them all would help. ``sure`` when a single minimum clashes with the pool, so
    that each such nominee brings it one nearer."""

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

    ``minimal`` is false only when the budget ended first. ``certified``: that no list keeps the demands
    follows from multipliers in whole numbers. ``relaxations``: each alone suffices, those of one target
    before the one of least persons over all targets. ``asks`` with most room first.
    """

    demands: tuple[Demand, ...]
    minimal: bool
    certified: bool
    relaxations: tuple[Relaxation, ...]
    asks: tuple[NominationRequest, ...]


def find_hard_clash(pool: Pool, *, nodes: int = MAX_NODES) -> Clash | None:
    """Why no list keeps the hard rules of ``pool``; ``None`` when one does, or the budget ends before it is
    known.

    :raises Invalid: ``selection_invalid``, as :func:`domain.selection.select` does.
    """
    expect_valid_pool(pool)
    from domain.selection.conflict_search import search_hard_clash

    return search_hard_clash(pool, nodes)


def find_soft_clash(
    pool: Pool, selection: SelectionResult, target: str, *, nodes: int = MAX_NODES
) -> Clash | None:
    """Why a soft ``target`` falls short in a proven ``selection``: what it clashes with.

    Hard rules and the targets of its own and of earlier priorities stand as the list keeps them. ``None``
    when the target does not fall short.
    """
    expect_valid_pool(pool)
    from domain.selection.conflict_search import search_soft_clash

    return search_soft_clash(pool, selection, target, nodes)
