"""Where each tied unit got its seat, the smaller number of seats must have had the tie, by every method."""

import random
from copy import deepcopy
from typing import Literal

import pytest

from domain.allocations import SettledTie, UnitFigures, allocate_seats, certify_outcome
from domain.allocations.inputs import AllocationInputs, build_inputs
from domain.apportionment import Method
from domain.lots import SettlementMethod
from domain.plans import Bloc, SeatGroup, Tier
from domain.plans.tiers import Cap
from domain.verification import verify_proof
from tests.domain.verification.mutants import seal
from tests.domain.verification.samples import read


def draw_inputs(draw: random.Random, method: Method, quota: Literal["hare", "droop"]) -> AllocationInputs:
    """One bloc with a stated number of seats and few different figures, so that many units tie."""
    names = [f"u{n}" for n in range(draw.randrange(3, 7))]
    units = [UnitFigures(one, one, one, "district", {"staff": draw.choice((2, 3, 5, 7))}) for one in names]
    bloc = Bloc(
        id="all",
        name="all",
        seats=draw.randrange(len(names), 3 * len(names)),
        measure="staff",
        kinds=("district",),
        method=method.value,
        quota=quota if method is Method.LARGEST_REMAINDER else None,
        floor=draw.randrange(2),
        cap=draw.choice((None, 3)),
    )
    group = SeatGroup(id="g", name="g", filled_by="units", seats=bloc.seats, blocs=(bloc,))
    tier = Tier(id="t", name="t", congresses=("c",), seat_groups=(group,), cap=Cap(number=99))
    return build_inputs(tier, units, ties="decision", lot="hand", second=None)[0]


@pytest.mark.parametrize(
    ("method", "quota"),
    [
        (Method.SAINTE_LAGUE, "hare"),
        (Method.ADAMS, "hare"),
        (Method.LARGEST_REMAINDER, "hare"),
        (Method.LARGEST_REMAINDER, "droop"),
    ],
)
def test_a_seat_more_for_each_of_the_tied_is_proven_and_for_others_it_is_not(
    method: Method, quota: Literal["hare", "droop"]
) -> None:
    draw, proven = random.Random(f"{method}/{quota}"), 0
    for _ in range(400):
        inputs = draw_inputs(draw, method, quota)
        waiting = allocate_seats(inputs)
        if waiting.status != "lots_required":
            continue
        ((stage, tie),) = waiting.ties
        enlarged = allocate_seats(inputs, [SettledTie(stage.id, tie.digest, SettlementMethod.ONE_MORE)])
        certificate = certify_outcome(enlarged, "daibieu/test", "5" * 64)
        if certificate is None or len(enlarged.groups[0].settled) != 1:
            continue
        content = read(certificate.plain())
        assert verify_proof(content) == ()
        proven += 1
        forged = deepcopy(content)
        forged["groups"][0]["settled"][0]["tied"][0][1] += 1
        assert verify_proof(seal(forged))
    assert proven > 20
