"""Figures and form follow what is reported, until something rests on them; what is open is chosen later."""

from uuid import UUID

import pytest
from fastapi import FastAPI, Request

from api.app import create_app
from db.session import Database
from domain.access import Actor, Grant, Role
from service.vaults import Vault
from tests.client import EXAMPLES, YAML, Client
from tests.conftest import SETTINGS, two_people
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import CONGRESS
from tests.journeys.steps import (
    Json,
    adopt_sizing,
    codes,
    document,
    draft_sizing,
    open_conference,
    person,
    receive_quota,
    report,
)

TOWN, SILENT = "xa-phu-tam--huyen-chau-thanh", "cong-ty-khong-ro"
DAY = "2019-12-31"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Under the plan of Sóc Trăng: a commune, a district, and an enterprise whose staff nobody reported."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan("soc_trang_2020"), await client.units("soc_trang")
        body = {
            "code": SILENT,
            "name": "Công ty thử nghiệm",
            "kind": "enterprise",
            "valid_from": "2019-01-01",
        }
        unit = await client.post("/v1/units", {**body, "parents": {CONGRESS: "tinh-soc-trang"}})
        units[SILENT] = unit.json()["id"]
        found = {
            code: await open_conference(client, plan, CONGRESS, units[code], tier)
            for code, tier in {TOWN: "grassroots", SILENT: "grassroots", "huyen-chau-thanh": "upper"}.items()
        }
        return {**found, "units": units, "plan": plan}

    return load


@pytest.fixture
def facts(scene: Scene) -> Json:
    return scene.facts


@pytest.fixture
def app(database: Database, scene: Scene, vault: Vault) -> FastAPI:
    """The service for two people who may do everything, and for the council of the district."""
    grant = Grant(Role.STANDING_COUNCIL, UUID(scene.facts["units"]["huyen-chau-thanh"]))

    def identify(request: Request) -> Actor:
        is_council = request.headers.get("authorization") == "Bearer council"
        return Actor("council", "council", (grant,)) if is_council else two_people(request)

    return create_app(SETTINGS, database, vault, identify)


async def read(client: Client, conference: Json) -> Json:
    answer: Json = (await client.get(f"/v1/conferences/{conference['id']}")).json()
    return answer


async def invite(client: Client, conference: Json, status: int = 201) -> Json:
    body = {"group": "khach-moi", "basis": "Ví dụ", "notice": "1", "purpose": "p", "person": person()}
    path = f"/v1/conferences/{conference['id']}/invitations"
    answer: Json = (await client.post(path, body, status)).json()
    return answer


async def choose(client: Client, conference: Json, status: int = 201, **body: str) -> Json:
    path = f"/v1/conferences/{conference['id']}"
    etag = (await client.get(path)).headers["ETag"]
    answer: Json = (await client.act(f"{path}/choice", etag, body, status)).json()
    return answer


async def test_a_form_follows_the_figures_up_and_down(client: Client, facts: Json) -> None:
    town = facts[TOWN]
    assert (town["form"], town["terms"]["cap"]) == ("plenary", None)
    etag = (await client.get(f"/v1/conferences/{town['id']}")).headers["ETag"]
    await report(client, facts["units"][TOWN], 201, DAY)
    now = await read(client, town)
    assert (now["form"], now["terms"]["cap"]) == ("delegate", 200)
    assert (await client.get(f"/v1/conferences/{town['id']}")).headers["ETag"] != etag
    listed = (await client.get(f"/v1/conferences?unit={town['unit']}")).json()["items"]
    assert [each["form"] for each in listed] == ["delegate"]
    steps = await client.list_all(f"/v1/plans/{facts['plan']['id']}/progress/conferences?kind=commune")
    assert {each["step"]: each["due"] for each in steps} == {
        each["id"]: each["due"] for each in now["steps"]
    }, "the board is right: figures and names move no last day"
    await report(client, facts["units"][TOWN], 150, DAY)
    assert (await read(client, town))["form"] == "plenary"
    await report(client, facts["units"][TOWN], 300, "2030-01-01")
    assert (await read(client, town))["form"] == "plenary", "a figure of a later day than the one that counts"
    events = await client.list_all(f"/v1/audit_events?chain={facts['plan']['id']}")
    assert [each["act"] for each in events].count("conference_figures_followed") == 2


async def test_it_follows_whoever_reports_and_the_reach_stays_as_it_was(client: Client, facts: Json) -> None:
    body = {"as_of": DAY, "source": "Số giả định cho thử nghiệm", "figures": {"staff": 201}}
    council = {"Authorization": "Bearer council"}
    await client.post(f"/v1/units/{facts['units'][TOWN]}/figures", body, headers=council)
    assert (await read(client, facts[TOWN]))["form"] == "delegate"
    events = await client.list_all(f"/v1/audit_events?chain={facts['plan']['id']}")
    (followed,) = (each for each in events if each["act"] == "conference_figures_followed")
    assert followed["actor"] == "council"
    assert followed["changes"]["now"]["staff"] == 201
    await client.post(f"/v1/units/{facts['units'][SILENT]}/figures", body, 404, headers=council)


