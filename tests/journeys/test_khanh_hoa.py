"""Khánh Hòa's industry and trade 2020: one unit in two congress chains, with a quota from each of them."""

import httpx
import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    accept_nominee,
    act_on_nomination,
    adopt_allocation,
    codes,
    compute_allocation,
    decision,
    document,
    map_quotas,
    map_rows,
    nominee,
    open_conference,
    person,
    receive_quota,
    replace_quota,
    report,
    submit_nominee,
)

PROVINCE, MINISTRY = "khanh-hoa-v", "cong-thuong-iii"
DEPARTMENT = "so-cong-thuong-khanh-hoa"
LARGE = "cong-ty-vi-du-g-khanh-hoa"
DAY = "2020-06-01"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The sector's conference towards the province, and the two congresses above it."""

    async def load(client: Client) -> Json:
        plan = await client.plan("khanh_hoa_cong_thuong_2020")
        units = await client.units("khanh_hoa")
        return {
            "sector": await open_conference(client, plan, PROVINCE, units[DEPARTMENT], "sector"),
            "province": await open_conference(
                client, plan, PROVINCE, units["tinh-khanh-hoa"], "province", as_of=DAY
            ),
            "ministry": await open_conference(
                client, plan, MINISTRY, units["bo-cong-thuong"], "ministry", as_of=DAY
            ),
            "plan": plan,
            "units": units,
        }

    return load


@pytest.fixture
def way(scene: Scene) -> Json:
    """The three conferences, the plan, and the ids of the units by code."""
    return scene.facts


async def _given(client: Client, conference: Json, unit: str, seats: int, number: str) -> None:
    body = {"unit": unit, "group": "doan-dai-bieu", "seats": seats, "document": document(number)}
    await receive_quota(client, conference, body)


async def test_from_the_plan_to_the_accepted_delegates(client: Client, way: Json) -> None:
    units, sector = way["units"], way["sector"]

    # 95 seats over enterprises and offices, by staff.
    allocation = await compute_allocation(client, sector)
    rows = await map_rows(client, allocation.json())
    assert {bloc: sum(r["seats"] for r in rows.values() if r["bloc"] == bloc) for bloc in _blocs(rows)} == {
        "doanh-nghiep": 65,
        "hanh-chinh-su-nghiep": 30,
    }
    await adopt_allocation(client, allocation, "123")
    delegate = await accept_nominee(client, sector, units[LARGE], rank=1)
    who = delegate.json()["person"]["id"]

    # Both levels above give the department a number, each with its paper.
    await _given(client, way["province"], units[DEPARTMENT], 2, "7185/KH-UBND")
    await _given(client, way["ministry"], units[DEPARTMENT], 1, "5677/KH-BCT")
    for above in ("province", "ministry"):
        quota = (await map_quotas(client, way[above]))[DEPARTMENT]
        assert (quota["source"], quota["allocation"]) == ("received", None)
        assert quota["document"]["conditions"] == "Đúng đối tượng và thành phần"

    # The sector's delegate is named for both: a person is one delegate in each, and may be so in two.
    for above in ("province", "ministry"):
        await accept_nominee(client, way[above], units[DEPARTMENT], group="doan-dai-bieu", person_id=who)
    full = nominee(units[DEPARTMENT], "doan-dai-bieu")
    draft = await client.post(f"/v1/conferences/{way['ministry']['id']}/nominations", full)
    refused = await act_on_nomination(client, draft, "submission", 409)
    assert refused.json()["code"] == "quota_nominee_limit_exceeded"
    second = await accept_nominee(client, way["province"], units[DEPARTMENT], group="doan-dai-bieu")
    assert second.json()["list"]["listed"] == 2

    # The large company shrank: its list no longer fits, and is named.
    for _ in range(3):
        await submit_nominee(client, sector, units[LARGE])
    await report(client, units[LARGE], staff=20, day="2020-04-30")
    amended = await compute_allocation(client, sector, amends=allocation.json()["id"], reason="Giảm lao động")
    (misfit,) = (await adopt_allocation(client, amended, "124"))["misfits"]
    assert (misfit["unit"], misfit["taken"], misfit["nominated"]) == (units[LARGE], 1, 4)
    assert (
        misfit["nominee_limit"] == misfit["seats"] == (await map_rows(client, amended.json()))[LARGE]["seats"]
    )


