"""Seat groups, blocs and targets: who sits in a conference, and by which numbers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

FilledBy = Literal["units", "roll", "invitation", "ex_officio"]
CountsAs = Literal["exemplar", "guest", "none"]
NomineeKind = Literal["person", "collective"]
MethodName = Literal[
    "dhondt",
    "sainte_lague",
    "modified_sainte_lague",
    "huntington_hill",
    "dean",
    "adams",
    "stationary",
    "largest_remainder",
]
FloorLaw = Literal["clamp", "base_first"]
Rounding = Literal["down", "up", "half_up"]
TieMethod = Literal["lot", "second_criterion", "decision", "one_more_within_maximum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """How equal claims to a seat are settled.

    ``lot`` is drawn by ``hand`` with minutes or from a ``published_seed``; ``second_criterion`` compares
    ``measure`` and falls back to the lot; ``decision`` waits for the authority's reasons; and
    ``one_more_within_maximum`` gives every tied unit its seat when the cap allows.
    """

    how: TieMethod = "lot"
    lot: Literal["hand", "published_seed"] = "hand"
    measure: str | None = None
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeLimit:
    """How many a unit may name for its seats ("số dư"): ``seats × times + plus``, rounded down."""

    times: Fraction = Fraction(1)
    plus: int = 0
    clause: str | None = None
    decision: str | None = None

    def compute_limit(self, seats: int) -> int:
        """The limit for a number of seats; a unit without seats names nobody."""
        return int(seats * self.times) + self.plus if seats else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """One condition for a seat, in words and, where it can be checked, in data.

    Any of ``titles`` or ``awards`` opens the group; ``since`` is the first year that counts;
    ``held_by`` says whose they must be: a collective's award does not become its delegate's.
    """

    text: str
    titles: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()
    since: int | None = None
    held_by: Literal["person", "collective", "either"] = "person"
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office whose holder sits by it; ``holders`` is unknown when nobody has said how many there are."""

    name: str
    holders: int | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedRule:
    """Seats that somebody decided, by unit code, with the reason."""

    kind: Literal["fixed"]
    seats: Mapping[str, int]
    reason: str
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRule:
    """``each`` seats for every unit, whatever its size.

    ``merged`` has the number for units made of so many predecessors (the Party's rule of 2026 has 13, and 24
    for a merger of two); ``times_predecessors`` gives each predecessor its own base instead.
    """

    kind: Literal["base"]
    each: int
    merged: Mapping[str, int] = field(default_factory=dict)
    times_predecessors: bool = False
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """``each`` seats for every ``every`` of a measure, ``most`` at most."""

    kind: Literal["step"]
    measure: str
    every: Fraction
    each: int = 1
    rounding: Rounding = "down"
    most: int | None = None
    clause: str | None = None
    decision: str | None = None


