"""docs/states.md is what the tables of acts and the routes have."""

import json
import re

import pytest

from api.states import TABLES, StateTable, format_states
from domain.conferences.life import ConferenceState
from tests.house.tree import files, read

DOCUMENT = json.loads(read("openapi.json"))


def test_the_committed_page_is_what_the_code_says() -> None:
    assert read("docs/states.md") == format_states(DOCUMENT)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.noun)
def test_every_act_of_a_table_has_its_operation_and_no_other(table: StateTable) -> None:
    assert table.operations.keys() == table.transitions.keys()
    name, path = table.place.split(" in ")
    assert re.search(rf"^{name}\b", read(path), re.MULTILINE)


def test_every_table_of_acts_is_on_the_page() -> None:
    found = {
        f"{name} in {path.as_posix()}"
        for path in files(".py")
        if path.parts[0] == "domain"
        for name in re.findall(r"^([A-Z_]*TRANSITIONS)\b", read(path), re.MULTILINE)
    }
    assert found == {table.place for table in TABLES}


def test_the_states_of_conferences_are_those_of_the_database() -> None:
    (table,) = (each for each in TABLES if each.noun == "Conference")
    known = {state for steps in table.transitions.values() for both in steps.items() for state in both}
    assert known == {*ConferenceState}
