"""Adopted lists that are mended, and mended again: what the council has laid down stands."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from db.session import Database
from domain.access import Access, Actor, Grant, Role
from service import selections
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    adopt_selection,
    compute_selection,
    congress,
    delegates,
    draw_lot,
    map_places,
    submit_for_id,
)
from tests.journeys.steps import Json, act_on_nomination, codes
from tests.works import make_work


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Twelve nominees for eight seats."""
    return congress


@pytest.fixture
def held(scene: Scene) -> Json:
    return scene.facts


async def mended(
    client: Client, adopted: httpx.Response, *delegate: str, status: int = 201
) -> httpx.Response:
    path = f"/v1/selections/{adopted.json()['id']}"
    newest = await client.get(path)
    body = {"delegates": list(delegate), "reason": "Ốm"}
    return await client.act(f"{path}/replacements", newest.headers["ETag"], body, status)


async def going_from(client: Client, held: Json, unit: str) -> list[Json]:
    return [row for row in (await delegates(client, held)).values() if row["unit"]["code"] == unit]


async def test_a_list_is_mended_though_somebody_was_erased_since(client: Client, held: Json) -> None:
    """What the adopted list was computed from is gone; the list is not."""
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held)), "101"
    )
    rows = await map_places(client, adopted)
    left = next(row for row in rows.values() if row["outcome"] == "alternate")
    because = {"reason": "request", "source_document": "Đơn số 1"}
    await client.post(f"/v1/people/{left['person']}/erasure", because)
    (leaver, *_) = await going_from(client, held, "xa-mot")
    found = await mended(client, adopted, leaver["id"])
    assert found.json()["state"] == "decided"
    assert leaver["nomination"] not in {
        one for one, row in (await map_places(client, found)).items() if row["outcome"] == "chosen"
    }


async def test_a_delegate_who_was_erased_can_be_replaced(client: Client, held: Json) -> None:
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held)), "102"
    )
    (leaver, *_) = await going_from(client, held, "xa-mot")
    because = {"reason": "request", "source_document": "Đơn số 1"}
    await client.post(f"/v1/people/{leaver['person']}/erasure", because)
    found = await mended(client, adopted, leaver["id"])
    assert found.json()["state"] == "decided"
    await adopt_selection(client, found, "103")
    assert leaver["nomination"] not in await delegates(client, held)
    assert len(await delegates(client, held)) == 8


async def test_a_list_with_an_empty_seat_is_mended(client: Client, held: Json) -> None:
    """The seat stays as empty as it was decided to be."""
    for one in held["named"]["xa-ba"][1:]:
        await act_on_nomination(
            client, await client.get(f"/v1/nominations/{one}"), "withdrawal", reason="Xin rút"
        )
    empty = [{"unit": held["units"]["xa-ba"], "group": "dien-hinh", "seats": 1}]
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held, empty=empty)), "104"
    )
    for number in ("105", "106"):
        (leaver, *_) = await going_from(client, held, "xa-mot")
        found = await draw_lot(client, await mended(client, adopted, leaver["id"]))
        assert found.json()["state"] == "decided"
        adopted = await adopt_selection(client, found, number)
        assert len(await delegates(client, held)) == 7


async def test_who_cannot_come_is_neither_in_line_nor_drawn_for(client: Client, held: Json) -> None:
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held)), "107"
    )
    leavers = await going_from(client, held, "xa-mot")
    for leaver in leavers:
        found = await mended(client, adopted, leaver["id"])
        assert found.json()["work"]["tied"] == []
        row = (await map_places(client, found))[leaver["nomination"]]
        assert (row["outcome"], row["alternate_no"], row["hold"]) == ("off", None, "dropped")
    path = f"/v1/selections/{found.json()['id']}/explanations"
    told = await client.post(path, {"target": "nu", "side": "least", "purpose": "x"}, 409)
    assert told.json()["code"] == "selection_mended"


