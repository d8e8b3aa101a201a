"""The result of a list as the list keeps it: without the people on it, who are rows of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.composition.check import TargetState
from domain.findings import Finding, Plain
from domain.selection.clashes import Clash
from domain.selection.prices import ListCost
from domain.selection.recount import Shortfall
from domain.selection.result import OptimalityGap, SelectionOutcome, SelectionResult, TargetPrice
from domain.snapshots import plain_record, read_fraction


class PlaceOutcome(StrEnum):
    """The outcome for one nomination."""

    CHOSEN = "chosen"
    ALTERNATE = "alternate"
    OFF = "off"
    """Excluded before the selection."""


@dataclass(frozen=True, slots=True)
class UnfilledSeats:
    """Seats that stay empty, since no eligible nominee was left; ``unit`` is the unit's code."""

    unit: str
    group: str
    seats: int


@dataclass(frozen=True, slots=True)
class UnitRequest:
    """A unit that could help by naming one more; ``sure``: each such nominee reduces what is missing."""

    finding: Finding
    sure: bool


@dataclass(frozen=True, slots=True)
class ClashSummary:
    """A clash as findings, without the lists that prove the relaxations, since those name people."""

    demands: tuple[Finding, ...]
    minimal: bool
    certified: bool
    relaxations: tuple[tuple[Finding, ...], ...]
    asks: tuple[UnitRequest, ...]

    def list_findings(self) -> list[Finding]:
        """Its demands, ways out and requests to units, one after the other."""
        ways = [finding for way in self.relaxations for finding in way]
        return [*self.demands, *ways, *(ask.finding for ask in self.asks)]

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "ClashSummary":
        """The clash from its plain form, that of ``plain_record``."""
        return cls(
            _read_findings(content["demands"]),
            content["minimal"],
            content["certified"],
            tuple(_read_findings(each) for each in content["relaxations"]),
            tuple(UnitRequest(Finding.read(each["finding"]), each["sure"]) for each in content["asks"]),
        )


@dataclass(frozen=True, slots=True)
class SelectionSummary:
    """The result of a list in numbers and findings.

    ``tied`` are the nominations among which a lot has to be drawn; then there is no ``digest`` and there are
    no ``states``, since they are of the one among equal lists that happened to be found. ``cost`` compares an
    edited list with the one before it. ``joined``, ``moved`` and ``unfilled`` are for a mended list.
    """

    outcome: SelectionOutcome
    digest: str | None = None
    score: int | None = None
    shortfalls: tuple[Shortfall, ...] = ()
    states: tuple[TargetState, ...] = ()
    gap: OptimalityGap | None = None
    prices: tuple[TargetPrice, ...] = ()
    hard_short: int = 0
    certified: bool = False
    nodes: int = 0
    clash: ClashSummary | None = None
    tied: tuple[str, ...] = ()
    cost: ListCost | None = None
    joined: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    unfilled: tuple[UnfilledSeats, ...] = ()
    findings: tuple[Finding, ...] = ()

    def plain(self) -> dict[str, Plain]:
        """The summary as plain data, as a selection stores it."""
        return plain_record(self)

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "SelectionSummary":
        """The inverse of ``plain()``."""
        cost, clash = content["cost"], content["clash"]
        return cls(
            **{
                **content,
                "outcome": SelectionOutcome(content["outcome"]),
                "shortfalls": _read_shortfalls(content["shortfalls"]),
                "states": tuple(TargetState.read(each) for each in content["states"]),
                "gap": _read_gap(content["gap"]),
                "prices": tuple(_read_price(each) for each in content["prices"]),
                "clash": None if clash is None else ClashSummary.read(clash),
                "cost": None if cost is None else _read_cost(cost),
                "unfilled": tuple(UnfilledSeats(**each) for each in content["unfilled"]),
                "findings": _read_findings(content["findings"]),
                **{name: tuple(content[name]) for name in ("tied", "joined", "moved")},
            }
        )


def summarize_result(found: SelectionResult) -> SelectionSummary:
    """The result of a list, without the people on it."""
    return SelectionSummary(
        outcome=found.outcome,
        digest=found.digest,
        score=found.score,
        shortfalls=found.shortfalls,
        states=found.states,
        gap=found.gap,
        prices=tuple(price for price in found.prices if price.points),
        hard_short=found.hard_short,
        certified=found.certified,
        nodes=found.nodes,
        findings=found.findings,
    )


def summarize_clash(why: Clash) -> ClashSummary:
    """A clash as findings."""
    return ClashSummary(
        tuple(demand.finding for demand in why.demands),
        why.minimal,
        why.certified,
        tuple(tuple(change.finding for change in each.changes) for each in why.relaxations),
        tuple(UnitRequest(ask.finding, ask.sure) for ask in why.asks),
    )


def _read_findings(content: Any) -> tuple[Finding, ...]:
    return tuple(Finding.read(each) for each in content)


def _read_shortfalls(content: Any) -> tuple[Shortfall, ...]:
    return tuple(Shortfall(**each) for each in content)


def _read_gap(content: Mapping[str, Any] | None) -> OptimalityGap | None:
    if content is None:
        return None
    return OptimalityGap(_read_shortfalls(content["shortfalls"]), content["score"])


def _read_price(content: Mapping[str, Any]) -> TargetPrice:
    return TargetPrice(content["target"], content["side"], read_fraction(content["points"]))


def _read_cost(content: Mapping[str, Any]) -> ListCost:
    joined, left = tuple(content["joined"]), tuple(content["left"])
    return ListCost(_read_shortfalls(content["shortfalls"]), content["points"], joined, left)