async def test_ii_2_a_exactly_200_staff_is_reported_and_its_name_is_to_be_chosen(
    client: Client, way: Json
) -> None:
    unit = way["units"]["cong-ty-vi-du-b-khanh-hoa"]
    found = await open_conference(client, way["plan"], PROVINCE, unit, "grassroots")
    assert found["form"] == "delegate"  # the usual reading, which the finding asks somebody to confirm
    assert {"exactly_at_threshold", "name_to_choose"} <= set(codes(found["findings"]))
    path = f"/v1/conferences/{found['id']}"
    await client.act(f"{path}/cancellation", (await client.get(path)).headers["ETag"], {"reason": "Chọn tên"})
    chosen = await open_conference(client, way["plan"], PROVINCE, unit, "grassroots", name="lao-dong-gioi")
    assert chosen["name"].startswith("Hội nghị biểu dương những người lao động giỏi")
    assert "name_to_choose" not in codes(chosen["findings"])


async def test_a_name_still_open_is_asked_for_with_the_meeting(client: Client, way: Json) -> None:
    opened = await open_conference(client, way["plan"], PROVINCE, way["units"][LARGE], "grassroots")
    path = f"/v1/conferences/{opened['id']}"
    etag = (await client.get(path)).headers["ETag"]
    refused = (await client.act(f"{path}/holding", etag, {"on": "2020-02-20"}, 422)).json()
    assert (codes(refused["errors"]), refused["errors"][0]["pointer"]) == (["name_to_choose"], "/name")
    unknown = {"on": "2020-02-20", "name": "khong-co"}
    assert (await client.act(f"{path}/holding", etag, unknown, 422)).json()["code"] == "name_not_offered"
    met = await client.act(f"{path}/holding", etag, {"on": "2020-02-20", "name": "lao-dong-gioi"})
    assert met.json()["name"] == met.json()["terms"]["name"]
    assert "lao động giỏi" in met.json()["name"]
    again = {"on": "2020-02-21", "correction": "Ghi nhầm ngày"}
    other = {**again, "name": "dien-hinh-tien-tien"}
    settled = await client.act(f"{path}/holding", met.headers["ETag"], other, 409)
    assert settled.json()["code"] == "name_is_settled"
    await client.act(f"{path}/holding", met.headers["ETag"], {**again, "name": "lao-dong-gioi"})


async def test_a_unit_confers_towards_each_of_its_congresses(client: Client, way: Json) -> None:
    towards = await open_conference(client, way["plan"], MINISTRY, way["units"][DEPARTMENT], "sector")
    assert towards["congress"] == MINISTRY
    seats = (await compute_allocation(client, towards)).json()["totals"][0]["seats"]
    assert seats == 95


async def test_a_unit_of_another_chain_has_no_place_here(client: Client, way: Json) -> None:
    """The province stands in its own chain only, and the ministry in its own."""
    for congress, unit, tier, pointer in (
        (MINISTRY, "tinh-khanh-hoa", "sector", "/unit"),
        (PROVINCE, "bo-cong-thuong", "sector", "/unit"),
        (MINISTRY, "tinh-khanh-hoa", "province", "/congress"),
    ):
        body = {
            "plan": way["plan"]["id"],
            "congress": congress,
            "unit": way["units"][unit],
            "tier": tier,
            "as_of": DAY,
        }
        answer = await client.http.post(
            "/v1/conferences", json=body, headers={"Idempotency-Key": f"chain-{congress}-{unit}-{tier}"}
        )
        assert answer.status_code in {409, 422}, answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_received_quota_stands_only_once_and_only_in_groups_of_units(
    client: Client, way: Json
) -> None:
    path = f"/v1/conferences/{way['province']['id']}/quotas"
    body = {
        "unit": way["units"][DEPARTMENT],
        "group": "doan-dai-bieu",
        "seats": 12,
        "document": document("1/HĐ"),
    }
    await client.post(path, body)
    again = await client.post(path, {**body, "seats": 13}, 409)
    assert again.json()["code"] == "quota_conference_unit_group_key"
    wrong = await client.post(path, {**body, "group": "khach-moi"}, 422)
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/group"]


