"""A seed is announced once, for a day to come, and is then exactly what was announced."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.findings import Conflict, Invalid
from domain.lots import (
    SeedAnnouncement,
    expect_day_ahead,
    expect_first_announcement,
    expect_free_day,
    expect_same_announcement,
)
from domain.lots.announcements import LONGEST_LEAD, expect_announced_seed, expect_frozen_before

TODAY = date(2020, 6, 1)
ANNOUNCED = SeedAnnouncement("Xổ số kiến thiết (ví dụ)", 6, date(2020, 6, 10))


@pytest.mark.parametrize("days", [1, LONGEST_LEAD.days])
def test_a_seed_is_announced_for_a_day_to_come(days: int) -> None:
    expect_day_ahead(TODAY + timedelta(days=days), TODAY)


@pytest.mark.parametrize("days", [-1, 0, LONGEST_LEAD.days + 1])
def test_a_seed_is_not_announced_for_today_nor_for_a_day_far_ahead(days: int) -> None:
    with pytest.raises(Invalid) as refused:
        expect_day_ahead(TODAY + timedelta(days=days), TODAY)
    (error,) = refused.value.errors
    assert (error.code, error.pointer, error.params) == ("lot_day", "/drawn_on", {"days": 92})


def test_a_seed_is_announced_once_for_a_tie() -> None:
    expect_first_announcement(None)
    with pytest.raises(Conflict) as refused:
        expect_first_announcement(ANNOUNCED)
    assert refused.value.code == "lot_announced_already"


@pytest.mark.parametrize(
    "seed", ["12345", "1234567", "123456 ", "12345a", "１２３４５６", "+12345", "", None]
)
def test_a_seed_is_the_announced_digits_and_nothing_around_them(seed: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        expect_announced_seed(ANNOUNCED, seed, ANNOUNCED.drawn_on)
    assert [(each.code, each.pointer) for each in refused.value.errors] == [
        ("seed_not_as_announced", "/seed")
    ]
    expect_announced_seed(ANNOUNCED, "012345", ANNOUNCED.drawn_on)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_seed_is_taken_from_the_announced_day(days: int) -> None:
    with pytest.raises(Invalid) as refused:
        expect_announced_seed(ANNOUNCED, "012345", ANNOUNCED.drawn_on + timedelta(days=days))
    (error,) = refused.value.errors
    assert (error.code, error.params) == ("drawn_not_as_announced", {"drawn_on": "2020-06-10"})


def test_a_day_is_announced_for_one_tie_of_a_stage() -> None:
    """Or one would announce two versions for one draw, and take the one whose lot one likes."""
    expect_free_day(None)
    with pytest.raises(Conflict) as refused:
        expect_free_day(ANNOUNCED)
    assert (refused.value.code, refused.value.params) == ("lot_day_taken", {"drawn_on": "2020-06-10"})


def test_a_conference_opened_anew_keeps_to_what_was_announced() -> None:
    expect_same_announcement(None, ANNOUNCED)
    expect_same_announcement(ANNOUNCED, ANNOUNCED)
    for other in (replace(ANNOUNCED, digits=7), replace(ANNOUNCED, drawn_on=date(2020, 6, 11))):
        with pytest.raises(Conflict) as refused:
            expect_same_announcement(ANNOUNCED, other)
        assert refused.value.code == "lot_announced_already"


def test_a_seed_is_not_for_inputs_frozen_on_its_day_or_later() -> None:
    expect_frozen_before(ANNOUNCED, date(2020, 6, 9))
    for day in (date(2020, 6, 10), date(2020, 6, 11)):
        with pytest.raises(Conflict) as refused:
            expect_frozen_before(ANNOUNCED, day)
        assert refused.value.code == "inputs_after_seed"
