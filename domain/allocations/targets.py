"""Composition targets of an allocation: how many of a unit's seats are asked for each kind of person.

Targets for the same seat groups are split together. Each column adds up exactly to its target, and every
unit's cell is its published fair share, rounded down or up. The plan's stacking limit prevents that a small
unit must send one person who meets all targets together (docs/composition.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from domain.composition.overlapping_targets import YES, UnitStaff, certify_target, split_targets
from domain.composition.overlapping_targets import TargetSeats as WantedSeats
from domain.findings import Finding
from domain.plans import Target, Tier
from domain.snapshots import read_fraction

STAFF_MEASURE = "staff"
"""The measure whose parts (such as "staff.women") are the numbers of people of each kind in a unit."""


@dataclass(frozen=True, slots=True)
class SplitTarget:
    """A target that is split over units: a ``share`` of the seats of ``groups``, or a ``count`` of them.

    ``part`` is the dotted name of the figure by which it is split; for a unit that did not report it, the
    number of seats is used. ``by_hand`` is unit → people asked of that unit before the rest is split.
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
        """The target in seats: "at least" is rounded up, "at most" down; never more than ``seats``."""
        if self.count is not None:
            return min(self.count, seats)
        share = (self.share or Fraction(0)) * seats
        floor = share.numerator // share.denominator
        ceiling = -(-share.numerator // share.denominator)
        return ceiling if self.bound == "at_least" else floor


@dataclass(frozen=True, slots=True)
class TargetShare:
    """One unit's part of one target. ``by_seats`` marks that its figures were missing."""

    unit: str
    target: str
    fair_share: str
    seats: int
    by_seats: bool


def list_split_targets(tier: Tier) -> list[SplitTarget]:
    """The targets of a tier that are split over units: hard targets first, then by priority."""
    filled = tuple(group.id for group in tier.seat_groups if group.filled_by == "units")
    return [_build_split_target(target, filled) for target in _sort_targets(tier.targets) if target.split]


@dataclass(frozen=True, slots=True)
class TargetCertificate:
    """What proves the split of one target; ``None`` where the guard for small units changed it, or its shares
    could not be proven."""

    target: str
    certificate: Mapping[str, Any] | None

    def proves(self, stored: Mapping[tuple[str, str], tuple[str, int]]) -> bool:
        """Whether the certificate has the stored split: (target, unit) → fair share and seats."""
        own = {unit: part for (target, unit), part in stored.items() if target == self.target}
        rows = () if self.certificate is None else self.certificate["rows"]
        told = {row["unit"]: (row["shares"][YES], row["places"][YES]) for row in rows if "shares" in row}
        return told == own


def compute_target_shares(
    wanted: Sequence[SplitTarget],
    seats: Mapping[tuple[str, str], int],
    figures: Mapping[str, Mapping[str, int]],
    *,
    seed: str,
    limit: int | None = None,
) -> tuple[tuple[TargetShare, ...], tuple[Finding, ...]]:
    """Split each target over the units with seats in its groups; findings name targets that could not be met.

    ``seats`` is (unit, group) → seats; ``figures`` is unit → measure → people; ``seed`` is the published seed
    that settles equal claims; ``limit`` is the most demands on one seat.
    """
    found: list[TargetShare] = []
    findings: list[Finding] = []
    for together in _list_questions(wanted, seats, figures):
        stacked = split_targets(together.staff, together.asked, seed=seed, limit=limit)
        findings += stacked.findings
        for target, answer in stacked.splits.items():
            findings += answer.findings
            found += [
                TargetShare(cell.unit, target, cell.fair_share, cell.seats, cell.by_seats)
                for cell in answer.list_cells()
                if cell.value == YES
            ]
    return tuple(found), tuple(findings)


def certify_target_shares(
    wanted: Sequence[SplitTarget],
    seats: Mapping[tuple[str, str], int],
    figures: Mapping[str, Mapping[str, int]],
    *,
    seed: str,
    limit: int | None = None,
) -> tuple[TargetCertificate, ...]:
    """What proves the answer of :func:`compute_target_shares` to the same arguments, target by target."""
    found: list[TargetCertificate] = []
    for together in _list_questions(wanted, seats, figures):
        splits = split_targets(together.staff, together.asked, seed=seed, limit=limit).splits
        found += [
            TargetCertificate(ask.target, certify_target(together.staff, ask, splits[ask.target]))
            for ask in together.asked
        ]
    return tuple(found)


def keep_matching_certificates(
    found: Sequence[TargetCertificate], stored: Mapping[tuple[str, str], tuple[str, int]]
) -> list[TargetCertificate]:
    """The certificates, without those that prove another split than the stored one.

    ``stored`` is (target, unit) → fair share and seats.
    """
    return [each if each.proves(stored) else replace(each, certificate=None) for each in found]


@dataclass(frozen=True, slots=True)
class _SplitQuestion:
    """Targets that are split together, and the units that have seats in their groups."""

    staff: Sequence[UnitStaff]
    asked: Sequence[WantedSeats]


def _list_questions(
    wanted: Sequence[SplitTarget],
    seats: Mapping[tuple[str, str], int],
    figures: Mapping[str, Mapping[str, int]],
) -> Iterator[_SplitQuestion]:
    for groups in dict.fromkeys(ask.groups for ask in wanted):
        unit_seats: dict[str, int] = {}
        for (unit, group), places in seats.items():
            if group in groups and places:
                unit_seats[unit] = unit_seats.get(unit, 0) + places
        if not unit_seats:
            continue
        together = [ask for ask in wanted if ask.groups == groups]
        staff = [
            _build_staff(unit, places, figures.get(unit, {}), together) for unit, places in unit_seats.items()
        ]
        total = sum(unit_seats.values())
        asked = [
            WantedSeats(ask.target, ask.compute_wanted_seats(total), ask.hard, ask.priority, ask.by_hand)
            for ask in together
        ]
        yield _SplitQuestion(staff, asked)


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
