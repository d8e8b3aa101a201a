"""What a selection answers."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from domain.composition.check import TargetState
from domain.findings import Finding
from domain.selection.recount import Shortfall
from domain.snapshots import compute_digest

if TYPE_CHECKING:
    from domain.selection.explanation import Explanation


class SelectionOutcome(StrEnum):
    """How far a selection came."""

    PROVEN = "proven"
    """This is the one best list."""
    BEST_SO_FAR = "best_so_far"
    """The budget ended; the list keeps what is hard, and ``gap`` says how far from the best it may be."""
    UNFINISHED = "unfinished"
    """The budget ended, or the solver failed, before any list was met. Nothing follows about the pool."""
    INFEASIBLE = "infeasible"
    """No list keeps what is hard (:mod:`domain.selection.conflicts` says why)."""


@dataclass(frozen=True, slots=True)
class OptimalityGap:
    """What is proven about every list: no vector of shortfalls undercuts ``shortfalls``, and no list with
    exactly these exceeds ``score`` (``None``: nothing is known)."""

    shortfalls: tuple[Shortfall, ...]
    score: int | None


@dataclass(frozen=True, slots=True)
class SearchStep:
    """One stage of the work, for those who want to see it: ``searches`` of cores over ``open`` nominees.

    ``value`` is what the list reaches and ``most`` what none can exceed; for shortfalls both with a minus.
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
    """What one person of one side of a target costs about, in points of the score.

    An estimate from the relaxation; :func:`domain.selection.prices.price` gives the exact one.
    """

    target: str
    side: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class SelectionResult:
    """A proposal: ``chosen`` ids in their order, what it reaches, and what is known about all others.

    ``hard_short`` is, of an infeasible pool, a number of persons by which every list falls short of what is
    hard. ``certified`` says that this follows from multipliers alone, checked in whole numbers. ``nodes`` is
    what was spent of the budget.
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
    explanation: "Explanation | None" = field(default=None, compare=False, repr=False)

    @property
    def is_adoptable(self) -> bool:
        """Only what is proven is adopted, and promised to come out again."""
        return self.outcome is SelectionOutcome.PROVEN

    @property
    def vector(self) -> tuple[int, ...]:
        """What lists are compared by, smaller first: shortfalls by priority, and the score with a minus."""
        return (*(each.short for each in self.shortfalls), -self.score)

    @property
    def digest(self) -> str:
        """SHA-256 over outcome, list, shortfalls and score: the same pool always has the same."""
        return compute_digest(
            {
                "outcome": self.outcome.value,
                "chosen": list(self.chosen),
                "shortfalls": [[each.priority, each.short] for each in self.shortfalls],
                "score": self.score,
            }
        )
