"""Rivals: the same journey at the same moment, over HTTP. One is first, and nobody is told a lie about it."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.client import EXAMPLES, YAML, Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    adopted,
    allocated,
    decision,
    document,
    named,
    nominee,
    opened,
    person,
    step,
    submitted,
)

CONGRESS = "ha-nam-xii"
TOWN = "thi-tran-que--huyen-kim-bang"
PLAN = EXAMPLES / "plans" / "kim_bang_2025.yaml"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The province's conference, where the district has three seats from above; and the district's own."""

    async def load(client: Client) -> Json:
        plan = await client.plan("kim_bang_2025")
        units = await client.units("kim_bang")
        district = await opened(client, plan, CONGRESS, units["huyen-kim-bang"], "district")
        given = {"unit": units[TOWN], "group": "dien-hinh", "seats": 3, "document": document("12/CV")}
        quota = await client.post(f"/v1/conferences/{district['id']}/quotas", given)
        return {**district, "units": units, "plan": plan, "quota": quota.json()["id"]}

    return load


@pytest.fixture
def district(scene: Scene) -> Json:
    return scene.told


async def sent(client: Client, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """A request whose answer is looked at, whatever it is."""
    number = asyncio.current_task()
    headers = {"Idempotency-Key": f"rival-{id(number)}", **headers}
    return await client.http.post(path, json={} if body is None else body, headers=headers)


async def at_once(*requests: Any) -> list[httpx.Response]:
    return await asyncio.gather(*(asyncio.create_task(request) for request in requests))


def told(answers: list[httpx.Response]) -> Counter[str]:
    """How many were carried out, and how many refused as what."""
    return Counter(
        "done" if each.is_success else f"{each.status_code} {each.json()['code']}" for each in answers
    )


async def quota_of(client: Client, district: Json) -> tuple[int, int]:
    quota = (await client.get(f"/v1/quotas/{district['quota']}")).json()
    return quota["nominated"], quota["taken"]


async def test_twelve_who_submit_at_once_fill_the_list_and_no_more(client: Client, district: Json) -> None:
    drafts = [await named(client, district, district["units"][TOWN]) for _ in range(12)]
    answers = await at_once(
        *(
            sent(client, f"/v1/nominations/{each.json()['id']}/submission", **{"If-Match": each.headers["ETag"]})
            for each in drafts
        )
    )
    assert told(answers) == {"done": 3, "409 quota_nominee_limit_exceeded": 9}
    assert await quota_of(client, district) == (3, 0)


async def test_a_seat_taken_away_and_an_acceptance_at_once_agree_in_the_end(
    client: Client, district: Json
) -> None:
    """Either the acceptance came first and is named as a misfit, or it came second and is refused."""
    places = [await submitted(client, district, district["units"][TOWN]) for _ in range(3)]
    quota = await client.get(f"/v1/quotas/{district['quota']}")

    async def shrink() -> httpx.Response:
        headers = {"If-Match": (await client.get(f"/v1/quotas/{district['quota']}")).headers["ETag"]}
        body = {"seats": 1, "document": document("13/CV")}
        return await client.http.put(f"/v1/quotas/{district['quota']}", json=body, headers=headers)

    accepting = (
        sent(client, f"/v1/nominations/{each.json()['id']}/acceptance", **{"If-Match": each.headers["ETag"]})
        for each in places
    )
    shrunk, *answers = await at_once(shrink(), *accepting)
    assert shrunk.status_code in (200, 412)
    done = told(answers)["done"]
    quota = await client.get(f"/v1/quotas/{district['quota']}")
    assert quota.json()["taken"] == done
    if shrunk.is_success:
        assert quota.json()["seats"] == 1
        assert (quota.json()["misfit"] is not None) == (done > 1 or quota.json()["nominated"] > 1)
    else:
        assert (quota.json()["seats"], done) == (3, 3)


async def test_of_those_who_act_on_what_they_have_read_one_is_first(client: Client, district: Json) -> None:
    place = await submitted(client, district, district["units"][TOWN])
    path, headers = f"/v1/nominations/{place.json()['id']}", {"If-Match": place.headers["ETag"]}
    why = {"reason": "Thử nghiệm"}
    answers = await at_once(
        sent(client, f"{path}/acceptance", **headers),
        sent(client, f"{path}/return", why, **headers),
        sent(client, f"{path}/withdrawal", why, **headers),
        sent(client, f"{path}/acceptance", **headers),
    )
    assert told(answers) == {"done": 1, "412 stale": 3}


async def test_one_key_sent_eight_times_at_once_names_one_person(client: Client, district: Json) -> None:
    body = nominee(district["units"][TOWN])
    path = f"/v1/conferences/{district['id']}/nominations"
    answers = await at_once(*(sent(client, path, body, **{"Idempotency-Key": "the-same"}) for _ in range(8)))
    counted = told(answers)
    assert counted["done"] + counted["409 idempotency_key_in_use"] == 8
    assert len({each.json()["id"] for each in answers if each.is_success}) == 1
    again = await sent(client, path, body, **{"Idempotency-Key": "the-same"})
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert len(await client.every(path)) == 1


async def test_one_key_sent_eight_times_at_once_starts_one_run(client: Client, district: Json) -> None:
    path = f"/v1/conferences/{district['id']}/allocations"
    answers = await at_once(*(sent(client, path, **{"Idempotency-Key": "the-same"}) for _ in range(8)))
    counted = told(answers)
    assert counted["done"] + counted["409 idempotency_key_in_use"] == 8
    assert counted["done"] >= 1
    assert len((await client.get(path)).json()["items"]) == 1


async def test_allocations_started_at_once_are_numbered_one_by_one(client: Client, district: Json) -> None:
    path = f"/v1/conferences/{district['id']}/allocations"
    answers = await at_once(*(sent(client, path) for _ in range(4)))
    assert told(answers) == {"done": 4}
    assert sorted(each.json()["n"] for each in answers) == [1, 2, 3, 4]
    assert len({each.json()["snapshot"] for each in answers}) == 1


async def _approved(client: Client, district: Json) -> httpx.Response:
    allocation = await allocated(client, district)
    path = f"/v1/allocations/{allocation.json()['id']}"
    proposed = await client.act(f"{path}/proposal", allocation.headers["ETag"])
    return await client.act(f"{path}/approval", proposed.headers["ETag"])


async def test_of_two_allocations_adopted_at_once_one_is_adopted(client: Client, scene: Scene) -> None:
    """They know nothing of each other; the second is told that there is one to amend now."""
    town = scene.told["units"]["huyen-kim-bang"]
    district = {**scene.told, "unit": town}
    await client.act(f"/v1/conferences/{district['id']}/cancellation", await _etag(client, district), _WHY)
    district = {**district, **await opened(client, district["plan"], CONGRESS, town, "district")}
    both = [await _approved(client, district) for _ in range(2)]
    answers = await at_once(
        *(
            sent(
                client,
                f"/v1/allocations/{each.json()['id']}/adoption",
                decision(f"{number}"),
                **{"If-Match": each.headers["ETag"]},
            )
            for number, each in enumerate(both)
        )
    )
    assert told(answers) == {"done": 1, "409 adopted_allocation_is_amended": 1}
    quotas = (await client.get(f"/v1/conferences/{district['id']}/quotas")).json()
    assert sum(quota["seats"] for quota in quotas) == 150
    states = [each["state"] for each in (await client.get(f"/v1/conferences/{district['id']}/allocations")).json()["items"]]
    assert sorted(states) == ["adopted", "approved"]


_WHY = {"reason": "Thử nghiệm"}


async def _etag(client: Client, district: Json) -> str:
    return (await client.get(f"/v1/conferences/{district['id']}")).headers["ETag"]


async def test_an_adoption_sent_four_times_at_once_is_one(client: Client, scene: Scene) -> None:
    district = await _without_quota(client, scene)
    approved = await _approved(client, district)
    path = f"/v1/allocations/{approved.json()['id']}/adoption"
    answers = await at_once(
        *(sent(client, path, decision(f"{n}"), **{"If-Match": approved.headers["ETag"]}) for n in range(4))
    )
    assert told(answers) == {"done": 1, "412 stale": 3}
    assert len((await client.get(f"/v1/conferences/{district['id']}/quotas")).json()) == 18
