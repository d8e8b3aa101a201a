"""Rivals: the same journey at the same moment, over HTTP. One is first, and nobody is told a lie about it."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from itertools import count
from typing import Any

import httpx
import pytest

from tests.client import EXAMPLES, YAML, Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    compute_allocation,
    decision,
    document,
    draft_nomination,
    nominee,
    open_conference,
    receive_quota,
    submit_nominee,
)

CONGRESS = "ha-nam-xii"
TOWN = "thi-tran-que--huyen-kim-bang"
AMENDED = b"reason: x\n" + (EXAMPLES / "plans" / "kim_bang_2025.yaml").read_bytes()
WHY = {"reason": "Thử nghiệm"}

_keys = count()


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The district's conference, opened under the published plan."""

    async def load(client: Client) -> Json:
        plan = await client.plan("kim_bang_2025")
        units = await client.units("kim_bang")
        district = await open_conference(client, plan, CONGRESS, units["huyen-kim-bang"], "district")
        return {**district, "units": units, "plan": plan, "town": units[TOWN]}

    return load


@pytest.fixture
def district(scene: Scene) -> Json:
    """The conference, with its plan and the ids of its units by code."""
    return scene.facts


@pytest.fixture
async def quota(client: Client, district: Json) -> str:
    """The path of a quota of three seats that the town has from above."""
    body = {"unit": district["town"], "group": "dien-hinh", "seats": 3, "document": document("12/CV")}
    answer = await receive_quota(client, district, body)
    return f"/v1/quotas/{answer.json()['id']}"


