"""The inputs of a selection: quotas, nominees, targets, and the council's decisions by hand.

A pool is plain data and complete: the same pool gives the same list, for any reader and any order of its
parts. :func:`domain.selection.faults.check_pool` finds the faults of a pool.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.composition.criteria import PersonRecord
from domain.composition.targets import CompositionTarget, Scope

PlaceKey = tuple[str, str]
"""Unit and seat group: the key of a quota and of its seats (a place)."""
MOST_SCORE = 1_000_000
"""Scores are between minus this number and this number; the search is exact for such scores, and no plan
needs larger ones."""
MOST_WEIGHT = 1_000
"""The greatest weight of a target within its priority."""


class NomineeStatus(StrEnum):
    """The decision about a nominee before the selection."""

    FREE = "free"
    """None: the selection decides."""
    EX_OFFICIO = "ex_officio"
    """Delegate by office."""
    PASSED = "passed"
    """On a list that a conference passed with no more names than seats."""
    SEATED = "seated"
    """Has a seat that is already fixed."""
    PINNED = "pinned"
    """The council wants this person on the list."""
    DROPPED = "dropped"
    """The council does not want this person on the list."""
    INELIGIBLE = "ineligible"
    """Does not meet the conditions for the seat."""
    ELSEWHERE = "elsewhere"
    """Already delegate to another congress, and the plan does not allow both."""

    @property
    def is_seated(self) -> bool:
        """Whether the person is on the list in any case."""
        return self in _SEATED_STATUSES

    @property
    def is_excluded(self) -> bool:
        """Whether the person is not on the list in any case."""
        return self in _EXCLUDED_STATUSES


_SEATED_STATUSES = frozenset(
    {NomineeStatus.EX_OFFICIO, NomineeStatus.PASSED, NomineeStatus.SEATED, NomineeStatus.PINNED}
)
_EXCLUDED_STATUSES = frozenset({NomineeStatus.DROPPED, NomineeStatus.INELIGIBLE, NomineeStatus.ELSEWHERE})


@dataclass(frozen=True, slots=True)
class PoolQuota:
    """The seats of one unit in one seat group.

    ``empty`` of the ``seats`` stay unfilled by decision. ``passed``: the unit's conference passed its list
    and the list was not reopened, so that the nominees are all fixed unless they are more than the seats.
    ``nominee_limit`` is the most nominees that the unit may name; ``None`` sets no limit.
    """

    unit: str
    seats: int
    group: str = ""
    bloc: str = ""
    empty: int = 0
    passed: bool = False
    nominee_limit: int | None = None

    @property
    def place(self) -> PlaceKey:
        """Unit and group, the key of the quota."""
        return self.unit, self.group

    @property
    def seats_to_fill(self) -> int:
        """Seats that are not left empty by decision."""
        return self.seats - self.empty


@dataclass(frozen=True, slots=True)
class Nominee:
    """One person named for a seat.

    ``score`` is by the plan's formula (:mod:`domain.selection.score_formula`). ``lot`` is the position in the
    order in which the names were drawn, from 1; nominees without a lot come after the others, by id. ``hold``
    is the decision before the selection. ``person`` identifies a person who is in two lists (``None``: the
    record's id); ``collective`` is the collective that the person represents.
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
    def place(self) -> PlaceKey:
        """Unit and group of the quota this person is named for."""
        return self.record.unit, self.record.group


@dataclass(frozen=True, slots=True)
class Pool:
    """Everything a selection depends on.

    ``apart`` are pairs of nominees who may not both be chosen. ``size`` is the number of seats of the
    conference, if it is known independently of the quotas. ``weights``: target → its weight within its
    priority (1 if missing). ``elsewhere`` are persons who are already delegates by another chain of
    congresses; they are excluded unless ``both_chains``. ``codes`` and ``partitions`` are arguments of
    :func:`domain.composition.targets.check_targets`.
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
        """Target id → seats to fill in its scope; least shares are of this number."""
        return self._count_seats([(quota, quota.seats_to_fill) for quota in self.quotas])

    def sizes_with_empty(self) -> dict[str, int]:
        """Target id → seats in its scope, those left empty included; greatest shares are of this number."""
        return self._count_seats([(quota, quota.seats) for quota in self.quotas])

    def bounds(self) -> dict[str, tuple[int | None, int | None]]:
        """Target id → its least and its greatest number of persons."""
        filled, all_seats = self.sizes(), self.sizes_with_empty()
        return {each.id: each.compute_bounds(filled[each.id], all_seats[each.id]) for each in self.targets}

    def _count_seats(self, seats: Sequence[tuple[PoolQuota, int]]) -> dict[str, int]:
        counts = {
            scope: sum(number for quota, number in seats if scope.contains(quota))
            for scope in {target.scope for target in self.targets}
        }
        return {target.id: counts[target.scope] for target in self.targets}

    def derive_weight(self, target: str) -> int:
        """The weight of one missing person of ``target`` within its priority."""
        return self.weights.get(target, 1)


def list_statuses(pool: Pool) -> list[NomineeStatus]:
    """The status of each nominee, in the order of the pool: set by hand, by the conference's vote, or because
    the person is already delegate by another chain of congresses."""
    passed = _list_passed_places(pool) if any(quota.passed for quota in pool.quotas) else set()
    barred = frozenset() if pool.both_chains else pool.elsewhere
    if not passed and not barred:
        return [nominee.hold for nominee in pool.nominees]
    return [_derive_status(nominee, passed, barred) for nominee in pool.nominees]


def _list_passed_places(pool: Pool) -> set[PlaceKey]:
    """Places whose passed list has no more names than seats."""
    eligible = Counter(nominee.place for nominee in pool.nominees if not nominee.hold.is_excluded)
    return {
        quota.place for quota in pool.quotas if quota.passed and eligible[quota.place] <= quota.seats_to_fill
    }


def _derive_status(nominee: Nominee, passed: set[PlaceKey], barred: frozenset[str]) -> NomineeStatus:
    if nominee.hold is not NomineeStatus.FREE:
        return nominee.hold
    if barred and (nominee.person or nominee.id) in barred:
        return NomineeStatus.ELSEWHERE
    return NomineeStatus.PASSED if passed and nominee.place in passed else NomineeStatus.FREE


def build_unit_targets(
    target: CompositionTarget, seats: Mapping[str, int], *, binding: bool
) -> tuple[CompositionTarget, ...]:
    """The split of ``target`` as targets of single units; ``seats``: unit → persons, from the published
    split.

    They are hard where the plan says that the split binds each unit (``binding``), else soft with the
    priority of the target. A target that has only a maximum gives maxima, any other gives minima.
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
