"""Sóc Trăng 2020: from the printed plan to adopted quotas and accepted nominees, over HTTP."""

from typing import Any

import httpx
import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    accepted,
    adopted,
    allocated,
    codes,
    decision,
    named,
    opened,
    person,
    quotas_of,
    report,
    rows_of,
    step,
    submitted,
)

CONGRESS = "soc-trang-v"
ENTERPRISES = (
    "cong-ty-xo-so-kien-thiet",
    "cong-ty-cap-nuoc",
    "cong-ty-cong-trinh-do-thi",
    "cong-ty-dien-luc",
    "buu-dien-tinh",
    "vien-thong-soc-trang",
)
TIED = ENTERPRISES[1:]
ARMED = {"cong-an-tinh", "bo-chi-huy-quan-su-tinh", "bo-chi-huy-bo-doi-bien-phong-tinh"}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The province's congress, opened under the published plan over its real units."""

    async def load(client: Client) -> Json:
        plan = await client.plan("soc_trang_2020")
        units = await client.units("soc_trang")
        conference = await opened(client, plan, CONGRESS, units["tinh-soc-trang"], "province")
        return {**conference, "units": units, "plan": plan}

    return load


@pytest.fixture
def congress(scene: Scene) -> Json:
    """The congress, with its plan and the ids of its units by code."""
    return scene.told


@pytest.fixture
async def tied(client: Client, congress: Json) -> httpx.Response:
    """Five enterprises of one size and a small one: after 11 of 12 seats, five equal claims to the last."""
    for code in ENTERPRISES:
        await report(client, congress["units"][code], staff=200 if code in TIED else 1)
    return await allocated(client, congress)


async def test_from_the_plan_to_the_accepted_delegates(client: Client, congress: Json) -> None:
    units = congress["units"]
    lottery, justice = units["cong-ty-xo-so-kien-thiet"], units["so-tu-phap"]
    # A unit ranks its people before there are seats.
    first = await named(client, congress, justice, rank=1, person=person(gender="female"))
    early = await step(client, first, "submission", 409)
    assert early.json()["code"] == "quota_missing"

    # The seats, computed and adopted; a tie is drawn for, and the leader's hand moves one seat.
    for code in ENTERPRISES:
        await report(client, units[code], staff=200 if code in TIED else 1)
    allocation = await _drawn(client, congress, await allocated(client, congress))
    allocation = await _moved(client, congress, allocation, "so-noi-vu", "so-tu-phap")
    before = await rows_of(client, allocation.json())
    adoption = await adopted(client, allocation, "123")
    assert adoption["misfits"] == []
    assert adoption["allocation"]["decision"]["number"] == "123"
    quotas = await quotas_of(client, congress)
    assert {code: quota["seats"] for code, quota in quotas.items()} == {
        code: row["seats"] for code, row in before.items()
    }
    assert sum(quota["seats"] for quota in quotas.values()) == 280

    # Names: submitted within the limit, returned and sent again, accepted within the seats.
    seats = quotas["so-tu-phap"]["seats"]
    assert quotas["so-tu-phap"]["nominee_limit"] == seats
    sent = await step(client, first, "submission")
    back = await step(client, sent, "return", reason="Bổ sung thành tích")
    assert (back.json()["state"], back.json()["returned_reason"]) == ("returned", "Bổ sung thành tích")
    first = await step(client, await step(client, back, "submission"), "acceptance")
    assert (first.json()["state"], first.json()["list"]["seats"]) == ("accepted", seats)
    others = [await accepted(client, congress, justice, rank=2 + n) for n in range(seats - 1)]
    surplus = await named(client, congress, justice, rank=seats + 1)
    refused = await step(client, surplus, "submission", 409)
    assert refused.json()["code"] == "quota_nominee_limit_exceeded"
    await step(client, others[0], "withdrawal", reason="Xin rút")
    surplus = await step(client, await step(client, surplus, "submission"), "acceptance")

    # A collective sends somebody else.
    group = await accepted(client, congress, lottery, collective="Phòng Kinh doanh (ví dụ)")
    changed = await step(client, group, "representative", person=person(gender="male"), reason="Ốm")
    assert changed.json()["collective"] == group.json()["collective"]
    assert changed.json()["person"] != group.json()["person"]
    assert changed.json()["state"] == "accepted"

    # The justice department turns out to be far smaller: the amendment names its list and cuts nobody.
    await report(client, justice, staff=2)
    amended = await allocated(client, congress, amends=allocation.json()["id"], reason="Đính chính số liệu")
    amended = await _drawn(client, congress, amended)
    after = await adopted(client, amended, "130")
    (misfit,) = after["misfits"]
    assert misfit == {
        "unit": justice,
        "group": "dien-hinh",
        "seats": 1,
        "taken": seats,
        "nominee_limit": 1,
        "nominated": seats,
    }
    versions = await client.every(f"/v1/conferences/{congress['id']}/allocations")
    assert [version["state"] for version in versions] == ["superseded", "adopted"]
    assert (await quotas_of(client, congress))["so-tu-phap"]["misfit"]["taken"] == seats
    still = await client.get(f"/v1/nominations/{surplus.json()['id']}")
    assert still.json()["state"] == "accepted"

    # Whoever asks later finds every act in one unbroken chain.
    chain = f"/v1/audit_events?chain={congress['plan']['id']}"
    acts = [event["act"] for event in await client.every(chain)]
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
    allocation = (await allocated(client, congress)).json()
    rows = await rows_of(client, allocation)
    assert allocation["state"] == "decided"
    assert allocation["totals"] == [{"group": "dien-hinh", "units": 68, "computed": 280, "seats": 280}]
    assert sum(row["seats"] for row in rows.values() if row["bloc"] == "huyen-thi") == 96
    assert {row["seats"] for row in rows.values() if row["bloc"] == "vu-trang"} == {3}
    assert all(row["seats"] >= row["floor"] for row in rows.values())
    assert all(row["cap"] is None or row["seats"] <= row["cap"] for row in rows.values())
    assert not rows["huyen-chau-thanh"]["made_up"]  # the census is real
    assert rows["so-tu-phap"]["made_up"]  # the staff is not


