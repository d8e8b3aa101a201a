"""A seed is announced once, for a day to come, and is then exactly what was announced."""

from datetime import date, timedelta

import pytest

from domain.findings import Conflict, Invalid
from domain.lots import SeedAnnouncement, expect_day_ahead, expect_first_announcement
from domain.lots.announcements import LONGEST_LEAD, expect_announced_seed

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
