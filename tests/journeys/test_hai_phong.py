"""Hải Phòng 2020: a plan amended before the congress, more nominees than seats, an island of 624 people."""

from typing import Any

import pytest

from tests.client import EXAMPLES, YAML, Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    accept_nominee,
    act_on_nomination,
    adopt_allocation,
    codes,
    compute_allocation,
    draft_nomination,
    map_quotas,
    map_rows,
    open_conference,
    submit_nominee,
)

CONGRESS = "hai-phong-ix"
ISLAND = "huyen-bach-long-vi"
HEALTH = "so-y-te"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The published plan over the city's units."""

    async def load(client: Client) -> Json:
        return {"plan": await client.plan("hai_phong_2020"), "units": await client.units("hai_phong")}

    return load


@pytest.fixture
def city(scene: Scene) -> Json:
    """The plan, and the ids of the units by code."""
    return scene.facts


async def _congress(client: Client, city: Json) -> Json:
    return await open_conference(client, city["plan"], CONGRESS, city["units"]["thanh-pho-hai-phong"], "city")


async def _amended(client: Client, city: Json) -> None:
    """The plan's second version: three nominees for two seats, and a group of its own for new exemplars."""
    text = (EXAMPLES / "plans" / "hai_phong_2020.yaml").read_text()
    group = '        name: "Tập thể, cá nhân tiêu biểu của các đơn vị, địa phương"\n'
    limit = '        nominee_limit: {times: "3/2", decision: phan-bo-dai-hoi}\n'
    fresh = (
        '      - {id: dien-hinh-moi, name: "Điển hình mới", filled_by: units, counts_as: exemplar, seats: 10,'
        " decision: phan-bo-dai-hoi, blocs: [{id: chung, name: Chung, kinds: [district], seats: 10,"
        " measure: population}]}\n"
    )
    start = "      - id: dien-hinh\n"
    assert group in text
    assert start in text
    changed = text.replace(group, group + limit).replace(start, fresh + start)
    path = f"/v1/plans/{city['plan']['id']}"
    drafted = await client.post(f"{path}/versions", f"reason: Số dư\n{changed}".encode(), headers=YAML)
    assert (drafted.json()["n"], drafted.json()["state"]) == (2, "draft")
    await client.act(f"{path}/versions/2/publication", drafted.headers["ETag"])
    differences = (await client.get(f"{path}/versions/2/diff?against=1")).json()
    assert any(each["pointer"].endswith("/nominee_limit") for each in differences)
    assert (await client.get(path)).json()["n"] == 2


async def test_from_the_plan_to_the_accepted_delegates(client: Client, city: Json) -> None:
    await _amended(client, city)
    units, congress = city["units"], await _congress(client, city)
    ranked = [await draft_nomination(client, congress, units[ISLAND], rank=rank) for rank in range(1, 7)]

    allocation = await compute_allocation(client, congress)
    answer = allocation.json()
    assert {total["group"]: total["seats"] for total in answer["totals"]} == {
        "dien-hinh-moi": 10,
        "dien-hinh": 330,
    }
    await adopt_allocation(client, allocation, "123")
    quotas = (await client.get(f"/v1/conferences/{congress['id']}/quotas")).json()
    (island,) = [q for q in quotas if q["unit"]["code"] == ISLAND and q["group"] == "dien-hinh"]
    assert (island["seats"], island["nominee_limit"]) == (4, 6)

    # Six may stand for four seats; the fifth is one too many only when it is to be accepted.
    sent = [await act_on_nomination(client, draft, "submission") for draft in ranked]
    taken = [await act_on_nomination(client, each, "acceptance") for each in sent[:4]]
    refused = await act_on_nomination(client, sent[4], "acceptance", 409)
    assert refused.json()["code"] == "quota_seats_exceeded"
    await act_on_nomination(client, taken[1], "withdrawal", reason="Chuyển công tác")
    await act_on_nomination(client, sent[4], "acceptance")
    one = (await client.get(f"/v1/quotas/{island['id']}")).json()
    assert (one["taken"], one["nominated"]) == (4, 5)

    # A later allocation takes a seat by hand; the list that no longer fits is named.
    amended = await compute_allocation(client, congress, amends=answer["id"], reason="Điều chỉnh")
    etag = amended.headers["ETag"]
    path = f"/v1/allocations/{amended.json()['id']}"
    for code, by in ((ISLAND, -1), ("huyen-cat-hai", 1)):
        body = {"unit": units[code], "group": "dien-hinh", "adjustment": by, "reason": "Cân đối"}
        etag = (await client.act(f"{path}/adjustments", etag, body)).headers["ETag"]
    (misfit,) = (await adopt_allocation(client, amended, "130"))["misfits"]
    assert misfit == {
        "unit": units[ISLAND],
        "group": "dien-hinh",
        "seats": 3,
        "taken": 4,
        "nominee_limit": 4,
        "nominated": 5,
    }

    # The unit settles it: one steps back, another is no longer put forward, and the list fits again.
    await act_on_nomination(client, taken[2], "withdrawal", reason="Nhường suất")
    one = (await client.get(f"/v1/quotas/{island['id']}")).json()
    assert (one["taken"], one["nominated"], one["misfit"]) == (3, 4, None)
    refused = await act_on_nomination(
        client, await draft_nomination(client, congress, units[ISLAND]), "submission", 409
    )
    assert refused.json()["code"] == "quota_nominee_limit_exceeded"


