"""Explanations of an allocation over HTTP: reasons, order of awards, comparisons and what-ifs."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.apportionment_answers import RuleAnswer, build_rule_answer
from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, CurrentCall
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Answer, Body, Count, Label, Uuid, Weight, format_exact
from db.allocations import Allocation
from domain.access import Access
from domain.allocations.explanations import StageComparison, UnitStageExplanation
from domain.apportionment.comparison import Comparison, Indices
from domain.apportionment.explanation import AwardStep
from domain.apportionment.result import BoundKind, Status
from service.allocations import explanations, load_allocation
from service.texts import Translator

router = Router(prefix="/allocations/{allocation_id}", tags=["allocations"])

MAX_STEPS = 10_000


class ExplanationAnswer(Answer):
    """The result of one unit in one stage, in figures and in sentences."""

    stage: str
    unit: str
    name: str
    seats: int
    share: str = Field(description="The unit's exact part of all seats of the stage.")
    quota: str = Field(description="The unit's exact part within the bounds.")
    last: str | None = Field(
        description="The value of the unit's last seat: a quotient, its square, or a remainder."
    )
    next: str | None = Field(description="The value of the unit's next seat.")
    bound: BoundKind | None
    tied: bool
    more_weight: int | None = Field(description="The smallest increase of its figure that wins a seat.")
    more_seats: int | None = Field(description="The smallest increase of all seats that wins a seat.")
    sentences: list[FindingAnswer]


class StepAnswer(Answer):
    """The award of one seat."""

    house: int = Field(description="The number of the seat in the stage, from 1.")
    unit: str
    seat: int = Field(description="The number of the seat in the unit, from 1.")
    worth: str | None
    level: bool = Field(description="True if another unit has the same value.")


class IndicesAnswer(Answer):
    """How far the seats differ from the weights; zero is a perfect fit."""

    loosemore_hanby: str
    gallagher: str
    sainte_lague: str | None
    deviation: str


class MethodAnswer(Answer):
    """The result of one method."""

    rule: RuleAnswer
    status: Status
    provisional: bool = Field(description="A lot would decide; here tied units are in order of ids.")
    seats: dict[str, int]
    indices: IndicesAnswer | None
    outside: list[str] = Field(description="Units below their quota rounded down, or above it rounded up.")


class StageComparisonAnswer(Answer):
    """The results of all methods for one stage."""

    stage: str
    computed: dict[str, int]
    seats: dict[str, int] = Field(description="Seats after hand adjustments.")
    before: IndicesAnswer | None = Field(description="Indices of the computed seats.")
    after: IndicesAnswer | None = Field(description="Indices of the seats after hand adjustments.")
    outside: list[str] = Field(description="Units whose seats, after adjustments, break the quota rule.")
    methods: list[MethodAnswer]


class DifferenceAnswer(Answer):
    """The seats of a unit in both allocations; null where the unit takes no part."""

    unit: str
    group: str
    before: int | None
    after: int | None


class ComparisonAnswer(Answer):
    """The results of all methods, and the differences from another allocation if one is given."""

    stages: list[StageComparisonAnswer]
    differences: list[DifferenceAnswer]


class WhatIfBody(Body):
    """Changes to try: other figures of units, or other numbers of seats of stages."""

    model_config = build_sample(weights={SAMPLE_ID: "500"}, seats={"dien-hinh/huyen-thi": 100})

    weights: Annotated[
        dict[Label, Weight], Field(default_factory=dict, max_length=10_000, description="Unit code → figure.")
    ]
    seats: Annotated[
        dict[Label, Count], Field(default_factory=dict, max_length=1_000, description="Stage → seats.")
    ]


class WhatIfAnswer(Answer):
    """The result of the changes that were tried."""

    status: Status
    differences: list[DifferenceAnswer]


@router.get("/explanations", access=Access.ALLOCATIONS_READ)
async def explain_allocation(
    allocation_id: Uuid,
    call: CurrentCall,
    unit: Annotated[Uuid | None, Query(description="Only this unit.")] = None,
) -> list[ExplanationAnswer]:
    """Explain why each unit has its seats and what would give it one more."""
    case, allocation = await load_allocation(call.work, allocation_id)
    found = await explanations.explain_allocation(call.work, case, allocation, unit)
    return [_build_explanation_answer(each, call.translator) for each in found]


@router.get("/award_order", access=Access.ALLOCATIONS_READ)
async def list_award_order(
    allocation_id: Uuid,
    stage: Annotated[Label, Query(description="The group and bloc, such as `dien-hinh/huyen-thi`.")],
    call: CurrentCall,
) -> list[StepAnswer]:
    """List the seats of a stage in the order of their award. Seats given as floors are left out."""
    _, allocation = await load_allocation(call.work, allocation_id)
    steps = await explanations.list_stage_awards(call.work, allocation, stage)
    return [_build_step_answer(step) for step in steps[:MAX_STEPS]]


@router.get("/comparison", access=Access.ALLOCATIONS_READ)
async def compare_allocation(
    allocation_id: Uuid,
    call: CurrentCall,
    against: Annotated[Uuid | None, Query(description="Another allocation, such as the adopted one.")] = None,
) -> ComparisonAnswer:
    """Compare the results of all methods, and an allocation with another one by unit."""
    _, allocation = await load_allocation(call.work, allocation_id)
    stages = await explanations.compare_stages(call.work, allocation)
    differences = [] if against is None else await _list_differences(call, allocation, UUID(str(against)))
    return ComparisonAnswer(
        stages=[_build_stage_comparison(each) for each in stages], differences=differences
    )


@router.post("/what_ifs", access=Access.ALLOCATIONS_READ, keyed=False, read_only=True)
async def try_allocation(allocation_id: Uuid, body: WhatIfBody, call: CurrentCall) -> WhatIfAnswer:
    """Compute an allocation with other figures or numbers of seats. Nothing is stored."""
    case, allocation = await load_allocation(call.work, allocation_id)
    with call.request.app.state.what_ifs.asking(call.work.actor.id, case.conference.unit):
        tried = await explanations.compute_what_if(call.work, allocation, body.weights, body.seats)
    return WhatIfAnswer(
        status=tried.outcome.status,
        differences=[DifferenceAnswer.model_validate(each) for each in tried.differences],
    )


async def _list_differences(call: Call, allocation: Allocation, against: UUID) -> list[DifferenceAnswer]:
    _, other = await load_allocation(call.work, against)
    differences = await explanations.compare_allocations(call.work, allocation, other)
    return [DifferenceAnswer.model_validate(each) for each in differences]


def _build_explanation_answer(each: UnitStageExplanation, translator: Translator) -> ExplanationAnswer:
    standing = each.standing
    return ExplanationAnswer(
        stage=each.stage,
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
        sentences=translate_findings(each.findings, translator),
    )


def _build_step_answer(step: AwardStep) -> StepAnswer:
    return StepAnswer(
        house=step.total_seats,
        unit=step.id,
        seat=step.seat,
        worth=None if step.worth is None else format_exact(step.worth),
        level=step.level,
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
        rule=build_rule_answer(method.rule),
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
