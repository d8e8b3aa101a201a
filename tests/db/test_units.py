"""Units in numbers beyond what one statement may be given as arguments: the driver takes 32,767 of them."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from db import known_units, units
from db.columns import new_id
from db.session import AsyncSession

DAY = date(2020, 6, 1)
IDS = [new_id() for _ in range(33_000)]
CODES = [f"xa-{n}" for n in range(33_000)]

QUESTIONS: dict[str, Callable[[AsyncSession], Awaitable[Any]]] = {
    "codes": lambda session: units.by_code(session, CODES),
    "children": lambda session: units.children(session, "c", IDS, DAY),
    "names": lambda session: units.described(session, IDS, DAY),
    "figures": lambda session: units.latest(session, IDS, DAY),
    "revisions": partial(units.revisions, units=IDS),
    "predecessors": partial(units.predecessor_counts, units=IDS),
    "bearers of codes": partial(known_units.bearing, codes=CODES),
    "stored units": partial(known_units.stored, units=IDS),
    "local codes": partial(known_units.local_codes, units=IDS),
    "other codes": partial(known_units.other_codes, units=IDS),
    "links": partial(known_units.links, children=IDS),
    "shares": partial(known_units.passed_on, units=IDS),
    "locks": partial(units.lock, units=IDS),
}


@pytest.mark.parametrize("what", QUESTIONS)
async def test_a_question_may_be_asked_of_any_number_of_units(session: AsyncSession, what: str) -> None:
    assert not await QUESTIONS[what](session)
