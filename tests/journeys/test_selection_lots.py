"""Lists that are equally good: drawn for once, by hand or from a seed, and never until it suits somebody."""

import pytest
from sqlalchemy import text

from db.session import Database
from domain.access import Actor
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    MINORITY,
    WOMEN,
    adopt_selection,
    compute_selection,
    congress,
    destroy_inputs,
    draw_lot,
    map_places,
    minutes,
    plan,
    submit_for_id,
)
from tests.journeys.steps import Json, codes, person

HARD = {**WOMEN, "hard": True}


async def load(client: Client) -> Json:
    """Nobody has points: whoever meets the targets is as good as anybody else."""
    return await congress(client, plan(targets=[HARD, MINORITY], selection={"merit": 1}))


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    return load


@pytest.fixture
def held(scene: Scene) -> Json:
    """The congress, with the ids of its units and nominations."""
    return scene.facts


async def test_nothing_is_chosen_before_the_lot_is_drawn(client: Client, held: Json) -> None:
    found = await compute_selection(client, held)
    assert found.json()["state"] == "lots_required"
    assert (found.json()["work"]["lots"], await map_places(client, found)) == ([], {})
    tied = found.json()["work"]["tied"]
    decided = await draw_lot(client, found)
    assert (decided.json()["state"], decided.json()["work"]["lots"]) == ("decided", tied)
    assert decided.json()["work"]["lot"]["order"] == tied
    path = f"/v1/selections/{found.json()['id']}/lots"
    body = {"how": "lot_by_hand", "order": tied[::-1], **minutes()}
    again = await client.act(path, decided.headers["ETag"], body, 409)
    assert again.json()["code"] == "no_lots_required"


async def test_a_list_that_is_started_again_is_not_drawn_for_again(client: Client, held: Json) -> None:
    one = await draw_lot(client, await compute_selection(client, held))
    other = await compute_selection(client, held)
    assert other.json()["state"] == "decided", "the lot stands in every later version"
    assert other.json()["work"]["digest"] == one.json()["work"]["digest"]
    assert other.json()["work"]["snapshot"] != one.json()["work"]["snapshot"]


async def test_who_is_drawn_first_goes_before_who_is_drawn_last(client: Client, held: Json) -> None:
    """First come, first served would favour whoever entered names early."""
    found = await compute_selection(client, held)
    tied = found.json()["work"]["tied"]
    entered_last = [one for one in tied if one in held["named"]["xa-hai"]][-1]
    order = [entered_last, *(one for one in tied if one != entered_last)]
    rows = await map_places(client, await draw_lot(client, found, order=order))
    assert rows[entered_last]["outcome"] == "chosen"


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"how": "lot_by_hand", "order": []}, 422, "/order"),
        ({"how": "published_seed", "seed": "x"}, 409, "/how"),
        ({"how": "decision", "order": []}, 409, "/how"),
        ({"how": "lot_by_hand", "seed": "x"}, 422, "/seed"),
        ({"how": "lot_by_hand", "drawn_on": "2199-01-01"}, 422, "/drawn_on"),
        ({"how": "lot_by_hand", "drawn_on": "2020-01-01"}, 422, "/drawn_on"),
    ],
)
async def test_a_lot_that_cannot_be_right_is_refused(
    client: Client, held: Json, body: Json, status: int, pointer: str
) -> None:
    found = await compute_selection(client, held)
    path = f"/v1/selections/{found.json()['id']}/lots"
    refused = await client.act(path, found.headers["ETag"], {**minutes(), **body}, status)
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]


async def test_somebody_else_s_name_is_no_lot(client: Client, held: Json) -> None:
    found = await compute_selection(client, held)
    order = [*found.json()["work"]["tied"][1:], held["id"]]
    path = f"/v1/selections/{found.json()['id']}/lots"
    body = {"how": "lot_by_hand", "order": order, **minutes()}
    refused = await client.act(path, found.headers["ETag"], body, 422)
    assert codes(refused.json()["errors"]) == ["order_names_other_nominees"]