async def sent(client: Client, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """A request whose answer is looked at, whatever it is."""
    headers = {"Idempotency-Key": f"rival-{next(_keys)}", **headers}
    return await client.http.post(path, json={} if body is None else body, headers=headers)


async def acts(client: Client, rows: Iterable[httpx.Response], act: str) -> list[httpx.Response]:
    """The same act on several nominations at once, each as it was last answered."""
    paths = [(f"/v1/nominations/{row.json()['id']}/{act}", row.headers["ETag"]) for row in rows]
    return await asyncio.gather(*(sent(client, path, **{"If-Match": etag}) for path, etag in paths))


def told(answers: Iterable[httpx.Response]) -> Counter[str]:
    """How many were carried out, and how many refused as what."""
    return Counter(
        "done" if each.is_success else f"{each.status_code} {each.json()['code']}" for each in answers
    )


async def approved(client: Client, district: Json) -> httpx.Response:
    """An allocation that waits for its decision."""
    allocation = await compute_allocation(client, district)
    path = f"/v1/allocations/{allocation.json()['id']}"
    proposed = await client.act(f"{path}/proposal", allocation.headers["ETag"])
    return await client.act(f"{path}/approval", proposed.headers["ETag"])


async def cancelled(client: Client, district: Json) -> None:
    path = f"/v1/conferences/{district['id']}"
    await client.act(f"{path}/cancellation", (await client.get(path)).headers["ETag"], WHY)


async def test_twelve_who_submit_at_once_fill_the_list_and_no_more(
    client: Client, district: Json, quota: str
) -> None:
    drafts = [await draft_nomination(client, district, district["town"]) for _ in range(12)]
    answers = await acts(client, drafts, "submission")
    assert told(answers) == {"done": 3, "409 quota_nominee_limit_exceeded": 9}
    answer = (await client.get(quota)).json()
    assert (answer["nominated"], answer["taken"]) == (3, 0)


async def test_a_seat_taken_away_and_acceptances_at_once_agree_in_the_end(
    client: Client, district: Json, quota: str
) -> None:
    """Whoever was accepted before is named as one too many; whoever comes after is refused."""
    places = [await submit_nominee(client, district, district["town"]) for _ in range(3)]
    body = {"seats": 1, "document": document("13/CV")}
    entered = await client.put(quota, body, (await client.get(quota)).headers["ETag"])
    headers = {"If-Match": entered.headers["ETag"]}
    shrunk, answers = await asyncio.gather(
        sent(client, f"{quota}/confirmation", **headers), acts(client, places, "acceptance")
    )
    answer = (await client.get(quota)).json()
    assert answer["taken"] == told(answers)["done"]
    assert answer["seats"] == {201: 1, 412: 3}[shrunk.status_code]
    assert told(answers)["409 quota_seats_exceeded"] == 3 - answer["taken"]


async def test_of_those_who_act_on_what_they_have_read_one_is_first(
    client: Client, district: Json, quota: str
) -> None:
    place = await submit_nominee(client, district, district["town"])
    path, headers = f"/v1/nominations/{place.json()['id']}", {"If-Match": place.headers["ETag"]}
    answers = await asyncio.gather(
        sent(client, f"{path}/acceptance", **headers),
        sent(client, f"{path}/return", WHY, **headers),
        sent(client, f"{path}/withdrawal", WHY, **headers),
        sent(client, f"{path}/acceptance", **headers),
    )
    assert told(answers) == {"done": 1, "412 stale": 3}


@pytest.mark.parametrize("what", ["nominations", "allocations"])
async def test_one_key_sent_eight_times_at_once_does_it_once(
    client: Client, district: Json, what: str
) -> None:
    path = f"/v1/conferences/{district['id']}/{what}"
    body = nominee(district["town"]) if what == "nominations" else {}
    same = {"Idempotency-Key": f"the-same-{what}"}
    answers = await asyncio.gather(*(sent(client, path, body, **same) for _ in range(8)))
    counted = told(answers)
    assert counted["done"] >= 1
    assert counted["done"] + counted["409 idempotency_key_in_use"] == 8
    assert len({each.json()["id"] for each in answers if each.is_success}) == 1
    again = await sent(client, path, body, **same)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert len(await client.list_all(path)) == 1


async def test_allocations_started_at_once_are_numbered_one_by_one(client: Client, district: Json) -> None:
    path = f"/v1/conferences/{district['id']}/allocations"
    answers = await asyncio.gather(*(sent(client, path) for _ in range(4)))
    assert told(answers) == {"done": 4}
    assert sorted(each.json()["n"] for each in answers) == [1, 2, 3, 4]


async def test_of_two_allocations_adopted_at_once_one_is_adopted(client: Client, district: Json) -> None:
    """They know nothing of each other; the second is told that there is one to amend now."""
    both = [await approved(client, district) for _ in range(2)]
    requests = (
        sent(
            client,
            f"/v1/allocations/{each.json()['id']}/adoption",
            decision(str(number)),
            **{"If-Match": each.headers["ETag"]},
        )
        for number, each in enumerate(both)
    )
    assert told(await asyncio.gather(*requests)) == {"done": 1, "409 adopted_allocation_is_amended": 1}
    path = f"/v1/conferences/{district['id']}"
    assert sum(quota["seats"] for quota in (await client.get(f"{path}/quotas")).json()) == 150
    states = [each["state"] for each in await client.list_all(f"{path}/allocations")]
    assert sorted(states) == ["adopted", "approved"]


async def test_an_adoption_sent_four_times_at_once_is_one(client: Client, district: Json) -> None:
    allocation = await approved(client, district)
    path, headers = f"/v1/allocations/{allocation.json()['id']}", {"If-Match": allocation.headers["ETag"]}
    requests = (sent(client, f"{path}/adoption", decision(str(n)), **headers) for n in range(4))
    assert told(await asyncio.gather(*requests)) == {"done": 1, "412 stale": 3}
    assert len((await client.get(f"/v1/conferences/{district['id']}/quotas")).json()) == 18


async def test_an_adoption_and_a_quota_from_above_at_once_do_not_both_give_seats(
    client: Client, district: Json
) -> None:
    allocation = await approved(client, district)
    given = {"unit": district["town"], "group": "dien-hinh", "seats": 3, "document": document("12/CV")}
    answers = await asyncio.gather(
        sent(
            client,
            f"/v1/allocations/{allocation.json()['id']}/adoption",
            decision("1"),
            **{"If-Match": allocation.headers["ETag"]},
        ),
        sent(client, f"/v1/conferences/{district['id']}/quotas", given),
    )
    refused = {"409 quota_received_already", "409 quota_conference_unit_group_key"}
    counted = told(answers)
    assert counted.pop("done") == 1
    assert set(counted) < refused


async def test_of_amendments_drafted_at_once_one_is_the_draft(client: Client, district: Json) -> None:
    path = f"/v1/plans/{district['plan']['id']}/versions"
    requests = (
        client.http.post(path, content=AMENDED, headers={**YAML, "Idempotency-Key": f"draft-{n}"})
        for n in range(4)
    )
    assert told(await asyncio.gather(*requests)) == {"done": 1, "409 one_draft_per_plan": 3}


async def test_of_conferences_opened_at_once_for_a_unit_one_is_opened(client: Client, district: Json) -> None:
    await cancelled(client, district)
    body = {
        "plan": district["plan"]["id"],
        "congress": CONGRESS,
        "unit": district["units"]["huyen-kim-bang"],
        "tier": "district",
    }
    answers = await asyncio.gather(*(sent(client, "/v1/conferences", body) for _ in range(4)))
    assert told(answers) == {"done": 1, "409 one_conference_per_unit_and_congress": 3}


async def test_of_units_founded_at_once_under_one_code_one_is_founded(client: Client, district: Json) -> None:
    body = {"code": "xa-moi", "name": "Xã Thử Nghiệm", "kind": "commune", "valid_from": "2025-01-01"}
    answers = await asyncio.gather(*(sent(client, "/v1/units", body) for _ in range(4)))
    assert told(answers) == {"done": 1, "409 unit_known": 3}


async def test_figures_reported_at_once_are_revisions_of_each_other(client: Client, district: Json) -> None:
    body = {"as_of": "2025-01-01", "source": "Thử nghiệm", "figures": {"staff": 7}}
    path = f"/v1/units/{district['town']}/figures"
    answers = await asyncio.gather(*(sent(client, path, body) for _ in range(4)))
    assert told(answers) == {"done": 4}


async def test_people_named_at_once_for_a_collective_nobody_mentioned_before_all_stand_for_it(
    client: Client, district: Json
) -> None:
    known = [
        (await draft_nomination(client, district, district["town"])).json()["person"]["id"] for _ in range(4)
    ]
    commune = district["units"]["xa-lien-son--huyen-kim-bang"]
    path = f"/v1/conferences/{district['id']}/nominations"
    requests = (
        sent(client, path, nominee(commune, person_id=each, collective="Tổ thử nghiệm")) for each in known
    )
    answers = await asyncio.gather(*requests)
    assert told(answers) == {"done": 4}
    assert len({each.json()["collective"] for each in answers}) == 1


async def test_a_cancelled_conference_accepts_nobody(client: Client, district: Json, quota: str) -> None:
    place = await submit_nominee(client, district, district["town"])
    await cancelled(client, district)
    assert told(await acts(client, [place], "acceptance")) == {"409 conference_cancelled": 1}


async def test_an_allocation_of_a_cancelled_conference_is_not_adopted(client: Client, district: Json) -> None:
    allocation = await approved(client, district)
    await cancelled(client, district)
    path, headers = f"/v1/allocations/{allocation.json()['id']}", {"If-Match": allocation.headers["ETag"]}
    answer = await sent(client, f"{path}/adoption", decision("1"), **headers)
    assert told([answer]) == {"409 conference_cancelled": 1}
