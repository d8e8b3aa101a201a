"""Units in numbers beyond what one statement may be given as arguments: the driver takes 32,767 of them."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from db import stored_units, units
from db.columns import new_id
from db.session import AsyncSession

DAY = date(2020, 6, 1)
IDS = [new_id() for _ in range(33_000)]
CODES = [f"xa-{n}" for n in range(33_000)]

QUESTIONS: dict[str, Callable[[AsyncSession], Awaitable[Any]]] = {
    "codes": lambda session: units.map_units_by_code(session, CODES),
    "children": lambda session: units.list_children(session, "c", IDS, DAY),
    "names": lambda session: units.describe_units(session, IDS, DAY),
    "figures": lambda session: units.list_latest_figures(session, IDS, DAY),
    "revisions": partial(units.map_revisions_by_report, units=IDS),
    "predecessors": partial(units.list_predecessors, units=IDS),
    "bearers of codes": partial(stored_units.list_units_with_codes, codes=CODES),
    "stored units": partial(stored_units.list_stored_units, units=IDS),
    "local codes": partial(stored_units.map_codes_by_unit, units=IDS),
    "other codes": partial(stored_units.list_other_codes, units=IDS),
    "links": partial(stored_units.list_parent_links, children=IDS),
    "shares": partial(stored_units.list_succession_shares, units=IDS),
    "locks": partial(units.lock_units, units=IDS),
}


@pytest.mark.parametrize("what", QUESTIONS)
async def test_a_question_may_be_asked_of_any_number_of_units(session: AsyncSession, what: str) -> None:
    assert not await QUESTIONS[what](session)