async def test_the_seats_come_as_a_table_too(client: Client, congress: Json) -> None:
    allocation = (await allocated(client, congress)).json()
    path = f"/v1/allocations/{allocation['id']}/seats"
    table = await client.get(path, headers={"Accept": "text/csv"})
    assert table.headers["content-type"].startswith("text/csv")
    lines = table.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 68
    assert any("Huyện Châu Thành" in line for line in lines)
    book = await client.get(
        path, headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    )
    assert book.content.startswith(b"PK")


async def test_a_tie_stops_the_run_until_it_is_drawn_for(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    stage, tie = _tie(tied.json())
    assert tied.json()["state"] == "lots_required"
    assert (tie["places"], {unit["id"] for unit in tie["units"]}) == (1, {congress["units"][c] for c in TIED})
    early = await client.act(f"/v1/allocations/{tied.json()['id']}/proposal", tied.headers["ETag"], {}, 409)
    assert early.json()["code"] == "allocation_state"
    done = await _drawn(client, congress, tied)
    assert done.json()["state"] == "decided"
    rows = await rows_of(client, done.json())
    assert [rows[code]["seats"] for code in TIED] == [2, 2, 2, 2, 3]
    (settlement,) = done.json()["settlements"]
    assert (settlement["stage"], settlement["how"], settlement["drawn_by"]) == (
        stage,
        "lot_by_hand",
        "Tổ bốc thăm",
    )


async def test_a_published_seed_gives_everyone_the_same_order(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    draws = []
    for _ in range(2):
        done = await _settled(client, tied, how="published_seed", seed="2020-06-05 KQXS 123456")
        assert done.json()["state"] == "decided"
        draws.append(done.json()["settlements"][0]["order"])
        tied = await allocated(client, congress)
    assert draws[0] == draws[1]
    assert set(draws[0]) == {congress["units"][code] for code in TIED}


async def test_one_more_for_each_of_the_tied_stays_within_the_maximum(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    done = await _settled(client, tied, how="one_more")
    rows = await rows_of(client, done.json())
    assert [rows[code]["seats"] for code in TIED] == [3] * 5
    assert done.json()["totals"][0]["computed"] == 284  # 495 + 4 of the 500


async def test_one_more_is_refused_beyond_the_maximum(client: Client, congress: Json) -> None:
    # Seven agencies of one size tie for the last place: six more, and the cap leaves five.
    found = await client.every("/v1/units?on=2020-06-01&kind=central_agency")
    agencies = [agency for agency in found if agency["code"] not in ARMED]
    for n, agency in enumerate(agencies):
        await report(client, agency["id"], staff=1 if n < 2 else 100)
    allocation = await allocated(client, congress)
    _, tie = _tie(allocation.json())
    assert (len(tie["units"]), tie["places"]) == (7, 1)
    refused = await _settled(client, allocation, 409, how="one_more")
    assert refused.json()["code"] == "no_room_for_one_more"


async def test_two_ties_are_settled_one_after_the_other_within_one_maximum(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    """Five seats are left below 500: four go to the enterprises, and two for the agencies are too many."""
    found = await client.every("/v1/units?on=2020-06-01&kind=central_agency")
    for n, agency in enumerate(each for each in found if each["code"] not in ARMED):
        await report(client, agency["id"], staff=1 if n == 0 else 100)
    allocation = await allocated(client, congress)
    first, second = _ties(allocation.json())
    sizes = [(len(tie["units"]), tie["places"]) for _, tie in (first, second)]
    assert sizes == [(8, 6), (5, 1)]
    half = await _settled(client, allocation, tie=second, how="one_more")
    assert half.json()["state"] == "lots_required"
    refused = await _settled(client, half, 409, tie=first, how="one_more")
    assert refused.json()["code"] == "no_room_for_one_more"
    done = await _settled(client, half, tie=first, how="published_seed", seed="2020-06-05")
    assert (done.json()["state"], len(done.json()["settlements"])) == ("decided", 2)
    assert done.json()["totals"][0]["computed"] == 284


async def test_a_draw_over_other_units_settles_nothing(
    client: Client, congress: Json, tied: httpx.Response
) -> None:
    refused = await _settled(client, tied, 422, how="lot_by_hand", order=[congress["units"]["so-noi-vu"]])
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"]) == ("order_names_other_units", "/order")


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
    assert await client.every(path) == []


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
    assert await client.every(path) == []


async def test_hand_adjustments_must_balance_before_the_proposal(client: Client, congress: Json) -> None:
    allocation = await allocated(client, congress)
    path = f"/v1/allocations/{allocation.json()['id']}"
    body = {"unit": congress["units"]["so-noi-vu"], "group": "dien-hinh", "adjustment": 1, "reason": "Thêm"}
    adjusted = await client.act(f"{path}/adjustments", allocation.headers["ETag"], body)
    refused = (await client.act(f"{path}/proposal", adjusted.headers["ETag"], {}, 409)).json()
    assert refused["errors"][0]["params"] == {"group": "dien-hinh", "by": 1}
    row = (await rows_of(client, allocation.json()))["so-noi-vu"]
    assert (row["seats"], row["adjustment"], row["adjusted_by"]) == (row["computed"] + 1, 1, "local")
    back = await client.act(f"{path}/adjustments", adjusted.headers["ETag"], {**body, "adjustment": 0})
    await client.act(f"{path}/proposal", back.headers["ETag"])


async def test_an_adjustment_beyond_the_plans_bounds_is_recorded_and_told(
    client: Client, congress: Json
) -> None:
    allocation = await allocated(client, congress)
    path = f"/v1/allocations/{allocation.json()['id']}/adjustments"
    small = (await rows_of(client, allocation.json()))["so-noi-vu"]
    body = {"unit": small["unit"]["id"], "group": "dien-hinh", "reason": "Thử nghiệm"}
    found = await client.act(path, allocation.headers["ETag"], {**body, "adjustment": -small["computed"]})
    assert "adjusted_below_floor" in codes(found.json())
    refused = await client.act(path, found.headers["ETag"], {**body, "adjustment": -99}, 422)
    assert refused.json()["errors"][0]["pointer"] == "/adjustment"


async def test_a_proposal_can_be_taken_back_and_worked_on(client: Client, congress: Json) -> None:
    allocation = await allocated(client, congress)
    path = f"/v1/allocations/{allocation.json()['id']}"
    proposed = await client.act(f"{path}/proposal", allocation.headers["ETag"])
    frozen = {"unit": congress["units"]["so-noi-vu"], "group": "dien-hinh", "adjustment": 1, "reason": "Muộn"}
    refused = await client.act(f"{path}/adjustments", proposed.headers["ETag"], frozen, 409)
    assert refused.json()["code"] == "allocation_state"
    back = await client.act(f"{path}/withdrawal", proposed.headers["ETag"], {"reason": "Xem lại"})
    assert (back.json()["state"], back.json()["proposed_by"]) == ("decided", None)
    await client.act(f"{path}/adjustments", back.headers["ETag"], frozen)


async def test_two_decisions_of_one_number_are_one_too_many(client: Client, congress: Json) -> None:
    allocation = await allocated(client, congress)
    await adopted(client, allocation, "123")
    second = await allocated(client, congress, amends=allocation.json()["id"], reason="Sửa")
    path = f"/v1/allocations/{second.json()['id']}"
    proposed = await client.act(f"{path}/proposal", second.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    await client.act(f"{path}/adoption", approved.headers["ETag"], decision("123"), 409)
    states = [row["state"] for row in await client.every(f"/v1/conferences/{congress['id']}/allocations")]
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


async def test_the_organiser_lists_and_invites_within_the_number(client: Client, congress: Json) -> None:
    path = f"/v1/conferences/{congress['id']}/invitations"
    line = {
        "group": "chien-si-thi-dua",
        "basis": "Danh sách Chiến sĩ thi đua toàn quốc",
        "notice": "2020-01",
        "purpose": "delegate-selection",
    }
    listed = [await client.post(path, {**line, "person": person()}) for _ in range(5)]
    full = await client.post(path, {**line, "person": person()}, 409)
    assert full.json()["code"] == "seat_group_full"
    reply = f"/v1/invitations/{listed[0].json()['id']}/reply"
    early = {"reply": "accepted", "on": "2020-07-10"}
    await client.act(reply, listed[0].headers["ETag"], early, 409)  # nobody replies before being invited
    invited = await client.act(reply, listed[0].headers["ETag"], {"reply": "invited", "on": "2020-07-01"})
    declined = await client.act(reply, invited.headers["ETag"], {"reply": "declined", "on": "2020-07-10"})
    assert (declined.json()["invited_on"], declined.json()["replied_on"]) == ("2020-07-01", "2020-07-10")
    await client.post(path, {**line, "person": person()})  # the place is free again
    await client.act(reply, declined.headers["ETag"], {"reply": "accepted", "on": "2020-07-11"}, 409)
    group = next(
        g
        for g in (await client.get(f"/v1/conferences/{congress['id']}")).json()["seat_groups"]
        if g["group"] == line["group"]
    )
    assert group["listed"] == 5


async def test_units_do_not_fill_the_organisers_groups_nor_he_theirs(client: Client, congress: Json) -> None:
    body: dict[str, Any] = {
        "unit": congress["units"]["so-noi-vu"],
        "person": person(),
        "notice": "1",
        "purpose": "p",
    }
    path = f"/v1/conferences/{congress['id']}"
    refused = (await client.post(f"{path}/nominations", {**body, "group": "khach-moi"}, 422)).json()
    assert (refused["errors"][0]["code"], refused["errors"][0]["pointer"]) == (
        "group_not_filled_by_units",
        "/group",
    )
    del body["unit"]
    refused = (
        await client.post(f"{path}/invitations", {**body, "group": "dien-hinh", "basis": "x"}, 422)
    ).json()
    assert (refused["errors"][0]["code"], refused["errors"][0]["pointer"]) == (
        "group_filled_by_units",
        "/group",
    )


async def test_a_person_whom_two_units_name_is_told_to_the_level_above_only(
    client: Client, congress: Json
) -> None:
    units = congress["units"]
    await adopted(client, await allocated(client, congress), "123")
    first = await submitted(client, congress, units["so-noi-vu"])
    who = first.json()["person"]["id"]
    second = await submitted(client, congress, units["so-tu-phap"], person_id=who)
    for unit in (units["so-noi-vu"], units["so-tu-phap"]):
        own = await client.get(f"/v1/conferences/{congress['id']}/composition?unit={unit}")
        assert "person_named_twice" not in codes(own.json()["findings"])
    assert "person_named_twice" not in codes(second.json()["list"]["findings"])
    whole = (await client.get(f"/v1/conferences/{congress['id']}/composition")).json()
    (twice,) = [finding for finding in whole["findings"] if finding["code"] == "person_named_twice"]
    assert twice["params"]["person"] == who
    assert set(twice["params"]["units"]) == {units["so-noi-vu"], units["so-tu-phap"]}
    assert whole["listed"] == 1  # one delegate, whoever named him
    await step(client, first, "acceptance")
    refused = await step(client, second, "acceptance", 409)
    assert refused.json()["code"] == "person_accepted_once"


async def test_people_who_were_perhaps_entered_twice_are_pointed_out(client: Client, congress: Json) -> None:
    units = congress["units"]
    same = {"name": "Người thử nghiệm Trùng Tên", "birth_year": 1975}
    a = await named(client, congress, units["so-noi-vu"], person=same)
    b = await named(client, congress, units["so-tu-phap"], person=same)
    whole = (await client.get(f"/v1/conferences/{congress['id']}/composition")).json()
    (alike,) = [finding for finding in whole["findings"] if finding["code"] == "perhaps_the_same_person"]
    assert set(alike["params"]["persons"]) == {a.json()["person"]["id"], b.json()["person"]["id"]}


async def test_what_is_sensitive_goes_in_and_never_comes_out(client: Client, congress: Json) -> None:
    secret = person(ethnicity="05", religion="phat-giao", party_member=True, gender="female")
    draft = await named(client, congress, congress["units"]["so-noi-vu"], person=secret)
    path = f"/v1/conferences/{congress['id']}/nominations"
    for answer in (draft, await client.get(path), await client.get(f"/v1/nominations/{draft.json()['id']}")):
        assert "phat-giao" not in answer.text
        assert set(answer.json().get("person", {"id": 0, "name": 0, "birth_year": 0})) == {
            "id",
            "name",
            "birth_year",
        }
    events = await client.get(f"/v1/audit_events?chain={congress['plan']['id']}&limit=200")
    assert "phat-giao" not in events.text


async def _drawn(client: Client, congress: Json, allocation: httpx.Response) -> httpx.Response:
    """The tie of the enterprises, drawn by hand: the last of the list comes first."""
    order = [congress["units"][code] for code in reversed(TIED)]
    return await _settled(client, allocation, how="lot_by_hand", order=order)


async def _settled(
    client: Client,
    allocation: httpx.Response,
    status: int = 201,
    *,
    tie: tuple[str, Json] | None = None,
    **how: Any,
) -> httpx.Response:
    stage, tied = tie or _tie(allocation.json())
    body = {
        "stage": stage,
        "tied_digest": tied["digest"],
        "minutes": "Biên bản bốc thăm (ví dụ)",
        "drawn_by": "Tổ bốc thăm",
        "drawn_on": "2020-06-05",
        **how,
    }
    path = f"/v1/allocations/{allocation.json()['id']}/lots"
    return await client.act(path, allocation.headers["ETag"], body, status)


def _tie(allocation: Json) -> tuple[str, Json]:
    (tie,) = _ties(allocation)
    return tie


def _ties(allocation: Json) -> list[tuple[str, Json]]:
    """Stage and tie of all that wait."""
    return [(stage["id"], stage["tie"]) for stage in allocation["stages"] if stage["tie"]]


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
