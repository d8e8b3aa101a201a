"""A conference's own numbers: decided within the plan, and then followed by everything else."""

from fractions import Fraction

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import CONGRESS
from tests.journeys.steps import (
    Json,
    adopt_allocation,
    adopt_sizing,
    codes,
    compute_allocation,
    document,
    draft_nomination,
    draft_sizing,
    map_quotas,
    map_rows,
    open_conference,
    person,
    receive_quota,
    replace_quota,
    report,
)

COMMUNE = "xa-phu-tam--huyen-chau-thanh"
SHARED = {"id": "xa", "name": "Các xã, thị trấn", "kinds": ["commune"], "measure": "population"}
WOMEN = {
    "id": "nu",
    "name": "Đại biểu nữ ít nhất 40%",
    "criterion": "nu",
    "attribute": "gender",
    "values": ["female"],
    "share": "2/5",
    "split": True,
    "part": "staff.women",
    "groups": ["dien-hinh"],
}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A commune of 201 people, Châu Thành and the department of finance, under the plan of Sóc Trăng."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan("soc_trang_2020"), await client.units("soc_trang")
        for code in (each for each in units if each.endswith("--huyen-chau-thanh")):
            await report(client, units[code], 201, "2019-12-31")
        tiers = {COMMUNE: "grassroots", "huyen-chau-thanh": "upper", "so-tai-chinh": "upper"}
        found = {
            code: await open_conference(client, plan, CONGRESS, units[code], tier)
            for code, tier in tiers.items()
        }
        return {**found, "units": units, "plan": plan}

    return load


@pytest.fixture
def facts(scene: Scene) -> Json:
    return scene.facts


async def invite(client: Client, conference: Json, group: str, status: int = 201) -> Json:
    body = {"group": group, "basis": "Ví dụ", "notice": "1", "purpose": "p", "person": person()}
    path = f"/v1/conferences/{conference['id']}/invitations"
    answer: Json = (await client.post(path, body, status)).json()
    return answer


async def read_conference(client: Client, conference: Json) -> Json:
    answer: Json = (await client.get(f"/v1/conferences/{conference['id']}")).json()
    return answer


async def test_ii_2_a_so_luong_a_commune_of_201_decides_on_180_and_not_on_201(
    client: Client, facts: Json
) -> None:
    commune = facts[COMMUNE]
    groups = {"khach-moi": 40, "lanh-dao": 14, "dien-hinh": 126}
    refused = (await draft_sizing(client, commune, 422, size=201, groups=groups)).json()
    assert refused["code"] == "numbers_not_allowed"
    (error,) = refused["errors"]
    assert (error["code"], error["pointer"], error["clause"]) == ("size_over_cap", "/size", "ii.2.a.so-luong")
    adopted = await adopt_sizing(client, await draft_sizing(client, commune, size=180, groups=groups), "01")
    assert (adopted["state"], adopted["size"], adopted["decided_by"]) == ("adopted", 180, "Đơn vị tổ chức")
    assert adopted["findings"] == []
    now = await read_conference(client, commune)
    assert now["size"] == 180
    assert {group["group"]: group["seats"] for group in now["seat_groups"]} == groups
    for _ in range(40):
        await invite(client, commune, "khach-moi")
    assert (await invite(client, commune, "khach-moi", 409))["code"] == "seat_group_full"
    await invite(client, commune, "lanh-dao")


def share_by_population(seats: int, figures: dict[str, int]) -> dict[str, int]:
    """Sainte-Laguë by its definition: seat after seat to the largest quotient."""
    given = dict.fromkeys(figures, 0)
    for _ in range(seats):
        first = max(figures, key=lambda unit: Fraction(figures[unit], 2 * given[unit] + 1))
        given[first] += 1
    return given


