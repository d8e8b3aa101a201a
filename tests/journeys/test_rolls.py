"""People on the organiser's lists over HTTP: their offices, honours and collectives."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    act_on_nomination,
    codes,
    document,
    open_conference,
    person,
    receive_quota,
    submit_nominee,
)

CHAIR, MEMBER = "Chủ tịch Ủy ban nhân dân tỉnh", "Ủy viên Ban Thường vụ Tỉnh ủy"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress of the province, in which one department has a seat."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan("soc_trang_2020"), await client.units("soc_trang")
        congress = await open_conference(client, plan, "soc-trang-v", units["tinh-soc-trang"], "province")
        given = {"unit": units["so-noi-vu"], "group": "dien-hinh", "seats": 2, "document": document("1")}
        await receive_quota(client, congress, given)
        return {**congress, "units": units}

    return load


@pytest.fixture
def congress(scene: Scene) -> Json:
    return scene.facts


async def list_person(
    client: Client, congress: Json, group: str = "duong-nhien", status: int = 201, **more: Any
) -> httpx.Response:
    line = {"group": group, "basis": CHAIR, "notice": "1", "purpose": "p", **more}
    if "person_id" not in line:
        line["person"] = person()
    return await client.post(f"/v1/conferences/{congress['id']}/invitations", line, status)


async def test_an_office_asks_for_its_holders(client: Client, congress: Json) -> None:
    listed = await list_person(client, congress)
    assert (listed.json()["offices"], listed.json()["findings"]) == ([CHAIR], [])
    second = await list_person(client, congress, status=409)
    assert second.json()["code"] == "office_taken"
    unknown = await list_person(client, congress, status=422, basis="Giám đốc Sở Y tế")
    assert codes(unknown.json()["errors"]) == ["office_unknown"]
    path = f"/v1/invitations/{listed.json()['id']}/reply"
    gone = {"reply": "removed", "on": "2020-07-01", "reason": "Ghi nhầm"}
    await client.act(path, listed.headers["ETag"], gone)
    await list_person(client, congress)


async def test_of_many_who_list_a_chairman_at_once_one_does(client: Client, congress: Json) -> None:
    path = f"/v1/conferences/{congress['id']}/invitations"
    lines = [
        {"group": "duong-nhien", "basis": CHAIR, "notice": "1", "purpose": "p", "person": person()}
        for _ in range(6)
    ]
    sent = [
        client.http.post(path, json=line, headers={"Idempotency-Key": f"chair-{n}"})
        for n, line in enumerate(lines)
    ]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]


async def test_who_holds_several_offices_is_one_delegate(client: Client, congress: Json) -> None:
    listed = await list_person(client, congress, other_offices=[MEMBER])
    assert listed.json()["offices"] == [CHAIR, MEMBER]
    assert codes(listed.json()["findings"]) == ["holds_several_offices"]
    read = await client.get(f"/v1/invitations/{listed.json()['id']}")
    assert read.json() == listed.json()


async def test_a_seat_by_office_is_none_of_a_unit(client: Client, congress: Json) -> None:
    unit = congress["units"]["so-noi-vu"]
    named = await submit_nominee(client, congress, unit)
    who = named.json()["person"]["id"]
    listed = await list_person(client, congress, person_id=who)
    refused = await act_on_nomination(client, named, "acceptance", 409)
    assert refused.json()["code"] == "person_seated_by_office"
    path = f"/v1/invitations/{listed.json()['id']}/reply"
    gone = {"reply": "removed", "on": "2020-07-01", "reason": "Ghi nhầm"}
    await client.act(path, listed.headers["ETag"], gone)
    await act_on_nomination(client, named, "acceptance")
    again = await list_person(client, congress, status=409, person_id=who)
    assert again.json()["code"] == "person_accepted_for_unit"


async def test_whoever_declined_is_not_invited_again_beside_a_seat_of_a_unit(
    client: Client, congress: Json
) -> None:
    named = await submit_nominee(client, congress, congress["units"]["so-noi-vu"])
    listed = await list_person(client, congress, person_id=named.json()["person"]["id"])
    path = f"/v1/invitations/{listed.json()['id']}/reply"
    for reply in ("invited", "declined"):
        listed = await client.act(path, listed.headers["ETag"], {"reply": reply, "on": "2020-07-01"})
    await act_on_nomination(client, named, "acceptance")
    again = {"reply": "invited", "on": "2020-07-02"}
    refused = await client.act(path, listed.headers["ETag"], again, 409)
    assert refused.json()["code"] == "person_accepted_for_unit"


async def test_of_a_seat_by_office_and_one_of_a_unit_at_once_one_is_given(
    client: Client, congress: Json
) -> None:
    named = await submit_nominee(client, congress, congress["units"]["so-noi-vu"])
    path = f"/v1/nominations/{named.json()['id']}/acceptance"
    keys = [{"Idempotency-Key": f"at-once-{n}"} for n in range(2)]
    body = {
        "group": "duong-nhien",
        "basis": CHAIR,
        "notice": "1",
        "purpose": "p",
        "person_id": named.json()["person"]["id"],
    }
    answers = await asyncio.gather(
        client.http.post(path, json={}, headers={**keys[0], "If-Match": named.headers["ETag"]}),
        client.http.post(f"/v1/conferences/{congress['id']}/invitations", json=body, headers=keys[1]),
    )
    assert sorted(each.status_code for each in answers) == [201, 409], [each.text for each in answers]


async def test_people_on_a_roll_carry_honours_and_stand_for_collectives(
    client: Client, congress: Json
) -> None:
    order = {"name": "Huân chương Lao động hạng Ba", "year": 2016, "kind": "award"}
    collective = {"unit": congress["units"]["so-noi-vu"], "name": "Phòng số 1 (ví dụ)"}
    shown = await list_person(
        client,
        congress,
        "huan-chuong",
        basis="Danh sách",
        honours=[{**order, "held_by": "collective"}],
        collective=collective,
    )
    assert shown.json()["findings"] == []
    assert shown.json()["collective"]
    old = await list_person(
        client, congress, "huan-chuong", basis="Danh sách", honours=[{**order, "year": 2015}]
    )
    listed = await client.get(f"/v1/conferences/{congress['id']}/invitations?group=huan-chuong&limit=1")
    assert listed.json()["items"] == [shown.json()]
    [warning] = old.json()["findings"]
    assert (warning["code"], warning["severity"]) == ("eligibility_not_shown", "warning")
    group = "chien-si-thi-dua"
    refused = await list_person(client, congress, group, 422, basis="x", collective=collective)
    assert codes(refused.json()["errors"]) == ["group_has_no_collectives"]
    wrong = {**collective, "unit": congress["id"]}
    unknown = await list_person(client, congress, "huan-chuong", 422, basis="x", collective=wrong)
    assert [each["pointer"] for each in unknown.json()["errors"]] == ["/collective/unit"]


async def test_health_is_told_and_never_stored(client: Client, congress: Json) -> None:
    mother = {"name": "Bà mẹ Việt Nam Anh hùng", "year": 2014}
    group = "ba-me-viet-nam-anh-hung"
    listed = await list_person(client, congress, group, basis="Danh sách", honours=[mother])
    assert codes(listed.json()["findings"]) == ["eligibility_told"]
    assert "khỏe mạnh" in listed.json()["findings"][0]["detail"]
