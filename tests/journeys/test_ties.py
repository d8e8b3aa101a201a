"""Ties: units with exactly the same claim, and how they are told apart. Sóc Trăng's enterprises."""

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from domain.allocations import expect_room_to_grow, expect_waiting_tie
from service.allocations import tie_settlements
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import CHAIN, create_units, plan, publish_plan
from tests.journeys.soc_trang import (
    ARMED,
    TIED_ENTERPRISES,
    compute_tied_allocation,
    draw_enterprises,
    get_tie,
    list_ties,
    load,
    reopen_under_ties,
    settle_tie,
)
from tests.journeys.steps import (
    Json,
    compute_allocation,
    map_rows,
    open_conference,
    report,
)


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress, opened."""
    return load


@pytest.fixture
def congress(scene: Scene) -> Json:
    """The congress, with its plan and the ids of its units by code."""
    return scene.facts


@pytest.fixture
async def tied(client: Client, congress: Json) -> httpx.Response:
    """Five equal claims to one seat."""
    return await compute_tied_allocation(client, congress)


async def test_a_tie_stops_the_run_until_it_is_drawn_for(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    stage, tie = get_tie(tied.json())
    assert tied.json()["state"] == "lots_required"
    assert (tie["places"], {unit["id"] for unit in tie["units"]}) == (1, set(TIED_ENTERPRISES))
    early = await client.act(f"/v1/allocations/{tied.json()['id']}/proposal", tied.headers["ETag"], {}, 409)
    assert early.json()["code"] == "allocation_state"
    done = await draw_enterprises(client, congress, tied)
    assert done.json()["state"] == "decided"
    rows = await map_rows(client, done.json())
    assert [rows[code]["seats"] for code in TIED_ENTERPRISES] == [2, 2, 2, 2, 3]
    (settlement,) = done.json()["settlements"]
    assert (settlement["stage"], settlement["how"], settlement["drawn_by"]) == (
        stage,
        "lot_by_hand",
        "Tổ bốc thăm",
    )


async def test_what_a_settlement_computes_is_computed_beside_the_event_loop(
    client: Client, congress: Json, tied: httpx.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()

    def note(work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: object) -> Any:
            threads.add(threading.current_thread())
            return work(*given)

        return noted

    for each in (expect_waiting_tie, expect_room_to_grow):
        monkeypatch.setattr(tie_settlements, each.__name__, note(each))
    await draw_enterprises(client, congress, tied)
    assert threads
    assert threading.current_thread() not in threads


async def test_the_plan_says_how_and_nothing_else_will_do(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    for how in (
        {"how": "published_seed", "seed": "1"},
        {"how": "one_more"},
        {"how": "decision", "order": TIED_ENTERPRISES},
    ):
        refused = await settle_tie(client, tied, 409, **how)
        assert refused.json()["code"] == "settlement_not_in_plan"


@pytest.mark.parametrize("day", ["1999-01-01", "2199-01-01"])
async def test_no_lot_is_drawn_before_the_figures_are_frozen_or_after_today(
    client: Client, tied: httpx.Response, day: str
) -> None:
    refused = await settle_tie(client, tied, 422, how="lot_by_hand", order=[*TIED_ENTERPRISES], drawn_on=day)
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/drawn_on"]


async def test_one_more_for_each_of_the_tied_stays_within_the_maximum(client: Client, congress: Json) -> None:
    decided = await reopen_under_ties(client, congress, "{how: decision}")
    done = await settle_tie(client, await compute_tied_allocation(client, decided), how="one_more")
    rows = await map_rows(client, done.json())
    assert [rows[code]["seats"] for code in TIED_ENTERPRISES] == [3] * 5
    assert done.json()["totals"][0]["computed"] == 284  # 495 + 4 of the 500
    assert "stated_number_exceeded" in {each["code"] for each in done.json()["findings"]}


async def test_a_plan_that_gives_one_more_asks_nobody(client: Client, congress: Json) -> None:
    given = await reopen_under_ties(client, congress, "{how: one_more_within_maximum}")
    done = await compute_tied_allocation(client, given)
    assert (done.json()["state"], done.json()["totals"][0]["computed"]) == ("decided", 284)


async def test_one_more_is_refused_beyond_the_maximum(client: Client, congress: Json) -> None:
    congress = await reopen_under_ties(client, congress, "{how: decision}")
    # Seven agencies of one size tie for the last place: six more, and the cap leaves five.
    found = await client.list_all("/v1/units?on=2020-06-01&kind=central_agency")
    agencies = [agency for agency in found if agency["code"] not in ARMED]
    for n, agency in enumerate(agencies):
        await report(client, agency["id"], staff=1 if n < 2 else 100)
    allocation = await compute_allocation(client, congress)
    _, tie = get_tie(allocation.json())
    assert (len(tie["units"]), tie["places"]) == (7, 1)
    refused = await settle_tie(client, allocation, 409, how="one_more")
    assert refused.json()["code"] == "no_room_for_one_more"


async def test_two_ties_are_settled_one_after_the_other_within_one_maximum(
    client: Client, congress: Json
) -> None:
    """Five seats are left below 500: four go to the enterprises, and two for the agencies are too many."""
    congress = await reopen_under_ties(client, congress, "{how: decision}")
    await compute_tied_allocation(client, congress)
    found = await client.list_all("/v1/units?on=2020-06-01&kind=central_agency")
    for n, agency in enumerate(each for each in found if each["code"] not in ARMED):
        await report(client, agency["id"], staff=1 if n == 0 else 100)
    allocation = await compute_allocation(client, congress)
    first, second = list_ties(allocation.json())
    sizes = [(len(tie["units"]), tie["places"]) for _, tie in (first, second)]
    assert sizes == [(8, 6), (5, 1)]
    half = await settle_tie(client, allocation, tie=second, how="one_more")
    assert half.json()["state"] == "lots_required"
    refused = await settle_tie(client, half, 409, tie=first, how="one_more")
    assert refused.json()["code"] == "no_room_for_one_more"
    order = [unit["id"] for unit in first[1]["units"]]
    done = await settle_tie(client, half, tie=first, how="decision", order=order)
    assert (done.json()["state"], len(done.json()["settlements"])) == ("decided", 2)
    assert done.json()["totals"][0]["computed"] == 284


async def test_a_draw_over_other_units_settles_nothing(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    refused = await settle_tie(client, tied, 422, how="lot_by_hand", order=["so-noi-vu"])
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"]) == ("order_names_other_units", "/order")


async def test_a_tie_after_one_more_is_settled_by_one_more_again(client: Client) -> None:
    """By the quota method the seat more for two communes goes to the third, and then all three tie."""
    body = plan(targets=[], ties={"how": "decision", "clause": "i"})
    (group, _) = body["tiers"][0]["seat_groups"]
    group["seats"] = 14
    group["blocs"] = [{**group["blocs"][0], "method": "quota_method", "seats": 14}]
    made, units = await publish_plan(client, body), await create_units(client)
    conference = await open_conference(client, made, CHAIN, units["tinh"], "tinh")
    allocation = await compute_allocation(client, conference)
    sizes = []
    while allocation.json()["state"] == "lots_required":
        _, tie = get_tie(allocation.json())
        sizes.append((len(tie["units"]), tie["places"]))
        allocation = await settle_tie(client, allocation, how="one_more")
    assert (allocation.json()["state"], sizes) == ("decided", [(2, 1), (3, 2)])
    assert allocation.json()["totals"][0]["computed"] == 16
    (stage,) = [each for each in allocation.json()["stages"] if each["group"] == "dien-hinh"]
    assert [each["how"] for each in stage["settled"]] == ["one_more", "one_more"]
    certificate = (await client.get(f"/v1/allocations/{allocation.json()['id']}/certificate")).json()
    assert [each["added"] for each in certificate["groups"][0]["settled"]] == [1, 1]
    assert (await client.post("/v1/verifications", certificate, 200)).json()["proven"]
