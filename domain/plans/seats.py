"""Seat groups, blocs and targets: the kinds of delegates at a conference, and their numbers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from domain.plans.sources import PlanRule, SourcedRule

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
    "quota_method",
]
FloorLaw = Literal["clamp", "base_first"]
GroupTotal = Literal["stated", "components"]
Rounding = Literal["down", "up", "half_up", "more_than_half", "half_even"]
TieMethod = Literal["lot", "second_criterion", "decision", "one_more_within_maximum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties(PlanRule):
    """How equal claims to a seat are settled.

    ``lot`` is drawn by ``hand`` with minutes or from a ``published_seed``; ``second_criterion`` compares
    ``measure`` and uses the lot if that ties too; ``decision`` waits for the authority's decision with
    reasons; ``one_more_within_maximum`` gives every tied unit its seat if the cap allows it.
    """

    how: TieMethod = "lot"
    lot: Literal["hand", "published_seed"] = "hand"
    measure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeLimit(PlanRule):
    """How many people a unit may nominate for its seats ("số dư"): ``seats × times + plus``, rounded down."""

    times: Fraction = Fraction(1)
    plus: int = 0

    def compute_limit(self, seats: int) -> int:
        """The limit for a number of seats; a unit without seats may not nominate."""
        return int(seats * self.times) + self.plus if seats else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility(PlanRule):
    """One condition for a seat, in words and, where it can be checked, in data.

    One of ``titles`` or ``awards`` is enough, or any honour where none is named; ``since`` is the first year
    that counts, ``honoured_at`` the tiers at whose conferences it was given. ``held_by`` says whether the
    person or the collective must have it: a collective's award is not an award of its delegate.
    """

    text: str
    titles: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()
    since: int | None = None
    held_by: Literal["person", "collective", "either"] = "person"
    honoured_at: tuple[str, ...] = ()

    @property
    def is_about_honours(self) -> bool:
        """Whether it can be compared with honours; any other condition is only told."""
        return bool(self.titles or self.awards or self.honoured_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office whose holder has a seat by it; ``holders`` is how many there are, None if unknown."""

    name: str
    holders: int | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedRule(PlanRule):
    """Seats fixed by a decision: unit code → seats, with the reason."""

    kind: Literal["fixed"]
    seats: Mapping[str, int]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRule(PlanRule):
    """``each`` seats for every unit of any size.

    ``merged`` is number of predecessors → seats of a merged unit (the Party's rule of 2026 has 13 seats, and
    24 for a merger of two). With ``times_predecessors``, a unit gets ``each`` seats for each predecessor
    instead.
    """

    kind: Literal["base"]
    each: int
    merged: Mapping[str, int] = field(default_factory=dict)
    times_predecessors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule(PlanRule):
    """``each`` seats for every ``every`` of a measure, ``most`` at most.

    Only what is ``above`` a number, and not more than ``to`` another, is counted.
    """

    kind: Literal["step"]
    measure: str
    every: Fraction
    each: int = 1
    rounding: Rounding = "down"
    most: int | None = None
    above: Fraction = Fraction(0)
    to: Fraction | None = None


