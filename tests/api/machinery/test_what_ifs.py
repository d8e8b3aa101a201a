"""What-ifs of a caller about a unit: so many at a time, so many in a row; others have their own."""

from contextlib import ExitStack
from uuid import uuid4

import pytest

from api.http.problems import Problem
from api.http.what_ifs import MAX_REMEMBERED, MOST_AT_ONCE, MOST_IN_A_ROW, WhatIfs


def ask(what_ifs: WhatIfs, unit: object, caller: str = "a") -> None:
    with what_ifs.asking(caller, unit):  # type: ignore[arg-type]  # any key will do
        pass


def test_a_caller_has_four_what_ifs_at_a_time() -> None:
    what_ifs, unit = WhatIfs(), uuid4()
    with ExitStack() as computing:
        for _ in range(MOST_AT_ONCE):
            computing.enter_context(what_ifs.asking("a", unit))
        with pytest.raises(Problem) as refused:
            ask(what_ifs, unit)
        assert (refused.value.status_code, refused.value.code) == (429, "unit_what_ifs_unfinished")
        assert refused.value.headers == {"Retry-After": "1"}
        ask(what_ifs, uuid4())
    ask(what_ifs, unit)


def test_a_caller_has_so_many_what_ifs_about_a_unit_in_a_row_and_then_one_a_second() -> None:
    seconds = 0.0
    what_ifs, unit = WhatIfs(lambda: seconds), uuid4()
    for _ in range(MOST_IN_A_ROW):
        ask(what_ifs, unit)
    with pytest.raises(Problem) as refused:
        ask(what_ifs, unit)
    assert (refused.value.code, refused.value.headers) == ("unit_what_ifs_many", {"Retry-After": "1"})
    ask(what_ifs, uuid4())
    ask(what_ifs, unit, "b")
    seconds = 1.0
    ask(what_ifs, unit)
    with pytest.raises(Problem):
        ask(what_ifs, unit)


def test_a_what_if_that_fails_makes_room() -> None:
    what_ifs, unit = WhatIfs(), uuid4()
    for _ in range(MOST_AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), what_ifs.asking("a", unit):
            raise ZeroDivisionError


def test_only_so_many_units_are_remembered() -> None:
    what_ifs = WhatIfs()
    for number in range(MAX_REMEMBERED + 10):
        ask(what_ifs, number)
    assert len(what_ifs._asked) == MAX_REMEMBERED
