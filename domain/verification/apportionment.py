"""The check of one proportional stage, from its definitions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from domain.findings import Finding, Plain
from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_choice,
    read_count,
    read_id,
    read_mapping,
    read_optional,
    read_rational,
    read_sequence,
    read_text,
    sum_rationals,
)
from domain.verification.quota_method import compute_by_quota
from domain.verification.shapes import check_content_digest, encode_canonical
from domain.verification.signposts import compute_signpost
from domain.verification.stage_shape import METHODS, expect_stage_shape

FORMAT_1 = "daibieu-apportionment-1"
FORMAT = "daibieu-apportionment-2"
TIE_RULE_1 = "daibieu-tie-1"
TIE_RULE = "daibieu-tie-2"
SeatRank = tuple[int, Fraction]
"""The rank of a seat: 1 if it outranks every quotient, else 0; then the value to compare."""


@dataclass(frozen=True, slots=True)
class _StageUnit:
    id: str
    weight: Fraction
    floor: int
    cap: int | None
    base: int
    seats: int
    at: str

    @property
    def low(self) -> int:
        """The least number of seats that the unit may have in all."""
        return max(self.floor, self.base)

    @property
    def high(self) -> int | None:
        """The greatest number; for a unit without weight it is the least number."""
        return self.cap if self.weight else self.low


@dataclass(frozen=True, slots=True)
class _StageTie:
    ids: tuple[str, ...]
    places: int
    digest: str
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _StageCertificate:
    """The content of a certificate as typed values; ``stage`` is its name, ``None`` in format 1."""

    stage: str | None
    seats: int
    method: str
    quota: str
    bounds: str
    parameter: Fraction | None
    plain_rule: dict[str, object]
    status: str
    units: tuple[_StageUnit, ...]
    tie: _StageTie | None
    scale: Fraction | None
    feasible_seats: int | None


def verify_stage(certificate: object, *, strict: bool) -> tuple[Finding, ...]:
    """The errors in ``certificate``, of format 2 if ``strict``, else of format 1; empty when it is proven.

    Accepts any JSON value, and never raises.
    """
    try:
        content = read_mapping(certificate, "")
        read_choice(content.get("format"), (FORMAT if strict else FORMAT_1,), "/format")
        if strict:
            expect_stage_shape(content)
        stage = _read_certificate(content)
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)
    found = _check_stage(stage)
    return found or (check_content_digest(content) if strict else ())


def compute_stage_shares(certificate: object) -> dict[str, Fraction]:
    """The shares, after the bases, that the remainders of a stage are taken of; raises ``MalformedError``."""
    return _compute_shares(_read_certificate(read_mapping(certificate, "")))


def rebuild_quota_stage(certificate: Mapping[str, Any], seats: int) -> dict[str, Any]:
    """A stage of the quota method with so many ``seats``, before the lots: each unit has those that it has
    whatever the lots are. The tie and the digest are not in it; raises ``MalformedError``."""
    stage = _read_certificate(certificate)
    right = compute_by_quota(stage.units, seats, ())
    units = [
        {**unit, "seats": right.seats[unit["id"]] - (unit["id"] in right.winners)}
        for unit in certificate["units"]
    ]
    return {**certificate, "seats": seats, "units": units}


def _check_stage(stage: _StageCertificate) -> tuple[Finding, ...]:
    if stage.status == "infeasible":
        return tuple(_check_infeasible(stage))
    found = _check_bounds(stage)
    if sum(unit.seats for unit in stage.units) + _count_undrawn_seats(stage) != stage.seats:
        found.append(Finding("certificate_sum_differs", {"seats": stage.seats}, "/seats"))
    if found:
        return tuple(found)
    if stage.method == "quota_method":
        return tuple(_check_tie(stage) or _check_quota_method(stage))
    try:
        rank = _build_ranking(stage)
        _expect_least_scale(stage)
    except MalformedError as bad:
        return (Finding("certificate_scale_wrong", {}, bad.at),)
    return tuple(_check_tie(stage) or _check_max_min(stage, rank))


def _expect_least_scale(stage: _StageCertificate) -> None:
    """Where every unit is at a bound, many scales give the same shares: in format 2 it is the least."""
    if stage.stage is None or not stage.scale:
        return
    for unit in stage.units:
        share = stage.scale * unit.weight + unit.base
        if unit.low < share and (unit.high is None or share <= unit.high):
            return
    raise MalformedError("/scale")


def _check_bounds(stage: _StageCertificate) -> list[Finding]:
    """Seats outside their bounds."""
    found = []
    for unit in stage.units:
        if unit.seats < unit.low or (unit.high is not None and unit.seats > unit.high):
            params: dict[str, Plain] = {"id": unit.id, "seats": unit.seats}
            found.append(Finding("certificate_bound_broken", params, f"{unit.at}/seats"))
    return found


def _count_undrawn_seats(stage: _StageCertificate) -> int:
    """Seats that no unit has yet, because the lots are not drawn."""
    return stage.tie.places if stage.tie and not stage.tie.lots else 0


def _check_infeasible(stage: _StageCertificate) -> list[Finding]:
    """The bounds must be infeasible, and the nearest feasible total must be the right one."""
    least = sum(unit.low for unit in stage.units)
    highs = [unit.high for unit in stage.units]
    most = None if None in highs else sum(high for high in highs if high is not None)
    if stage.seats >= least and (most is None or stage.seats <= most):
        return [Finding("certificate_feasible", {"least": least, "most": most}, "/status")]
    if stage.feasible_seats != (least if stage.seats < least else most):
        return [Finding("certificate_house_wrong", {}, "/house")]
    return []


def _check_tie(stage: _StageCertificate) -> list[Finding]:
    """A tie must be well-formed and match its digest, and the lots must name exactly the tied units."""
    tie = stage.tie
    if tie is None:
        return [Finding("certificate_lots_missing", {}, "/tie")] if stage.status == "lots_required" else []
    if (stage.status == "decided") != bool(tie.lots):
        return [Finding("certificate_lots_missing", {}, "/tie/lots")]
    if not 0 < tie.places < len(tie.ids) or list(tie.ids) != sorted(set(tie.ids)):
        return [Finding("certificate_tie_wrong", {}, "/tie")]
    if not set(tie.ids) <= {unit.id for unit in stage.units}:
        return [Finding("certificate_tie_wrong", {}, "/tie/ids")]
    if tie.lots and sorted(tie.lots) != list(tie.ids):
        return [Finding("certificate_lots_wrong", {}, "/tie/lots")]
    if tie.digest != _digest_tie(stage, tie):
        return [Finding("certificate_digest_differs", {}, "/tie/digest")]
    return []


def _check_max_min(stage: _StageCertificate, rank: Callable[[_StageUnit, int], SeatRank]) -> list[Finding]:
    """The max-min inequality: no next seat outranks a last one, and exactly the tied units have equal
    ranks."""
    tied = set(stage.tie.ids) if stage.tie else set()
    won = set(stage.tie.lots[: stage.tie.places]) if stage.tie else set()
    sure = {unit.id: unit.seats - (unit.id in won) for unit in stage.units}
    below = [u for u in stage.units if u.weight and (u.cap is None or sure[u.id] < u.cap)]
    above = [u for u in stage.units if sure[u.id] > u.low]
    nexts = [(rank(unit, sure[unit.id] + 1), unit) for unit in below]
    last = min(((rank(unit, sure[unit.id]), unit.id) for unit in above), default=None)
    if tied - {unit.id for unit in below} or any(sure[unit.id] < unit.low for unit in stage.units):
        return [Finding("certificate_tie_wrong", {}, "/tie/ids")]
    level = {value for value, unit in nexts if unit.id in tied}
    if len(level) > 1:
        return [Finding("certificate_tie_wrong", {}, "/tie/ids")]
    cutoff = next(iter(level), None)
    found = []
    for value, unit in nexts:
        if unit.id not in tied and cutoff is not None and value >= cutoff:
            found.append(Finding("certificate_tie_wrong", {"id": unit.id}, unit.at))
        elif last is not None and value >= last[0]:
            params = {"id": unit.id, "other": last[1]}
            found.append(Finding("certificate_seat_misplaced", params, f"{unit.at}/seats"))
    return found


def _check_quota_method(stage: _StageCertificate) -> list[Finding]:
    """The seats and the tie must be those of the quota method, which is carried out once more."""
    lots = stage.tie.lots if stage.tie else ()
    right = compute_by_quota(stage.units, stage.seats, lots)
    ids, places = (stage.tie.ids, stage.tie.places) if stage.tie else ((), 0)
    if (ids, places) != (tuple(sorted(right.tied)), len(right.winners)):
        return [Finding("certificate_tie_wrong", {}, "/tie")]
    undrawn = frozenset[str]() if lots else right.winners
    wrong = ((unit, right.seats[unit.id] - (unit.id in undrawn)) for unit in stage.units)
    return [
        Finding("certificate_seats_differ", {"id": unit.id, "seats": seats}, f"{unit.at}/seats")
        for unit, seats in wrong
        if unit.seats != seats
    ]


def _build_ranking(stage: _StageCertificate) -> Callable[[_StageUnit, int], SeatRank]:
    """How the rule ranks a unit's k-th seat in all, base seats counted."""
    if stage.method == "largest_remainder":
        shares = _compute_shares(stage)
        return lambda unit, k: (0, shares[unit.id] - (k - unit.base - 1))
    squared = stage.method == "huntington_hill"
    parameter = stage.parameter

    def rank(unit: _StageUnit, k: int) -> SeatRank:
        weight = unit.weight**2 if squared else unit.weight
        post = compute_signpost(stage.method, parameter, k - unit.base)
        return (1, weight) if post == 0 else (0, weight / post)

    return rank


