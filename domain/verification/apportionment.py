"""The check of one proportional stage, from its definitions."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from domain.findings import Finding, Plain
from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_choice,
    read_count,
    read_mapping,
    read_optional,
    read_rational,
    read_sequence,
    read_text,
    sum_rationals,
)

FORMAT = "daibieu-apportionment-1"
SeatRank = tuple[int, Fraction]
"""Where a seat stands: what outranks every quotient first, then by value."""


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
        """The least number of seats it may have in all."""
        return max(self.floor, self.base)

    @property
    def high(self) -> int | None:
        """The greatest; without weight, no more than the least."""
        return self.cap if self.weight else self.low


@dataclass(frozen=True, slots=True)
class _StageTie:
    ids: tuple[str, ...]
    places: int
    digest: str
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _StageCertificate:
    """A certificate, read."""

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


def verify_stage(certificate: object) -> tuple[Finding, ...]:
    """What is wrong with ``certificate``; nothing means that it is proven.

    Takes whatever a JSON file can hold, and never raises.
    """
    try:
        paper = _read_certificate(certificate)
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)
    if paper.status == "infeasible":
        return tuple(_check_infeasible(paper))
    found = _check_bounds(paper)
    if sum(unit.seats for unit in paper.units) + _count_undrawn_seats(paper) != paper.seats:
        found.append(Finding("certificate_sum_differs", {"seats": paper.seats}, "/seats"))
    if found:
        return tuple(found)
    try:
        rank = _build_ranking(paper)
    except MalformedError as bad:
        return (Finding("certificate_scale_wrong", {}, bad.at),)
    return tuple(_check_tie(paper) or _check_max_min(paper, rank))


def _check_bounds(paper: _StageCertificate) -> list[Finding]:
    """Seats outside their bounds."""
    found = []
    for unit in paper.units:
        if unit.seats < unit.low or (unit.high is not None and unit.seats > unit.high):
            params: dict[str, Plain] = {"id": unit.id, "seats": unit.seats}
            found.append(Finding("certificate_bound_broken", params, f"{unit.at}/seats"))
    return found


def _count_undrawn_seats(paper: _StageCertificate) -> int:
    """Seats that nobody has yet, because the lot has not fallen."""
    return paper.tie.places if paper.tie and not paper.tie.lots else 0


def _check_infeasible(paper: _StageCertificate) -> list[Finding]:
    """Whether the bounds truly leave no room, and the nearest house is the right one."""
    least = sum(unit.low for unit in paper.units)
    highs = [unit.high for unit in paper.units]
    most = None if None in highs else sum(high for high in highs if high is not None)
    if paper.seats >= least and (most is None or paper.seats <= most):
        return [Finding("certificate_feasible", {"least": least, "most": most}, "/status")]
    if paper.feasible_seats != (least if paper.seats < least else most):
        return [Finding("certificate_house_wrong", {}, "/house")]
    return []


def _check_tie(paper: _StageCertificate) -> list[Finding]:
    """A tie that is not one, was changed after its digest, or went to others than the lots say."""
    tie = paper.tie
    if tie is None:
        return [Finding("certificate_lots_missing", {}, "/tie")] if paper.status == "lots_required" else []
    if (paper.status == "decided") != bool(tie.lots):
        return [Finding("certificate_lots_missing", {}, "/tie/lots")]
    if not 0 < tie.places < len(tie.ids) or list(tie.ids) != sorted(set(tie.ids)):
        return [Finding("certificate_tie_wrong", {}, "/tie")]
    if not set(tie.ids) <= {unit.id for unit in paper.units}:
        return [Finding("certificate_tie_wrong", {}, "/tie/ids")]
    if tie.lots and sorted(tie.lots) != list(tie.ids):
        return [Finding("certificate_lots_wrong", {}, "/tie/lots")]
    if tie.digest != _digest_tie(paper, tie):
        return [Finding("certificate_digest_differs", {}, "/tie/digest")]
    return []


def _check_max_min(paper: _StageCertificate, rank: Callable[[_StageUnit, int], SeatRank]) -> list[Finding]:
    """The max-min inequality: no next seat outranks a last one, and exactly the tied stand level."""
    tied = set(paper.tie.ids) if paper.tie else set()
    won = set(paper.tie.lots[: paper.tie.places]) if paper.tie else set()
    sure = {unit.id: unit.seats - (unit.id in won) for unit in paper.units}
    below = [u for u in paper.units if u.weight and (u.cap is None or sure[u.id] < u.cap)]
    above = [u for u in paper.units if sure[u.id] > u.low]
    nexts = [(rank(unit, sure[unit.id] + 1), unit) for unit in below]
    last = min(((rank(unit, sure[unit.id]), unit.id) for unit in above), default=None)
    if tied - {unit.id for unit in below} or any(sure[unit.id] < unit.low for unit in paper.units):
        return [Finding("certificate_tie_wrong", {}, "/tie/ids")]
    level = {value for value, unit in nexts if unit.id in tied}
    if len(level) > 1:
        return [Finding("certificate_tie_wrong", {}, "/tie/ids")]
    bar = next(iter(level), None)
    found = []
    for value, unit in nexts:
        if unit.id not in tied and bar is not None and value >= bar:
            found.append(Finding("certificate_tie_wrong", {"id": unit.id}, unit.at))
        elif last is not None and value >= last[0]:
            params = {"id": unit.id, "other": last[1]}
            found.append(Finding("certificate_seat_misplaced", params, f"{unit.at}/seats"))
    return found


def _build_ranking(paper: _StageCertificate) -> Callable[[_StageUnit, int], SeatRank]:
    """How the rule ranks a unit's k-th seat in all, base seats counted."""
    if paper.method == "largest_remainder":
        shares = _compute_shares(paper)
        return lambda unit, k: (0, shares[unit.id] - (k - unit.base - 1))
    squared = paper.method == "huntington_hill"
    parameter = paper.parameter

    def rank(unit: _StageUnit, k: int) -> SeatRank:
        weight = unit.weight**2 if squared else unit.weight
        post = _compute_signpost(paper.method, parameter, k - unit.base)
        return (1, weight) if post == 0 else (0, weight / post)

    return rank


