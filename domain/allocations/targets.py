"""Composition targets of an allocation: how many of a unit's seats are asked to be of each kind.

Targets of the same seat groups are split together: each column is met exactly, every unit's cell is the floor
or the ceiling of its published fair share, and the plan's stacking limit keeps small units from being told to
send one person who is everything at once (docs/composition.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from domain.composition.stacking import YES, Staff, split_targets
from domain.composition.stacking import Ask as Places
from domain.findings import Finding
from domain.plans import Target, Tier
from domain.snapshots import exact

HEADS = "staff"
"""The measure whose parts ("staff.women") say how many people of a kind a unit has."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A target that is split over units: ``share`` of the seats or a ``count``, of which ``groups``.

    ``part`` is the dotted figure by which it is split; a unit that did not report it is taken by its seats.
    ``by_hand`` is unit → people who are asked of named units first.
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
    by_hand: Mapping[str, int] = field(default_factory=dict)

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
    limit: int | None = None,
) -> tuple[tuple[Share, ...], tuple[Finding, ...]]:
    """Each target split over the units that have seats in its groups, and what gave way or could not be.

    ``seats`` is (unit, group) → seats; ``figures`` unit → measure → people; ``seed`` the published one that
    settles equal claims; ``limit`` how many demands a seat may bear.
    """
    found: list[Share] = []
    findings: list[Finding] = []
    for groups in dict.fromkeys(ask.groups for ask in wanted):
        held: dict[str, int] = {}
        for (unit, group), places in seats.items():
            if group in groups and places:
                held[unit] = held.get(unit, 0) + places
        if not held:
            continue
        together = [ask for ask in wanted if ask.groups == groups]
        staff = [_staff(unit, places, figures.get(unit, {}), together) for unit, places in held.items()]
        total = sum(held.values())
        asked = [
            Places(ask.target, ask.wanted(total), ask.hard, ask.priority, ask.by_hand) for ask in together
        ]
        stacked = split_targets(staff, asked, seed=seed, limit=limit)
        findings += stacked.findings
        for target, answer in stacked.splits.items():
            findings += answer.findings
            found += [
                Share(cell.unit, target, cell.fair_share, cell.seats, cell.by_seats)
                for cell in answer.cells()
                if cell.value == YES
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
        by_hand=target.by_hand,
    )


def _staff(unit: str, seats: int, known: Mapping[str, int], wanted: Sequence[Ask]) -> Staff:
    people = {ask.target: known[ask.part] for ask in wanted if ask.part in known}
    return Staff(unit, seats, people, known.get(HEADS))


def _in_order(targets: Sequence[Target]) -> list[Target]:
    return sorted(targets, key=lambda target: (not target.hard, target.priority, target.id))