def _compute_shares(stage: _StageCertificate) -> dict[str, Fraction]:
    """The shares, after the bases, that remainders are taken of."""
    seats = stage.seats - sum(unit.base for unit in stage.units)
    total = sum_rationals((unit.weight for unit in stage.units), "/units")
    if stage.bounds == "whole_house":
        part = (
            Fraction(total // (seats + 1) + 1)
            if stage.quota == "droop"
            else (total / seats if seats else total)
        )
        return {unit.id: unit.weight / part if part and seats else Fraction(0) for unit in stage.units}
    clamped = _clamp_shares(stage, seats)
    if stage.quota == "hare":
        return clamped
    free = _list_unclamped_units(stage, clamped)
    loose = sum_rationals((unit.weight for unit in stage.units if unit.id in free), "/units")
    left = seats - sum_rationals((share for one, share in clamped.items() if one not in free), "/scale")
    part = Fraction(loose // (left + 1) + 1)
    return {unit.id: unit.weight / part if unit.id in free else clamped[unit.id] for unit in stage.units}


def _list_unclamped_units(stage: _StageCertificate, clamped: Mapping[str, Fraction]) -> set[str]:
    """The units whose share no bound changes; empty if none of them is strictly within its bounds, where a
    cap of all seats counts as none."""
    scale = stage.scale or Fraction(0)
    free = {unit.id for unit in stage.units if unit.weight and clamped[unit.id] == scale * unit.weight}
    seats = stage.seats - sum(unit.base for unit in stage.units)
    inside = any(
        unit.id in free
        and clamped[unit.id] > unit.low - unit.base
        and (unit.high is None or unit.high - unit.base >= seats or clamped[unit.id] + unit.base < unit.high)
        for unit in stage.units
    )
    return free if inside else set()


def _clamp_shares(stage: _StageCertificate, seats: int) -> dict[str, Fraction]:
    """clamp(scale * weight, floor, cap), which has to add up to the seats."""
    if stage.scale is None:
        raise MalformedError("/scale")
    clamped = {}
    for unit in stage.units:
        share = max(stage.scale * unit.weight, Fraction(unit.low - unit.base))
        if unit.high is not None:
            share = min(share, Fraction(unit.high - unit.base))
        clamped[unit.id] = share
    if sum_rationals(clamped.values(), "/scale") != seats:
        raise MalformedError("/scale")
    return clamped


def _digest_tie(stage: _StageCertificate, tie: _StageTie) -> str:
    """The digest of the tie, by the rule of the certificate's format.

    In format 2 it is of who ties, each for which seat of its own, and for how many places; by the quota
    method also of the seats of equal value on which the lots act.
    """
    content: dict[str, object] = {
        "format": TIE_RULE_1,
        "seats": stage.seats,
        "rule": stage.plain_rule,
        "units": sorted([u.id, str(u.weight), u.floor, u.cap, u.base] for u in stage.units),
        "ids": tie.ids,
        "places": tie.places,
    }
    if stage.stage is not None:
        content = {"format": TIE_RULE, "stage": stage.stage, "places": tie.places, **_list_claims(stage, tie)}
    return sha256(encode_canonical(content)).hexdigest()


def _list_claims(stage: _StageCertificate, tie: _StageTie) -> dict[str, object]:
    """For which of its own seats each tied unit ties."""
    if stage.method == "quota_method":
        right = compute_by_quota(stage.units, stage.seats, ())
        claims = [[one, right.seats[one] + 1 - (one in right.winners)] for one in tie.ids]
        return {"units": claims, "levels": right.levels}
    next_seats = {unit.id: unit.seats + 1 for unit in stage.units}
    won = tie.lots[: tie.places]
    return {"units": [[one, next_seats[one] - (one in won)] for one in tie.ids]}


def _read_certificate(content: Mapping[str, object]) -> _StageCertificate:
    """The certificate as typed values.

    :raises MalformedError: with the pointer to the part that does not follow the format.
    """
    status = read_choice(content.get("status"), ("decided", "lots_required", "infeasible"), "/status")
    rows = read_sequence(content.get("units"), "/units")
    units = tuple(_read_unit(row, f"/units/{i}", status) for i, row in enumerate(rows))
    if len({unit.id for unit in units}) != len(units):
        raise MalformedError("/units")
    rule = read_mapping(content.get("rule"), "/rule")
    method = read_choice(rule.get("method"), METHODS, "/rule/method")
    return _StageCertificate(
        stage=str(content["stage"]) if content.get("format") == FORMAT else None,
        seats=read_count(content.get("seats"), "/seats"),
        method=method,
        quota=read_choice(rule.get("quota", "hare"), ("hare", "droop"), "/rule/quota"),
        bounds=read_choice(rule.get("bounds", "refit"), ("refit", "whole_house"), "/rule/bounds"),
        parameter=_read_parameter(method, rule),
        plain_rule=dict(rule),
        status=status,
        units=units,
        tie=read_optional(content, "tie", _read_tie),
        scale=read_optional(content, "scale", read_rational),
        feasible_seats=read_optional(content, "house", read_count),
    )


def _read_parameter(method: str, rule: Mapping[str, object]) -> Fraction | None:
    if method == "stationary":
        c = read_rational(rule.get("c"), "/rule/c")
        return expect_valid(c, 0 <= c <= 1, "/rule/c")
    if method == "modified_sainte_lague":
        first = read_rational(rule.get("first_divisor"), "/rule/first_divisor")
        return expect_valid(first, 0 < first < 3, "/rule/first_divisor")
    return None


def _read_unit(row: object, at: str, status: str) -> _StageUnit:
    content = read_mapping(row, at)
    cap = content.get("cap")
    unit = _StageUnit(
        id=read_id(content.get("id"), f"{at}/id"),
        weight=read_rational(content.get("weight"), f"{at}/weight"),
        floor=read_count(content.get("floor"), f"{at}/floor"),
        cap=None if cap is None else read_count(cap, f"{at}/cap"),
        base=read_count(content.get("base"), f"{at}/base"),
        seats=0 if status == "infeasible" else read_count(content.get("seats"), f"{at}/seats"),
        at=at,
    )
    return expect_valid(unit, unit.cap is None or unit.cap >= unit.low, f"{at}/cap")


def _read_tie(source: object, at: str) -> _StageTie:
    content = read_mapping(source, at)
    ids = read_sequence(content.get("ids"), f"{at}/ids")
    lots = read_sequence(content.get("lots"), f"{at}/lots")
    return _StageTie(
        ids=tuple(read_text(one, f"{at}/ids") for one in ids),
        places=read_count(content.get("places"), f"{at}/places"),
        digest=read_text(content.get("digest"), f"{at}/digest"),
        lots=tuple(read_text(one, f"{at}/lots") for one in lots),
    )
