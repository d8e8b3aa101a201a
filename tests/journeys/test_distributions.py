"""Khánh Hòa's department has twelve seats at the congress: it shares them over its own units, exactly."""

import httpx
import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    accept_nominee,
    act_on_nomination,
    codes,
    document,
    open_conference,
    receive_quota,
    replace_quota,
    submit_nominee,
)

CONGRESS, DEPARTMENT, DAY = "khanh-hoa-v", "so-cong-thuong-khanh-hoa", "2020-06-01"
RULE = {"method": "sainte_lague", "measure": "staff"}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress with the department's quota, which came from the province."""

    async def load(client: Client) -> Json:
        plan = await client.plan("khanh_hoa_cong_thuong_2020")
        units = await client.units("khanh_hoa")
        province = await open_conference(
            client, plan, CONGRESS, units["tinh-khanh-hoa"], "province", as_of=DAY
        )
        body = {"unit": units[DEPARTMENT], "group": "doan-dai-bieu", "seats": 12, "document": document("88")}
        quota = (await receive_quota(client, province, body)).json()
        return {"quota": quota["id"], "conference": province["id"], "units": units}

    return load


async def distributed(client: Client, quota: str, body: Json, status: int = 201) -> Json:
    """The quota shared by a rule."""
    etag = (await client.get(f"/v1/quotas/{quota}")).headers["ETag"]
    answer: Json = (await client.act(f"/v1/quotas/{quota}/distribution", etag, body, status)).json()
    return answer


async def test_a_received_quota_is_shared_in_the_receivers_own_subtree(client: Client, scene: Scene) -> None:
    done = await distributed(client, scene.facts["quota"], RULE)
    assert done["apportionment"]["status"] == "decided"
    assert sum(quota["seats"] for quota in done["quotas"]) == 12
    assert {quota["parent"] for quota in done["quotas"]} == {scene.facts["quota"]}
    proof = done["apportionment"]["certificate"]
    assert (await client.post("/v1/verifications", proof, 200)).json()["proven"]
    held = (await client.get(f"/v1/quotas/{scene.facts['quota']}")).json()
    assert (held["seats"], held["distributed"]) == (12, 12)


async def test_a_unit_below_fills_its_share_and_the_receiver_no_longer_does(
    client: Client, scene: Scene
) -> None:
    done = await distributed(client, scene.facts["quota"], RULE)
    largest = max(done["quotas"], key=lambda quota: int(quota["seats"]))
    names = f"/v1/conferences/{scene.facts['conference']}/nominations"
    for unit, status in ((largest["unit"]["id"], 201), (scene.facts["units"][DEPARTMENT], 409)):
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
    first = await distributed(client, scene.facts["quota"], RULE)
    again = await distributed(client, scene.facts["quota"], {**RULE, "method": "adams", "cap": 1})
    assert sum(quota["seats"] for quota in again["quotas"]) == 12
    assert max(quota["seats"] for quota in first["quotas"]) > 1
    assert max(quota["seats"] for quota in again["quotas"]) == 1
    rows = (await client.get(f"/v1/conferences/{scene.facts['conference']}/quotas")).json()
    assert sum(row["seats"] for row in rows if row["source"] == "distributed") == 12


TIED = {"method": "sainte_lague", "measure": "equal"}


def drawn(tie: Json, **more: Json | str | list[str]) -> Json:
    """The record of a draw that turned the tied units round."""
    told = {"minutes": "Biên bản 01/BB", "drawn_by": "Tổ bốc thăm", "drawn_on": "2020-06-10"}
    return {"tied_digest": tie["digest"], "how": "lot_by_hand", "order": tie["ids"][::-1], **told, **more}


async def test_a_tie_stores_nothing_and_the_lot_goes_on_with_its_record(client: Client, scene: Scene) -> None:
    path = f"/v1/quotas/{scene.facts['quota']}"
    tied = (await distributed(client, scene.facts["quota"], TIED))["apportionment"]
    assert tied["status"] == "lots_required"
    assert (await client.get(path)).json()["distributed"] == 0
    draw = drawn(tied["tie"])
    done = await distributed(client, scene.facts["quota"], {**TIED, "settlement": draw})
    assert done["apportionment"]["status"] == "decided"
    first = {quota["unit"]["id"]: quota["seats"] for quota in done["quotas"]}
    assert first[tied["tie"]["ids"][-1]] == first[tied["tie"]["ids"][0]] + 1
    kept = (await client.get(path)).json()["distribution"]["settlement"]
    assert {name: kept[name] for name in draw} == draw


