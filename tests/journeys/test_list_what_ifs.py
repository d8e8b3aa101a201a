"""Before a name is entered: where the unit's list would stand."""

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import WOMEN, congress, plan
from tests.journeys.steps import Json

SPLIT = {**WOMEN, "split": True}


async def load(client: Client) -> Json:
    return await congress(client, plan(targets=[SPLIT]))


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Twelve nominees under a target that is split over the units."""
    return load


async def test_what_would_be_is_told_and_nothing_is_stored(client: Client, scene: Scene) -> None:
    held, unit = scene.facts, scene.facts["units"]["xa-ba"]
    path = f"/v1/conferences/{held['id']}/composition"
    now = (await client.get(f"{path}?unit={unit}")).json()
    (women,) = now["targets"]
    assert (women["yes"], women["least"]) == (1, 1)

    more = [{"group": "dien-hinh", "gender": "female"}, {"group": "dien-hinh"}]
    would = (await client.post(f"{path}/what_ifs", {"unit": unit, "added": more}, 200)).json()
    assert (would["targets"][0]["yes"], would["targets"][0]["unknown"]) == (2, 1)
    assert would["listed"] == now["listed"] + 2

    without = {"unit": unit, "without": [held["named"]["xa-ba"][1]]}
    less = (await client.post(f"{path}/what_ifs", without, 200)).json()
    assert (less["targets"][0]["standing"], less["targets"][0]["yes"]) == ("unreachable", 0)
    assert (await client.get(f"{path}?unit={unit}")).json() == now


async def test_who_is_not_on_the_list_cannot_be_left_out(client: Client, scene: Scene) -> None:
    held = scene.facts
    body = {"unit": held["units"]["xa-ba"], "without": [held["named"]["xa-mot"][0]]}
    path = f"/v1/conferences/{held['id']}/composition/what_ifs"
    refused = await client.post(path, body, 422)
    assert [(e["code"], e["pointer"]) for e in refused.json()["errors"]] == [
        ("nomination_not_found", "/without/0")
    ]