async def test_who_comes_later_stands_behind_those_who_were_drawn(client: Client, held: Json) -> None:
    """Alone there is nothing to be drawn: nobody is asked for a lot."""
    first = await draw_lot(client, await compute_selection(client, held))
    late = await submit_for_id(client, held, held["units"]["xa-mot"], person=person(gender="male"))
    again = await compute_selection(client, held)
    assert (again.json()["state"], again.json()["work"]["tied"]) == ("decided", [])
    assert again.json()["work"]["lots"] == first.json()["work"]["lots"]
    assert (await map_places(client, again))[late]["outcome"] == "alternate"
    before = {n for n, row in (await map_places(client, first)).items() if row["outcome"] == "chosen"}
    after = {n for n, row in (await map_places(client, again)).items() if row["outcome"] == "chosen"}
    assert after == before


async def test_what_clashes_is_said_and_how_it_could_be_mended(client: Client, held: Json) -> None:
    """Four women are asked for; the council drops two of five, and pins men."""
    women = [held["named"]["xa-mot"][n] for n in (3, 4)]
    found = await compute_selection(client, held, drop=[{"nomination": one, "reason": "x"} for one in women])
    work = found.json()["work"]
    assert found.json()["state"] == "infeasible"
    clash = work["clash"]
    assert [demand["code"] for demand in clash["demands"]] == ["selection_clash_target"]
    assert (clash["minimal"], clash["demands"][0]["params"]["ids"]) == (True, ["nu"])
    assert clash["relaxations"][0][0]["params"] | {"side": ""} == {
        "target": "nu",
        "side": "",
        "wanted": 4,
        "reachable": 3,
    }
    assert "xa-mot" in {ask["params"]["unit"] for ask in clash["asks"]}
    assert await map_places(client, found) == {}
    path = f"/v1/selections/{found.json()['id']}"
    refused = await client.act(f"{path}/proposal", found.headers["ETag"], None, 409)
    assert refused.json()["code"] == "selection_state"
    unproven = await client.post(f"{path}/what_ifs", {}, 409)
    assert unproven.json()["code"] == "selection_not_proven"
    edited = await client.act(
        f"{path}/edits", found.headers["ETag"], {"pin": [{"nomination": women[0], "reason": "y"}]}
    )
    assert edited.json()["state"] in ("decided", "lots_required")


async def test_what_is_frozen_is_sealed_and_can_be_erased(
    client: Client, held: Json, database: Database
) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    name, run = found.json()["work"]["snapshot"], found.json()["work"]["run"]
    async with database.transaction(Actor.for_service()) as session:
        connection = await session.connection()
        row = (
            await connection.execute(
                text("SELECT content, sealed FROM snapshot WHERE digest = :d"), {"d": name}
            )
        ).one()
        assert row[0] is None
        assert b"female" not in row[1]
        assert name.encode() not in row[1]
    somebody = (await client.get(f"/v1/nominations/{held['named']['xa-hai'][0]}")).json()["person"]["id"]
    assert await destroy_inputs(database, somebody) == 1
    assert (await client.get(f"/v1/runs/{run}")).json()["state"] == "done"
    path = f"/v1/selections/{found.json()['id']}"
    refused = await client.post(f"{path}/explanations", {"nomination": held["id"], "purpose": "x"}, 409)
    assert refused.json()["code"] == "snapshot_erased"
    kept = (await client.get(path)).json()["work"]
    assert kept["targets"], "the counts stay"
    adopted = await adopt_selection(client, await client.get(path), "91")
    assert adopted.json()["state"] == "adopted"


async def test_a_replacement_needs_no_more_than_a_reason_until_the_freeze(client: Client, held: Json) -> None:
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held)), "92"
    )
    who = (await client.get(f"/v1/conferences/{held['id']}/delegates")).json()[0]
    path = f"/v1/selections/{adopted.json()['id']}/replacements"
    body = {"delegates": [who["id"]], "reason": "Ốm"}
    mended = await client.act(path, adopted.headers["ETag"], body)
    assert mended.json()["state"] in ("decided", "lots_required")
