"""Who was honoured at a commune's conference, and what of it the district's list knows."""

from typing import Any

import httpx
import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, codes, draft_nomination, open_conference, person

CONGRESS, TOWN = "ha-nam-xii", "thi-tran-que--huyen-kim-bang"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A plan that takes people, or representatives of collectives, who were honoured at the commune's
    conference; the conferences of a commune and of its district."""

    async def load(client: Client) -> Json:
        body = {**(await client.plan("kim_bang_2025"))["body"], "id": "kim-bang-tuyen-duong"}
        units = await client.units("kim_bang")
        asked = {
            "text": "Đã được tuyên dương ở cơ sở",
            "honoured_at": ["commune"],
            "since": 2020,
            "held_by": "either",
        }
        body["tiers"] = [
            {**tier, "seat_groups": [{**group, "eligibility": [asked]} for group in tier["seat_groups"]]}
            if tier["id"] == "district"
            else tier
            for tier in body["tiers"]
        ]
        made = await client.post("/v1/plans", body)
        path = f"/v1/plans/{made.json()['id']}/versions/1/publication"
        plan = (await client.act(path, made.headers["ETag"])).json()
        own = await open_conference(client, plan, CONGRESS, units[TOWN], "commune")
        district = await open_conference(client, plan, CONGRESS, units["huyen-kim-bang"], "district")
        return {"own": own, "district": district, "units": units}

    return load


@pytest.fixture
def told(scene: Scene) -> Json:
    return scene.facts


async def honour(client: Client, told: Json, status: int = 201, **more: Any) -> httpx.Response:
    """Somebody of the commune honoured at its conference."""
    award = {"name": "giấy khen", "kind": "award", "year": 2025, "authority": "Chủ tịch thị trấn (ví dụ)"}
    body = {"unit": told["units"][TOWN], "notice": "2025-01", "purpose": "delegate-selection", **award}
    return await client.post(f"/v1/conferences/{told['own']['id']}/exemplars", {**body, **more}, status)


async def meet(client: Client, told: Json) -> None:
    path = f"/v1/conferences/{told['own']['id']}"
    etag = (await client.get(path)).headers["ETag"]
    await client.act(f"{path}/holding", etag, {"on": "2025-03-20", "attended": 200})


async def read_nominee(client: Client, nomination: httpx.Response) -> tuple[bool, list[Json]]:
    """Whether the plan's condition is shown, and the honours given at conferences."""
    answer = (await client.get(f"/v1/nominations/{nomination.json()['id']}")).json()
    return "eligibility_not_shown" not in codes(answer["findings"]), answer["recorded_honours"]


async def test_an_exemplar_is_recognised_once_the_conference_has_met(client: Client, told: Json) -> None:
    made = await honour(client, told, person=person())
    who = made.json()["person"]["id"]
    unit = told["units"][TOWN]
    nominee = await draft_nomination(client, told["district"], unit, person_id=who)
    assert await read_nominee(client, nominee) == (False, []), "nobody was honoured yet"
    await meet(client, told)
    shown, [given] = await read_nominee(client, nominee)
    assert shown
    assert given == {
        "name": "Giấy khen",
        "year": 2025,
        "kind": "award",
        "held_by": "person",
        "authority": "Chủ tịch thị trấn (ví dụ)",
        "honoured_at": "commune",
    }
    path = f"/v1/exemplars/{made.json()['id']}"
    read = await client.get(path)
    listed = await client.list_all(f"/v1/exemplars?conference={told['own']['id']}&person={who}")
    assert listed == [read.json()]
    removed = await client.act(f"{path}/removal", read.headers["ETag"], {"reason": "Ghi nhầm"})
    assert removed.json()["removed_at"] is not None
    assert await read_nominee(client, nominee) == (False, [])
    assert await client.list_all(f"/v1/exemplars?unit={unit}") == []
    again = await client.act(f"{path}/removal", removed.headers["ETag"], {"reason": "x"}, 409)
    assert again.json()["code"] == "exemplar_removed"
    await honour(client, told, person_id=who)


async def test_a_collective_is_honoured_and_its_representative_recognised(client: Client, told: Json) -> None:
    await honour(client, told, collective="Tổ thử nghiệm")
    await meet(client, told)
    unit = told["units"][TOWN]
    representative = await draft_nomination(client, told["district"], unit, collective="Tổ thử nghiệm")
    shown, [given] = await read_nominee(client, representative)
    assert (shown, given["held_by"]) == (True, "collective")
    other = await draft_nomination(client, told["district"], unit, collective="Tổ khác")
    assert await read_nominee(client, other) == (False, [])


async def test_what_cannot_be_is_not_recorded(client: Client, told: Json) -> None:
    first = await honour(client, told, person=person())
    who = first.json()["person"]["id"]
    for wrong, code, pointer in (
        ({"person": person(), "collective": "Tổ"}, "exemplar_once", "/person"),
        ({}, "exemplar_once", "/person"),
        ({"person": person(), "year": 2199}, "year_in_future", "/year"),
        ({"person": person(), "unit": told["units"]["huyen-kim-bang"]}, "unit_not_below_conference", "/unit"),
        ({"person_id": told["own"]["id"]}, "person_not_found", "/person_id"),
    ):
        refused = (await honour(client, told, 422, **wrong)).json()
        assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [(code, pointer)]
    twice = await honour(client, told, 409, person_id=who)
    assert twice.json()["code"] == "person_honoured_once"
    await client.get(f"/v1/exemplars/{told['own']['id']}", 404)


async def test_a_closed_conference_keeps_its_exemplars(client: Client, told: Json) -> None:
    made = await honour(client, told, person=person())
    await meet(client, told)
    path = f"/v1/conferences/{told['own']['id']}"
    reason = {"reason": "Không cần báo cáo (ví dụ)"}
    await client.act(f"{path}/closing", (await client.get(path)).headers["ETag"], reason)
    refused = await honour(client, told, 409, collective="Tổ thử nghiệm")
    assert refused.json()["code"] == "conference_closed"
    removal = f"/v1/exemplars/{made.json()['id']}/removal"
    kept = await client.act(removal, made.headers["ETag"], {"reason": "Ghi nhầm"}, 409)
    assert kept.json()["code"] == "conference_closed"
