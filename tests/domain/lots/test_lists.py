"""One announcement and one lot serve every version of a list, and a conference that is opened anew."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from domain.findings import Conflict
from domain.lots import (
    DrawnLot,
    SettlementMethod,
    TieKey,
    TieSettlement,
    build_list_tie_key,
    digest_list_tie,
    expect_newest_lots,
)

FIRST = DrawnLot(TieSettlement(SettlementMethod.LOT_BY_HAND, ("a", "b"), "M", "T", date(2020, 6, 5)), "c")


def test_the_tie_of_a_list_is_told_by_the_lots_drawn_before_it() -> None:
    assert build_list_tie_key(None) == TieKey("selection", "0")
    assert build_list_tie_key(FIRST) == TieKey("selection", "1")
    assert build_list_tie_key(replace(FIRST, before=FIRST)) == TieKey("selection", "2")


def test_the_digest_of_a_lists_tie_is_that_of_its_congress_and_unit() -> None:
    """Nothing in it can be made anew until the lot falls as somebody likes."""
    assert digest_list_tie("chain", "u1") == sha256(b'{"congress":"chain","unit":"u1"}').hexdigest()


def test_a_list_that_was_drawn_for_in_the_meantime_is_not_drawn_for_again() -> None:
    expect_newest_lots(["a"], {"one": ["a"], "other": []})
    with pytest.raises(Conflict) as refused:
        expect_newest_lots(["a"], {"one": ["a"], "other": ["a", "b"]})
    assert (refused.value.code, refused.value.params) == ("selection_drawn_since", {"selection": "other"})
