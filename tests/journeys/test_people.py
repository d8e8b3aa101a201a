"""Who is named and who is invited, and what is told of them to whom."""

from typing import Any

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import (
    load,
)
from tests.journeys.steps import (
    Json,
    adopted,
    allocated,
    codes,
    named,
    person,
    step,
    submitted,
)


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress, opened."""
    return load


@pytest.fixture
def congress(scene: Scene) -> Json:
    """The congress, with its plan and the ids of its units by code."""
    return scene.told


async def test_the_organiser_lists_and_invites_within_the_number(client: Client, congress: Json) -> None:
    path = f"/v1/conferences/{congress['id']}/invitations"
    line = {
        "group": "chien-si-thi-dua",
        "basis": "Danh sách Chiến sĩ thi đua toàn quốc",
        "notice": "2020-01",
        "purpose": "delegate-selection",
    }
    listed = [await client.post(path, {**line, "person": person()}) for _ in range(5)]
    full = await client.post(path, {**line, "person": person()}, 409)
    assert full.json()["code"] == "seat_group_full"
    reply = f"/v1/invitations/{listed[0].json()['id']}/reply"
    early = {"reply": "accepted", "on": "2020-07-10"}
    await client.act(reply, listed[0].headers["ETag"], early, 409)  # nobody replies before being invited
    invited = await client.act(reply, listed[0].headers["ETag"], {"reply": "invited", "on": "2020-07-01"})
    declined = await client.act(reply, invited.headers["ETag"], {"reply": "declined", "on": "2020-07-10"})
    assert (declined.json()["invited_on"], declined.json()["replied_on"]) == ("2020-07-01", "2020-07-10")
    await client.post(path, {**line, "person": person()})  # the place is free again
    await client.act(reply, declined.headers["ETag"], {"reply": "accepted", "on": "2020-07-11"}, 409)
    group = next(
        g
        for g in (await client.get(f"/v1/conferences/{congress['id']}")).json()["seat_groups"]
        if g["group"] == line["group"]
    )
    assert group["listed"] == 5


async def test_units_do_not_fill_the_organisers_groups_nor_he_theirs(client: Client, congress: Json) -> None:
    body: dict[str, Any] = {
        "unit": congress["units"]["so-noi-vu"],
        "person": person(),
        "notice": "1",
        "purpose": "p",
    }
    path = f"/v1/conferences/{congress['id']}"
    refused = (await client.post(f"{path}/nominations", {**body, "group": "khach-moi"}, 422)).json()
    assert (refused["errors"][0]["code"], refused["errors"][0]["pointer"]) == (
        "group_not_filled_by_units",
        "/group",
    )
    del body["unit"]
    refused = (
        await client.post(f"{path}/invitations", {**body, "group": "dien-hinh", "basis": "x"}, 422)
    ).json()
    assert (refused["errors"][0]["code"], refused["errors"][0]["pointer"]) == (
        "group_filled_by_units",
        "/group",
    )


async def test_a_person_whom_two_units_name_is_told_to_the_level_above_only(
    client: Client, congress: Json
) -> None:
    units = congress["units"]
    await adopted(client, await allocated(client, congress), "123")
    first = await submitted(client, congress, units["so-noi-vu"])
    who = first.json()["person"]["id"]
    second = await submitted(client, congress, units["so-tu-phap"], person_id=who)
    for unit in (units["so-noi-vu"], units["so-tu-phap"]):
        own = await client.get(f"/v1/conferences/{congress['id']}/composition?unit={unit}")
        assert "person_named_twice" not in codes(own.json()["findings"])
    assert "person_named_twice" not in codes(second.json()["list"]["findings"])
    whole = (await client.get(f"/v1/conferences/{congress['id']}/composition")).json()
    (twice,) = [finding for finding in whole["findings"] if finding["code"] == "person_named_twice"]
    assert twice["params"]["person"] == who
    assert set(twice["params"]["units"]) == {units["so-noi-vu"], units["so-tu-phap"]}
    assert whole["listed"] == 1  # one delegate, whoever named him
    await step(client, first, "acceptance")
    refused = await step(client, second, "acceptance", 409)
    assert refused.json()["code"] == "person_accepted_once"


async def test_people_who_were_perhaps_entered_twice_are_pointed_out(client: Client, congress: Json) -> None:
    units = congress["units"]
    same = {"name": "Người thử nghiệm Trùng Tên", "birth_year": 1975}
    a = await named(client, congress, units["so-noi-vu"], person=same)
    b = await named(client, congress, units["so-tu-phap"], person=same)
    whole = (await client.get(f"/v1/conferences/{congress['id']}/composition")).json()
    (alike,) = [finding for finding in whole["findings"] if finding["code"] == "perhaps_the_same_person"]
    assert set(alike["params"]["persons"]) == {a.json()["person"]["id"], b.json()["person"]["id"]}


async def test_what_is_sensitive_goes_in_and_never_comes_out(client: Client, congress: Json) -> None:
    secret = person(ethnicity="05", religion="phat-giao", party_member=True, gender="female")
    draft = await named(client, congress, congress["units"]["so-noi-vu"], person=secret)
    path = f"/v1/conferences/{congress['id']}/nominations"
    for answer in (draft, await client.get(path), await client.get(f"/v1/nominations/{draft.json()['id']}")):
        assert "phat-giao" not in answer.text
        assert set(answer.json().get("person", {"id": 0, "name": 0, "birth_year": 0})) == {
            "id",
            "name",
            "birth_year",
        }
    events = await client.get(f"/v1/audit_events?chain={congress['plan']['id']}&limit=200")
    assert "phat-giao" not in events.text