async def test_a_lot_is_drawn_once_for_the_same_figures(client: Client, scene: Scene) -> None:
    """However often they are shared anew, and whatever was shared in between."""
    tie = (await distributed(client, scene.facts["quota"], TIED))["apportionment"]["tie"]
    first = drawn(tie)
    await distributed(client, scene.facts["quota"], {**TIED, "settlement": first})
    for between in (None, RULE, TIED):
        if between is not None:
            await distributed(client, scene.facts["quota"], between)
        for again in (drawn(tie, order=tie["ids"]), drawn(tie, order=tie["ids"], how="decision")):
            problem = await distributed(client, scene.facts["quota"], {**TIED, "settlement": again}, 409)
            assert problem["code"] == "tie_drawn_before"
            assert problem["params"]["order"] == first["order"]
        await distributed(client, scene.facts["quota"], {**TIED, "settlement": first})


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"tied_digest": "0" * 64}, "/settlement/tied_digest"),
        ({"order": ["a"]}, "/settlement/order"),
        ({"seed": "123456"}, "/settlement/seed"),
        ({"how": "published_seed"}, "/settlement/how"),
        ({"order": []}, "/settlement/order"),
        ({"drawn_on": "2199-01-01"}, "/settlement/drawn_on"),
    ],
)
async def test_a_draw_that_cannot_have_been_made_settles_nothing(
    client: Client, scene: Scene, wrong: Json, pointer: str
) -> None:
    tied = (await distributed(client, scene.facts["quota"], TIED))["apportionment"]
    draw = {**drawn(tied["tie"]), **wrong}
    problem = await distributed(client, scene.facts["quota"], {**TIED, "settlement": draw}, 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]


async def seated(client: Client, scene: Scene, unit: str, number: int) -> None:
    """Delegates of a unit, accepted."""
    conference = {"id": scene.facts["conference"]}
    for _ in range(number):
        await accept_nominee(client, conference, unit, group="doan-dai-bieu")


async def cut(client: Client, quota: str, seats: int) -> httpx.Response:
    """Fewer seats from above, by another paper."""
    return await replace_quota(client, quota, seats, "99")


async def held(client: Client, scene: Scene) -> dict[str, Json]:
    """The quotas below, by unit."""
    rows = (await client.get(f"/v1/conferences/{scene.facts['conference']}/quotas")).json()
    return {row["unit"]["id"]: row for row in rows if row["source"] == "distributed"}


async def test_what_the_unit_has_filled_itself_is_not_shared_again(client: Client, scene: Scene) -> None:
    await seated(client, scene, scene.facts["units"][DEPARTMENT], 2)
    done = await distributed(client, scene.facts["quota"], RULE)
    assert sum(quota["seats"] for quota in done["quotas"]) == 10
    quota = (await client.get(f"/v1/quotas/{scene.facts['quota']}")).json()
    assert (quota["seats"], quota["taken"], quota["distributed"], quota["misfit"]) == (12, 2, 10, None)


async def test_nothing_is_shared_over_the_head_of_a_nominee_who_waits(client: Client, scene: Scene) -> None:
    unit = scene.facts["units"][DEPARTMENT]
    waiting = await submit_nominee(client, {"id": scene.facts["conference"]}, unit, group="doan-dai-bieu")
    problem = await distributed(client, scene.facts["quota"], RULE, 409)
    assert (problem["code"], problem["params"]) == ("nominations_pending", {"pending": 1})
    await act_on_nomination(client, waiting, "return", reason="Thử nghiệm")
    await distributed(client, scene.facts["quota"], RULE)


async def test_a_quota_cut_from_above_leaves_those_below_only_what_is_taken(
    client: Client, scene: Scene
) -> None:
    done = await distributed(client, scene.facts["quota"], RULE)
    largest = max(done["quotas"], key=lambda quota: int(quota["seats"]))["unit"]["id"]
    conference = {"id": scene.facts["conference"]}
    await seated(client, scene, largest, 1)
    waiting = await submit_nominee(client, conference, largest, group="doan-dai-bieu")
    quota = (await cut(client, scene.facts["quota"], 5)).json()
    assert (quota["seats"], quota["taken"], quota["distributed"], quota["misfit"]) == (5, 0, 1, None)
    assert {unit: row["seats"] for unit, row in (await held(client, scene)).items() if row["seats"]} == {
        largest: 1
    }
    refused = await act_on_nomination(client, waiting, "acceptance", 409)
    assert refused.json()["code"] == "quota_seats_exceeded"
    await seated(client, scene, scene.facts["units"][DEPARTMENT], 3)
    again = await distributed(client, scene.facts["quota"], RULE)
    assert sum(row["seats"] for row in again["quotas"]) == 2
    assert (await held(client, scene))[largest]["seats"] >= 1, "nobody who was accepted is cut"


async def test_fewer_seats_than_are_taken_below_are_named_and_nobody_more_gets_in(
    client: Client, scene: Scene
) -> None:
    done = await distributed(client, scene.facts["quota"], RULE)
    filled = [quota for quota in done["quotas"] if quota["seats"]][:3]
    for quota in filled:
        await seated(client, scene, quota["unit"]["id"], 1)
    shrunk = (await cut(client, scene.facts["quota"], 2)).json()
    assert (shrunk["seats"], shrunk["distributed"]) == (2, 3)
    assert shrunk["misfit"]
    rows = await held(client, scene)
    assert sum(row["seats"] for row in rows.values()) == sum(row["taken"] for row in rows.values()) == 3
    refused = await distributed(client, scene.facts["quota"], RULE)
    assert refused["apportionment"]["status"] == "infeasible"
    grown = await cut(client, scene.facts["quota"], 8)
    assert grown.json()["misfit"] is None
    again = await distributed(client, scene.facts["quota"], {**RULE, "cap": 1, "method": "adams"})
    assert sum(row["seats"] for row in again["quotas"]) == 8


async def test_an_unknown_measure_names_who_did_not_report_it(client: Client, scene: Scene) -> None:
    problem = await distributed(client, scene.facts["quota"], {**RULE, "measure": "members"}, 409)
    assert set(codes(problem["errors"])) == {"figure_unknown"}
