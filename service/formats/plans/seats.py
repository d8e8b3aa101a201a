"""The format's seat groups, blocs and targets."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

from domain.plans import seats as rules
from domain.selection.pool import MOST_SCORE, MOST_WEIGHT
from service.formats.plans.types import (
    Code,
    Count,
    Day,
    Exact,
    Flag,
    Id,
    Kind,
    LongText,
    Measure,
    Number,
    PlanPart,
    Text,
    Value,
    Year,
)


class PlanTies(PlanPart):
    """How equal claims to a seat are settled."""

    domain = rules.Ties

    how: rules.TieMethod = "lot"
    lot: Literal["hand", "published_seed"] = "hand"
    measure: Measure | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanNomineeLimit(PlanPart):
    """How many may be named for a number of seats: seats × times + plus, rounded down."""

    domain = rules.NomineeLimit

    times: Exact = Field(default_factory=lambda: Fraction(1))
    plus: Count = 0
    clause: Id | None = None
    decision: Id | None = None


class PlanEligibility(PlanPart):
    """One condition for a seat."""

    domain = rules.Eligibility

    text: LongText
    titles: tuple[Value, ...] = ()
    awards: tuple[Value, ...] = ()
    since: Year | None = None
    held_by: Literal["person", "collective", "either"] = "person"
    honoured_at: tuple[Id, ...] = ()
    clause: Id | None = None
    decision: Id | None = None


class PlanOffice(PlanPart):
    """An office whose holder has a seat by it."""

    domain = rules.Office

    name: Text
    holders: Number | None = None
    clause: Id | None = None


Weights = Annotated[dict[Measure, Exact], Field(default_factory=dict, max_length=20)]
Points = Annotated[int, Strict(), Field(ge=-MOST_SCORE, le=MOST_SCORE)]
Predecessors = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?$")]


class PlanFixed(PlanPart):
    """Seats that were decided unit by unit."""

    domain = rules.FixedRule

    kind: Literal["fixed"]
    seats: Annotated[dict[Code, Count], Field(min_length=1)]
    reason: LongText
    clause: Id | None = None
    decision: Id | None = None


class PlanBase(PlanPart):
    """The same number for every unit, whatever its size."""

    domain = rules.BaseRule

    kind: Literal["base"]
    each: Count
    merged: dict[Predecessors, Count] = Field(default_factory=dict)
    times_predecessors: Flag = False
    clause: Id | None = None
    decision: Id | None = None


class PlanStep(PlanPart):
    """A number of seats for every given number of a measure."""

    domain = rules.StepRule

    kind: Literal["step"]
    measure: Measure
    every: Exact
    each: Number = 1
    rounding: rules.Rounding = "down"
    most: Count | None = None
    above: Exact = Field(default_factory=lambda: Fraction(0))
    to: Exact | None = None
    clause: Id | None = None
    decision: Id | None = None


PlanComponent = Annotated[PlanFixed | PlanBase | PlanStep, Field(discriminator="kind")]


class PlanSharing(PlanPart):
    """How blocs without a stated number share the remaining seats of the group."""

    domain = rules.SharingRule

    measure: Measure | None = None
    weights: Weights
    method: rules.MethodName = "sainte_lague"
    quota: Literal["hare", "droop"] | None = None
    first_divisor: Exact | None = None
    c: Exact | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanBloc(PlanPart):
    """Units that share seats by a measure, or by a weighted sum of several."""

    domain = rules.Bloc

    id: Id
    name: Text
    kinds: tuple[Kind, ...] = ()
    units: tuple[Code, ...] = ()
    seats: Count | None = None
    measure: Measure | None = None
    weights: Weights
    method: rules.MethodName = "sainte_lague"
    quota: Literal["hare", "droop"] | None = None
    first_divisor: Exact | None = None
    c: Exact | None = None
    floor: Count = 0
    cap: Count | None = None
    floors: dict[Code, Count] = Field(default_factory=dict)
    caps: dict[Code, Count] = Field(default_factory=dict)
    floor_law: rules.FloorLaw = "clamp"
    clause: Id | None = None
    decision: Id | None = None


class PlanSeatGroup(PlanPart):
    """One line of a conference's delegates."""

    domain = rules.SeatGroup

    id: Id
    name: LongText
    filled_by: rules.FilledBy
    counts_as: rules.CountsAs = "none"
    stands_for: Annotated[tuple[rules.NomineeKind, ...], Field(min_length=1)] = ("person",)
    seats: Count | None = None
    maximum: Count | None = None
    total: rules.GroupTotal = "stated"
    eligibility: tuple[PlanEligibility, ...] = ()
    offices: tuple[PlanOffice, ...] = ()
    proposer: Text | None = None
    decider: Text | None = None
    nominee_limit: PlanNomineeLimit | None = None
    components: tuple[PlanComponent, ...] = ()
    sharing: PlanSharing | None = None
    blocs: tuple[PlanBloc, ...] = ()
    clause: Id | None = None
    decision: Id | None = None


class PlanTarget(PlanPart):
    """A wish for the composition of the delegates, in decided numbers."""

    domain = rules.Target

    id: Id
    name: Text
    attribute: Kind
    bound: Literal["at_least", "at_most"] = "at_least"
    values: tuple[Value, ...] = ()
    other_than: tuple[Value, ...] = ()
    age_at_most: Annotated[Count, Field(le=150)] | None = None
    on: Day | None = None
    of: Literal["sent", "holder"] = "sent"
    share: Exact | None = None
    share_of: Literal["seats", "nominees"] = "seats"
    count: Count | None = None
    hard: Flag = False
    priority: Annotated[Number, Field(le=1000)] = 1
    groups: tuple[Id, ...] = ()
    blocs: tuple[Id, ...] = ()
    units: tuple[Code, ...] = ()
    weight: Annotated[Number, Field(le=MOST_WEIGHT)] = 1
    split: Flag = False
    part: Measure | None = None
    by_hand: dict[Code, Count] = Field(default_factory=dict)
    criterion: Id | None = None
    clause: Id | None = None
    decision: Id | None = None


class PlanSelectionRule(PlanPart):
    """How the list is selected where there are more nominees than seats."""

    domain = rules.SelectionRule

    split_binds: Flag = False
    ranks: Annotated[tuple[Points, ...], Field(max_length=1000)] = ()
    titles: Annotated[dict[Value, Points], Field(default_factory=dict, max_length=200)]
    counting: Literal["all", "best"] = "all"
    held_by: Literal["person", "either"] = "person"
    merit: Points = 0
    both_congresses: Flag = False
    frozen_from: Day | None = None
    clause: Id | None = None
    decision: Id | None = None
