"""Composition targets of an allocation: how many of a unit's seats are asked to be of each kind.

A target is split as the two values of one partition, "yes" and "no", so that its column is met exactly and
every unit's cell is the floor or the ceiling of its published fair share (docs/composition.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.composition.split import Row, split
from domain.findings import Finding
from domain.plans import Target, Tier
from domain.snapshots import exact

HEADS = "staff"
"""The measure whose parts ("staff.women") say how many people of a kind a unit has."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A target that is split over units: ``share`` of the seats or a ``count``, of which ``groups``.

    ``part`` is the dotted figure by which it is split; a unit that did not report it is taken by its seats.
    """

    target: str
    name: str
    bound: str
    part: str
    groups: tuple[str, ...]
    share: Fraction | None
    count: int | None
    hard: bool
    priority: int
    clause: str | None
    decision: str | None

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Ask":
        """The inverse of the snapshot's plain form."""
        share = content["share"]
        return cls(
            **{
                **content,
                "groups": tuple(content["groups"]),
                "share": None if share is None else exact(share),
            }
        )

    def wanted(self, seats: int) -> int:
        """How many of that many seats: a least share is rounded up, a greatest one down; never above them."""
        if self.count is not None:
            return min(self.count, seats)
        share = (self.share or Fraction(0)) * seats
        down = share.numerator // share.denominator
        up = -(-share.numerator // share.denominator)
        return up if self.bound == "at_least" else down


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's part of one target. ``by_seats`` marks that its figures were missing."""

    unit: str
    target: str
    fair_share: str
    seats: int
    by_seats: bool


def asks(tier: Tier) -> list[Ask]:
    """The targets of a tier that are split over units, the first by priority first."""
    filled = tuple(group.id for group in tier.seat_groups if group.filled_by == "units")
    return [_ask(target, filled) for target in _in_order(tier.targets) if target.split]


def shares(
    wanted: Sequence[Ask],
    seats: Mapping[tuple[str, str], int],
    figures: Mapping[str, Mapping[str, int]],
    *,
    seed: str,
) -> tuple[tuple[Share, ...], tuple[Finding, ...]]:
    """Each target split over the units that have seats in its groups, and what could not be split.

    ``seats`` is (unit, group) → seats; ``figures`` unit → measure → people; ``seed`` the published one that
    settles equal claims.
    """
    found: list[Share] = []
    findings: list[Finding] = []
    for ask in wanted:
        held: dict[str, int] = {}
        for (unit, group), places in seats.items():
            if group in ask.groups and places:
                held[unit] = held.get(unit, 0) + places
        if not held:
            continue
        total = sum(held.values())
        yes = ask.wanted(total)
        rows = [_row(unit, places, figures.get(unit, {}), ask.part) for unit, places in held.items()]
        answer = split(rows, {"no": total - yes, "yes": yes}, seed=f"{seed}/{ask.target}")
        findings += answer.findings
        found += [
            Share(cell.unit, ask.target, cell.fair_share, cell.seats, cell.by_seats)
            for cell in answer.cells()
            if cell.value == "yes"
        ]
    return tuple(found), tuple(findings)


def _ask(target: Target, filled: tuple[str, ...]) -> Ask:
    return Ask(
        target=target.id,
        name=target.name,
        bound=target.bound,
        part=target.part or "",
        groups=tuple(group for group in filled if not target.groups or group in target.groups),
        share=target.share,
        count=target.count,
        hard=target.hard,
        priority=target.priority,
        clause=target.clause,
        decision=target.decision,
    )


def _row(unit: str, seats: int, known: Mapping[str, int], part: str) -> Row:
    people = {"yes": known[part]} if part in known else None
    return Row(unit, seats, people, known.get(HEADS) if people is not None else None)


def _in_order(targets: Sequence[Target]) -> list[Target]:
    return sorted(targets, key=lambda target: (not target.hard, target.priority, target.id))
