"""The certificate of the lots of a list is proven, and nothing that is changed in it."""

import json
from datetime import UTC, date, datetime
from typing import Any

from domain.lots import (
    Ballot,
    DrawnLot,
    SettlementMethod,
    TieSettlement,
    build_lots_certificate,
    compute_draw_order,
    digest_list_tie,
    list_lots,
    map_numbers,
)
from domain.verification import verify_proof
from tests.domain.verification.mutants import list_mutants, seal

AT = datetime(2020, 6, 1, tzinfo=UTC)
POOL = [Ballot(n, one, AT) for n, one in enumerate("abcdefg", 1)]
LATER = [*POOL, Ballot(8, "x", AT), Ballot(9, "c", AT)]


def draw(seed: str = "123456", before: DrawnLot | None = None) -> DrawnLot:
    numbers = compute_draw_order(seed, digest_list_tie("chain", "u1"), 7)
    order = tuple(POOL[number - 1].nomination for number in numbers)
    settlement = TieSettlement(SettlementMethod.PUBLISHED_SEED, order, "M", "T", date(2020, 6, 5), seed)
    return DrawnLot(settlement, "c", numbers, before)


def certify(lot: DrawnLot) -> dict[str, Any]:
    numbers = map_numbers(LATER)
    standing = [numbers[one] for one in list_lots(lot, LATER) if one is not None]
    content = build_lots_certificate("chain", "u1", lot, standing)
    told: dict[str, Any] = json.loads(json.dumps(content))
    return told


def test_the_lots_of_a_list_are_proven_by_the_numbers_alone() -> None:
    content = certify(draw())
    assert verify_proof(content) == ()
    assert sorted(content["drawn"]) == [1, 2, 4, 5, 6, 7], "who was sent again left the third"
    assert content["later"] == [8, 9]


def test_an_order_that_people_brought_about_first_has_no_certificate() -> None:
    hand = TieSettlement(SettlementMethod.LOT_BY_HAND, ("a", "b"), "M", "T", date(2020, 6, 5))
    by_hand = DrawnLot(hand, "c", (1, 2))
    for lot in (None, by_hand, draw(before=by_hand)):
        assert build_lots_certificate("chain", "u1", lot, [1, 2]) is None


def test_whatever_is_changed_is_refused() -> None:
    mutants = [*list_mutants(certify(draw()))]
    assert len(mutants) > 50
    assert [(path, how) for path, how, mutant in mutants if not verify_proof(mutant)] == []


def test_whoever_computes_the_digest_again_cannot_turn_the_order() -> None:
    content = certify(draw())
    drawn, later = content["drawn"], content["later"]
    for changed in (
        {"drawn": [drawn[1], drawn[0], *drawn[2:]]},
        {"drawn": [*drawn, drawn[0]]},
        {"drawn": [*drawn, 8]},
        {"later": later[::-1]},
        {"later": [*later, 3]},
        {"seed": "654321"},
        {"unit": "u2"},
        {"ballots": 0},
        {"drawn_on": "2020-6-5"},
    ):
        assert verify_proof(seal({**content, **changed})), changed
