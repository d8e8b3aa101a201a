"""Plans over HTTP: what a draft no longer says is gone, and one id is one plan."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import event

from db.session import Database
from service.formats.plans import read_document
from tests.client import EXAMPLES, Client
from tests.journeys.steps import Json, codes

KIM_BANG = read_document((EXAMPLES / "plans" / "kim_bang_2025.yaml").read_bytes(), "yaml")
WHOLE = "plan_version.body, plan_version.digest"
"""What a statement asks for that fetches a whole text."""


def text(**changed: Any) -> Json:
    """The plan of Kim Bảng, but for what is changed."""
    return {**deepcopy(KIM_BANG), **changed}


def towards(*congresses: tuple[str, str], **changed: Any) -> Json:
    """The same plan for congresses of these ids and names; its tiers lead to the first."""
    body = text(**changed)
    body["congresses"] = [{"id": code, "name": name, "unit": "tinh-ha-nam"} for code, name in congresses]
    for part in (*body["tiers"], *body["instruments"]):
        part["congresses"] = [congresses[0][0]]
    return body


async def drafted(client: Client, body: Json) -> httpx.Response:
    return await client.post("/v1/plans", body)


async def revised(client: Client, draft: httpx.Response, body: Json, status: int = 200) -> httpx.Response:
    path = f"/v1/plans/{draft.json()['id']}/versions/{draft.json()['n']}"
    return await client.put(path, body, draft.headers["ETag"], status)


async def published(client: Client, draft: httpx.Response) -> httpx.Response:
    path = f"/v1/plans/{draft.json()['id']}/versions/{draft.json()['n']}/publication"
    return await client.act(path, draft.headers["ETag"])


async def amended(client: Client, plan: Json, body: Json, status: int = 201) -> httpx.Response:
    return await client.post(f"/v1/plans/{plan['id']}/versions", {**body, "reason": "x"}, status)


def refused(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(error["code"], error["pointer"]) for error in answer.json()["errors"]]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What the database is asked for within the block."""
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", hear)


# What a draft says.


async def test_a_revised_draft_keeps_nothing_that_it_no_longer_says(client: Client) -> None:
    first = await drafted(client, towards(("mot", "Đại hội Một"), ("hai", "Đại hội Hai")))
    body = towards(("mot", "Đại hội Một"), ("ba", "Đại hội Ba"), title="Tên khác", number="9/KH", id="khac")
    answer = (await revised(client, first, body)).json()
    [item] = await client.list_all("/v1/plans")
    for told in (answer, item):
        assert (told["title"], told["number"], told["congresses"]) == ("Tên khác", "9/KH", ["ba", "mot"])


async def test_a_list_shows_what_is_in_force_while_an_amendment_is_drafted(client: Client) -> None:
    plan = (await published(client, await drafted(client, towards(("mot", "Đại hội Một"))))).json()
    draft = await amended(client, plan, towards(("hai", "Đại hội Hai"), title="Tên khác"))
    [item] = await client.list_all("/v1/plans")
    assert (item["title"], item["congresses"], item["n"]) == (plan["title"], ["mot"], 1)
    assert (draft.json()["title"], draft.json()["congresses"]) == ("Tên khác", ["hai"])
    await published(client, draft)
    [item] = await client.list_all("/v1/plans")
    assert (item["title"], item["congresses"], item["n"]) == ("Tên khác", ["hai"], 2)
    before = (await client.get(f"/v1/plans/{plan['id']}/versions/1")).json()
    assert (before["title"], before["congresses"]) == (plan["title"], ["mot"])


async def test_a_congress_that_is_named_otherwise_is_reported(client: Client) -> None:
    await drafted(client, towards(("mot", "Đại hội Một"), id="som"))
    late = await drafted(client, towards(("mot", "Đại hội Moot"), id="muon"))
    [finding] = [each for each in late.json()["findings"] if each["code"] == "congress_named_otherwise"]
    assert (finding["pointer"], finding["severity"]) == ("/congresses/0/name", "warning")
    assert "Đại hội Một" in finding["detail"]
    right = await revised(client, late, towards(("mot", "Đại hội Một"), id="muon"))
    assert "congress_named_otherwise" not in codes(right.json()["findings"])


