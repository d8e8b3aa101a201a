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
    PEOPLE,
    WOMEN,
    compute_selection,
    congress,
    map_places,
    minutes,
    open_congress,
    plan,
    submit_for_id,
)
from tests.journeys.steps import Json, nominee, person

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
    assert done.json()["work"]["lot"]["order"] == order(held)
    assert done.json()["work"]["lots"] == order(held)
    assert done.json()["state"] == "decided"


def order(held: Json) -> list[str]:
    """As anybody can compute it from what was published: the numbers are those of the order of submission."""
    place = f'{{"congress":"{CHAIN}","unit":"{held["units"]["tinh"]}"}}'
    named = [one for each in held["named"].values() for one in each]
    numbers = map(str, range(1, len(named) + 1))
    drawn = compute_lot_order("123456", sha256(place.encode()).hexdigest(), numbers)
    return [named[int(number) - 1] for number in drawn]


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
    assert fourth.json()["state"] == "decided", "whoever comes later stands behind all, without another lot"
    assert fourth.json()["work"]["lots"] == [*order(held), named]
    assert (await map_places(client, fourth))[named]["outcome"] == "alternate"


@pytest.mark.parametrize("days", [0, -1, 93])
async def test_the_day_lies_ahead_and_not_too_far(client: Client, held: Json, days: int) -> None:
    day = (today() + timedelta(days=days)).isoformat()
    refused = await announced(client, await compute_selection(client, held), 422, drawn_on=day)
    assert refused.json()["code"] == "lot_day"


async def test_nobody_moves_by_what_a_unit_does_after_the_announcement(
    client: Client, held: Json, on: Callable[[date], None]
) -> None:
    """Named anew, withdrawn, entered under another spelling, returned and renamed: all stand behind."""
    waiting = await announced(client, await compute_selection(client, held))
    assert waiting.json()["work"]["announcement"]["ballots"] == 12
    unit = held["units"]["xa-mot"]
    gone, renamed = held["named"]["xa-mot"][:2]
    await act(client, gone, "withdrawal", reason="x")
    again = await submit_for_id(client, held, unit, person=person(gender="male"))
    await act(client, renamed, "return", reason="x")
    etag = (await client.get(f"/v1/nominations/{renamed}")).headers["ETag"]
    here = (await client.get(f"/v1/nominations/{renamed}")).json()["person"]
    other = {"name": "Người thử nghiệm khác", "birth_year": here["birth_year"]}
    changed = {name: value for name, value in nominee(unit, person=other).items() if name != "unit"}
    await client.put(f"/v1/nominations/{renamed}", changed, etag)
    await act(client, renamed, "submission")
    on(DRAWN_ON)
    done = await seeded(client, await compute_selection(client, held))
    left = [one for one in order(held) if one != renamed]
    assert done.json()["work"]["lots"] == [*left, again, renamed]
    assert done.json()["work"]["draw_numbers"][-2:] == [13, 14]


async def act(client: Client, nomination: str, name: str, **body: object) -> httpx.Response:
    path = f"/v1/nominations/{nomination}"
    return await client.act(f"{path}/{name}", (await client.get(path)).headers["ETag"], body)


async def test_the_lots_are_proven_without_any_person_and_an_erasure_leaves_them(
    client: Client, held: Json, on: Callable[[date], None]
) -> None:
    waiting = await announced(client, await compute_selection(client, held))
    on(DRAWN_ON)
    done = await seeded(client, waiting)
    certificate = done.json()["work"]["lots_certificate"]
    assert (await client.post("/v1/verifications", certificate, 200)).json()["proven"]
    turned = {**certificate, "drawn": certificate["drawn"][::-1]}
    assert not (await client.post("/v1/verifications", turned, 200)).json()["proven"]
    nomination = held["named"]["xa-hai"][0]
    who = (await client.get(f"/v1/nominations/{nomination}")).json()["person"]["id"]
    erasure = {"reason": "request", "source_document": "01/CV (ví dụ)"}
    await client.post(f"/v1/people/{who}/erasure", erasure)
    kept = await client.get(f"/v1/selections/{done.json()['id']}")
    assert kept.json()["work"]["lots_certificate"] == certificate
    again = await compute_selection(client, held)
    assert again.json()["state"] == "decided"
    assert again.json()["work"]["lots"] == order(held), "who is erased keeps the number, and is not chosen"
    assert (await map_places(client, again))[nomination]["outcome"] == "off"


async def test_a_conference_opened_anew_keeps_to_the_announced_day_and_is_numbered_itself(
    client: Client, held: Json, on: Callable[[date], None]
) -> None:
    """Its nominations are others: a seed that is known already would be for a pool made to suit it."""
    await announced(client, await compute_selection(client, held))
    anew = await reopen(client, held)
    found = await compute_selection(client, anew)
    assert found.json()["work"]["announcement"] is None
    other = {"drawn_on": (DRAWN_ON + timedelta(days=1)).isoformat()}
    assert (await announced(client, found, 409, **other)).json()["code"] == "lot_announced_already"
    on(DRAWN_ON)
    assert (await seeded(client, found, 409)).json()["code"] == "lot_not_announced"
    assert (await announced(client, found, 422)).json()["code"] == "lot_day"
    on(today())
    waiting = await announced(client, found)
    assert (await announced(client, waiting, 409)).json()["code"] == "lot_announced_already"
    on(DRAWN_ON)
    assert (await seeded(client, waiting)).json()["work"]["lots"] == order(anew)


async def reopen(client: Client, held: Json) -> Json:
    """The congress given up and opened anew; its nominees are entered again."""
    path = f"/v1/conferences/{held['id']}"
    await client.act(f"{path}/cancellation", (await client.get(path)).headers["ETag"], {"reason": "x"})
    return await open_congress(client, held["plan"], held["units"], PEOPLE, "02")
