"""A sealed box that does not open takes nothing else down, and is pointed out without saying whose it is."""

import json
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from db.session import Database
from domain.access import Actor
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import compute_selection, congress, draw_lot
from tests.journeys.steps import Json, act_on_nomination, nominee, person

DAMAGES = {
    "one bit": "UPDATE person_sealed SET sealed = set_bit(sealed, 200, 1 - get_bit(sealed, 200))"
    " WHERE person = :person",
    "cut off": "UPDATE person_sealed SET sealed = '\\x01' WHERE person = :person",
    "another master key": "UPDATE person_key SET wrapped = substr(wrapped, 1, 12) || wrapped, master = 'gone'"
    " WHERE id = (SELECT key_id FROM person_sealed WHERE person = :person)",
}
INPUTS = "UPDATE snapshot_key SET wrapped = set_bit(wrapped, 200, 1 - get_bit(wrapped, 200))"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Twelve nominees for eight seats."""
    return congress


@pytest.fixture
def held(scene: Scene) -> Json:
    """The congress, with the ids of its units and nominations."""
    return scene.facts


async def damage(database: Database, statement: str, **params: str) -> None:
    async with database.transaction(Actor.for_service()) as session:
        await (await session.connection()).execute(text(statement), params)


def count_broken(client: Client, kind: str) -> float:
    registry: CollectorRegistry = client.http._transport.app.state.metrics.registry  # type: ignore[attr-defined]
    name = "daibieu_sealed_boxes_unreadable_total"
    return registry.get_sample_value(name, {"kind": kind}) or 0


def found_in(findings: Any, code: str) -> list[Json]:
    return [each for each in findings if each["code"] == code]


@pytest.mark.parametrize("how", DAMAGES)
async def test_a_box_that_does_not_open_counts_as_not_stated(
    client: Client, held: Json, database: Database, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, one = f"/v1/conferences/{held['id']}", held["named"]["xa-hai"][1]
    shown = (await client.get(f"/v1/nominations/{one}")).json()
    who = shown["person"]["id"]
    before = (await client.get(f"{path}/composition")).json()
    await damage(database, DAMAGES[how], person=who)
    capsys.readouterr()
    after = (await client.get(f"{path}/composition")).json()
    pool = (await client.get(f"{path}/pool")).json()
    chosen = await compute_selection(client, held)
    broken = (await client.get(f"/v1/nominations/{one}")).json()
    for findings in (after, pool, chosen.json()["work"], broken):
        (finding,) = found_in(findings["findings"], "sealed_boxes_unreadable")
        assert finding["params"] == {"persons": 1}
    assert broken["stated"]["sealed"] == []
    exported = (
        await client.post(f"/v1/people/{who}/export", {"purpose": "data-subject-request"}, 200)
    ).json()
    assert exported["sealed"] == {}
    assert len(found_in(exported["findings"], "sealed_boxes_unreadable")) == 1
    numbers = [{each["target"]: each["yes"] for each in told["targets"]} for told in (before, after)]
    assert numbers[0]["dan-toc"] == numbers[1]["dan-toc"] + 1
    assert numbers[0]["nu"] == numbers[1]["nu"], "what is open counts as before"
    assert count_broken(client, "attributes") == 5
    logged = capsys.readouterr().out
    assert logged.count("sealed_boxes_unreadable") == 5
    assert who not in logged.replace("instance", "")


async def test_what_needs_the_box_itself_is_refused_and_nothing_is_overwritten(
    client: Client, held: Json, database: Database
) -> None:
    unit = held["units"]["xa-hai"]
    body = nominee(unit, person=person(religion="dao-khong-co"), rank=9)
    draft = await client.post(f"/v1/conferences/{held['id']}/nominations", body)
    one, who = f"/v1/nominations/{draft.json()['id']}", draft.json()["person"]["id"]
    kept = "SELECT sealed FROM person_sealed WHERE person = :person"
    await damage(database, DAMAGES["another master key"], person=who)
    async with database.transaction(Actor.for_service()) as session:
        sealed = (await (await session.connection()).execute(text(kept), {"person": who})).scalar_one()
    asked = {"purpose": "delegate-selection", "attributes": ["religion"]}
    del body["unit"]
    etag = (await client.get(one)).headers["ETag"]
    refused = [
        await client.post(f"{one}/disclosure", asked, 409),
        await client.put(one, {**body, "person": {"name": "Người thử nghiệm 9"}}, etag, 409),
        await client.act(f"{one}/withdrawal", etag, {"reason": "x"}, 409),
    ]
    assert {each.json()["code"] for each in refused} == {"sealed_box_unreadable"}
    async with database.transaction(Actor.for_service()) as session:
        assert (
            await (await session.connection()).execute(text(kept), {"person": who})
        ).scalar_one() == sealed


async def test_a_sealed_reason_that_does_not_open_is_left_out(
    client: Client, held: Json, database: Database
) -> None:
    gone = held["named"]["xa-mot"][3]
    dropped = [{"nomination": gone, "reason": "Lý do ẩn danh"}]
    found = await compute_selection(client, held, drop=dropped)
    who = (await client.get(f"/v1/nominations/{gone}")).json()["person"]["id"]
    withdrawn = await client.get(f"/v1/nominations/{gone}")
    await act_on_nomination(client, withdrawn, "withdrawal", reason="Rút ẩn danh")
    await damage(database, DAMAGES["another master key"], person=who)
    shown = (await client.get(f"/v1/selections/{found.json()['id']}")).json()["work"]
    assert shown["edits"][0]["reason"] is None
    assert found_in(shown["findings"], "sealed_notes_unreadable")[0]["params"] == {"notes": 1}
    exported = (
        await client.post(f"/v1/people/{who}/export", {"purpose": "data-subject-request"}, 200)
    ).json()
    assert "Rút ẩn danh" not in json.dumps(exported, ensure_ascii=False)
    assert len(found_in(exported["findings"], "sealed_notes_unreadable")) == 1
    assert count_broken(client, "notes") >= 2


async def test_frozen_inputs_that_do_not_open_are_refused(
    client: Client, held: Json, database: Database
) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    await damage(database, INPUTS)
    path, one = f"/v1/selections/{found.json()['id']}", held["named"]["xa-hai"][0]
    pin = {"pin": [{"nomination": one, "reason": "x"}]}
    tried = await client.post(f"{path}/what_ifs", pin, 409)
    edited = await client.act(f"{path}/edits", found.headers["ETag"], pin, 409)
    assert {tried.json()["code"], edited.json()["code"]} == {"snapshot_unreadable"}
    assert count_broken(client, "snapshots") == 2
