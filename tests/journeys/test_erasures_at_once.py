"""Somebody who is being erased cannot be named at the same time, and an export tells of one person alone."""

import asyncio

import httpx
import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import congress
from tests.journeys.steps import act_on_nomination, nominee, person, submit_nominee


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    return congress


def send(client: Client, path: str, key: str, body: object) -> "asyncio.Task[httpx.Response]":
    return asyncio.create_task(client.http.post(path, json=body, headers={"Idempotency-Key": key}))


async def test_nothing_is_entered_for_somebody_who_is_being_erased(client: Client, scene: Scene) -> None:
    congress, units = scene.facts, scene.facts["units"]
    for n in range(6):
        named = await submit_nominee(client, congress, units["xa-ba"])
        await act_on_nomination(client, named, "withdrawal", reason="Xin rút")
        who = named.json()["person"]["id"]
        because = {"reason": "request", "source_document": "Đơn số 1 (ví dụ)"}
        erased = send(client, f"/v1/people/{who}/erasure", f"erase-{n}", because)
        await asyncio.sleep(0.004)
        body = nominee(units["xa-hai"], person_id=who, achievements="Thành tích thử nghiệm")
        drafted = send(client, f"/v1/conferences/{congress['id']}/nominations", f"draft-{n}", body)
        assert (await erased).status_code in (200, 201, 409)
        answer = await drafted
        if answer.status_code == 201:  # it came first, and is erased with the person
            now = (await client.get(f"/v1/nominations/{answer.json()['id']}")).json()
            assert now["achievements"] != "Thành tích thử nghiệm"


async def test_an_export_leaves_out_the_reasons_of_somebody_before(client: Client, scene: Scene) -> None:
    congress = scene.facts
    named = await submit_nominee(client, congress, congress["units"]["xa-ba"], collective="Tập thể (ví dụ)")
    returned = await act_on_nomination(client, named, "return", reason="Lý do của người trước")
    path = f"/v1/nominations/{returned.json()['id']}/representative"
    body = {"person": person(), "reason": "Bị ốm"}
    other = await client.act(path, returned.headers["ETag"], body)
    who = other.json()["person"]["id"]
    await act_on_nomination(client, other, "submission")
    told = (await client.post(f"/v1/people/{who}/export", {"purpose": "data-subject-request"}, 200)).text
    assert "Lý do của người trước" not in told
