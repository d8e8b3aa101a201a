"""What a selection starts from: quotas, nominees, targets, and what the council has laid down by hand.

A pool is plain data and complete: the same pool gives the same list, whoever reads it and in which order its
parts stand. :func:`domain.selection.faults.faults` says what cannot be right about one.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.composition.criteria import PersonRecord
from domain.composition.targets import CompositionTarget, Scope

MOST_SCORE = 1_000_000
"""Scores lie between minus this and this: so many points are told apart exactly, and no plan needs more."""
MOST_WEIGHT = 1_000
"""The greatest weight of a target within its priority."""


class NomineeStatus(StrEnum):
    """What is settled about a nominee before anything is chosen."""

    FREE = "free"
    """Nothing: the selection decides."""
    EX_OFFICIO = "ex_officio"
    """Sits by an office."""
    PASSED = "passed"
    """On a list that a conference passed within its seats."""
    SEATED = "seated"
    """Holds a seat already fixed."""
    PINNED = "pinned"
    """The council wants this person on the list."""
    DROPPED = "dropped"
    """The council does not want this person on the list."""
    INELIGIBLE = "ineligible"
    """Does not meet the conditions for the seat."""
    ELSEWHERE = "elsewhere"
    """Goes to another congress already, and the plan lets nobody go to both."""

    @property
    def is_seated(self) -> bool:
        """Whether the person is on the list whatever is chosen."""
        return self in _SEATED_STATUSES

    @property
    def is_excluded(self) -> bool:
        """Whether the person is off the list whatever is chosen."""
        return self in _EXCLUDED_STATUSES


_SEATED_STATUSES = frozenset(
    {NomineeStatus.EX_OFFICIO, NomineeStatus.PASSED, NomineeStatus.SEATED, NomineeStatus.PINNED}
)
_EXCLUDED_STATUSES = frozenset({NomineeStatus.DROPPED, NomineeStatus.INELIGIBLE, NomineeStatus.ELSEWHERE})


@dataclass(frozen=True, slots=True)
class PoolQuota:
    """The seats of one unit in one seat group.

    ``empty`` of the ``seats`` stay unfilled by decision. ``passed``: the unit's conference passed its list
    and nobody has reopened it, so that as many nominees as seats, or fewer, are all fixed. ``nominee_limit``
    is how many the unit may name; ``None`` sets no limit.
    """

    unit: str
    seats: int
    group: str = ""
    bloc: str = ""
    empty: int = 0
    passed: bool = False
    nominee_limit: int | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Unit and group: what names a quota."""
        return self.unit, self.group

    @property
    def seats_to_fill(self) -> int:
        """Seats to fill."""
        return self.seats - self.empty


@dataclass(frozen=True, slots=True)
class Nominee:
    """One person named for a seat.

    ``score`` is the plan's (:mod:`domain.selection.scoring`). ``lot`` is the place in the order in which the
    names were drawn, from 1; who has none comes after those who do, by id. ``person`` tells people apart who
    stand in two lists (the record's id if it is ``None``); ``collective`` is whom the person stands for.
    """

    record: PersonRecord
    score: int = 0
    lot: int | None = None
    hold: NomineeStatus = NomineeStatus.FREE
    person: str | None = None
    collective: str | None = None

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def place(self) -> tuple[str, str]:
        """Unit and group of the quota this person is named for."""
        return self.record.unit, self.record.group


@dataclass(frozen=True, slots=True)
class Pool:
    """Everything a selection depends on.

    ``apart`` are pairs of nominees who may not both be chosen. ``size`` is the number of seats of the
    conference, if it is known apart from the quotas. ``weights`` are those of targets within their priority
    (1 without one). ``elsewhere`` are persons another congress chain sends already; they are out unless
    ``both_chains``. ``codes`` and ``partitions`` are passed on to
    :func:`domain.composition.targets.faults`.
    """

    quotas: Sequence[PoolQuota]
    nominees: Sequence[Nominee]
    targets: Sequence[CompositionTarget] = ()
    apart: Sequence[tuple[str, str]] = ()
    size: int | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    both_chains: bool = False
    codes: Mapping[str, Collection[str]] | None = None
    partitions: Sequence[Sequence[str]] = ()

    def sizes(self) -> dict[str, int]:
        """Target id → seats to fill in its scope, of which its shares are taken."""
        filled = {
            scope: sum(quota.seats_to_fill for quota in self.quotas if scope.contains(quota))
            for scope in {target.scope for target in self.targets}
        }
        return {target.id: filled[target.scope] for target in self.targets}

    def derive_weight(self, target: str) -> int:
        """What one person short of ``target`` weighs within its priority."""
        return self.weights.get(target, 1)


def list_statuses(pool: Pool) -> list[NomineeStatus]:
    """What is settled about each nominee, in the order of the pool: by hand, by the conference's vote, or
    because another chain sends the person."""
    passed = _list_passed_places(pool) if any(quota.passed for quota in pool.quotas) else set()
    barred = frozenset() if pool.both_chains else pool.elsewhere
    if not passed and not barred:
        return [nominee.hold for nominee in pool.nominees]
    return [_derive_status(nominee, passed, barred) for nominee in pool.nominees]


def _list_passed_places(pool: Pool) -> set[tuple[str, str]]:
    """Places whose list was passed within the seats."""
    standing = Counter(nominee.place for nominee in pool.nominees if not nominee.hold.is_excluded)
    return {
        quota.place for quota in pool.quotas if quota.passed and standing[quota.place] <= quota.seats_to_fill
    }


def _derive_status(nominee: Nominee, passed: set[tuple[str, str]], barred: frozenset[str]) -> NomineeStatus:
    if nominee.hold is not NomineeStatus.FREE:
        return nominee.hold
    if barred and (nominee.person or nominee.id) in barred:
        return NomineeStatus.ELSEWHERE
    return NomineeStatus.PASSED if passed and nominee.place in passed else NomineeStatus.FREE


def build_unit_targets(
    target: CompositionTarget, seats: Mapping[str, int], *, binding: bool
) -> tuple[CompositionTarget, ...]:
    """The split of ``target`` as targets of single units: unit → persons, as the split published them.

    They are hard where the plan says that the split binds each unit (``binding``), else soft with the
    priority of the target. A target with a maximum gives maxima, any other minima.
    """
    upper = target.at_least is None and target.share is None
    return tuple(
        CompositionTarget(
            id=f"{target.id}/{unit}",
            criterion=target.criterion,
            at_least=None if upper else persons,
            at_most=persons if upper else None,
            hard=binding,
            priority=target.priority,
            scope=Scope("unit", frozenset({unit})),
            clause=target.clause,
        )
        for unit, persons in sorted(seats.items())
        if persons or upper
    )
