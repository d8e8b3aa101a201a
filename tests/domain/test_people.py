"""Children, sealed attributes, people who were named several times, and congresses of the same time."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import pytest

from domain.composition.criteria import PersonRecord
from domain.findings import Invalid
from domain.names import compute_person_sort_key
from domain.people import (
    PersonIdentity,
    check_possible_doubles,
    check_similar_persons,
    compute_same_time_days,
    expect_same_person,
    is_retention_over,
    is_sealed,
    list_namesakes,
    may_be_child,
    merge_repeated_persons,
)


@pytest.mark.parametrize(
    ("born", "on", "child"),
    [
        (date(2010, 3, 2), date(2026, 3, 1), True),
        (date(2010, 3, 2), date(2026, 3, 2), False),
        (date(2010, 2, 28), date(2026, 3, 1), False),
        (2010, date(2026, 12, 30), True),
        (2010, date(2026, 12, 31), False),
        (2009, date(2026, 1, 1), False),
        (2011, date(2026, 12, 31), True),
        (None, date(2026, 1, 1), False),
    ],
)
def test_a_child_is_under_sixteen(born: date | int | None, on: date, child: bool) -> None:
    """Of whom only the year is known, the youngest they may be counts."""
    assert may_be_child(born, on) is child


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2030, 6, 15), date(2027, 12, 15), date(2032, 12, 15)),
        (date(2030, 8, 31), date(2028, 2, 29), date(2033, 2, 28)),
        (date(2030, 12, 31), date(2028, 6, 30), date(2033, 6, 30)),
        (date(1, 1, 1), date(1, 1, 1), date(3, 7, 1)),
        (date(9999, 1, 1), date(9996, 7, 1), date(9999, 12, 31)),
    ],
)
def test_congresses_of_the_same_time_are_at_most_thirty_months_apart(
    day: date, first: date, last: date
) -> None:
    """A month without such a day ends on its last one."""
    assert compute_same_time_days(day) == (first, last)


def test_a_person_named_by_two_units_and_invited_is_one_delegate() -> None:
    first = PersonRecord("p1", "unit-a", "exemplars", {"gender": "female"})
    other = PersonRecord("p2", "unit-a", "exemplars")
    again = PersonRecord("p1", "unit-b", "exemplars")
    guest = PersonRecord("p1", "", "guests")
    found, records = merge_repeated_persons([first, other, again, guest])
    assert records == [first, other], "the first record counts"
    [finding] = found
    assert (finding.code, finding.params) == (
        "person_named_twice",
        {"person": "p1", "units": ["unit-a", "unit-b"], "invited": True},
    )


def test_who_is_named_once_is_not_reported() -> None:
    records = [PersonRecord("p1", "unit-a"), PersonRecord("p2", "")]
    assert merge_repeated_persons(records) == ([], records)


def test_the_same_name_and_year_of_birth_may_be_one_person_entered_twice() -> None:
    found = check_similar_persons(
        [
            PersonIdentity("b", "nguyen van a", 1980),
            PersonIdentity("a", "nguyen van a", 1980),
            PersonIdentity("c", "nguyen van a", 1981),
            PersonIdentity("d", "nguyen van a", None),
            PersonIdentity("e", "nguyen van b", 1980),
        ]
    )
    assert {each.code for each in found} == {"perhaps_the_same_person"}
    persons = [each.params["persons"] for each in found]
    assert persons == [["a", "b", "d"], ["c", "d"]], "a year that is not stated may be any"


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Trần Thị Mỹ", "Trần Thị Mĩ", True),
        ("Bà Trần Thị Mỹ", "Trần Thị Mĩ", True),
        ("Trần Thị Hòa", "Trần Thị Hoà", True),
        ("Trần Thị Hòa", "Trần Thị Hoa", False),
        ("Trần Thị Bà", "Trần Thị", False),
        ("Trần Thị Mỹ", "Trần Văn Mỹ", False),
    ],
)
def test_names_that_are_written_in_two_ways_are_alike(one: str, other: str, is_alike: bool) -> None:
    first, second = (PersonIdentity(name, compute_person_sort_key(name), 1950) for name in (one, other))
    assert bool(check_possible_doubles(first, [second])) is is_alike


def test_what_a_plan_defines_is_sealed_and_what_has_a_field_is_not() -> None:
    sealed = ("religion", "ethnicity", "party_member", "guardian", "cuu_chien_binh")
    in_open = ("gender", "sector", "birth", "title", "award", "title:holder", "award:holder")
    assert [is_sealed(name) for name in sealed] == [True] * len(sealed)
    assert [is_sealed(name) for name in in_open] == [False] * len(in_open)


def test_the_last_day_of_retention_belongs_to_it() -> None:
    until = date(2030, 12, 31)
    assert not is_retention_over(until, date(2030, 12, 31))
    assert is_retention_over(until, date(2031, 1, 1))


def test_no_two_who_are_left_are_perhaps_the_same() -> None:
    told = [("an", 1980), ("an", 1981), ("an", 1980), ("an", None), ("binh", None), ("binh", 1990)]
    persons = [PersonIdentity(str(n), name, year) for n, (name, year) in enumerate(told)]
    assert list_namesakes(persons) == ["2", "3", "5"]


@pytest.mark.parametrize(
    ("name", "year", "same"),
    [("my0 le0", 1980, True), ("an0 le0", 1980, True), ("my0 le0", None, True), ("an0 le0", 1981, False)],
)
def test_a_correction_keeps_the_name_or_the_year_of_birth(name: str, year: int | None, same: bool) -> None:
    before, after = PersonIdentity("p", "my0 le0", 1980), PersonIdentity("p", name, year)
    with nullcontext() if same else pytest.raises(Invalid, match="nominee_is_somebody_else"):
        expect_same_person(before, after)
    with nullcontext() if name == "my0 le0" else pytest.raises(Invalid, match="nominee_is_somebody_else"):
        expect_same_person(replace(before, birth_year=None), replace(after, birth_year=None))
