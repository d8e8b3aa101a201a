"""The check of a split of targets: who can be asked for what, the fair shares, and their rounding.

Everything is derived again from the figures in the certificate: the most seats of each cell, what all units
can give, and the share of each cell from the factors of the columns, in decimals of sixty digits.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from domain.findings import Finding
from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_choice,
    read_mapping,
    read_sequence,
    read_text,
)
from domain.verification.shapes import check_content_digest
from domain.verification.split_rounding import check_places
from domain.verification.split_rows import SplitUnit, read_columns, read_units
from domain.verification.split_shape import expect_split_shape

FORMAT = "daibieu-split-1"

DIGITS = Context(prec=60)
MOST_EXCESS = Decimal("1e-9")
"""The most by which the sums of all columns may differ from the targets, halved, in seats."""
MILLIONTH = Decimal("1e-6")
FACTOR_PATTERN = re.compile(r"[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,5})?", re.ASCII)


@dataclass(slots=True)
class _Margins:
    """What the projection divides: units that follow their seats, and pinned cells, are taken out of it."""

    units: Sequence[SplitUnit]
    goals: dict[str, Fraction]
    seats: dict[str, Fraction] = field(default_factory=dict)
    caps: dict[str, dict[str, int]] = field(default_factory=dict)
    settled: dict[str, dict[str, Fraction]] = field(default_factory=dict)

    def compute_slack(self, values: Sequence[str]) -> Fraction:
        """How many more seats all units can give to ``values`` than these need."""
        most = sum(
            (
                min(seats, Fraction(sum(self.caps[one][v] for v in values)))
                for one, seats in self.seats.items()
            ),
            Fraction(0),
        )
        return most - sum((self.goals[v] for v in values), Fraction(0))

    def settle_cell(self, unit: str, value: str, seats: Fraction) -> None:
        """Fix one cell."""
        self.settled[unit][value] += seats
        self.seats[unit] -= seats
        self.goals[value] -= seats
        self.caps[unit][value] = 0


def verify_split(certificate: object) -> tuple[Finding, ...]:
    """The errors in the certificate of a split; empty when it is proven."""
    try:
        content = expect_split_shape(certificate)
        columns = read_columns(content)
        status = read_choice(content.get("status"), ("split", "infeasible"), "/status")
        units = read_units(content, columns, decided=status == "split")
        with localcontext(DIGITS):
            if status == "infeasible":
                found = list(_check_shortage(units, columns, content))
            else:
                found = [*_check_shares(units, columns, content), *check_places(units, columns, content)]
            return tuple(found) or check_content_digest(content)
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)


def _check_shortage(
    units: Sequence[SplitUnit], columns: Mapping[str, int], content: Mapping[str, object]
) -> Iterator[Finding]:
    """The values in ``short`` must need more than all units can give them."""
    margins = _build_margins(units, columns, by_seats=False)
    if margins.compute_slack(_read_values(content.get("short"), columns, "/short")) >= 0:
        yield Finding("certificate_reach_wrong", {}, "/short")


def _check_shares(
    units: Sequence[SplitUnit], columns: Mapping[str, int], content: Mapping[str, object]
) -> Iterator[Finding]:
    by_seats = content.get("fixed_by_seats")
    expect_valid(by_seats, isinstance(by_seats, bool), "/fixed_by_seats")
    following = _build_margins(units, columns, by_seats=True)
    some_follow = len(following.seats) < len(units)
    expect_valid(by_seats, some_follow or not by_seats, "/fixed_by_seats")
    if some_follow and not by_seats:
        short = _read_values(content.get("short"), columns, "/short")
        if following.compute_slack(short) >= 0:
            yield Finding("certificate_reach_wrong", {}, "/short")
    else:
        expect_valid(content, not content.get("short"), "/short")
    margins = following if by_seats else _build_margins(units, columns, by_seats=False)
    yield from _settle_tight_sets(margins, columns, content)
    yield from _compare_shares(margins, _read_factors(content, columns))
    yield from _check_share_sums(units, columns)


def _build_margins(units: Sequence[SplitUnit], columns: Mapping[str, int], *, by_seats: bool) -> _Margins:
    margins = _Margins(units, {v: Fraction(wanted) for v, wanted in columns.items()})
    for unit in units:
        margins.seats[unit.id] = Fraction(unit.seats)
        margins.caps[unit.id] = dict(unit.caps)
        margins.settled[unit.id] = dict.fromkeys(columns, Fraction(0))
        for value, places in unit.by_hand.items():
            margins.settle_cell(unit.id, value, Fraction(places))
    goals = dict(margins.goals)
    total = sum(goals.values())
    for unit in units:
        shares = {v: goal * unit.seats / total if total else Fraction(0) for v, goal in goals.items()}
        follows = unit.lacks_figures and not unit.by_hand
        if by_seats and follows and all(share <= unit.caps[v] for v, share in shares.items()):
            for value, share in shares.items():
                margins.settle_cell(unit.id, value, share)
            del margins.seats[unit.id]
    return margins


def _settle_tight_sets(
    margins: _Margins, columns: Mapping[str, int], content: Mapping[str, object]
) -> Iterator[Finding]:
    """Where values need exactly what all units can give: units full of them send nobody else, and so on."""
    listed = read_sequence(content.get("tight"), "/tight")
    expect_valid(listed, len(listed) <= len(columns), "/tight")
    settled: dict[tuple[str, str], int] = {}
    for n, one in enumerate(listed):
        some = _read_values(one, columns, f"/tight/{n}")
        expect_valid(some, 0 < len(some) < len(columns), f"/tight/{n}")
        if margins.compute_slack(some) != 0:
            yield Finding("certificate_reach_wrong", {}, f"/tight/{n}")
            continue
        for unit, seats in margins.seats.items():
            caps = margins.caps[unit]
            most = sum(caps[v] for v in some)
            if seats <= most:
                settled.update({(unit, v): 0 for v in columns if v not in some})
            if seats >= most:
                settled.update({(unit, v): caps[v] for v in some})
    for (unit, value), places in settled.items():
        margins.settle_cell(unit, value, Fraction(places))


def _compare_shares(margins: _Margins, factors: Mapping[str, Decimal]) -> Iterator[Finding]:
    """The factors must meet the targets, and each published share must be that of the factors."""
    excess = {v: -_divide(goal) for v, goal in margins.goals.items()}
    # Rounded to millionths, and then by exact margins at most one for each value.
    most = MILLIONTH * (len(factors) + 1) + MOST_EXCESS
    found: list[Finding] = []
    for unit in margins.units:
        own = {v: _divide(share) for v, share in margins.settled[unit.id].items()}
        if unit.id in margins.seats:
            for value, share in _fill_unit(unit, margins, factors).items():
                own[value] += share
                excess[value] += share
        for value, share in own.items():
            if abs(Decimal(unit.shares[value]) / 1_000_000 - share) > most:
                found.append(
                    Finding("certificate_share_wrong", {"id": unit.id, "value": value}, f"{unit.at}/shares")
                )
    if sum(map(abs, excess.values())) / 2 > MOST_EXCESS:
        yield Finding("certificate_factors_wrong", {}, "/factors")
    yield from found


def _divide(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)


def _fill_unit(unit: SplitUnit, margins: _Margins, factors: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The unit's seats in proportion to people × factor; cells become full in the order of cap ÷ weight."""
    caps, left = margins.caps[unit.id], _divide(margins.seats[unit.id])
    weights = {v: unit.weights[v] * factor for v, factor in factors.items() if margins.goals[v]}
    line = sorted((v for v in weights if caps[v] and weights[v]), key=lambda v: caps[v] / weights[v])
    shares: dict[str, Decimal] = {}
    for n, value in enumerate(line):
        rest = sum((weights[v] for v in line[n:]), Decimal(0))
        shares[value] = min(Decimal(caps[value]), left * weights[value] / rest)
        left -= shares[value]
    if left > Decimal("1e-20"):
        raise MalformedError("/factors")
    return shares


