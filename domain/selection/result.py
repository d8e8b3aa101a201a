"""The result of a selection."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from domain.composition.check import TargetState
from domain.findings import Finding
from domain.selection.explanation import Explanation
from domain.selection.recount import Shortfall
from domain.snapshots import compute_digest

Side = Literal["least", "most"]
"""A side of a target: its minimum or its maximum."""


class SelectionOutcome(StrEnum):
    """The outcome of a selection."""

    PROVEN = "proven"
    """The list is proven to be the one best list."""
    BEST_SO_FAR = "best_so_far"
    """The budget ended; the list keeps all hard rules, and ``gap`` bounds its distance from the best list."""
    UNFINISHED = "unfinished"
    """The budget ended, or the solver failed, before any list was found. Nothing follows about the pool."""
    INFEASIBLE = "infeasible"
    """No list keeps all hard rules (:mod:`domain.selection.conflicts` finds the reason)."""


@dataclass(frozen=True, slots=True)
class OptimalityGap:
    """What is proven about every list: its shortfalls are not better than ``shortfalls``, and if they are
    equal to these, its score is at most ``score`` (``None``: no bound is known)."""

    shortfalls: tuple[Shortfall, ...]
    score: int | None


@dataclass(frozen=True, slots=True)
class SearchStep:
    """One stage of the search, for inspection: ``searches`` of cores among ``open`` nominees.

    ``core`` is the number of columns of the last core, ``rounds`` the number of linear programs. ``value`` is
    the objective of the list, and ``most`` the upper bound for all lists; both are negative for shortfalls.
    """

    stage: str
    open: int
    core: int
    rounds: int
    searches: int
    value: int | None
    most: int


@dataclass(frozen=True, slots=True)
class TargetPrice:
    """The approximate cost of one person of one side of a target, in points of the score.

    An estimate from the relaxation; :func:`domain.selection.prices.price_target` computes the exact price.
    """

    target: str
    side: Side
    points: Fraction


@dataclass(frozen=True, slots=True)
class SelectionResult:
    """A proposed list: ``chosen`` ids in their order, its score and shortfalls, and the bounds for all lists.

    ``hard_short`` is, for an infeasible pool, a number of persons by which every list misses the hard rules.
    ``certified``: this follows from multipliers alone, checked in whole numbers. ``nodes`` is the spent part
    of the budget.
    """

    outcome: SelectionOutcome
    chosen: tuple[str, ...]
    score: int
    shortfalls: tuple[Shortfall, ...]
    states: tuple[TargetState, ...]
    gap: OptimalityGap
    prices: tuple[TargetPrice, ...] = ()
    hard_short: int = 0
    certified: bool = False
    nodes: int = 0
    steps: tuple[SearchStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    explanation: Explanation | None = field(default=None, compare=False, repr=False)

    @property
    def vector(self) -> tuple[int, ...]:
        """The numbers by which lists are compared, smaller first: shortfalls by priority, then minus the
        score."""
        return (*(each.short for each in self.shortfalls), -self.score)

    @property
    def digest(self) -> str:
        """SHA-256 of outcome, list and score; equal pools always have the same digest.

        It is told to readers who may not read what is sealed. So it leaves out the shortfalls: whoever knows
        the list would find them by trying.
        """
        return compute_digest(
            {
                "outcome": self.outcome.value,
                "chosen": list(self.chosen),
                "score": self.score,
            }
        )
