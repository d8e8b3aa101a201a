"""Whoever draws, or announces a seed, has one chance, and nothing to try beforehand."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time, timedelta

import httpx
import pytest

from domain.lots.orders import compute_lot_order
from service.clock import today
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import (
    CONGRESS,
    TIED_ENTERPRISES,
    compute_tied_allocation,
    get_tie,
    load,
    reopen_under_ties,
    settle_tie,
)
from tests.journeys.steps import Json, compute_allocation, open_conference, report

BY_SEED = "{how: lot, lot: published_seed}"
DRAWN_ON = today() + timedelta(days=3)


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress with its tie, under a plan whose lots come from a published seed."""

    async def seeded(client: Client) -> Json:
        congress = await reopen_under_ties(client, await load(client), BY_SEED)
        await compute_tied_allocation(client, congress)
        return congress

    return seeded


@pytest.fixture
def congress(scene: Scene) -> Json:
    return scene.facts


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Lets a day come."""

    def come(day: date) -> None:
        monkeypatch.setattr("api.http.request_work.today", lambda: day)

    return come


@pytest.fixture
async def tied(client: Client, congress: Json) -> httpx.Response:
    """The version that waits for its lot."""
    versions = (await client.get(f"/v1/conferences/{congress['id']}/allocations")).json()["items"]
    return await client.get(f"/v1/allocations/{versions[-1]['id']}")


async def announced(
    client: Client, allocation: httpx.Response, status: int = 201, **changed: object
) -> httpx.Response:
    stage, tie = get_tie(allocation.json())
    body = {
        "stage": stage,
        "tied_digest": tie["digest"],
        "source": "Xổ số kiến thiết (ví dụ), giải đặc biệt",
        "digits": 6,
        "drawn_on": DRAWN_ON.isoformat(),
        **changed,
    }
    path = f"/v1/allocations/{allocation.json()['id']}/lot_announcements"
    return await client.act(path, allocation.headers["ETag"], body, status)


async def seeded(
    client: Client, allocation: httpx.Response, seed: str = "123456", status: int = 201, **changed: str
) -> httpx.Response:
    told: Json = {"drawn_on": DRAWN_ON.isoformat(), **changed}
    return await settle_tie(client, allocation, status, how="published_seed", seed=seed, **told)


async def test_a_seed_is_announced_waited_for_and_gives_the_order_by_the_rule(
    client: Client, tied: httpx.Response, on: Callable[[date], None]
) -> None:
    waiting = await announced(client, tied)
    (told,) = waiting.json()["announcements"]
    assert (told["digits"], told["drawn_on"], told["announced_by"]) == (6, DRAWN_ON.isoformat(), "local")
    early = await seeded(client, waiting, status=422)
    assert [error["code"] for error in early.json()["errors"]] == ["drawn_on_another_day"]
    on(DRAWN_ON)
    done = await seeded(client, waiting)
    (settlement,) = done.json()["settlements"]
    digest = get_tie(tied.json())[1]["digest"]
    assert done.json()["state"] == "decided"
    assert settlement["order"] == list(compute_lot_order("123456", digest, TIED_ENTERPRISES))


async def test_a_seed_that_nobody_announced_settles_nothing(
    client: Client, tied: httpx.Response, on: Callable[[date], None]
) -> None:
    """Or one would try seeds at home until the lot falls as one likes, and publish that one."""
    on(DRAWN_ON)
    refused = await seeded(client, tied, status=409)
    assert refused.json()["code"] == "lot_not_announced"


async def test_there_is_one_way_to_write_a_seed_and_one_day_to_take_it_from(
    client: Client, tied: httpx.Response, on: Callable[[date], None]
) -> None:
    """Or one would try spaces and words around it, or wait for a day whose seed is to one's liking."""
    waiting = await announced(client, tied)
    on(DRAWN_ON + timedelta(days=5))
    for seed in ("12345", "1234567", "123456 ", " 123456", "12345a", "１２３４５６", "+12345", "KQ 123456"):
        refused = await seeded(client, waiting, seed, 422)
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/seed"]
    for days in (-1, 1):
        other = (DRAWN_ON + timedelta(days=days)).isoformat()
        refused = await seeded(client, waiting, status=422, drawn_on=other)
        assert [error["code"] for error in refused.json()["errors"]] == ["drawn_not_as_announced"]


async def test_a_seed_is_announced_for_a_day_to_come(client: Client, tied: httpx.Response) -> None:
    """Today's may be known already."""
    for days in (-1, 0, 93):
        day = (today() + timedelta(days=days)).isoformat()
        assert (await announced(client, tied, 422, drawn_on=day)).json()["code"] == "lot_day"