async def test_an_island_of_624_people_has_its_floor(client: Client, city: Json) -> None:
    rows = await map_rows(client, (await compute_allocation(client, await _congress(client, city))).json())
    island = rows[ISLAND]
    assert (island["weight"], island["seats"], island["bound"]) == ("624", 4, "floor")
    largest = max(rows.values(), key=lambda row: int(row["weight"]) if row["bloc"] == "quan-huyen" else 0)
    assert largest["unit"]["code"] == "huyen-thuy-nguyen"
    assert sum(row["seats"] for row in rows.values()) == 330


async def test_ii_3_the_pilot_confers_before_the_others(client: Client, city: Json) -> None:
    pilot = await open_conference(client, city["plan"], CONGRESS, city["units"][HEALTH], "upper")
    other = await open_conference(
        client, city["plan"], CONGRESS, city["units"]["so-noi-vu-hai-phong"], "upper"
    )
    assert (pilot["terms"]["pilot"], other["terms"]["pilot"]) == (True, False)
    first, usual = pilot["terms"]["window"], other["terms"]["window"]
    assert first["end"] < usual["start"]
    due = {deadline["id"] for deadline in pilot["terms"]["deadlines"]}
    assert due - {deadline["id"] for deadline in other["terms"]["deadlines"]} == {"dang-ky-diem"}


async def test_a_draft_plan_opens_no_conference(client: Client, city: Json) -> None:
    text = (EXAMPLES / "plans" / "hai_phong_2020.yaml").read_bytes()
    draft = await client.post(
        "/v1/plans", text.replace(b"id: hai-phong-2020", b"id: hai-phong-nhap"), headers=YAML
    )
    body = {
        "plan": draft.json()["id"],
        "congress": CONGRESS,
        "unit": city["units"]["thanh-pho-hai-phong"],
        "tier": "city",
    }
    refused = await client.post("/v1/conferences", body, 409)
    assert refused.json()["code"] == "plan_not_published"


async def test_what_is_published_is_amended_and_never_edited(client: Client, city: Json) -> None:
    path = f"/v1/plans/{city['plan']['id']}/versions/1"
    etag = (await client.get(path)).headers["ETag"]
    body: dict[str, Any] = city["plan"]["body"]
    refused = await client.put(path, body, etag, 409)
    assert refused.json()["code"] == "published_plan_is_immutable"
    await client.act(f"{path}/publication", etag, None, 409)


async def test_a_returned_nominee_may_be_named_in_another_group(client: Client, city: Json) -> None:
    await _amended(client, city)
    congress, unit = await _congress(client, city), city["units"]["huyen-thuy-nguyen"]
    await adopt_allocation(client, await compute_allocation(client, congress), "123")
    sent = await submit_nominee(client, congress, unit, group="dien-hinh")
    back = await act_on_nomination(client, sent, "return", reason="Thuộc nhóm điển hình mới")
    said = {
        "group": "dien-hinh-moi",
        "notice": "2020-01",
        "purpose": "delegate-selection",
        "person_id": sent.json()["person"]["id"],
    }
    moved = await client.put(f"/v1/nominations/{back.json()['id']}", said, back.headers["ETag"])
    assert (moved.json()["group"], moved.json()["quota"]) == ("dien-hinh-moi", None)
    again = await act_on_nomination(client, moved, "submission")
    assert again.json()["quota"] not in {None, sent.json()["quota"]}


async def test_units_see_where_their_list_stands_without_anybody_asking(client: Client, city: Json) -> None:
    congress = await _congress(client, city)
    await adopt_allocation(client, await compute_allocation(client, congress), "123")
    health = await accept_nominee(client, congress, city["units"][HEALTH])
    quota = (await map_quotas(client, congress))[HEALTH]
    own = await client.get(f"/v1/conferences/{congress['id']}/composition?unit={city['units'][HEALTH]}")
    assert own.json() == health.json()["list"]
    assert own.json()["seats"] == quota["seats"]
    assert {state["target"] for state in own.json()["targets"]} == {"nu", "lao-dong-truc-tiep"}
    assert "target_short" in codes(own.json()["findings"])


async def test_iii_2_the_list_of_delegates_comes_with_their_achievements(client: Client, city: Json) -> None:
    congress = await _congress(client, city)
    await adopt_allocation(client, await compute_allocation(client, congress), "77")
    own = {"achievements": "Chiến sĩ thi đua cơ sở 3 năm liền"}
    await submit_nominee(client, congress, city["units"][ISLAND], **own)
    lacking = await submit_nominee(client, congress, city["units"][ISLAND])
    await draft_nomination(client, congress, city["units"][ISLAND])
    district = await open_conference(client, city["plan"], CONGRESS, city["units"][ISLAND], "upper")
    path = f"/v1/conferences/{district['id']}"
    met = await client.act(f"{path}/holding", (await client.get(path)).headers["ETag"], {"on": "2020-05-15"})
    assert "delegate_without_achievements" not in codes(met.json()["findings"])
    documents = [{"number": number, "reference": f"{number}/BC"} for number in (1, 2)]
    report = {"deadline": "bao-cao", "on": "2020-07-03", "documents": documents}
    sent = await client.act(f"{path}/filings", met.headers["ETag"], {**report, "parts": [1]})
    found = {each["code"]: each for each in sent.json()["findings"]}
    assert lacking.json()["person"]["name"] in found["delegate_without_achievements"]["detail"]
    assert codes(sent.json()["findings"]).count("delegate_without_achievements") == 1
    assert found["delegate_without_achievements"]["clause"] == "iii.2.bao-cao"
    assert "Phương hướng nhiệm vụ" in found["report_part_missing"]["detail"]
    assert (await client.get(path)).json() == sent.json()
    whole = await client.act(f"{path}/filings", sent.headers["ETag"], {**report, "parts": [2]})
    assert "report_part_missing" not in codes(whole.json()["findings"])
