"""Explanations over HTTP: why, how else, compared with what, and what if."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.calls import CurrentCall
from api.languages import Reader
from api.routes import Router
from api.samples import SAMPLE_ID, build_sample
from api.shared_answers import FindingAnswer, translate_findings
from api.types import Answer, Body, Count, Label, Uuid, Weight, format_exact
from domain.access import Access
from domain.allocations.explanations import StageComparison, UnitStageExplanation
from domain.allocations.what_ifs import SeatDifference
from domain.apportionment.comparison import Comparison, Indices
from service.allocations import explanations, load_allocation

router = Router(prefix="/allocations/{allocation_id}", tags=["explanations"])

MAX_STEPS = 10_000


class ExplanationAnswer(Answer):
    """How one unit stands in one stage, in figures and in sentences."""

    stage: str
    unit: str
    name: str
    seats: int
    share: str = Field(description="Its exact part of all the stage's seats.")
    quota: str = Field(description="That part once the bounds have acted.")
    last: str | None = Field(
        description="What its last seat was worth: a quotient, its square, or a remainder."
    )
    next: str | None = Field(description="What its next seat would be worth.")
    bound: str | None
    tied: bool
    more_weight: int | None = Field(description="The least increase of its figure that wins a seat.")
    more_seats: int | None = Field(description="The least number of further seats in all that wins it one.")
    sentences: list[FindingAnswer]


class StepAnswer(Answer):
    """One seat given."""

    house: int = Field(description="The how-manieth seat of the stage it is.")
    unit: str
    seat: int = Field(description="The how-manieth of the unit.")
    worth: str | None
    level: bool = Field(description="Another unit has the same worth.")


class IndicesAnswer(Answer):
    """How far seats stray from weights; zero is perfect."""

    loosemore_hanby: str
    gallagher: str
    sainte_lague: str | None
    deviation: str


class MethodAnswer(Answer):
    """What one method would give."""

    rule: dict[str, Any]
    status: str
    provisional: bool = Field(description="A lot would have to decide; the tied units stand by their ids.")
    seats: dict[str, int]
    indices: IndicesAnswer | None
    outside: list[str] = Field(description="Units below their quota rounded down, or above it rounded up.")


class StageComparisonAnswer(Answer):
    """A stage by every method."""

    stage: str
    computed: dict[str, int]
    seats: dict[str, int] = Field(description="After hand adjustments.")
    before: IndicesAnswer | None = Field(description="Indices of what was computed.")
    after: IndicesAnswer | None = Field(description="Indices after hand adjustments: what the hand costs.")
    outside: list[str] = Field(description="Units whose seats, after adjustments, break the quota rule.")
    methods: list[MethodAnswer]


class DifferenceAnswer(Answer):
    """A unit's seats here and there; null where it takes no part."""

    unit: str
    group: str
    before: int | None
    after: int | None


class ComparisonAnswer(Answer):
    """Methods side by side, and the difference to another allocation where one is named."""

    stages: list[StageComparisonAnswer]
    differences: list[DifferenceAnswer]


class WhatIfBody(Body):
    """Other figures of units, or other numbers of seats for stages."""

    model_config = build_sample(weights={SAMPLE_ID: "500"}, seats={"dien-hinh/huyen-thi": 100})

    weights: Annotated[
        dict[Label, Weight], Field(default_factory=dict, max_length=10_000, description="Unit code → figure.")
    ]
    seats: Annotated[
        dict[Label, Count], Field(default_factory=dict, max_length=1_000, description="Stage → seats.")
    ]


class WhatIfAnswer(Answer):
    """What would come of it; nothing was stored."""

    status: str
    differences: list[DifferenceAnswer]


@router.get("/explanations", access=Access.ALLOCATIONS_READ)
async def explain_allocation(
    allocation_id: Uuid,
    call: CurrentCall,
    unit: Annotated[Uuid | None, Query(description="One unit alone.")] = None,
) -> list[ExplanationAnswer]:
    """Why each unit got what it got, and how far it is from its next seat."""
    case, allocation = await load_allocation(call.work, allocation_id)
    found = await explanations.explain_allocation(call.work, case, allocation, unit)
    return [_build_explanation_answer(each, call.language) for each in found]