async def test_whom_the_council_dropped_replaces_nobody(client: Client, held: Json) -> None:
    """Two seats of xa-hai and three nominees, of whom one was dropped: nobody is left for the third."""
    one = held["named"]["xa-hai"][0]
    found = await draw_lot(client, await compute_selection(client, held, drop=[hand(one)]))
    adopted = await adopt_selection(client, found, "108")
    (leaver, _) = await going_from(client, held, "xa-hai")
    again = await mended(client, adopted, leaver["id"])
    assert again.json()["work"]["unfilled"] == [{"unit": "xa-hai", "group": "dien-hinh", "seats": 1}]
    assert again.json()["work"]["edits"] == found.json()["work"]["edits"]
    assert (await map_places(client, again))[one]["hold"] == "dropped"


async def test_a_pair_that_was_held_apart_stays_apart(client: Client, held: Json) -> None:
    first, second, third = held["named"]["xa-ba"]
    apart = [{"one": second, "other": third}]
    found = await draw_lot(client, await compute_selection(client, held, apart=apart, drop=[]))
    adopted = await adopt_selection(client, found, "109")
    here = {row["nomination"]: row["id"] for row in await going_from(client, held, "xa-ba")}
    assert first in here
    again = await mended(client, adopted, here[first])
    assert again.json()["state"] == "infeasible", "only the pair is left for the two seats"
    assert codes(again.json()["work"]["clash"]["demands"]) == ["selection_clash_pair"]


async def test_a_person_named_twice_stands_as_on_the_list_that_is_mended(client: Client, held: Json) -> None:
    """Dropped in the one place, in line in the other: that is how the person stands later as well."""
    rows = await map_places(client, await draw_lot(client, await compute_selection(client, held)))
    left = next(
        row for row in rows.values() if row["outcome"] == "alternate" and row["unit"]["code"] == "xa-mot"
    )
    second = await submit_for_id(client, held, held["units"]["xa-hai"], person_id=left["person"])
    found = await draw_lot(client, await compute_selection(client, held, drop=[hand(second)]))
    adopted = await adopt_selection(client, found, "110")
    (leaver, *_) = await going_from(client, held, "xa-ba")
    again = await mended(client, adopted, leaver["id"])
    assert again.json()["state"] in ("decided", "lots_required")
    assert second not in await map_places(client, again)


def hand(nomination: str, **more: Any) -> Json:
    return {"nomination": nomination, "reason": "x", **more}


async def test_why_somebody_leaves_is_for_the_council_that_may_open_it_there(
    client: Client, held: Json, database: Database
) -> None:
    """An officer of a commune who approves for the province opens the commune's nominees, and no other's."""
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held)), "111"
    )
    (leaver, *_) = await going_from(client, held, "xa-hai")
    found = await mended(client, adopted, leaver["id"])
    path = f"/v1/selections/{found.json()['id']}"
    await client.act(f"{path}/proposal", found.headers["ETag"])
    units = {code: UUID(unit) for code, unit in held["units"].items()}
    both = Grant(Role.APPROVER, units["tinh"]), Grant(Role.UNIT_OFFICER, units["xa-mot"])
    for grants, told in (((Grant(Role.STANDING_COUNCIL, units["tinh"]),), True), (both, False)):
        actor = Actor("somebody", "Somebody", grants).narrow_to_access(Access.SELECTIONS_READ)
        async with database.transaction(actor, read_only=True) as session:
            work = make_work(session, actor)
            case, row = await selections.load_selection(work, UUID(found.json()["id"]))
            described = await selections.describe_selection(work, case, row)
        assert (described.whole, bool(described.reasons)) == (True, told)


async def test_a_pin_is_carried_into_a_replacement_and_ends_with_whoever_leaves(
    client: Client, held: Json
) -> None:
    stays, leaves = held["named"]["xa-ba"][-1], held["named"]["xa-mot"][-1]
    found = await draw_lot(client, await compute_selection(client, held, pin=[hand(stays), hand(leaves)]))
    adopted = await adopt_selection(client, found, "112")
    here = {row["nomination"]: row["id"] for row in await going_from(client, held, "xa-mot")}
    again = await mended(client, adopted, here[leaves])
    assert [(each["act"], each["nomination"]) for each in again.json()["work"]["edits"]] == [("pin", stays)]
    rows = await map_places(client, again)
    assert (rows[stays]["hold"], rows[leaves]["outcome"]) == ("pinned", "off")
