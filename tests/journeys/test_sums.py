"""Quotas and the organiser's lists together never exceed a group, or the whole conference."""

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import CONGRESS
from tests.journeys.steps import Json, codes, confirm_quota, document, open_conference, person, replace_quota

SOC_TRANG, KIM_BANG = "soc_trang_2020", "kim_bang_2025"
CHAU_THANH = "huyen-chau-thanh"
HA_NAM = "ha-nam-xii"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Châu Thành under the plan of Sóc Trăng; Kim Bảng and its province under that of Kim Bảng."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan(SOC_TRANG), await client.units("soc_trang")
        found = {"chau_thanh": await open_conference(client, plan, CONGRESS, units[CHAU_THANH], "upper")}
        plan, units = await client.plan(KIM_BANG), {**units, **await client.units("kim_bang")}
        for name, unit in (("district", "huyen-kim-bang"), ("province", "tinh-ha-nam")):
            day = {"as_of": "2025-04-01"}
            found[name] = await open_conference(client, plan, HA_NAM, units[unit], name, **day)
        return {**found, "units": units, "plan": plan}

    return load


@pytest.fixture
def facts(scene: Scene) -> Json:
    return scene.facts


def list_communes(facts: Json, district: str) -> list[str]:
    """The ids of the communes of a district, by their codes."""
    return [facts["units"][code] for code in sorted(facts["units"]) if code.endswith(f"--{district}")]


async def give_quota(
    client: Client, conference: Json, unit: str, seats: int, status: int = 201, group: str = "dien-hinh"
) -> Json:
    """Entered by one person; the confirmation by another has this status. What is entered is answered."""
    body = {"unit": unit, "group": group, "seats": seats, "document": document("1")}
    entered = await client.post(f"/v1/conferences/{conference['id']}/quotas", body)
    answer: Json = entered.json()
    confirmed = await confirm_quota(client, entered, status)
    return {**answer, "code": confirmed.json().get("code")}


async def invite(client: Client, conference: Json, group: str, status: int = 201) -> Json:
    body = {"group": group, "basis": "Ví dụ", "notice": "1", "purpose": "p", "person": person()}
    path = f"/v1/conferences/{conference['id']}/invitations"
    answer: Json = (await client.post(path, body, status)).json()
    return answer


async def test_ii_2_b_so_luong_chau_thanh_gives_300_and_not_1600(client: Client, facts: Json) -> None:
    """No group has a number of its own here; guests and office holders count as well as quotas."""
    conference, communes = facts["chau_thanh"], list_communes(facts, CHAU_THANH)
    assert len(communes) == 8
    await give_quota(client, conference, communes[0], 200)
    second = await give_quota(client, conference, communes[1], 200, 409)
    assert second["code"] == "conference_full"
    await replace_quota(client, second["id"], 98, "2")
    await invite(client, conference, "khach-moi")
    await invite(client, conference, "lanh-dao")
    assert (await invite(client, conference, "khach-moi", 409))["code"] == "conference_full"
    assert (await give_quota(client, conference, communes[2], 1, 409))["code"] == "conference_full"
    more = await replace_quota(client, second["id"], 99, "3", 409)
    assert more.json()["code"] == "conference_full"
    await replace_quota(client, second["id"], 97, "4")
    await invite(client, conference, "khach-moi")


async def test_three_received_quotas_do_not_fill_a_group_three_times(client: Client, facts: Json) -> None:
    conference, communes = facts["district"], list_communes(facts, "huyen-kim-bang")
    for commune in communes[:3]:
        await give_quota(client, conference, commune, 50)
    assert (await give_quota(client, conference, communes[3], 1, 409))["code"] == "seat_group_full"
    refused = (await client.post(f"/v1/conferences/{conference['id']}/allocations", {}, 409)).json()
    assert refused["code"] == "quota_received_already"


async def test_a_quota_of_a_unit_in_no_bloc_leaves_the_allocation_less(client: Client, facts: Json) -> None:
    """It is said at the start: the allocation gives all seats of the group."""
    body = {
        "code": "truong-thu-nghiem",
        "name": "Trường thử nghiệm",
        "kind": "public_unit",
        "valid_from": "2020-01-01",
        "parents": {HA_NAM: "huyen-kim-bang"},
        "made_up": True,
    }
    school = (await client.post("/v1/units", body)).json()["id"]
    await give_quota(client, facts["district"], school, 1)
    path = f"/v1/conferences/{facts['district']['id']}/allocations"
    refused = (await client.post(path, {}, 409)).json()
    assert refused["code"] == "group_received_already"
    assert refused["params"] == {"group": "dien-hinh", "received": 1, "seats": 150, "most": 150}


async def test_2_1_another_number_than_the_plan_s_25_is_told(client: Client, facts: Json) -> None:
    unit = facts["units"]["huyen-kim-bang"]
    told = await give_quota(client, facts["province"], unit, 24, group="doan-dai-bieu")
    (finding,) = told["findings"]
    assert (finding["code"], finding["severity"]) == ("quota_differs_from_plan", "warning")
    assert finding["clause"] == "nd.2.huyen.phan-bo"
    told = (await replace_quota(client, told["id"], 25, "2")).json()
    assert codes(told["findings"]) == []


async def test_a_conference_without_a_cap_and_groups_without_numbers_take_whoever_comes(
    client: Client, facts: Json
) -> None:
    unit = list_communes(facts, "huyen-kim-bang")[0]
    body = {"as_of": "2024-12-31", "source": "Thử nghiệm", "figures": {"staff": 199}, "made_up": True}
    await client.post(f"/v1/units/{unit}/figures", body)
    commune = await open_conference(client, facts["plan"], HA_NAM, unit, "commune")
    assert commune["form"] == "plenary"
    for _ in range(3):
        await invite(client, commune, "khach-moi")