async def test_the_plan_that_named_a_congress_first_names_it_anew(client: Client) -> None:
    """In a draft that nobody relies on at once, later when it is published."""
    first = await drafted(client, towards(("mot", "Đại hội Moot"), id="som"))
    late = await drafted(client, towards(("mot", "Đại hội Một"), id="muon"))
    first = await revised(client, first, towards(("mot", "Đại hội Một"), id="som"))
    path = f"/v1/plans/{late.json()['id']}"
    assert "congress_named_otherwise" not in codes((await client.get(path)).json()["findings"])
    plan = (await published(client, first)).json()
    draft = await amended(client, plan, towards(("mot", "Đại hội lần I"), id="som"))
    assert "congress_named_otherwise" in codes(draft.json()["findings"])
    assert "congress_named_otherwise" not in codes((await client.get(path)).json()["findings"])
    assert "congress_named_otherwise" not in codes((await published(client, draft)).json()["findings"])
    assert "congress_named_otherwise" in codes((await client.get(path)).json()["findings"])


# The plan's own id.


async def test_the_same_plan_is_not_drafted_twice(client: Client) -> None:
    plan = (await drafted(client, text())).json()
    again = await client.post("/v1/plans", text(title="Tên khác"), 409)
    assert (again.json()["code"], refused(again)) == ("plan_id_taken", [("plan_id_taken", "/id")])
    other = await drafted(client, text(id="khac"))
    taken = await revised(client, other, text(), 409)
    assert refused(taken) == [("plan_id_taken", "/id")]
    assert [item["id"] for item in await client.list_all("/v1/plans")] == [plan["id"], other.json()["id"]]


async def test_of_the_same_plan_drafted_twice_at_once_one_is_the_plan(client: Client) -> None:
    requests = (
        client.http.post("/v1/plans", json=text(), headers={"Idempotency-Key": str(uuid4())})
        for _ in range(4)
    )
    answers = await asyncio.gather(*requests)
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert {each.json()["code"] for each in answers if each.status_code == 409} == {"plan_id_taken"}


async def test_an_amendment_bears_the_id_of_its_plan(client: Client) -> None:
    plan = (await published(client, await drafted(client, text()))).json()
    other = await amended(client, plan, text(id="khac"), 422)
    assert refused(other) == [("plan_id_differs", "/id")]
    draft = await amended(client, plan, text(title="Tên khác"))
    assert refused(await revised(client, draft, text(id="khac"), 422)) == [("plan_id_differs", "/id")]


# What it costs to read.


async def test_a_list_asks_no_more_for_ten_plans_than_for_two(client: Client, database: Database) -> None:
    asked: list[int] = []
    for name in "abcdefghij":
        await published(client, await drafted(client, text(id=name)))
        if name in "bj":
            with statements(database) as heard:
                await client.get("/v1/plans")
            asked.append(sum("FROM plan" in statement for statement in heard))
            assert not any(WHOLE in statement for statement in heard)
    assert asked[0] == asked[1] <= 3


async def test_a_plan_is_read_without_the_texts_of_its_other_versions(
    client: Client, database: Database
) -> None:
    plan = (await published(client, await drafted(client, text()))).json()
    await amended(client, plan, text(title="Tên khác"))
    with statements(database) as heard:
        assert (await client.get(f"/v1/plans/{plan['id']}")).json()["n"] == 1
        history = await client.get(f"/v1/plans/{plan['id']}/versions?limit=1")
    assert [item["n"] for item in history.json()["items"]] == [1]
    assert history.json()["next_cursor"]
    assert sum(WHOLE in statement for statement in heard) == 1