async def test_words_of_the_lists_are_understood_as_in_a_plan(client: Client, facts: Json) -> None:
    women = {**WOMEN, "attribute": "Giới tính", "values": ["nữ"]}
    shared = {**SHARED, "kinds": ["Xã"], "measure": "Dân số", "seats": 196}
    groups = [{"id": "dien-hinh", "seats": 196, "blocs": [shared]}]
    district = facts["huyen-chau-thanh"]
    drafted = (await draft_sizing(client, district, size=280, seat_groups=groups, targets=[women])).json()
    (target,), (group,) = drafted["targets"], drafted["seat_groups"]
    assert (target["attribute"], target["values"], target["part"]) == ("gender", ["female"], "staff.women")
    assert (group["blocs"][0]["kinds"], group["blocs"][0]["measure"]) == (["commune"], "population")
    wrong = [{**women, "values": ["nu_gioi"]}]
    refused = (await draft_sizing(client, district, 422, size=280, seat_groups=groups, targets=wrong)).json()
    (error,) = refused["errors"]
    assert (error["code"], error["pointer"]) == ("plan_value_unknown", "/targets/0/values/0")
    assert "female (Nữ)" in error["params"]["near"]


async def test_ii_2_b_chau_thanh_shares_196_of_its_280_over_its_communes(client: Client, facts: Json) -> None:
    district, finance = facts["huyen-chau-thanh"], facts["so-tai-chinh"]
    early = (await client.post(f"/v1/conferences/{district['id']}/allocations", {}, 409)).json()
    assert early["code"] == "group_without_blocs"
    assert early["errors"][0]["clause"] == "ii.2.b.thanh-phan"
    exemplars = {"id": "dien-hinh", "seats": 196, "blocs": [{**SHARED, "seats": 196}]}
    groups = [{"id": "khach-moi", "seats": 60}, {"id": "lanh-dao", "seats": 24}, exemplars]
    sizing = await draft_sizing(client, district, size=280, seat_groups=groups, targets=[WOMEN])
    assert (await adopt_sizing(client, sizing, "02"))["findings"] == []
    found = codes((await read_conference(client, district))["findings"])
    assert found.count("criterion_without_target") == 9

    allocation = await compute_allocation(client, district)
    await adopt_allocation(client, allocation, "03")
    rows = await map_rows(client, allocation.json())
    figures = {code: int(row["weight"]) for code, row in rows.items()}
    assert (len(rows), sum(figures.values())) == (8, 95188)
    assert {code: row["seats"] for code, row in rows.items()} == share_by_population(196, figures)
    parts = [part for row in rows.values() for part in row["targets"] if part["target"] == "nu"]
    assert sum(part["seats"] for part in parts) == 79
    drafted = await draft_nomination(client, district, facts["units"][COMMUNE], person=person(gender="male"))
    assert [each["target"] for each in drafted.json()["list"]["targets"]] == ["nu"]

    # Its neighbour is another conference, with numbers of its own, and has nobody below.
    alone = {"khach-moi": 30, "lanh-dao": 6, "dien-hinh": 84}
    await adopt_sizing(client, await draft_sizing(client, finance, size=120, groups=alone), "04")
    refused = (await client.post(f"/v1/conferences/{finance['id']}/allocations", {}, 409)).json()
    assert refused["code"] == "no_units_below"
    assert (await read_conference(client, district))["size"] == 280


async def test_fewer_seats_than_are_given_remove_nobody(client: Client, facts: Json) -> None:
    """The excess of decision 0008: it is told, it only decreases, and nobody comes on top."""
    district, communes = facts["huyen-chau-thanh"], sorted(facts["units"].items())
    communes = [(code, unit) for code, unit in communes if code.endswith("--huyen-chau-thanh")]
    given = {"unit": communes[0][1], "group": "dien-hinh", "seats": 150, "document": document("1")}
    await receive_quota(client, district, given)
    for _ in range(3):
        await invite(client, district, "khach-moi")
    small = {"khach-moi": 1, "lanh-dao": 29, "dien-hinh": 70}
    adopted = await adopt_sizing(client, await draft_sizing(client, district, size=100, groups=small), "05")
    over = {
        each["params"]["group"]: each for each in adopted["findings"] if each["code"] == "group_over_number"
    }
    assert sorted(over) == ["dien-hinh", "khach-moi"]
    assert {each["severity"] for each in over.values()} == {"warning"}
    quota = (await map_quotas(client, district))[communes[0][0]]
    assert quota["seats"] == 150
    refused = (await invite(client, district, "lanh-dao", 409))["code"]
    assert refused == "conference_full"
    smaller = await replace_quota(client, quota["id"], 70, "2")
    path = f"/v1/quotas/{quota['id']}"
    await client.put(path, {"seats": 71, "document": document("3")}, smaller.headers["ETag"], 422)
    await invite(client, district, "lanh-dao")


