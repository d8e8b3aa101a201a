"""Why a unit got what it got, and what other methods would give, from the outcome of an allocation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.allocations.component_explanations import explain_components, explain_total
from domain.allocations.outcome import AllocationOutcome, AllocationStage, GroupOutcome
from domain.apportionment import Claim
from domain.apportionment.comparison import (
    Comparison,
    Indices,
    compare_methods,
    compute_indices,
    list_outside_quota,
)
from domain.apportionment.explanation import UnitExplanation, build_outright_explanation, explain_units
from domain.findings import Finding, NotFound, Plain, Severity
from domain.snapshots import plain_fraction


@dataclass(frozen=True, slots=True)
class UnitStageExplanation:
    """How one unit stands in one stage, ``group/bloc``; ``findings`` are the sentences for its officer."""

    stage: str
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
    return [
        found
        for each in outcome.groups
        for found in (_explain_shares(each, unit) if each.answer.stages else _explain_totals(each, unit))
    ]


def _explain_shares(each: GroupOutcome, unit: str | None) -> Iterator[UnitStageExplanation]:
    """The units of a group: what its components give them, and their share of the rest."""
    parts = {share.id: share.parts for share in each.answer.shares}
    participants = {one.id: one for one in each.group.participants}
    for stage in each.stages:
        if stage.bloc is None or (unit is not None and unit not in stage.names):
            continue
        claims = {claim.id: claim for claim in stage.answer.claims}
        for standing in explain_units(stage.answer, None if unit is None else [unit]):
            one = standing.id
            given = explain_components(each.group.components, participants[one], parts.get(one, ()))
            told = [*given, *_explain_unit(stage, claims[one], standing)]
            yield UnitStageExplanation(stage.id, one, stage.names[one], standing, told)


def _explain_totals(each: GroupOutcome, unit: str | None) -> Iterator[UnitStageExplanation]:
    """The units of a group that has the seats which its components give."""
    shares = {share.id: share for share in each.answer.shares}
    for one, member in zip(each.group.participants, each.group.members, strict=True):
        if one.id not in shares or unit not in (None, one.id):
            continue
        share = shares[one.id]
        told = [
            *explain_components(each.group.components, one, share.parts),
            *explain_total(one, share.parts, share.seats),
        ]
        standing = build_outright_explanation(share)
        yield UnitStageExplanation(f"{each.group.id}/{one.bloc}", one.id, member.name, standing, told)


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
