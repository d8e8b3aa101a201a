"""One announcement and one lot serve every version of a list, and a conference that is opened anew."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from domain.findings import Conflict
from domain.lots import (
    Ballot,
    DrawnLot,
    SettlementMethod,
    TieKey,
    TieSettlement,
    build_list_tie_key,
    digest_list_tie,
    expect_newest_lots,
    list_lots,
)

HAND = TieSettlement(SettlementMethod.LOT_BY_HAND, ("b", "a"), "M", "T", date(2020, 6, 5))
FIRST = DrawnLot(HAND, "c", (2, 1))
SEED = replace(HAND, how=SettlementMethod.PUBLISHED_SEED, order=("c", "b", "a"), seed="123456")
AT = datetime(2020, 6, 1, tzinfo=UTC)


def number(*ids: str) -> list[Ballot]:
    return [Ballot(n, one, AT) for n, one in enumerate(ids, 1)]


def test_the_tie_of_a_list_is_told_by_the_lots_drawn_before_it() -> None:
    assert build_list_tie_key(None) == TieKey("selection", "0")
    assert build_list_tie_key(FIRST) == TieKey("selection", "1")
    assert build_list_tie_key(replace(FIRST, before=FIRST)) == TieKey("selection", "2")


def test_the_digest_of_a_lists_tie_is_that_of_its_congress_and_unit() -> None:
    """Nothing in it can be made anew until the lot falls as somebody likes."""
    assert digest_list_tie("chain", "u1") == sha256(b'{"congress":"chain","unit":"u1"}').hexdigest()


def test_lots_are_in_the_order_in_which_they_were_drawn_the_earlier_first() -> None:
    ballots = number("a", "b", "c", "d")
    second = DrawnLot(replace(HAND, order=("d", "c")), "c", (4, 3), FIRST)
    assert list_lots(None, ballots) == []
    assert list_lots(FIRST, ballots) == ["b", "a"], "who was not tied has no lot yet"
    assert list_lots(second, ballots) == ["b", "a", "d", "c"]
    assert list_lots(DrawnLot(SEED, "c", (3, 2, 1), FIRST), ballots) == ["b", "a", "c", "d"]


def test_after_a_seed_whoever_came_later_stands_behind_all_in_the_order_of_coming() -> None:
    assert list_lots(DrawnLot(SEED, "c", (3, 2, 1)), number("a", "b", "c", "e", "d")) == [
        "c",
        "b",
        "a",
        "e",
        "d",
    ]


def test_whoever_is_sent_again_has_no_part_in_an_earlier_lot() -> None:
    """Otherwise a lucky number could be kept for somebody who was not there when it was drawn. Lots of lists
    are added up, so a free lot stays free: the others would not have the same sums if they moved up."""
    assert list_lots(FIRST, number("a", "b", "c", "b")) == [None, "a"]
    seeded = DrawnLot(SEED, "c", (3, 2, 1))
    assert list_lots(seeded, number("a", "b", "c", "c", "d")) == [None, "b", "a", "c", "d"]
    assert list_lots(seeded, number("a", "b", "c", "c", "c", "d")) == [None, "b", "a", None, "c", "d"]


def test_a_drawn_lot_is_itself_again() -> None:
    lot = DrawnLot(SEED, "c", (3, 2, 1), FIRST)
    assert DrawnLot.read(lot.plain()) == lot


def test_a_list_that_was_drawn_for_in_the_meantime_is_not_drawn_for_again() -> None:
    expect_newest_lots(FIRST, {"one": FIRST, "other": None})
    with pytest.raises(Conflict) as refused:
        expect_newest_lots(FIRST, {"one": FIRST, "other": replace(FIRST, before=FIRST)})
    assert (refused.value.code, refused.value.params) == ("selection_drawn_since", {"selection": "other"})