def _check_share_sums(units: Sequence[SplitUnit], columns: Mapping[str, int]) -> Iterator[Finding]:
    """Rows and columns of the published shares are exact, and no share is above its cap."""
    for unit in units:
        off = [v for v, share in unit.shares.items() if share > unit.caps[v] * 1_000_000]
        if sum(unit.shares.values()) != unit.seats * 1_000_000 or off:
            yield Finding("certificate_margin_wrong", {"id": unit.id}, f"{unit.at}/shares")
    for value, wanted in columns.items():
        if sum(unit.shares[value] for unit in units) != wanted * 1_000_000:
            yield Finding("certificate_margin_wrong", {"id": value}, "/columns")


def _read_values(source: object, columns: Mapping[str, int], at: str) -> list[str]:
    values = [read_text(one, at) for one in read_sequence(source, at)]
    expect_valid(values, len(set(values)) == len(values) and set(values) <= columns.keys(), at)
    return values


def _read_factors(content: Mapping[str, object], columns: Mapping[str, int]) -> dict[str, Decimal]:
    """The factor of each value: a decimal, zero or more, such as "0.25" or "3E-17"."""
    source = read_mapping(content.get("factors"), "/factors")
    expect_valid(source, source.keys() == columns.keys(), "/factors")
    factors = {}
    for value in columns:
        text = read_text(source[value], "/factors")
        expect_valid(text, FACTOR_PATTERN.fullmatch(text) is not None, "/factors")
        factors[value] = Decimal(text)
    return factors