def _compute_signpost(method: str, parameter: Fraction | None, k: int) -> Fraction:
    """s(k), or its square for Huntington-Hill."""
    match method:
        case "dhondt":
            return Fraction(k)
        case "adams":
            return Fraction(k - 1)
        case "huntington_hill":
            return Fraction(k * (k - 1))
        case "dean":
            return Fraction(2 * k * (k - 1), 2 * k - 1)
        case "stationary" if parameter is not None:
            return k - 1 + parameter
        case "modified_sainte_lague" if parameter is not None and k == 1:
            return parameter / 2
    return Fraction(2 * k - 1, 2)


def _compute_shares(paper: _StageCertificate) -> dict[str, Fraction]:
    """The shares, after the bases, that remainders are taken of."""
    seats = paper.seats - sum(unit.base for unit in paper.units)
    total = sum_rationals((unit.weight for unit in paper.units), "/units")
    if paper.bounds == "whole_house":
        part = (
            Fraction(total // (seats + 1) + 1)
            if paper.quota == "droop"
            else (total / seats if seats else total)
        )
        return {unit.id: unit.weight / part if part and seats else Fraction(0) for unit in paper.units}
    clamped = _clamp_shares(paper, seats)
    if paper.quota == "hare":
        return clamped
    free = _list_unclamped_units(paper, clamped)
    loose = sum_rationals((unit.weight for unit in paper.units if unit.id in free), "/units")
    left = seats - sum_rationals((share for one, share in clamped.items() if one not in free), "/scale")
    part = Fraction(loose // (left + 1) + 1)
    return {unit.id: unit.weight / part if unit.id in free else clamped[unit.id] for unit in paper.units}


def _list_unclamped_units(paper: _StageCertificate, clamped: Mapping[str, Fraction]) -> set[str]:
    """The units whose share no bound changes, if any stands strictly within its bounds."""
    scale = paper.scale or Fraction(0)
    free = {unit.id for unit in paper.units if unit.weight and clamped[unit.id] == scale * unit.weight}
    inside = any(
        unit.id in free
        and clamped[unit.id] > unit.low - unit.base
        and clamped[unit.id] + unit.base != unit.high
        for unit in paper.units
    )
    return free if inside else set()


def _clamp_shares(paper: _StageCertificate, seats: int) -> dict[str, Fraction]:
    """clamp(scale * weight, floor, cap), which has to add up to the seats."""
    if paper.scale is None:
        raise MalformedError("/scale")
    clamped = {}
    for unit in paper.units:
        share = max(paper.scale * unit.weight, Fraction(unit.low - unit.base))
        if unit.high is not None:
            share = min(share, Fraction(unit.high - unit.base))
        clamped[unit.id] = share
    if sum_rationals(clamped.values(), "/scale") != seats:
        raise MalformedError("/scale")
    return clamped


def _digest_tie(paper: _StageCertificate, tie: _StageTie) -> str:
    """What identifies the tie and all that led to it, by the rule ``daibieu-tie-1``."""
    told = {
        "format": "daibieu-tie-1",
        "seats": paper.seats,
        "rule": paper.plain_rule,
        "units": sorted([u.id, str(u.weight), u.floor, u.cap, u.base] for u in paper.units),
        "ids": tie.ids,
        "places": tie.places,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _read_certificate(source: object) -> _StageCertificate:
    """The certificate, or the pointer to what is not as the format has it."""
    told = read_mapping(source, "")
    if told.get("format") != FORMAT:
        raise MalformedError("/format")
    status = read_choice(told.get("status"), ("decided", "lots_required", "infeasible"), "/status")
    rows = read_sequence(told.get("units"), "/units")
    units = tuple(_read_unit(row, f"/units/{i}", status) for i, row in enumerate(rows))
    if len({unit.id for unit in units}) != len(units):
        raise MalformedError("/units")
    rule = read_mapping(told.get("rule"), "/rule")
    method = read_choice(rule.get("method"), METHODS, "/rule/method")
    return _StageCertificate(
        seats=read_count(told.get("seats"), "/seats"),
        method=method,
        quota=read_choice(rule.get("quota", "hare"), ("hare", "droop"), "/rule/quota"),
        bounds=read_choice(rule.get("bounds", "refit"), ("refit", "whole_house"), "/rule/bounds"),
        parameter=_read_parameter(method, rule),
        plain_rule=dict(rule),
        status=status,
        units=units,
        tie=read_optional(told, "tie", _read_tie),
        scale=read_optional(told, "scale", read_rational),
        feasible_seats=read_optional(told, "house", read_count),
    )


METHODS = (
    "dhondt",
    "sainte_lague",
    "modified_sainte_lague",
    "huntington_hill",
    "dean",
    "adams",
    "stationary",
    "largest_remainder",
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
    told = read_mapping(row, at)
    cap = told.get("cap")
    unit = _StageUnit(
        id=read_text(told.get("id"), f"{at}/id"),
        weight=read_rational(told.get("weight"), f"{at}/weight"),
        floor=read_count(told.get("floor"), f"{at}/floor"),
        cap=None if cap is None else read_count(cap, f"{at}/cap"),
        base=read_count(told.get("base"), f"{at}/base"),
        seats=0 if status == "infeasible" else read_count(told.get("seats"), f"{at}/seats"),
        at=at,
    )
    return expect_valid(unit, unit.cap is None or unit.cap >= unit.low, f"{at}/cap")


def _read_tie(source: object, at: str) -> _StageTie:
    told = read_mapping(source, at)
    ids = read_sequence(told.get("ids"), f"{at}/ids")
    lots = read_sequence(told.get("lots"), f"{at}/lots")
    return _StageTie(
        ids=tuple(read_text(one, f"{at}/ids") for one in ids),
        places=read_count(told.get("places"), f"{at}/places"),
        digest=read_text(told.get("digest"), f"{at}/digest"),
        lots=tuple(read_text(one, f"{at}/lots") for one in lots),
    )
