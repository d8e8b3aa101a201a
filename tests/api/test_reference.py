"""Reference lists: open to anyone."""

from pathlib import Path

from domain.access import Role
from domain.vocabulary import VALUES
from service.reference import LISTS, list_entries
from service.reference.tables import replace_tables
from tests.client import Client


async def test_a_reference_list_has_codes_with_names(client: Client) -> None:
    names = (await client.http.get("/v1/reference")).json()
    assert "ethnic_groups" in names
    for name in names:
        entries = (await client.http.get(f"/v1/reference/{name}")).json()
        assert entries
        assert all(entry["code"] and entry["vi"] and entry["en"] for entry in entries)


async def test_the_lists_are_what_people_and_units_can_state(client: Client) -> None:
    lists = {
        name: {entry["code"]: entry for entry in (await client.http.get(f"/v1/reference/{name}")).json()}
        for name in (await client.http.get("/v1/reference")).json()
    }
    assert set(lists["unit_kinds"]) >= {"nation", "ministry", "village", "cooperative"}
    assert "đặc khu" in lists["unit_kinds"]["commune"]["vi"]
    assert [value["code"] for value in lists["attributes"]["gender"]["values"]] == ["female", "male"]
    assert len(lists["attributes"]["ethnicity"]["values"]) == 54
    assert set(lists["measures"]) >= {"members", "exemplars", "equal", "staff.ethnic.05"}
    assert lists["titles"]["chien-si-thi-dua-toan-quoc"]["vi"] == "Chiến sĩ thi đua toàn quốc"
    assert set(lists["roles"]) == set(Role)
    assert {code for list_values in VALUES.values() for code in list_values or ()} == {
        value["code"] for attribute in lists["attributes"].values() for value in attribute["values"]
    } - {*lists["titles"], *lists["awards"]}


def test_the_page_on_plans_has_the_same_lists() -> None:
    page = (Path(__file__).parents[2] / "docs" / "plan-format.md").read_text(encoding="utf-8")
    assert replace_tables(page) == page
    for name in LISTS:
        for entry in list_entries(name):
            assert f"| `{entry.code}` | {entry.vi} | {entry.en} |" in page
