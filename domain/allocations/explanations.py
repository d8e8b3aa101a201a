"""Why a unit got what it got, and what other methods would give, from the outcome of an allocation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.allocations.outcome import AllocationOutcome, AllocationStage
from domain.apportionment import Claim
from domain.apportionment.comparison import (
    Comparison,
    Indices,
    compare_methods,
    compute_indices,
    list_outside_quota,
)
from domain.apportionment.explanation import UnitExplanation, explain_units
from domain.findings import Finding, NotFound, Plain, Severity
from domain.snapshots import plain_fraction


@dataclass(frozen=True, slots=True)
class UnitStageExplanation:
    """How one unit stands in one stage; ``findings`` are the sentences for its officer."""

    stage: AllocationStage
    unit: str
    name: str
    standing: UnitExplanation
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class StageComparison:
    """A stage by every method, beside what was computed and what stands after the leader's hand.

    ``outside`` are units that break the quota rule. The indices of both say what the hand costs.
    """

    stage: AllocationStage
    computed: Mapping[str, int]
    seats: Mapping[str, int]
    before: Indices | None
    after: Indices | None
    outside: Sequence[str]
    methods: Sequence[Comparison]


def explain_stages(outcome: AllocationOutcome, unit: str | None) -> list[UnitStageExplanation]:
    """Each unit in each stage in which it takes part, or one ``unit`` alone."""
    found = []
    for stage in outcome.stages:
        if stage.bloc is None or (unit is not None and unit not in stage.names):
            continue
        claims = {claim.id: claim for claim in stage.answer.claims}
        for standing in explain_units(stage.answer, None if unit is None else [unit]):
            told = _explain_unit(stage, claims[standing.id], standing)
            found.append(UnitStageExplanation(stage, standing.id, stage.names[standing.id], standing, told))
    return found


def _explain_unit(stage: AllocationStage, claim: Claim, standing: UnitExplanation) -> list[Finding]:
    about: dict[str, Plain] = {"stage": stage.name, "measure": stage.measure}
    figures: dict[str, Plain] = {
        "weight": plain_fraction(claim.weight),
        "share": _format_decimals(standing.share),
        "seats": standing.seats,
        "house": stage.answer.house,
    }
    found = [Finding("unit_explained", {**about, **figures}, severity=Severity.INFO)]
    if standing.quota != standing.share:
        quota: dict[str, Plain] = {**about, "quota": _format_decimals(standing.quota)}
        found.append(Finding("unit_share_bounded", quota, severity=Severity.INFO))
    if standing.bound is not None:
        bound = max(claim.floor, claim.base) if standing.bound == "floor" else claim.cap
        found.append(Finding(f"unit_at_{standing.bound}", {**about, "bound": bound}, severity=Severity.INFO))
    if standing.tied:
        found.append(Finding("unit_tied", about, severity=Severity.WARNING))
    found.append(_explain_next_seat(standing, about))
    return found


def _explain_next_seat(standing: UnitExplanation, about: Mapping[str, Plain]) -> Finding:
    more: dict[str, Plain] = {**about, "more_weight": standing.more_weight, "more_seats": standing.more_seats}
    known = (standing.more_weight is not None, standing.more_seats is not None)
    code = {
        (True, True): "next_seat",
        (True, False): "next_seat_by_weight",
        (False, True): "next_seat_by_house",
        (False, False): "next_seat_never",
    }[known]
    return Finding(code, more, severity=Severity.INFO)


def compare_stage(stage: AllocationStage, moved: Mapping[tuple[str, str], int]) -> StageComparison:
    """A stage by every method; ``moved`` is (group, unit) → seats that a hand added."""
    answer, methods = stage.answer, compare_methods(stage.answer.house, stage.answer.claims)
    if answer.status == "infeasible":
        return StageComparison(stage, {}, {}, None, None, (), methods)
    after = {unit: held + moved.get((stage.group, unit), 0) for unit, held in answer.by_id.items()}
    weights = answer.claims.weights
    return StageComparison(
        stage,
        answer.by_id,
        after,
        compute_indices(answer.seats, weights),
        compute_indices([*after.values()], weights),
        list_outside_quota([*after.values()], answer),
        methods,
    )


def get_stage(outcome: AllocationOutcome, name: str) -> AllocationStage:
    """The stage of that id, ``group/bloc``; raises ``NotFound`` where there is none."""
    for stage in outcome.stages:
        if stage.id == name:
            return stage
    raise NotFound("stage_unknown")


def _format_decimals(quota: Fraction) -> str:
    """Three decimals, for a sentence; the figure itself is exact."""
    thousandths = round(quota * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03}"
