"""The lot among equally good lists from a published seed: announced beforehand, drawn once."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256

import httpx
import pytest

from domain.lots.orders import compute_lot_order
from service.clock import today
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    CHAIN,
    WOMEN,
    compute_selection,
    congress,
    map_places,
    minutes,
    plan,
    submit_for_id,
)
from tests.journeys.steps import Json, person

DRAWN_ON = today() + timedelta(days=3)


async def load(client: Client) -> Json:
    """Nobody has points, and the plan draws from a seed."""
    ties = {"how": "lot", "lot": "published_seed"}
    return await congress(client, plan(targets=[WOMEN], selection={}, ties=ties))


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    return load


@pytest.fixture
def held(scene: Scene) -> Json:
    return scene.facts


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Lets a day come."""

    def come(day: date) -> None:
        monkeypatch.setattr("api.http.request_work.today", lambda: day)

    return come


async def announced(
    client: Client, selection: httpx.Response, status: int = 201, **changed: object
) -> httpx.Response:
    told = {"source": "Xổ số kiến thiết (ví dụ)", "digits": 6, "drawn_on": DRAWN_ON.isoformat(), **changed}
    path = f"/v1/selections/{selection.json()['id']}/lot_announcements"
    return await client.act(path, selection.headers["ETag"], told, status)


async def seeded(
    client: Client, selection: httpx.Response, status: int = 201, **changed: object
) -> httpx.Response:
    told = {
        "how": "published_seed",
        **minutes(),
        "seed": "123456",
        "drawn_on": DRAWN_ON.isoformat(),
        **changed,
    }
    path = f"/v1/selections/{selection.json()['id']}/lots"
    return await client.act(path, selection.headers["ETag"], told, status)


async def test_a_seed_is_announced_waited_for_and_gives_the_order_by_the_rule(
    client: Client, held: Json, on: Callable[[date], None]
) -> None:
    found = await compute_selection(client, held)
    unannounced = await seeded(client, found, 409)
    assert unannounced.json()["code"] == "lot_not_announced"
    waiting = await announced(client, found)
    assert waiting.json()["work"]["announcement"]["digits"] == 6
    early = await seeded(client, waiting, 422)
    assert [error["code"] for error in early.json()["errors"]] == ["drawn_on_another_day"]
    on(DRAWN_ON)
    for changed, pointer in (({"seed": "12345"}, "/seed"), ({"drawn_on": today().isoformat()}, "/drawn_on")):
        refused = await seeded(client, waiting, 422, **changed)
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    done = await seeded(client, waiting)
    tied = found.json()["work"]["tied"]
    assert done.json()["work"]["lot"]["order"] == order(held, tied)
    assert done.json()["state"] == "decided"


def order(held: Json, tied: list[str]) -> list[str]:
    """As anybody can compute it from what was published."""
    place = f'{{"congress":"{CHAIN}","unit":"{held["units"]["tinh"]}"}}'
    return [*compute_lot_order("123456", sha256(place.encode()).hexdigest(), tied)]


async def test_no_list_is_started_for_another_seed(
    client: Client, held: Json, on: Callable[[date], None]
) -> None:
    """One announcement and one lot serve every version; whoever is named later is drawn for behind."""
    first, second = await compute_selection(client, held), await compute_selection(client, held)
    waiting = await announced(client, first)
    assert (await announced(client, second, 409)).json()["code"] == "lot_announced_already"
    on(DRAWN_ON)
    done = await seeded(client, waiting)
    late = await seeded(client, second, 409)
    assert late.json()["code"] == "selection_drawn_since"
    third = await compute_selection(client, held)
    assert third.json()["work"]["digest"] == done.json()["work"]["digest"]

    named = await submit_for_id(client, held, held["units"]["xa-mot"], person=person(gender="male"))
    fourth = await compute_selection(client, held)
    if fourth.json()["state"] == "lots_required":
        assert fourth.json()["work"]["announcement"] is None, "the seed that is known serves nobody again"
        assert (await seeded(client, fourth, 409)).json()["code"] == "lot_not_announced"
    else:
        assert (await map_places(client, fourth))[named]["outcome"] == "alternate"


@pytest.mark.parametrize("days", [0, -1, 93])
async def test_the_day_lies_ahead_and_not_too_far(client: Client, held: Json, days: int) -> None:
    day = (today() + timedelta(days=days)).isoformat()
    refused = await announced(client, await compute_selection(client, held), 422, drawn_on=day)
    assert refused.json()["code"] == "lot_day"