SeatComponent = FixedRule | BaseRule | StepRule


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRule:
    """How blocs without a stated number share what the group has left: by the sums of a measure."""

    measure: str | None = None
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    method: MethodName = "sainte_lague"
    quota: Literal["hare", "droop"] | None = None
    first_divisor: Fraction | None = None
    c: Fraction | None = None
    clause: str | None = None
    decision: str | None = None

    @property
    def measure_factors(self) -> Mapping[str, Fraction]:
        """Measure → factor; a weight is the sum of the figures times the factors."""
        return self.weights if self.measure is None else {self.measure: Fraction(1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """Units that share seats by a measure, or by a weighted sum of several.

    Members are the units of ``kinds`` and those named in ``units``. Each gets at least ``floor`` and at most
    ``cap``; ``floors`` and ``caps`` replace them for a unit by its code. Without ``seats`` of its own the
    bloc gets its part by the group's ``sharing``.
    """

    id: str
    name: str
    seats: int | None = None
    measure: str | None = None
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    method: MethodName = "sainte_lague"
    quota: Literal["hare", "droop"] | None = None
    first_divisor: Fraction | None = None
    c: Fraction | None = None
    floor: int = 0
    cap: int | None = None
    floors: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)
    floor_law: FloorLaw = "clamp"
    clause: str | None = None
    decision: str | None = None

    @property
    def measure_factors(self) -> Mapping[str, Fraction]:
        """Measure → factor; a weight is the sum of the figures times the factors."""
        return self.weights if self.measure is None else {self.measure: Fraction(1)}

    def has_unit(self, code: str, kind: str) -> bool:
        """Whether a unit belongs here."""
        return code in self.units or kind in self.kinds

    def get_bounds(self, code: str) -> tuple[int, int | None]:
        """Floor and cap of one unit."""
        return self.floors.get(code, self.floor), self.caps.get(code, self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatGroup:
    """One line of a conference's delegates: whom it seats, how many, and who has the say.

    ``seats`` is a stated number, ``maximum`` an upper bound; either may be unknown. A group filled by units
    is apportioned: first its ``components`` in order, then the rest over its ``blocs``. ``counts_as`` is its
    side in the mix. ``proposer`` and ``decider`` differ where the plan wants four eyes.
    """

    id: str
    name: str
    filled_by: FilledBy
    counts_as: CountsAs = "none"
    stands_for: tuple[NomineeKind, ...] = ("person",)
    seats: int | None = None
    maximum: int | None = None
    eligibility: tuple[Eligibility, ...] = ()
    offices: tuple[Office, ...] = ()
    proposer: str | None = None
    decider: str | None = None
    nominee_limit: NomineeLimit | None = None
    components: tuple[SeatComponent, ...] = ()
    sharing: SharingRule | None = None
    blocs: tuple[Bloc, ...] = ()
    clause: str | None = None
    decision: str | None = None

    def compute_nominee_limit(self, seats: int) -> int:
        """How many may be named for a unit's seats: the seats themselves when the plan is silent."""
        return seats if self.nominee_limit is None else self.nominee_limit.compute_limit(seats)

    def find_bloc(self, code: str, kind: str) -> Bloc | None:
        """The bloc of a unit; one that names it goes before one that takes its kind."""
        named = [bloc for bloc in self.blocs if code in bloc.units]
        return next(iter(named or [bloc for bloc in self.blocs if kind in bloc.kinds]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A wish for the make-up of the delegates, in numbers that somebody decided.

    It counts those whose ``attribute`` is one of ``values``, or stated and ``other_than`` them, or who are
    at most ``age_at_most`` years old on ``on``. The number is a ``share`` of the seats or a ``count``, its
    direction the ``bound``. ``of`` is the person ``sent``, or the ``holder`` of an award: maybe a collective.
    ``part`` is the dotted staff figure by which it is split over units when ``split``; ``by_hand`` are people
    that named units are asked for first, by code. It speaks of some ``groups``, of the units of some
    ``blocs``, or of some ``units``; of everybody where none of these is given. ``weight`` is what one person
    short of it weighs beside other targets of its priority.
    """

    id: str
    name: str
    attribute: str
    bound: Literal["at_least", "at_most"] = "at_least"
    values: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()
    age_at_most: int | None = None
    on: dt.date | None = None
    of: Literal["sent", "holder"] = "sent"
    share: Fraction | None = None
    count: int | None = None
    hard: bool = False
    priority: int = 1
    groups: tuple[str, ...] = ()
    blocs: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    weight: int = 1
    split: bool = False
    part: str | None = None
    by_hand: Mapping[str, int] = field(default_factory=dict)
    criterion: str | None = None
    clause: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRule:
    """How the list is chosen where more are named than there are seats, in numbers that somebody decided.

    ``split_binds``: each unit's part of a split target is asked of that unit's delegates, as hard as the
    target; else the parts are advice. Points: ``ranks`` for the unit's first, second, …; ``titles`` by name,
    added up or the best of them (``counting``), held by the ``person`` or by ``either`` the person and the
    collective; ``merit`` for one unit of the merit score. ``both_congresses`` lets one person go to two
    congresses. From ``frozen_from`` on a replacement takes a reason and an authority.
    """

    split_binds: bool = False
    ranks: tuple[int, ...] = ()
    titles: Mapping[str, int] = field(default_factory=dict)
    counting: Literal["all", "best"] = "all"
    held_by: Literal["person", "either"] = "person"
    merit: int = 0
    both_congresses: bool = False
    frozen_from: dt.date | None = None
    clause: str | None = None
    decision: str | None = None
