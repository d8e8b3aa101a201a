"""After the adoption: units that stay as they are, seats given back and offered to the others."""

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, adopt_allocation, open_conference


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The Sóc Trăng congress with an adopted allocation."""

    async def load(client: Client) -> Json:
        plan = await client.plan("soc_trang_2020")
        units = await client.units("soc_trang")
        conference = await open_conference(client, plan, "soc-trang-v", units["tinh-soc-trang"], "province")
        made = await client.post(f"/v1/conferences/{conference['id']}/allocations", {})
        await adopt_allocation(client, made, "12")
        return {"conference": conference["id"], "allocation": made.json()["id"], "units": units}

    return load


async def seats(client: Client, allocation: str) -> dict[str, int]:
    """Unit code → seats."""
    rows = (await client.get(f"/v1/allocations/{allocation}/seats")).json()
    return {row["unit"]["code"]: row["seats"] for row in rows}


async def test_returned_seats_go_to_the_others_by_the_same_rule(client: Client, scene: Scene) -> None:
    told = scene.facts
    before = await seats(client, told["allocation"])
    body = {
        "amends": told["allocation"],
        "reason": "Huyện Mỹ Tú trả lại một chỉ tiêu",
        "keep": [told["units"]["huyen-ke-sach"]],
        "returned": [{"unit": told["units"]["huyen-my-tu"], "group": "dien-hinh", "seats": 1}],
    }
    made = (await client.post(f"/v1/conferences/{told['conference']}/allocations", body)).json()
    after = await seats(client, made["id"])
    changed = {code: after[code] - before[code] for code in before if after[code] != before[code]}
    assert changed.pop("huyen-my-tu") == -1
    assert list(changed.values()) == [1]
    assert changed.keys() < {code for code in before if code.startswith(("huyen-", "thi-xa-", "thanh-pho-"))}
    assert after["huyen-ke-sach"] == before["huyen-ke-sach"]


async def test_nobody_returns_what_it_does_not_hold(client: Client, scene: Scene) -> None:
    told = scene.facts
    body = {
        "amends": told["allocation"],
        "returned": [{"unit": told["units"]["huyen-my-tu"], "group": "dien-hinh", "seats": 99}],
    }
    problem = (await client.post(f"/v1/conferences/{told['conference']}/allocations", body, 422)).json()
    assert [each["pointer"] for each in problem["errors"]] == ["/returned/0/seats"]
