"""Composition targets of an allocation: how many of a unit's seats are asked to be of each kind.

Targets of the same seat groups are split together: each column is met exactly, every unit's cell is the floor
or the ceiling of its published fair share, and the plan's stacking limit keeps small units from being told to
send one person who is everything at once (docs/composition.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from domain.composition.overlapping_targets import YES, UnitStaff, split_targets
from domain.composition.overlapping_targets import TargetSeats as Places
from domain.findings import Finding
from domain.plans import Target, Tier
from domain.snapshots import read_fraction

STAFF_MEASURE = "staff"
"""The measure whose parts ("staff.women") say how many people of a kind a unit has."""


@dataclass(frozen=True, slots=True)
class SplitTarget:
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
    def read_plain(cls, content: Mapping[str, Any]) -> "SplitTarget":
        """The inverse of the snapshot's plain form."""
        share = content["share"]
        return cls(
            **{
                **content,
                "groups": tuple(content["groups"]),
                "share": None if share is None else read_fraction(share),
            }
        )

    def compute_wanted_seats(self, seats: int) -> int:
        """How many of that many seats: a least share is rounded up, a greatest one down; never above them."""
        if self.count is not None:
            return min(self.count, seats)
        share = (self.share or Fraction(0)) * seats
        down = share.numerator // share.denominator
        up = -(-share.numerator // share.denominator)
        return up if self.bound == "at_least" else down


@dataclass(frozen=True, slots=True)
class TargetShare:
    """One unit's part of one target. ``by_seats`` marks that its figures were missing."""

    unit: str
    target: str
    fair_share: str
    seats: int
    by_seats: bool


def list_split_targets(tier: Tier) -> list[SplitTarget]:
    """The targets of a tier that are split over units, the first by priority first."""
    filled = tuple(group.id for group in tier.seat_groups if group.filled_by == "units")
    return [_build_split_target(target, filled) for target in _sort_targets(tier.targets) if target.split]


def compute_target_shares(
    wanted: Sequence[SplitTarget],
    seats: Mapping[tuple[str, str], int],
    figures: Mapping[str, Mapping[str, int]],
    *,
    seed: str,
    limit: int | None = None,
) -> tuple[tuple[TargetShare, ...], tuple[Finding, ...]]:
    """Each target split over the units that have seats in its groups, and what gave way or could not be.

    ``seats`` is (unit, group) → seats; ``figures`` unit → measure → people; ``seed`` the published one that
    settles equal claims; ``limit`` how many demands a seat may bear.
    """
    found: list[TargetShare] = []
    findings: list[Finding] = []
    for groups in dict.fromkeys(ask.groups for ask in wanted):
        held: dict[str, int] = {}
        for (unit, group), places in seats.items():
            if group in groups and places:
                held[unit] = held.get(unit, 0) + places
        if not held:
            continue
        together = [ask for ask in wanted if ask.groups == groups]
        staff = [_build_staff(unit, places, figures.get(unit, {}), together) for unit, places in held.items()]
        total = sum(held.values())
        asked = [
            Places(ask.target, ask.compute_wanted_seats(total), ask.hard, ask.priority, ask.by_hand)
            for ask in together
        ]
        stacked = split_targets(staff, asked, seed=seed, limit=limit)
        findings += stacked.findings
        for target, answer in stacked.splits.items():
            findings += answer.findings
            found += [
                TargetShare(cell.unit, target, cell.fair_share, cell.seats, cell.by_seats)
                for cell in answer.list_cells()
                if cell.value == YES
            ]
    return tuple(found), tuple(findings)


def _build_split_target(target: Target, filled: tuple[str, ...]) -> SplitTarget:
    return SplitTarget(
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


def _build_staff(unit: str, seats: int, known: Mapping[str, int], wanted: Sequence[SplitTarget]) -> UnitStaff:
    people = {ask.target: known[ask.part] for ask in wanted if ask.part in known}
    return UnitStaff(unit, seats, people, known.get(STAFF_MEASURE))


def _sort_targets(targets: Sequence[Target]) -> list[Target]:
    return sorted(targets, key=lambda target: (not target.hard, target.priority, target.id))