async def test_what_was_decided_or_given_holds_the_form(client: Client, facts: Json) -> None:
    town = facts[TOWN]
    await report(client, facts["units"][TOWN], 201, DAY)
    await adopt_sizing(client, await draft_sizing(client, town, size=180), "01")
    await report(client, facts["units"][TOWN], 150, DAY)
    now = await read(client, town)
    assert (now["form"], now["size"]) == ("delegate", 180)


async def test_a_quota_holds_the_figures_and_a_meeting_too(client: Client, facts: Json) -> None:
    district, town = facts["huyen-chau-thanh"], facts[TOWN]
    given = {"unit": facts["units"][TOWN], "group": "dien-hinh", "seats": 5, "document": document("1")}
    await receive_quota(client, district, given)
    etag = (await client.get(f"/v1/conferences/{district['id']}")).headers["ETag"]
    await report(client, facts["units"]["huyen-chau-thanh"], 77, DAY)
    assert (await client.get(f"/v1/conferences/{district['id']}")).headers["ETag"] == etag
    path = f"/v1/conferences/{town['id']}"
    etag = (await client.get(path)).headers["ETag"]
    await client.act(f"{path}/holding", etag, {"on": "2020-03-02", "reason": "Thử nghiệm"})
    await report(client, facts["units"][TOWN], 201, DAY)
    assert (await read(client, town))["form"] == "plenary"


async def test_a_threshold_of_members_counts_members_and_follows_them(client: Client, facts: Json) -> None:
    text = (EXAMPLES / "plans" / "soc_trang_2020.yaml").read_text("utf-8")
    text = text.replace("number: 200, measure: staff", "number: 200, measure: members", 1)
    path = f"/v1/plans/{facts['plan']['id']}/versions"
    amended = await client.post(path, f"reason: x\n{text}".encode(), headers=YAML)
    await client.act(f"{path}/2/publication", amended.headers["ETag"])
    code = next(each for each in sorted(facts["units"]) if each.startswith("xa-") and each != TOWN)
    unit = facts["units"][code]
    union = await open_conference(client, facts["plan"], CONGRESS, unit, "grassroots")
    assert (union["form"], "threshold_figure_unknown" in codes(union["findings"])) == ("undecided", True)
    body = {"as_of": DAY, "source": "Số giả định", "figures": {"members": 201, "exemplars": 9}}
    await client.post(f"/v1/units/{unit}/figures", body)
    now = await read(client, union)
    assert (now["form"], now["terms"]["unit"]["figures"]) == ("delegate", {"members": 201})
    await client.post(f"/v1/units/{unit}/figures", {**body, "figures": {"members": 199}})
    assert (await read(client, union))["form"] == "plenary"


async def test_a_form_that_is_left_open_is_chosen_later_and_a_figure_decides_it(
    client: Client, facts: Json
) -> None:
    silent = facts[SILENT]
    assert silent["form"] == "undecided"
    assert (await choose(client, silent, 422))["code"] == "nothing_chosen"
    chosen = await choose(client, silent, form="delegate", reason="Theo đề nghị của đơn vị")
    assert (chosen["form"], chosen["terms"]["cap"]) == ("delegate", 200)
    refused = (await draft_sizing(client, silent, 422, size=201)).json()
    assert codes(refused["errors"]) == ["size_over_cap"]
    await report(client, facts["units"][SILENT], 120, DAY)
    assert (await read(client, silent))["form"] == "plenary"
    assert (await choose(client, silent, 409, form="delegate"))["code"] == "form_is_settled"


async def test_a_new_cap_removes_nobody(client: Client, facts: Json) -> None:
    """201 guests of a plenary keep their places when it becomes a conference of delegates."""
    town = facts[TOWN]
    groups = {"khach-moi": 1}
    for _ in range(3):
        await invite(client, town)
    await report(client, facts["units"][TOWN], 201, DAY)
    now = await read(client, town)
    assert (now["form"], now["seat_groups"][0]["listed"]) == ("delegate", 3)
    adopted = await adopt_sizing(client, await draft_sizing(client, town, size=1, groups=groups), "02")
    assert "group_over_number" in codes(adopted["findings"])
    assert (await invite(client, town, 409))["code"] == "conference_full"


async def test_ii_2_a_hinh_thuc_a_name_that_is_left_open_is_chosen_later(client: Client) -> None:
    plan, units = await client.plan("khanh_hoa_cong_thuong_2020"), await client.units("khanh_hoa")
    unit = units["cong-ty-vi-du-g-khanh-hoa"]
    company = await open_conference(client, plan, "khanh-hoa-v", unit, "grassroots")
    assert company["name"] is None
    offered = (await choose(client, company, 422, name="ten-khac"))["params"]["names"]
    named = await choose(client, company, name=offered[0])
    assert named["name"] in company["terms"]["names"]
    assert (await choose(client, company, 409, name=offered[1]))["code"] == "name_is_settled"
