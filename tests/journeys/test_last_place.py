"""The last place of a conference, for which fifty clients ask at once through three doors."""

import asyncio
from itertools import count
from typing import Any

import httpx
import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import CONGRESS
from tests.journeys.steps import (
    Json,
    adopt_sizing,
    document,
    draft_sizing,
    open_conference,
    person,
    receive_quota,
    submit_nominee,
)

NOMINEES, CLIENTS = 6, 50

_keys = count()


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Châu Thành with one place more than the seats of its first commune, and that commune's nominees."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan("soc_trang_2020"), await client.units("soc_trang")
        district = await open_conference(client, plan, CONGRESS, units["huyen-chau-thanh"], "upper")
        await adopt_sizing(client, await draft_sizing(client, district, size=NOMINEES + 1), "01")
        first, *others = sorted(code for code in units if code.endswith("--huyen-chau-thanh"))
        path = f"/v1/conferences/{district['id']}"
        given = {"unit": units[first], "group": "dien-hinh", "seats": NOMINEES, "document": document("1")}
        await receive_quota(client, district, given)
        waiting = [
            await client.post(f"{path}/quotas", {**given, "unit": units[code], "seats": 1}) for code in others
        ]
        submitted = [await submit_nominee(client, district, units[first]) for _ in range(NOMINEES)]
        nominees = [(each.json()["id"], each.headers["ETag"]) for each in submitted]
        quotas = [(each.json()["id"], each.headers["ETag"]) for each in waiting]
        return {"path": path, "nominees": nominees, "quotas": quotas}

    return load


async def send(client: Client, path: str, body: Json, **headers: str) -> httpx.Response:
    """A request whose answer is looked at, whatever it is."""
    headers = {"Idempotency-Key": f"last-{next(_keys)}", **headers}
    return await client.http.post(path, json=body, headers=headers)


def ask(client: Client, facts: Json, n: int) -> Any:
    """The ``n``-th client's request for a place: as a guest, as a leader, or as a commune's seat."""
    if n % 3 == 2:
        quota, etag = facts["quotas"][n % len(facts["quotas"])]
        return send(client, f"/v1/quotas/{quota}/confirmation", {}, **{"If-Match": etag})
    group = ("khach-moi", "lanh-dao")[n % 3]
    body = {"group": group, "basis": "Ví dụ", "notice": "1", "purpose": "p", "person": person()}
    return send(client, f"{facts['path']}/invitations", body)


async def test_fifty_clients_race_for_the_last_place_and_one_wins(client: Client, scene: Scene) -> None:
    """Meanwhile every acceptance succeeds: its seat was given before."""
    facts = scene.facts
    acceptances = [
        send(client, f"/v1/nominations/{nominee}/acceptance", {}, **{"If-Match": etag})
        for nominee, etag in facts["nominees"]
    ]
    asked = [ask(client, facts, n) for n in range(CLIENTS)]
    answers = await asyncio.gather(*asked[: CLIENTS // 2], *acceptances, *asked[CLIENTS // 2 :])
    accepted = answers[CLIENTS // 2 : CLIENTS // 2 + NOMINEES]
    assert [each.status_code for each in accepted] == [201] * NOMINEES
    others = [each for each in answers if each not in accepted]
    assert [each.status_code for each in others if each.is_success] == [201]
    refused = {each.json()["code"] for each in others if not each.is_success}
    assert "conference_full" in refused
    assert refused <= {"conference_full", "stale"}  # several confirm the same quota
    now = (await client.get(facts["path"])).json()
    used = sum(group["given"] + group["listed"] for group in now["seat_groups"])
    assert used == now["size"] == NOMINEES + 1
