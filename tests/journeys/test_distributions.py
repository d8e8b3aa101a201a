"""Khánh Hòa's department has twelve seats at the congress: it shares them over its own units, exactly."""

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, codes, document, opened

CONGRESS, DEPARTMENT, DAY = "khanh-hoa-v", "so-cong-thuong-khanh-hoa", "2020-06-01"
RULE = {"method": "sainte_lague", "measure": "staff"}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress with the department's quota, which came from the province."""

    async def load(client: Client) -> Json:
        plan = await client.plan("khanh_hoa_cong_thuong_2020")
        units = await client.units("khanh_hoa")
        province = await opened(client, plan, CONGRESS, units["tinh-khanh-hoa"], "province", as_of=DAY)
        body = {"unit": units[DEPARTMENT], "group": "doan-dai-bieu", "seats": 12, "document": document("88")}
        quota = (await client.post(f"/v1/conferences/{province['id']}/quotas", body)).json()
        return {"quota": quota["id"], "conference": province["id"], "units": units}

    return load


async def distributed(client: Client, quota: str, body: Json, status: int = 201) -> Json:
    """The quota shared by a rule."""
    etag = (await client.get(f"/v1/quotas/{quota}")).headers["ETag"]
    answer: Json = (await client.act(f"/v1/quotas/{quota}/distribution", etag, body, status)).json()
    return answer


async def test_a_received_quota_is_shared_in_the_receivers_own_subtree(client: Client, scene: Scene) -> None:
    done = await distributed(client, scene.told["quota"], RULE)
    assert done["apportionment"]["status"] == "decided"
    assert sum(quota["seats"] for quota in done["quotas"]) == 12
    assert {quota["parent"] for quota in done["quotas"]} == {scene.told["quota"]}
    proof = done["apportionment"]["certificate"]
    assert (await client.post("/v1/verifications", proof, 200)).json()["proven"]
    held = (await client.get(f"/v1/quotas/{scene.told['quota']}")).json()
    assert (held["seats"], held["distributed"]) == (12, 12)


async def test_a_unit_below_fills_its_share_and_the_receiver_no_longer_does(
    client: Client, scene: Scene
) -> None:
    done = await distributed(client, scene.told["quota"], RULE)
    largest = max(done["quotas"], key=lambda quota: int(quota["seats"]))
    names = f"/v1/conferences/{scene.told['conference']}/nominations"
    for unit, status in ((largest["unit"]["id"], 201), (scene.told["units"][DEPARTMENT], 409)):
        body = {
            "unit": unit,
            "group": "doan-dai-bieu",
            "person": {"name": "Người Thử Nghiệm Một", "birth_year": 1980},
            "notice": "2020-01",
            "purpose": "delegate-selection",
        }
        drafted = await client.post(names, body)
        path = f"/v1/nominations/{drafted.json()['id']}/submission"
        answer = await client.act(path, drafted.headers["ETag"], status=status)
    assert answer.json()["code"] == "quota_nominee_limit_exceeded"


async def test_sharing_again_by_another_rule_replaces_the_first(client: Client, scene: Scene) -> None:
    first = await distributed(client, scene.told["quota"], RULE)
    again = await distributed(client, scene.told["quota"], {**RULE, "method": "adams", "cap": 1})
    assert sum(quota["seats"] for quota in again["quotas"]) == 12
    assert max(quota["seats"] for quota in first["quotas"]) > 1
    assert max(quota["seats"] for quota in again["quotas"]) == 1
    rows = (await client.get(f"/v1/conferences/{scene.told['conference']}/quotas")).json()
    assert sum(row["seats"] for row in rows if row["source"] == "distributed") == 12


async def test_a_tie_stores_nothing_and_the_lot_goes_on(client: Client, scene: Scene) -> None:
    rule = {"method": "sainte_lague", "measure": "equal"}
    tied = (await distributed(client, scene.told["quota"], rule))["apportionment"]
    assert tied["status"] == "lots_required"
    assert (await client.get(f"/v1/quotas/{scene.told['quota']}")).json()["distributed"] == 0
    done = await distributed(client, scene.told["quota"], {**rule, "lots": tied["tie"]["ids"][::-1]})
    assert done["apportionment"]["status"] == "decided"


async def test_an_unknown_measure_names_who_did_not_report_it(client: Client, scene: Scene) -> None:
    problem = await distributed(client, scene.told["quota"], {**RULE, "measure": "members"}, 409)
    assert set(codes(problem["errors"])) == {"figure_unknown"}