async def test_an_allocation_does_not_overrule_what_came_from_above(client: Client, way: Json) -> None:
    """It is refused before anything is computed, and again where the quota came in between."""
    path, unit = f"/v1/conferences/{way['sector']['id']}", way["units"][LARGE]
    before = await compute_allocation(client, way["sector"])
    body = {"unit": unit, "group": "dien-hinh", "seats": 7, "document": document("2/HĐ")}
    quota = await receive_quota(client, way["sector"], body)
    refused = (await client.post(f"{path}/allocations", {}, 409)).json()
    assert (refused["code"], refused["params"]) == ("quota_received_already", {"units": [LARGE]})
    refused = await _refused(client, before)
    assert codes(refused["errors"]) == ["quota_received_already"]
    quotas = await map_quotas(client, way["sector"])
    assert [(code, quota["seats"]) for code, quota in quotas.items()] == [(LARGE, 7)]
    await replace_quota(client, quota.json()["id"], 0, "3/HĐ")
    await adopt_allocation(client, await compute_allocation(client, way["sector"]), "10")
    taken_over = (await map_quotas(client, way["sector"]))[LARGE]
    assert (taken_over["id"], taken_over["source"]) == (quota.json()["id"], "allocation")
    assert taken_over["seats"] > 0


async def _refused(client: Client, allocation: httpx.Response) -> Json:
    """The adoption of an allocation that was computed."""
    path = f"/v1/allocations/{allocation.json()['id']}"
    proposed = await client.act(f"{path}/proposal", allocation.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    answer = await client.act(f"{path}/adoption", approved.headers["ETag"], decision("9"), 409)
    refused: Json = answer.json()
    return refused


async def test_no_quota_from_above_is_larger_than_its_group_or_for_somebody_else(
    client: Client, way: Json
) -> None:
    path = f"/v1/conferences/{way['sector']['id']}/quotas"
    body = {"unit": way["units"][LARGE], "group": "dien-hinh", "seats": 1, "document": document("2/HĐ")}
    most = next(g for g in way["sector"]["seat_groups"] if g["group"] == "dien-hinh")["seats"]
    refused = (await client.post(path, {**body, "seats": most + 1}, 422)).json()
    assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [("quota_over_group", "/seats")]
    await client.post(path, {**body, "unit": way["units"][DEPARTMENT]}, 422)
    quota = await client.post(path, body)
    more = {"seats": 10**9, "document": document("3/HĐ")}
    refused = await client.put(f"/v1/quotas/{quota.json()['id']}", more, quota.headers["ETag"], 422)
    assert codes(refused.json()["errors"]) == ["quota_over_group"]


async def test_a_collective_is_honoured_and_a_person_goes(client: Client, way: Json) -> None:
    """The award is the collective's, the gender that of whoever is sent."""
    await adopt_allocation(client, await compute_allocation(client, way["sector"]), "123")
    unit = way["units"][LARGE]
    sent = await submit_nominee(
        client, way["sector"], unit, collective="Tổ máy 1 (ví dụ)", person=person(gender="male")
    )
    women = _standing(sent.json(), "nu")
    assert (women["yes"], women["no"]) == (0, 1)
    changed = await act_on_nomination(
        client, sent, "representative", person=person(gender="female"), reason="Luân phiên"
    )
    women = _standing(changed.json(), "nu")
    assert (women["yes"], women["no"]) == (1, 0)
    alone = await submit_nominee(client, way["sector"], unit)
    refused = await act_on_nomination(
        client, alone, "representative", 409, person=person(), reason="Không được"
    )
    assert refused.json()["code"] == "not_for_a_collective"


def _standing(nomination: Json, target: str) -> Json:
    state: Json = next(each for each in nomination["list"]["targets"] if each["target"] == target)
    return state


def _blocs(rows: dict[str, Json]) -> set[str]:
    return {row["bloc"] for row in rows.values()}