SeatComponent = FixedRule | BaseRule | StepRule


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRule(PlanRule):
    """How blocs without a stated number share the seats that the group has left: by the sums of a measure."""

    measure: str | None = None
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    method: MethodName = "sainte_lague"
    quota: Literal["hare", "droop"] | None = None
    first_divisor: Fraction | None = None
    c: Fraction | None = None

    @property
    def measure_factors(self) -> Mapping[str, Fraction]:
        """Measure → factor; a weight is the sum of the figures times the factors."""
        return self.weights if self.measure is None else {self.measure: Fraction(1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc(PlanRule):
    """Units that share seats by a measure, or by a weighted sum of several.

    Members are the units of ``kinds`` and those named in ``units``. Each gets at least ``floor`` and at most
    ``cap`` seats; ``floors`` and ``caps`` replace them for a unit, by its code. A bloc without ``seats`` gets
    its part by the group's ``sharing``.
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

    @property
    def measure_factors(self) -> Mapping[str, Fraction]:
        """Measure → factor; a weight is the sum of the figures times the factors."""
        return self.weights if self.measure is None else {self.measure: Fraction(1)}

    def has_unit(self, code: str, kind: str) -> bool:
        """Whether a unit belongs to the bloc."""
        return code in self.units or kind in self.kinds

    def get_bounds(self, code: str) -> tuple[int, int | None]:
        """(floor, cap) of one unit."""
        return self.floors.get(code, self.floor), self.caps.get(code, self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatGroup(SourcedRule):
    """One group of a conference's delegates: its kind, its number of seats, and the organs that decide on it.

    ``seats`` is a stated number, ``maximum`` an upper bound; either may be unknown. The seats of a group
    filled by units are apportioned: first its ``components`` in order, then the rest over its ``blocs``.
    With ``total`` "components" no number is stated and no rest is shared: the group has the seats that its
    components give, within its ``maximum``; its blocs then only say which units take part, and their bounds.
    ``counts_as`` is its side in the mix. ``proposer`` and ``decider`` differ if the plan requires a second
    person to approve.
    """

    id: str
    name: str
    filled_by: FilledBy
    counts_as: CountsAs = "none"
    stands_for: tuple[NomineeKind, ...] = ("person",)
    seats: int | None = None
    maximum: int | None = None
    total: GroupTotal = "stated"
    eligibility: tuple[Eligibility, ...] = ()
    offices: tuple[Office, ...] = ()
    proposer: str | None = None
    decider: str | None = None
    nominee_limit: NomineeLimit | None = None
    components: tuple[SeatComponent, ...] = ()
    sharing: SharingRule | None = None
    blocs: tuple[Bloc, ...] = ()

    def compute_nominee_limit(self, seats: int) -> int:
        """How many people may be nominated for a unit's seats: as many as seats if the plan has no rule."""
        return seats if self.nominee_limit is None else self.nominee_limit.compute_limit(seats)

    def find_bloc(self, code: str, kind: str) -> Bloc | None:
        """The bloc of a unit; a bloc that names the unit comes before one that has its kind."""
        named = [bloc for bloc in self.blocs if code in bloc.units]
        return next(iter(named or [bloc for bloc in self.blocs if kind in bloc.kinds]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(SourcedRule):
    """A target for the composition of the delegates, with a number fixed by a decision.

    It counts people whose ``attribute`` is one of ``values``, or is stated and not in ``other_than``, or who
    are at most ``age_at_most`` years old on the day ``on``. The number is a ``share`` of the seats or a
    ``count``; ``bound`` says whether it is a minimum or a maximum. ``of`` is the person ``sent``, or the
    ``holder`` of an award, who may be a collective. With ``split`` it is split over units by the dotted staff
    figure ``part``; ``by_hand`` is unit code → people asked of that unit first. It applies to some
    ``groups``, to the units of some ``blocs``, or to some ``units``; to all delegates if none of these is
    given. With ``share_of`` "nominees" the share is of the nominees, before anybody is chosen. ``weight`` is
    the weight of one missing person, compared with other targets of the same priority.
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
    share_of: Literal["seats", "nominees"] = "seats"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRule(SourcedRule):
    """How the list is chosen if there are more nominees than seats, with numbers fixed by a decision.

    ``split_binds``: each unit's part of a split target is a target for that unit's delegates, as hard as the
    whole target; otherwise the parts are only advice. Points are given by ``ranks``, for the unit's first,
    second, … nominee; by ``titles`` (name → points), all added up or only the best (``counting``), where
    ``held_by`` says whether titles of the collective count too; and by ``merit``, for one unit of the merit
    score. With ``both_congresses`` one person may go to two congresses. From ``frozen_from`` on a replacement
    needs a reason and an authority.
    """

    split_binds: bool = False
    ranks: tuple[int, ...] = ()
    titles: Mapping[str, int] = field(default_factory=dict)
    counting: Literal["all", "best"] = "all"
    held_by: Literal["person", "either"] = "person"
    merit: int = 0
    both_congresses: bool = False
    frozen_from: dt.date | None = None
