"""Why did we get four? What a unit's officer, a statistician and a council ask of an allocation."""

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, open_conference

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The Sóc Trăng congress, allocated."""

    async def load(client: Client) -> Json:
        plan = await client.plan("soc_trang_2020")
        units = await client.units("soc_trang")
        conference = await open_conference(client, plan, "soc-trang-v", units["tinh-soc-trang"], "province")
        made = (await client.post(f"/v1/conferences/{conference['id']}/allocations", {})).json()
        return {**made, "units": units}

    return load


@pytest.fixture
def allocation(scene: Scene) -> Json:
    """The allocation, and the ids of its units by code."""
    return scene.facts


async def test_a_unit_reads_how_far_it_is_from_its_next_seat(client: Client, allocation: Json) -> None:
    unit = allocation["units"]["huyen-chau-thanh"]
    path = f"/v1/allocations/{allocation['id']}/explanations?unit={unit}"
    [told] = (await client.get(path, headers=ENGLISH)).json()
    assert (told["stage"], told["seats"]) == ("dien-hinh/huyen-thi", 8)
    assert told["sentences"][-1]["detail"].endswith("the unit would get one more seat.")
    body = {"weights": {"huyen-chau-thanh": 95188 + told["more_weight"]}}
    tried = (await client.post(f"/v1/allocations/{allocation['id']}/what_ifs", body, 200)).json()
    assert {each["unit"]: each["after"] for each in tried["differences"]}["huyen-chau-thanh"] == 9


async def test_one_figure_less_than_told_wins_no_seat(client: Client, allocation: Json) -> None:
    unit = allocation["units"]["huyen-chau-thanh"]
    path = f"/v1/allocations/{allocation['id']}/explanations?unit={unit}"
    [told] = (await client.get(path)).json()
    body = {"weights": {"huyen-chau-thanh": 95188 + told["more_weight"] - 1}}
    tried = (await client.post(f"/v1/allocations/{allocation['id']}/what_ifs", body, 200)).json()
    assert tried["status"] == "lots_required" or tried["differences"] == []


async def test_what_if_stores_nothing(client: Client, allocation: Json) -> None:
    path = f"/v1/allocations/{allocation['id']}"
    before = (await client.get(path)).text
    body = {"seats": {"dien-hinh/huyen-thi": 90}}
    tried = (await client.post(f"{path}/what_ifs", body, 200)).json()
    assert sum(each["after"] - each["before"] for each in tried["differences"]) == -6
    assert (await client.get(path)).text == before


async def test_the_methods_stand_side_by_side(client: Client, allocation: Json) -> None:
    compared = (await client.get(f"/v1/allocations/{allocation['id']}/comparison")).json()
    stage = next(each for each in compared["stages"] if each["stage"] == "dien-hinh/huyen-thi")
    by_method = {each["rule"]["method"]: each for each in stage["methods"]}
    assert by_method["sainte_lague"]["seats"] == stage["computed"]
    assert all(sum(each["seats"].values()) == 96 for each in stage["methods"])


async def test_the_award_order_ends_with_the_last_seat(client: Client, allocation: Json) -> None:
    path = f"/v1/allocations/{allocation['id']}/award_order?stage=dien-hinh/huyen-thi"
    steps = (await client.get(path)).json()
    assert steps[-1]["house"] == 96
    assert [step["house"] for step in steps] == list(range(steps[0]["house"], 97))
