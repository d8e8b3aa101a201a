"""Clashes: demands that no list can keep together, what is reachable instead, and whom to ask.

A clash is minimal: no list keeps all its demands, but without any one of them there is a list. The numbers of
seats, and the persons fixed by office or by a conference's vote, are never part of it.
"""

from dataclasses import dataclass
from typing import Literal

from domain.findings import Finding, Plain, Severity

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
        return Finding(f"selection_clash_{self.kind}", params, severity=Severity.WARNING)


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