@router.get("/award_order", access=Access.ALLOCATIONS_READ)
async def list_award_order(
    allocation_id: Uuid,
    stage: Annotated[Label, Query(description="Group and bloc: `dien-hinh/huyen-thi`.")],
    call: CurrentCall,
) -> list[StepAnswer]:
    """The seats of a stage in the order in which they are given, beyond floors."""
    _, allocation = await load_allocation(call.work, allocation_id)
    steps = await explanations.list_stage_awards(call.work, allocation, stage)
    return [
        StepAnswer(
            house=step.total_seats,
            unit=step.id,
            seat=step.seat,
            worth=None if step.worth is None else format_exact(step.worth),
            level=step.level,
        )
        for step in steps[:MAX_STEPS]
    ]


@router.get("/comparison", access=Access.ALLOCATIONS_READ)
async def compare_allocation(
    allocation_id: Uuid,
    call: CurrentCall,
    against: Annotated[
        Uuid | None, Query(description="Another allocation: the adopted one, or the last congress's.")
    ] = None,
) -> ComparisonAnswer:
    """All methods side by side with their indices, and unit by unit the difference to another allocation."""
    _, allocation = await load_allocation(call.work, allocation_id)
    stages = await explanations.compare_stages(call.work, allocation)
    differences: list[SeatDifference] = []
    if against is not None:
        _, other = await load_allocation(call.work, UUID(str(against)))
        differences = [*await explanations.compare_allocations(call.work, allocation, other)]
    return ComparisonAnswer(
        stages=[_build_stage_comparison(each) for each in stages],
        differences=[DifferenceAnswer.model_validate(each) for each in differences],
    )


@router.post("/what_ifs", access=Access.ALLOCATIONS_READ, keyed=False, read_only=True)
async def try_allocation(allocation_id: Uuid, body: WhatIfBody, call: CurrentCall) -> WhatIfAnswer:
    """What another figure, or another number of seats, would change. Nothing is stored."""
    _, allocation = await load_allocation(call.work, allocation_id)
    tried = await explanations.compute_what_if(call.work, allocation, body.weights, body.seats)
    return WhatIfAnswer(
        status=tried.outcome.status,
        differences=[DifferenceAnswer.model_validate(each) for each in tried.differences],
    )


def _build_explanation_answer(each: UnitStageExplanation, reader: Reader) -> ExplanationAnswer:
    standing = each.standing
    return ExplanationAnswer(
        stage=each.stage.id,
        unit=each.unit,
        name=each.name,
        seats=standing.seats,
        share=format_exact(standing.share),
        quota=format_exact(standing.quota),
        last=None if standing.last is None else format_exact(standing.last),
        next=None if standing.next is None else format_exact(standing.next),
        bound=standing.bound,
        tied=standing.tied,
        more_weight=standing.more_weight,
        more_seats=standing.more_seats,
        sentences=translate_findings(each.findings, reader),
    )


def _build_stage_comparison(each: StageComparison) -> StageComparisonAnswer:
    units = list(each.stage.answer.claims.ids)
    return StageComparisonAnswer(
        stage=each.stage.id,
        computed=dict(each.computed),
        seats=dict(each.seats),
        before=_build_indices_answer(each.before),
        after=_build_indices_answer(each.after),
        outside=list(each.outside),
        methods=[_build_method_answer(method, units) for method in each.methods],
    )


def _build_method_answer(method: Comparison, units: list[str]) -> MethodAnswer:
    return MethodAnswer(
        rule=dict(method.rule.plain_rule()),
        status=method.status,
        provisional=method.provisional,
        seats=dict(zip(units, method.seats, strict=False)),
        indices=_build_indices_answer(method.indices),
        outside=list(method.outside),
    )


def _build_indices_answer(indices: Indices | None) -> IndicesAnswer | None:
    if indices is None:
        return None
    return IndicesAnswer(
        loosemore_hanby=format_exact(indices.loosemore_hanby),
        gallagher=format_exact(indices.gallagher),
        sainte_lague=None if indices.sainte_lague is None else format_exact(indices.sainte_lague),
        deviation=format_exact(indices.deviation),
    )
