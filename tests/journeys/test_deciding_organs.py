"""Who decides on the number of delegates: the unit itself, or one above it, and always a second person."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Request

from api.app import create_app
from db.session import Database
from domain.access import Actor, Grant, Role
from service.vaults import Vault
from tests.client import Client
from tests.conftest import SETTINGS, two_people
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, adopt_sizing, codes, decision, draft_sizing, open_conference, report

CONGRESS, DISTRICT = "ha-nam-xii", "huyen-kim-bang"
TOWN = "thi-tran-que--huyen-kim-bang"
GROUPS = {"khach-moi": 40, "lanh-dao": 20, "dien-hinh": 140}
BY_SUPERIOR, BY_ORGANISER = "nd.2.3.d.2", "nd.2.xa.quyet-dinh"
PAPER = "Công văn số 12/PNV (ví dụ)"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The conference of a town of 400 people under the plan of Kim Bảng, and one of Hải Phòng."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan("kim_bang_2025"), await client.units("kim_bang")
        await report(client, units[TOWN], 400, "2024-12-31")
        town = await open_conference(client, plan, CONGRESS, units[TOWN], "commune")
        other, city = await client.plan("hai_phong_2020"), await client.units("hai_phong")
        ward = await open_conference(client, other, "hai-phong-ix", city["quan-hong-bang"], "upper")
        return {"town": town, "units": units, "quarter": ward, "city": city}

    return load


@pytest.fixture
def facts(scene: Scene) -> Json:
    return scene.facts


@pytest.fixture
def app(database: Database, scene: Scene, vault: Vault) -> FastAPI:
    """The service for people of the town and of the district, each with a role there only."""
    units = scene.facts["units"]
    people = {
        "officer": (Role.UNIT_OFFICER, TOWN),
        "approver": (Role.APPROVER, TOWN),
        "council": (Role.STANDING_COUNCIL, DISTRICT),
        "superior": (Role.APPROVER, DISTRICT),
    }

    def identify(request: Request) -> Actor:
        name = request.headers.get("authorization", "").removeprefix("Bearer ")
        if name not in people:
            return two_people(request)
        role, unit = people[name]
        return Actor(name, name, (Grant(role, UUID(units[unit])),))

    return create_app(SETTINGS, database, vault, identify)


async def act(
    client: Client, who: str, sizing: httpx.Response, name: str, status: int = 201, body: Json | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {who}", "If-Match": sizing.headers["ETag"]}
    path = f"/v1/sizings/{sizing.json()['id']}/{name}"
    return await client.post(path, {} if body is None else body, status, headers=headers)


async def draft_as(client: Client, who: str, town: Json, rule: str) -> httpx.Response:
    groups = [{"id": group, "seats": seats} for group, seats in GROUPS.items()]
    body = {"size": 200, "seat_groups": groups, "rule": rule, "settled_by": PAPER}
    path = f"/v1/conferences/{town['id']}/sizings"
    return await client.post(path, body, headers={"Authorization": f"Bearer {who}"})


async def test_2_1_quyet_dinh_the_town_decides_with_two_people_of_its_own(
    client: Client, facts: Json
) -> None:
    drafted = await draft_as(client, "officer", facts["town"], BY_ORGANISER)
    assert drafted.json()["decided_by"] == "Đơn vị tổ chức"
    assert drafted.json()["proposes"] == "Thường trực Hội đồng Thi đua - Khen thưởng"
    proposed = await act(client, "officer", drafted, "proposal")
    await act(client, "officer", proposed, "approval", 403)
    await act(client, "council", proposed, "approval", 403)
    approved = await act(client, "approver", proposed, "approval")
    adopted = await act(client, "approver", approved, "adoption", body=decision("1"))
    assert (adopted.json()["state"], adopted.json()["approved_by"]) == ("adopted", "approver")
    assert (adopted.json()["settled_by"], adopted.json()["findings"]) == (PAPER, [])


async def test_2_3_d_2_what_the_unit_above_decides_the_commune_does_not_decide(
    client: Client, facts: Json
) -> None:
    drafted = await draft_as(client, "officer", facts["town"], BY_SUPERIOR)
    proposed = await act(client, "officer", drafted, "proposal")
    await act(client, "approver", proposed, "approval", 403)
    approved = await act(client, "superior", proposed, "approval")
    await act(client, "approver", approved, "adoption", 403, decision("1"))
    adopted = await act(client, "superior", approved, "adoption", body=decision("1"))
    assert adopted.json()["state"] == "adopted"


async def test_an_upper_conference_of_hai_phong_defines_its_groups(client: Client, facts: Json) -> None:
    """The plan says nothing of numbers there: no groups, no cap and no organ."""
    quarter = facts["quarter"]
    assert (quarter["seat_groups"], quarter["terms"]["cap"]) == ([], None)
    bloc = {
        "id": "phuong",
        "name": "Các phường",
        "kinds": ["commune"],
        "seats": 60,
        "measure": "population",
    }
    groups = [
        {
            "id": "dien-hinh",
            "name": "Điển hình tiên tiến",
            "filled_by": "units",
            "counts_as": "exemplar",
            "seats": 60,
            "blocs": [bloc],
        },
        {"id": "khach-moi", "name": "Khách mời", "filled_by": "invitation", "seats": 20},
    ]
    drafted = await draft_sizing(client, quarter, size=80, seat_groups=groups)
    adopted = await adopt_sizing(client, drafted, "1")
    assert (adopted["decided_by"], adopted["findings"]) == (None, [])
    path = f"/v1/conferences/{quarter['id']}"
    now = (await client.get(path)).json()
    assert [(group["group"], group["seats"]) for group in now["seat_groups"]] == [
        ("dien-hinh", 60),
        ("khach-moi", 20),
    ]
    assert [group["name"] for group in now["terms"]["seat_groups"]] == ["Điển hình tiên tiến", "Khách mời"]
    allocated = await client.post(f"{path}/allocations", {})
    assert allocated.json()["totals"][0]["seats"] == 60
    less = {"size": 20, "seat_groups": [], "amends": adopted["id"]}
    later = await draft_sizing(client, quarter, **less)
    refused = await adopt_sizing(client, later, "2", 409)
    assert (refused["code"], refused["params"]) == (
        "group_left_out",
        {"groups": ["dien-hinh", "khach-moi"]},
    )


async def draft_mix(
    client: Client, town: Json, size: int, exemplars: int, status: int = 201, reason: str | None = None
) -> Json:
    """Numbers of the town, of which so many are exemplars; the rest are guests and leaders."""
    others = size - exemplars
    groups = {"khach-moi": others - 20, "lanh-dao": 20, "dien-hinh": exemplars}
    settled = {"rule": BY_ORGANISER, "settled_by": PAPER, "reason": reason}
    drafted = await draft_sizing(client, town, status, size=size, groups=groups, **settled)
    answer: Json = drafted.json()
    return answer


async def test_2_1_ty_le_the_town_keeps_70_to_30_or_says_why_not(client: Client, facts: Json) -> None:
    """Kim Bảng says 70 % without "khoảng": of 200 that is 140, of 199 it is no whole number."""
    town = facts["town"]
    assert (await draft_mix(client, town, 200, 140))["findings"] == []
    refused = await draft_mix(client, town, 200, 139, 422)
    assert codes(refused["errors"]) == ["mix_needs_reason"]
    assert refused["errors"][0]["clause"] == "nd.2.xa.ty-le"
    reasoned = await draft_mix(client, town, 200, 139, reason="Ít điển hình")
    assert codes(reasoned["findings"]) == ["numbers_off_mix"]
    for exemplars in (139, 140):
        assert codes((await draft_mix(client, town, 199, exemplars))["findings"]) == ["mix_not_whole"]
    assert codes((await draft_mix(client, town, 199, 138, 422))["errors"]) == ["mix_needs_reason"]


async def test_a_document_of_a_day_to_come_is_refused(client: Client, facts: Json) -> None:
    drafted = await draft_as(client, "", facts["town"], BY_ORGANISER)
    proposed = await act(client, "officer", drafted, "proposal")
    approved = await act(client, "approver", proposed, "approval")
    ahead = {**decision("1"), "decided_on": "2199-01-01"}
    refused = await act(client, "approver", approved, "adoption", 422, ahead)
    assert codes(refused.json()["errors"]) == ["day_in_future"]
