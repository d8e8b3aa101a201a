"""By largest remainders and by the quota method a seat more for each of the tied can bring another tie."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from domain.allocations import (
    AllocationInputs,
    AllocationOutcome,
    SettledTie,
    allocate_seats,
    certify_outcome,
    expect_room_to_grow,
    expect_waiting_tie,
)
from domain.allocations.what_ifs import compare_outcomes
from domain.apportionment import Method
from domain.findings import Conflict
from domain.lots import SettlementMethod, TieKey
from domain.verification import verify_proof
from tests.domain.verification.mutants import seal
from tests.domain.verification.samples import build_remainder_inputs, list_conferences, read
from tests.domain.verification.test_one_more_seats import draw_inputs

ONE_MORE = SettlementMethod.ONE_MORE


def settle_all(inputs: AllocationInputs) -> tuple[AllocationOutcome, list[SettledTie]]:
    """A seat more for each of the tied, or, where there is no room for that, an order; tie after tie."""
    settled: list[SettledTie] = []
    while (outcome := allocate_seats(inputs, settled)).ties:
        ((stage, tie),) = outcome.ties
        assert (stage.id, tie.digest) not in {(each.stage, each.tied_digest) for each in settled}
        waiting = expect_waiting_tie(inputs, settled, TieKey(stage.id, tie.digest))
        try:
            expect_room_to_grow(inputs, waiting, ONE_MORE)
            settled.append(SettledTie(stage.id, tie.digest, ONE_MORE))
        except Conflict:
            settled.append(SettledTie(stage.id, tie.digest, SettlementMethod.DECISION, tie.ids))
    return outcome, settled


def test_each_tie_after_one_more_is_settled_by_itself() -> None:
    """One seat more for a and b goes to c, and then all three tie."""
    outcome, settled = settle_all(build_remainder_inputs(3))
    assert [each.how for each in settled] == [ONE_MORE, ONE_MORE]
    (group,) = outcome.groups
    claims = [dict(each.tied) for each in group.list_settlements()]
    assert claims == [{"a": 1, "b": 1}, {"a": 1, "b": 1, "c": 3}]
    assert sorted(outcome.seats.values()) == [1, 1, 3]
    assert [stage.settled for stage in outcome.stages] == [tuple(group.list_settlements())]
    again = compare_outcomes(build_remainder_inputs(3), build_remainder_inputs(3), settled)
    assert again.differences == []


def test_a_tie_that_comes_again_is_settled_until_each_has_the_seat() -> None:
    """Two of three tie, one seat more goes to the third, and the same two tie for the same seat again."""
    inputs = draw_inputs(random.Random("again/0"), Method.LARGEST_REMAINDER, "hare")
    ((_, tie),) = allocate_seats(inputs).ties
    outcome, settled = settle_all(inputs)
    (group,) = outcome.groups
    assert len(settled) == 1
    assert len(group.list_settlements()) > 1
    assert {each.tied for each in group.list_settlements()} == {tie.claims}
    seats = {unit: seats for (unit, _), seats in outcome.seats.items()}
    assert all(seats[unit] >= number for unit, number in tie.claims)


def test_one_more_is_refused_where_there_is_not_room_for_all_of_it() -> None:
    inputs = draw_inputs(random.Random("again/0"), Method.LARGEST_REMAINDER, "hare")
    spare = sum(each.added for each in settle_all(inputs)[0].groups[0].list_settlements())
    assert spare > 1
    ((stage, tie),) = allocate_seats(inputs).ties
    for room, outcome in ((spare - 1, "no_room_for_one_more"), (spare, None)):
        inputs = replace(inputs, room=room)
        waiting = expect_waiting_tie(inputs, [], TieKey(stage.id, tie.digest))
        if outcome is None:
            expect_room_to_grow(inputs, waiting, ONE_MORE)
            continue
        with pytest.raises(Conflict) as refused:
            expect_room_to_grow(inputs, waiting, ONE_MORE)
        assert (refused.value.code, refused.value.params) == (outcome, {"room": room})


@pytest.mark.parametrize("method", [Method.LARGEST_REMAINDER, Method.QUOTA])
def test_every_chain_of_ties_is_proven(method: Method) -> None:
    draw, chains = random.Random(f"chains/{method}"), Counter[int]()
    for _ in range(500):
        outcome, _ = settle_all(replace(draw_inputs(draw, method, "hare"), room=draw.randrange(8)))
        certificate = certify_outcome(outcome, "daibieu/test", "5" * 64)
        assert certificate is not None
        assert verify_proof(read(certificate.plain())) == ()
        chains[len(outcome.groups[0].list_settlements())] += 1
    assert chains[1] > 50
    assert sum(count for length, count in chains.items() if length > 1) > 5


def test_neither_a_tie_left_out_nor_another_order_of_ties_is_proven() -> None:
    inputs = build_remainder_inputs(3)
    certificate = certify_outcome(settle_all(inputs)[0], "daibieu/test", "5" * 64)
    assert certificate is not None
    for proven in (read(certificate.plain()), list_conferences()["one more, drawn"]):
        assert verify_proof(proven) == ()
        (group,) = proven["groups"]
        first, second = group["settled"]
        for forged in ([second, first], [first, first], [first, second, second], [second, second]):
            group["settled"] = forged
            assert verify_proof(seal(proven)), forged