async def test_numbers_in_force_are_amended_by_their_name(client: Client, facts: Json) -> None:
    commune = facts[COMMUNE]
    groups = {"khach-moi": 40, "lanh-dao": 14, "dien-hinh": 126}
    first = await draft_sizing(client, commune, size=180, groups=groups)
    beside = await draft_sizing(client, commune, size=170, groups={**groups, "dien-hinh": 116})
    await adopt_sizing(client, first, "06")
    assert (await adopt_sizing(client, beside, "07", 409))["code"] == "adopted_sizing_is_amended"
    refused = await draft_sizing(client, commune, 409, size=170)
    assert refused.json()["code"] == "adopted_sizing_is_amended"
    more = {**groups, "khach-moi": 50}
    amended = await draft_sizing(client, commune, size=190, groups=more, amends=first.json()["id"])
    await adopt_sizing(client, amended, "08")
    states = [row["state"] for row in await client.list_all(f"/v1/conferences/{commune['id']}/sizings")]
    assert states == ["superseded", "approved", "adopted"]
    assert (await read_conference(client, commune))["size"] == 190


async def test_a_proposal_is_taken_back_and_another_draft_is_made(client: Client, facts: Json) -> None:
    commune = facts[COMMUNE]
    drafted = await draft_sizing(client, commune, size=180)
    path = f"/v1/sizings/{drafted.json()['id']}"
    early = await client.act(f"{path}/approval", drafted.headers["ETag"], {}, 409)
    assert early.json()["params"] == {"state": "draft", "needed": "proposed"}
    proposed = await client.act(f"{path}/proposal", drafted.headers["ETag"])
    back = await client.act(f"{path}/withdrawal", proposed.headers["ETag"], {"reason": "Xem lại"})
    assert (back.json()["state"], back.json()["proposed_by"]) == ("draft", None)
    assert (await read_conference(client, commune))["size"] is None


async def test_ii_2_b_a_plenary_has_no_size_and_no_cap_for_its_guests(client: Client, facts: Json) -> None:
    """199 people meet in full and invite 85, together more than the 200 of a conference of delegates."""
    unit = facts["units"]["xa-an-lac-tay--huyen-ke-sach"]
    await report(client, unit, 199, "2019-12-31")
    commune = await open_conference(client, facts["plan"], CONGRESS, unit, "grassroots")
    assert commune["form"] == "plenary"
    sized = (await draft_sizing(client, commune, 422, size=199)).json()
    (error,) = sized["errors"]
    assert (error["code"], error["pointer"]) == ("plenary_has_no_size", "/size")
    groups = {"khach-moi": 85, "lanh-dao": 14, "dien-hinh": 185}
    adopted = await adopt_sizing(client, await draft_sizing(client, commune, groups=groups), "09")
    assert adopted["findings"] == []
    for _ in range(3):
        await invite(client, commune, "khach-moi")
    now = await read_conference(client, commune)
    assert (now["size"], now["terms"]["cap"]) == (None, None)
    assert not [code for code in codes(now["findings"]) if "cap" in code and code != "plenary_without_cap"]
    assert next(group["seats"] for group in now["seat_groups"] if group["group"] == "khach-moi") == 85


async def test_ii_2_b_of_the_62_upper_conferences_51_have_nobody_below(client: Client, facts: Json) -> None:
    """Districts lack only a decided number; the others have no units to share it with."""
    opened = {"huyen-chau-thanh": facts["huyen-chau-thanh"], "so-tai-chinh": facts["so-tai-chinh"]}
    province = facts["units"]["tinh-soc-trang"]
    path = f"/v1/units?parent={province}&congress={CONGRESS}&on=2020-04-01"
    for unit in await client.list_all(path):
        if unit["code"] not in opened and unit["kind"] != "enterprise":
            opened[unit["code"]] = await open_conference(client, facts["plan"], CONGRESS, unit["id"], "upper")
    answers: dict[str, list[str]] = {}
    for code, conference in opened.items():
        refused = await client.post(f"/v1/conferences/{conference['id']}/allocations", {}, 409)
        answers.setdefault(refused.json()["code"], []).append(code)
    assert {code: len(units) for code, units in answers.items()} == {
        "group_without_blocs": 11,
        "no_units_below": 51,
    }
