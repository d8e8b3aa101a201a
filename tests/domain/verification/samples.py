"""Small certificates of every kind, as the engine makes them."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

from domain.allocations import (
    AllocationInputs,
    CertifiedSeats,
    HandAdjustment,
    SettledTie,
    UnitFigures,
    allocate_seats,
    certify_outcome,
)
from domain.allocations.inputs import build_inputs
from domain.apportionment import ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.allocation_certificate import build_allocation_certificate
from domain.apportionment.certificate import build_certificate
from domain.apportionment.components import (
    Adjustment,
    AllocationBloc,
    BaseSeats,
    Component,
    FixedSeats,
    Participant,
    ProportionalSeats,
    StepSeats,
)
from domain.apportionment.stages import allocate_seats as allocate_group
from domain.apportionment.two_way import (
    Line,
    Rounding,
    TwoWayProblem,
    apportion_two_way,
    build_two_way_certificate,
)
from domain.composition.certificates import build_split_certificate
from domain.composition.solver.split_table import SplitRow
from domain.composition.split import split_partition
from domain.lots import SettlementMethod
from domain.plans import Bloc, SeatGroup, SharingRule, Tier
from domain.plans.tiers import Cap

Certificate = dict[str, Any]

TIED = [Claim("a", 7, cap=9), Claim("b", 7), Claim("c", 3, floor=1), Claim("d", 7, base=1)]
HAMILTON = ApportionmentRule(Method.LARGEST_REMAINDER)
DROOP = ApportionmentRule(Method.LARGEST_REMAINDER, quota="droop")
WHOLE = ApportionmentRule(Method.LARGEST_REMAINDER, bounds="whole_house")
QUOTA = ApportionmentRule(Method.QUOTA)
THIRDS = ApportionmentRule(Method.STATIONARY, c=Fraction(1, 3))
UNEVEN = [Claim("a", 7, cap=4), Claim("b", Fraction(7, 2)), Claim("c", 2**60, floor=1)]

UNITS = [
    Participant("u1", {"staff": 120, "people": 9000}, floor=1, predecessors=2, bloc="west"),
    Participant("u2", {"staff": 80, "people": 9000}, cap=9, bloc="west"),
    Participant("u3", {"staff": 300, "people": 1}, bloc="east"),
    Participant("u4", {"staff": 250, "people": 2}, bloc="east"),
]
OUTRIGHT: list[Component] = [
    FixedSeats({"u3": 1, "elsewhere": 5}, "Quyết định số 1"),
    BaseSeats(2, merged={2: 3}),
    StepSeats({"staff": 1}, every=Fraction(201, 2), most=2),
    StepSeats({"staff": 1}, every=50, rounding="more_than_half", above=100, to=250),
]
BLOCS = (
    AllocationBloc("west", {"people": 1}),
    AllocationBloc("east", {"staff": Fraction(1, 2)}, HAMILTON, 5),
)


def read(content: object) -> Certificate:
    """A certificate as somebody else gets it."""
    told: Certificate = json.loads(json.dumps(content))
    return told


def list_stages() -> dict[str, Certificate]:
    """Certificates of single stages: of every status, with and without parameters, tied and not."""
    found = {
        "drawn": apportion_seats(7, TIED, lots=("b", "d", "a"), stage="g/x"),
        "waiting": apportion_seats(7, TIED),
        "too few": apportion_seats(1, [Claim("a", 1, floor=2), Claim("b", 2)]),
        "too many": apportion_seats(9, [Claim("a", 1, cap=2), Claim("b", 0)], HAMILTON),
        "refit": apportion_seats(8, UNEVEN, HAMILTON),
        "at bounds": apportion_seats(5, [Claim("a", 1, floor=3), Claim("b", 1, cap=2)], HAMILTON),
        "droop": apportion_seats(8, UNEVEN, DROOP),
        "whole house": apportion_seats(8, UNEVEN, WHOLE),
        "stationary": apportion_seats(8, UNEVEN, THIRDS),
        "quota": apportion_seats(8, UNEVEN, QUOTA),
        "quota, waiting": apportion_seats(7, TIED, QUOTA),
        "quota, drawn": apportion_seats(7, TIED, QUOTA, lots=("b", "d", "a")),
        "modified": apportion_seats(8, UNEVEN, ApportionmentRule(Method.MODIFIED_SAINTE_LAGUE)),
    }
    return {name: read(build_certificate(result)) for name, result in found.items()}


def list_allocations() -> dict[str, Certificate]:
    """Certificates of allocations by every kind of component."""
    shared = [*OUTRIGHT, ProportionalSeats({"staff": 1})]
    in_blocs = [ProportionalSeats({"staff": 1}, blocs=BLOCS)]
    hand = [Adjustment("u2", 4, "Ý kiến lãnh đạo", "Người thử nghiệm 1")]
    found = {
        "outright": allocate_group(30, UNITS, OUTRIGHT, group="g"),
        "outright, too few": allocate_group(2, UNITS, OUTRIGHT, group="g"),
        "total of components": allocate_group(None, UNITS, OUTRIGHT, group="g"),
        "units": allocate_group(30, UNITS, shared, adjustments=hand, group="g"),
        "times": allocate_group(30, UNITS, [BaseSeats(2, times_predecessors=True)]),
        "blocs, waiting": allocate_group(10, UNITS, in_blocs, group="g"),
        "blocs, drawn": allocate_group(10, UNITS, in_blocs, lots={"bloc/west": ["u2", "u1"]}, group="g"),
        "blocs, impossible": allocate_group(4, UNITS, in_blocs, group="g"),
    }
    return {name: read(build_allocation_certificate(result)) for name, result in found.items()}


def list_splits() -> dict[str, Certificate]:
    """Certificates of splits: with places by hand and without figures, at the edge, by seats, impossible."""
    full = [SplitRow("u1", 7, {"w": 64, "m": 56}), SplitRow("u2", 5, {"w": 30, "m": 90}, 130)]
    silent = [*full, SplitRow("u3", 4, None)]
    tight = [SplitRow("u1", 3, {"w": 2, "m": 9}), SplitRow("u2", 4, {"w": 1, "m": 9})]
    three = [SplitRow("u1", 3, {"a": 4, "b": 3, "c": 9}), SplitRow("u2", 4, {"a": 1, "b": 8, "c": 2})]
    hand = {"u1": {"w": 4}}
    found = {
        "full": (full, {"w": 5, "m": 7}, None),
        "by hand": (silent, {"w": 7, "m": 9}, hand),
        "edge": (tight, {"w": 3, "m": 4}, None),
        "three values": (three, {"a": 2, "b": 3, "c": 2}, None),
        "short by seats": ([*tight, SplitRow("u3", 2, None)], {"w": 5, "m": 4}, None),
        "impossible": (tight, {"w": 4, "m": 3}, None),
    }
    return {
        name: read(
            build_split_certificate(rows, columns, split_partition(rows, columns, seed="s", by_hand=by), by)
        )
        for name, (rows, columns, by) in found.items()
    }


def list_two_way() -> dict[str, Certificate]:
    """Two-way certificates: decided, drawn among two groups of cells, and impossible for either side."""

    def build(weights: list[list[int]], rows: list[int], columns: list[int], method: str) -> TwoWayProblem:
        own = tuple(Line(f"r{n}", seats) for n, seats in enumerate(rows))
        across = tuple(Line(f"c{n}", seats) for n, seats in enumerate(columns))
        return TwoWayProblem(own, across, tuple(map(tuple, weights)), Rounding(method))

    decided = build([[620, 380, 5], [810, 540, 3]], [2, 3], [3, 2, 0], "sainte_lague")
    level = build(
        [[5, 5, 0, 0], [5, 5, 0, 0], [0, 0, 3, 3], [0, 0, 3, 3]], [1, 1, 1, 1], [1, 1, 1, 1], "dhondt"
    )
    waiting = apportion_two_way(level)
    cells = sorted(waiting.name_cell(cell) for tie in waiting.ties for cell in tie.cells)
    found = {
        "decided": apportion_two_way(decided),
        "drawn": apportion_two_way(level, cells[::-1]),
        "impossible rows": apportion_two_way(build([[5, 0], [1, 1], [1, 1]], [3, 1, 1], [2, 3], "dhondt")),
        "impossible columns": apportion_two_way(build([[5, 1, 1], [0, 1, 1]], [2, 3], [3, 1, 1], "dhondt")),
    }
    return {name: read(build_two_way_certificate(result)) for name, result in found.items()}


def list_conferences() -> dict[str, Certificate]:
    """Certificates of conferences: ties settled by a lot and by one more seat, and two hands."""
    inputs = _build_inputs()
    waiting = {stage.id: tie.digest for stage, tie in allocate_seats(inputs).ties}
    ways = {
        "lot": SettledTie("g/all", waiting["g/all"], SettlementMethod.LOT_BY_HAND, ("c", "a", "b")),
        "one more": SettledTie("g/all", waiting["g/all"], SettlementMethod.ONE_MORE),
    }
    found = {}
    for name, settled in ways.items():
        certificate = certify_outcome(allocate_seats(inputs, [settled]), "daibieu/test", "5" * 64)
        assert certificate is not None
        by = {("g", "a"): 1, ("g", "b"): -1}
        hands = [HandAdjustment(*place, n, "Ý kiến lãnh đạo", "p1") for place, n in by.items()]
        seats = [
            CertifiedSeats(row.group, row.unit, row.seats + by.get((row.group, row.unit), 0))
            for row in certificate.seats
        ]
        found[name] = read(certificate.set_seats(hands, seats).plain())
    return {**found, "one more, drawn": _build_drawn_after_one_more()}


def _build_drawn_after_one_more() -> Certificate:
    """A seat more for two tied units goes to the third, by largest remainders, and then all three tie."""
    inputs, settled = build_remainder_inputs(3), list[SettledTie]()
    for how in (SettlementMethod.ONE_MORE, SettlementMethod.DECISION):
        ((stage, tie),) = allocate_seats(inputs, settled).ties
        order = () if how is SettlementMethod.ONE_MORE else ("c", "b", "a")
        settled.append(SettledTie(stage.id, tie.digest, how, order))
    certificate = certify_outcome(allocate_seats(inputs, settled), "daibieu/test", "5" * 64)
    assert certificate is not None
    return read(certificate.plain())


def build_remainder_inputs(seats: int, most: int = 20) -> AllocationInputs:
    """Units of 1, 1 and 4 people, whose seats follow by largest remainders; ``most`` seats in all."""
    units = [
        UnitFigures(code, code, code, "district", {"staff": n})
        for code, n in zip("abc", (1, 1, 4), strict=True)
    ]
    bloc = Bloc(
        id="all", name="all", seats=seats, measure="staff", kinds=("district",), method="largest_remainder"
    )
    group = SeatGroup(id="g", name="g", filled_by="units", seats=seats, blocs=(bloc,))
    tier = Tier(id="t", name="t", congresses=("c",), seat_groups=(group,), cap=Cap(number=most))
    return build_inputs(tier, units, ties="decision", lot="hand", second=None)[0]


def build_wide_conference(units: int) -> Certificate:
    """A conference of one group with many units in two blocs."""
    blocs = [
        Bloc(id=name, name=name, seats=None, measure="people", kinds=(name,))
        for name in ("district", "office")
    ]
    kinds = ("district", "office")
    below = [
        UnitFigures(f"u{n:02}", f"u{n:02}", f"u{n:02}", kinds[n % 2], {"people": 90 + 7 * n})
        for n in range(units)
    ]
    shared = SharingRule(measure="people")
    group = SeatGroup(
        id="g", name="g", filled_by="units", seats=3 * units, blocs=tuple(blocs), sharing=shared
    )
    tier = Tier(id="t", name="t", congresses=("c",), seat_groups=(group,))
    inputs = build_inputs(tier, below, ties="decision", lot="hand", second=None)[0]
    certificate = certify_outcome(allocate_seats(inputs), "daibieu/test", "5" * 64)
    assert certificate is not None
    return read(certificate.plain())


def _build_inputs() -> AllocationInputs:
    """Three equal claims to four seats, and a second group whose seats are not tied."""
    units = [
        UnitFigures(code, code, code, "district", {"staff": 5, "people": n}) for n, code in enumerate("abc")
    ]
    bloc = Bloc(id="all", name="all", seats=4, measure="staff", kinds=("district",))
    other = replace(bloc, seats=3, measure="people")
    groups = [
        SeatGroup(id=name, name=name, filled_by="units", seats=one.seats, blocs=(one,))
        for name, one in (("g", bloc), ("h", other))
    ]
    tier = Tier(id="t", name="t", congresses=("c",), seat_groups=tuple(groups), cap=Cap(number=20))
    return build_inputs(tier, units, ties="decision", lot="hand", second=None)[0]