async def test_a_seed_is_announced_once_for_a_tie_wherever_it_is_computed_again(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    """In the same version, in a new one over the same inputs, and at the conference opened anew."""
    waiting = await announced(client, tied)
    other = {"drawn_on": (DRAWN_ON + timedelta(days=1)).isoformat()}
    assert (await announced(client, waiting, 409, **other)).json()["code"] == "lot_announced_already"
    async for version in versions(client, congress):
        assert get_tie(version.json()) == get_tie(tied.json())
        refused = await announced(client, version, 409, **other)
        assert refused.json()["code"] == "lot_announced_already"


async def test_a_seed_that_has_spoken_is_heard_once(
    client: Client, congress: Json, tied: httpx.Response, on: Callable[[date], None]
) -> None:
    """Neither a new version nor a conference opened anew brings another; the same is taken again."""
    await announced(client, tied)
    on(DRAWN_ON)
    done = await seeded(
        client, await compute_allocation(client, congress)
    )  # what was announced serves there too
    first = done.json()["settlements"][0]["order"]
    async for version in versions(client, congress):
        seed = next(f"{n:06}" for n in range(1000) if order(version, f"{n:06}") != tuple(first))
        refused = await seeded(client, version, seed, 409)
        assert refused.json()["code"] == "tie_drawn_before"
        again = await seeded(client, version)
        assert again.json()["settlements"][0]["order"] == first


def order(allocation: httpx.Response, seed: str) -> tuple[str, ...]:
    return compute_lot_order(seed, get_tie(allocation.json())[1]["digest"], TIED_ENTERPRISES)


async def test_edits_without_effect_on_a_tie_leave_its_announcement_and_its_lot(
    client: Client, congress: Json, tied: httpx.Response, on: Callable[[date], None]
) -> None:
    """Who changes another unit's figure, to have the lot fall otherwise, has it fall as before."""
    await announced(client, tied)
    await report(client, congress["units"]["cong-ty-xo-so-kien-thiet"], staff=2, day="2020-06-01")
    changed = await compute_allocation(client, congress)
    assert get_tie(changed.json()) == get_tie(tied.json())
    on(DRAWN_ON)
    done = await seeded(client, changed)
    assert done.json()["settlements"][0]["order"] == [*order(tied, "123456")]


async def test_an_edit_of_the_tie_is_another_tie_and_its_seed_is_announced_afresh(
    client: Client, congress: Json, tied: httpx.Response, on: Callable[[date], None]
) -> None:
    """For another day: two versions announced for one draw would let somebody choose between them."""
    await announced(client, tied)
    await report(client, congress["units"][TIED_ENTERPRISES[0]], staff=100, day="2020-06-01")
    changed = await compute_allocation(client, congress)
    assert get_tie(changed.json())[1]["digest"] != get_tie(tied.json())[1]["digest"]
    again = {"source": "Một nguồn khác (ví dụ)"}
    assert (await announced(client, changed, 409, **again)).json()["code"] == "lot_day_taken"
    on(DRAWN_ON)
    assert (await seeded(client, changed, status=409)).json()["code"] == "lot_not_announced"


async def test_a_seed_settles_no_inputs_that_were_frozen_on_its_day(
    client: Client,
    congress: Json,
    tied: httpx.Response,
    on: Callable[[date], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever changes figures when the seed may be known computes in vain; the same figures stay the same."""
    await announced(client, tied)
    on(DRAWN_ON)
    monkeypatch.setattr("db.snapshots.now", lambda: datetime.combine(DRAWN_ON, time(1), UTC))
    await report(client, congress["units"]["cong-ty-xo-so-kien-thiet"], staff=2, day="2020-06-01")
    changed = await compute_allocation(client, congress)
    assert (await seeded(client, changed, status=409)).json()["code"] == "inputs_after_seed"
    first = await seeded(client, await client.get(f"/v1/allocations/{tied.json()['id']}"))
    assert first.json()["state"] == "decided"
    taken = await seeded(client, changed)
    assert taken.json()["settlements"][0]["order"] == first.json()["settlements"][0]["order"]


async def test_a_hand_draws_once_too(client: Client, congress: Json) -> None:
    by_hand = await reopen_under_ties(client, congress, "{how: lot}")
    first = await settle_tie(
        client, await compute_tied_allocation(client, by_hand), how="lot_by_hand", order=[*TIED_ENTERPRISES]
    )
    assert first.json()["state"] == "decided"
    async for version in versions(client, by_hand):
        for changed in (
            {"order": [*reversed(TIED_ENTERPRISES)]},
            {"order": [*TIED_ENTERPRISES], "drawn_on": DRAWN_ON.isoformat()},
        ):
            refused = await settle_tie(client, version, 409, how="lot_by_hand", **changed)
            assert refused.json()["code"] == "tie_drawn_before"
        again = await settle_tie(client, version, how="lot_by_hand", order=[*TIED_ENTERPRISES])
        assert again.json()["state"] == "decided"


async def test_only_ties_that_wait_are_announced_and_only_where_the_plan_has_a_seed(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    refused = await announced(client, tied, 422, tied_digest="0" * 64)
    assert refused.json()["code"] == "no_such_tie"
    by_hand = await reopen_under_ties(client, congress, "{how: lot}")
    waiting = await compute_tied_allocation(client, by_hand)
    assert (await announced(client, waiting, 409)).json()["code"] == "settlement_not_in_plan"
    done = await settle_tie(client, waiting, how="lot_by_hand", order=[*TIED_ENTERPRISES])
    stage, tie = get_tie(waiting.json())
    body = {"stage": stage, "tied_digest": tie["digest"], "source": "x", "digits": 6}
    path = f"/v1/allocations/{done.json()['id']}/lot_announcements"
    told = {**body, "drawn_on": DRAWN_ON.isoformat()}
    assert (await client.act(path, done.headers["ETag"], told, 409)).json()["code"] == "no_lots_required"


async def versions(client: Client, congress: Json) -> AsyncIterator[httpx.Response]:
    """The same inputs computed again: in a new version, and at the conference given up and opened anew.

    Ids of runs, versions and conferences are others each time; none of them is in the lot.
    """
    yield await compute_allocation(client, congress)
    here = f"/v1/conferences/{congress['id']}"
    etag = (await client.get(here)).headers["ETag"]
    await client.act(f"{here}/cancellation", etag, {"reason": "Làm lại"})
    province = congress["units"]["tinh-soc-trang"]
    yield await compute_allocation(
        client, await open_conference(client, congress["plan"], CONGRESS, province, "province")
    )
