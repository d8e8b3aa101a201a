"""From nominations to the delegates of a congress: chosen, drawn for, edited, adopted, mended."""

from typing import Any
from uuid import UUID

import pytest

from db.plans import PlanVersion
from db.selections import Selection
from db.session import Database
from domain.access import Actor
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    OTHER,
    SEATS,
    adopt_selection,
    compute_selection,
    congress,
    delegates,
    draw_lot,
    map_places,
    minutes,
    submit_for_id,
)
from tests.journeys.steps import Json, act_on_nomination, codes, open_conference, person


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Twelve nominees for eight seats."""
    return congress


@pytest.fixture
def held(scene: Scene) -> Json:
    """The congress, with the ids of its units and nominations."""
    return scene.facts


async def test_a_list_names_the_version_of_the_plan_that_it_was_chosen_under(
    client: Client, held: Json, database: Database
) -> None:
    found = await compute_selection(client, held)
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        row = await session.get_one(Selection, UUID(found.json()["id"]))
        version = await session.get_one(PlanVersion, row.plan_version)
    assert (str(version.plan), version.n) == (held["plan"]["id"], 1)


async def test_the_whole_way_from_nominees_to_delegates(client: Client, held: Json) -> None:
    pool = (await client.get(f"/v1/conferences/{held['id']}/pool")).json()
    women = next(each for each in pool["targets"] if each["target"] == "nu")
    assert (women["yes"], women["reachable"], women["least"]) == (5, 5, 4)
    assert {"attribute": "ethnicity", "value": "05", "named": 2, "reachable": 2} in pool["values"]

    found = await draw_lot(client, await compute_selection(client, held, reason="Lựa chọn lần đầu"))
    work = found.json()["work"]
    assert (found.json()["state"], found.json()["n"], found.json()["how"]) == ("decided", 1, "computed")
    assert work["shortfalls"] == [
        {"priority": 1, "short": 0},
        {"priority": 2, "short": 0},
        {"priority": 3, "short": 0},
    ]
    assert {each["target"]: each["standing"] for each in work["targets"]} == {
        "nu": "met",
        "dan-toc": "met",
        "lao-dong": "met",
    }
    rows = await map_places(client, found)
    chosen = [row for row in rows.values() if row["outcome"] == "chosen"]
    assert {code: sum(row["unit"]["code"] == code for row in chosen) for code in SEATS} == SEATS
    left = [row for row in rows.values() if row["outcome"] == "alternate"]
    assert all(row["reason"] and row["name"] not in row["reason"]["detail"] for row in left)
    assert sorted(row["alternate_no"] for row in left if row["unit"]["code"] == "xa-mot") == [1, 2]

    adopted = await adopt_selection(client, found, "77")
    assert (adopted.json()["state"], adopted.json()["decision"]["number"]) == ("adopted", "77")
    going = await delegates(client, held)
    assert set(going) == {row["nomination"] for row in chosen}
    seated = await client.get(f"/v1/nominations/{next(iter(going))}")
    for act in ("return", "withdrawal"):
        refused = await act_on_nomination(client, seated, act, 409, reason="x")
        assert refused.json()["code"] == "nomination_is_delegate"
    for one in rows:
        state = (await client.get(f"/v1/nominations/{one}")).json()["state"]
        assert state == ("accepted" if one in going else "submitted")

    acts = [event["act"] for event in await client.list_all(f"/v1/audit_events?chain={held['plan']['id']}")]
    steps = [f"selection_{step}" for step in ("started", "computed", "proposed", "approved", "adopted")]
    assert [acts.index(step) for step in steps] == sorted(acts.index(step) for step in steps)
    verified = await client.get(f"/v1/audit_events/verification?chain={held['plan']['id']}")
    assert verified.json()["broken_at"] is None


async def test_what_is_adopted_is_frozen_and_given_as_a_table(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    adopted = await adopt_selection(client, found, "78")
    path = f"/v1/selections/{adopted.json()['id']}"
    for act in ("proposal", "withdrawal", "edits", "lots"):
        body: Json = {"reason": "x"} if act == "withdrawal" else {}
        if act == "lots":
            body = {"how": "lot_by_hand", "order": [], **minutes()}
        refused = await client.act(f"{path}/{act}", adopted.headers["ETag"], body or None, 409)
        assert refused.json()["code"] in ("selection_state", "no_lots_required")
    table = await client.get(f"{path}/places", headers={"Accept": "text/csv", "Accept-Language": "en"})
    assert table.text.splitlines()[0] == "\ufeffUnit code,Unit,Group,Name,Outcome,Alternate,Reason"
    assert len(table.text.splitlines()) == 13
    listed = await client.get(f"/v1/conferences/{held['id']}/delegates", headers={"Accept": "text/csv"})
    assert len(listed.text.splitlines()) == 9


async def test_the_council_pins_drops_and_sees_what_it_costs(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    rows = await map_places(client, found)
    out = next(one for one, row in rows.items() if row["outcome"] == "alternate")
    path = f"/v1/selections/{found.json()['id']}"
    tried = await client.post(f"{path}/what_ifs", {"pin": [{"nomination": out, "reason": "x"}]}, 200)
    assert tried.json()["outcome"] == "proven"
    assert out in tried.json()["cost"]["joined"]

    body = {"pin": [{"nomination": out, "reason": "Gương tiêu biểu"}]}
    edited = await draw_lot(client, await client.act(f"{path}/edits", found.headers["ETag"], body))
    work = edited.json()["work"]
    assert (edited.json()["how"], edited.json()["amends"]) == ("edited", found.json()["id"])
    assert work["edits"][0] == {
        **work["edits"][0],
        "act": "pin",
        "nomination": out,
        "reason": "Gương tiêu biểu",
    }
    assert work["cost"]["points"] == tried.json()["cost"]["points"]
    assert work["cost"]["joined"] == tried.json()["cost"]["joined"]
    assert (await map_places(client, edited))[out]["outcome"] == "chosen"
    assert (await map_places(client, edited))[out]["hold"] == "pinned"

    unknown = {"pin": [{"nomination": held["id"], "reason": "x"}]}
    refused = await client.act(f"{path}/edits", found.headers["ETag"], unknown, 422)
    assert [(e["code"], e["pointer"]) for e in refused.json()["errors"]] == [
        ("nomination_not_found", "/pin/0/nomination")
    ]
    nothing = await client.act(f"{path}/edits", found.headers["ETag"], {}, 422)
    assert nothing.json()["code"] == "selection_edit_empty"


async def test_why_not_and_what_a_target_costs(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    path = f"/v1/selections/{found.json()['id']}/explanations"
    for one, row in (await map_places(client, found)).items():
        told = (await client.post(path, {"nomination": one, "purpose": "Trả lời"}, 200)).json()
        (finding,) = told["findings"]
        assert (finding["code"] == "selection_why_not_chosen") == (row["outcome"] == "chosen")
    price = (await client.post(path, {"target": "nu", "side": "least", "purpose": "x"}, 200)).json()
    assert price["cost"]["points"] <= 0  # one woman fewer can only gain points
    unclear = await client.post(path, {"purpose": "x"}, 422)
    assert unclear.json()["errors"][0]["code"] == "question_unclear"
    unknown = await client.post(path, {"target": "khong-co", "purpose": "x"}, 422)
    assert unknown.json()["code"] == "selection_target_unknown"


async def test_units_that_named_too_few_are_told(client: Client, held: Json) -> None:
    gone = held["named"]["xa-ba"][1:]
    for one in gone:
        here = await client.get(f"/v1/nominations/{one}")
        await act_on_nomination(client, here, "withdrawal", reason="Xin rút")
    refused = (await compute_selection(client, held, 409)).json()
    assert refused["code"] == "selection_cannot_start"
    (error,) = refused["errors"]
    assert error["code"] == "selection_unit_short"
    assert error["params"] == {
        "unit": "xa-ba",
        "group": "dien-hinh",
        "seats": 2,
        "eligible": 1,
        "short": 1,
    }
    pool = (await client.get(f"/v1/conferences/{held['id']}/pool")).json()
    assert "selection_unit_short" in codes(pool["findings"])
    empty = [{"unit": held["units"]["xa-ba"], "group": "dien-hinh", "seats": 1}]
    found = await draw_lot(client, await compute_selection(client, held, empty=empty))
    assert found.json()["state"] == "decided"
    assert sum(row["outcome"] == "chosen" for row in (await map_places(client, found)).values()) == 7


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"size": 9}, 409, "selection_off_size", "/size"),
        ({"nodes": 0}, 422, "too_small", "/nodes"),
        ({"pin": [{"nomination": "x", "reason": "y"}]}, 422, "uuid_form", "/pin/0/nomination"),
        ({"surprise": 1}, 422, "unknown_field", "/surprise"),
    ],
)
async def test_what_cannot_be_right_is_refused(
    client: Client, held: Json, body: Json, status: int, code: str, pointer: str
) -> None:
    (error,) = (await compute_selection(client, held, status, **body)).json()["errors"]
    assert (error["code"], error.get("pointer")) == (code, pointer)


async def test_places_and_pairs_are_checked(client: Client, held: Json) -> None:
    unit, one = held["units"]["xa-mot"], held["named"]["xa-mot"][0]
    for body, found in [
        ({"reopen": [{"unit": unit, "group": "khach-moi"}]}, ("selection_place_unknown", "/reopen/0")),
        (
            {"empty": [{"unit": unit, "group": "dien-hinh", "seats": 5}]},
            ("selection_empty_over_seats", "/empty/0"),
        ),
        ({"pin": [edit(one)], "drop": [edit(one)]}, ("selection_edit_unknown", "/drop/0")),
    ]:
        errors = (await compute_selection(client, held, 422, **body)).json()["errors"]
        assert found in [(e["code"], e["pointer"]) for e in errors]
    same = await compute_selection(client, held, 409, apart=[{"one": one, "other": one}])
    (error,) = same.json()["errors"]
    assert (error["code"], error["pointer"]) == ("selection_pair_unknown", "/apart/0")


async def test_a_pair_that_may_not_both_sit(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    chosen = [one for one, row in (await map_places(client, found)).items() if row["outcome"] == "chosen"]
    free = [one for one in chosen if one in held["named"]["xa-hai"]]
    apart = [{"one": free[0], "other": free[1]}]
    again = await draw_lot(client, await compute_selection(client, held, apart=apart))
    rows = await map_places(client, again)
    assert {rows[free[0]]["outcome"], rows[free[1]]["outcome"]} == {"chosen", "alternate"}


async def test_who_has_a_seat_keeps_it_unless_the_place_is_reopened(client: Client, held: Json) -> None:
    last = held["named"]["xa-ba"][2]
    await act_on_nomination(client, await client.get(f"/v1/nominations/{last}"), "acceptance")
    found = await draw_lot(client, await compute_selection(client, held))
    assert (await map_places(client, found))[last]["hold"] == "seated"
    assert (await map_places(client, found))[last]["outcome"] == "chosen"
    reopen = [{"unit": held["units"]["xa-ba"], "group": "dien-hinh"}]
    again = await draw_lot(client, await compute_selection(client, held, reopen=reopen))
    assert "selection_reopened" in codes(again.json()["work"]["findings"])
    assert (await map_places(client, again))[last]["outcome"] == "alternate"
    await adopt_selection(client, again, "80")
    assert (await client.get(f"/v1/nominations/{last}")).json()["state"] == "submitted"


async def test_a_list_within_the_seats_that_a_conference_passed_is_fixed(client: Client, held: Json) -> None:
    one = held["named"]["xa-ba"]
    await act_on_nomination(client, await client.get(f"/v1/nominations/{one[1]}"), "withdrawal", reason="x")
    for nomination in (one[0], one[2]):
        here = await act_on_nomination(
            client, await client.get(f"/v1/nominations/{nomination}"), "return", reason="x"
        )
        draft = {
            "group": "dien-hinh",
            "person_id": here.json()["person"]["id"],
            "vote": {"on": "2026-01-05", "in_favour": 90, "present": 100},
            "notice": "1",
            "purpose": "p",
        }
        path = f"/v1/nominations/{nomination}"
        changed = await client.put(path, draft, here.headers["ETag"])
        await act_on_nomination(client, changed, "submission")
    found = await draw_lot(client, await compute_selection(client, held))
    rows = await map_places(client, found)
    assert [rows[nomination]["hold"] for nomination in (one[0], one[2])] == ["passed", "passed"]


async def test_a_person_whom_two_units_name_stands_once(client: Client, held: Json) -> None:
    first = held["named"]["xa-mot"][0]
    who = (await client.get(f"/v1/nominations/{first}")).json()["person"]["id"]
    second = await submit_for_id(client, held, held["units"]["xa-hai"], person_id=who)
    refused = (await compute_selection(client, held, 409)).json()
    assert {error["code"] for error in refused["errors"]} == {"selection_person_twice"}
    found = await draw_lot(client, await compute_selection(client, held, drop=[edit(second)]))
    assert second not in await map_places(client, found)
    assert "selection_stands_by_another" in codes(found.json()["work"]["findings"])


async def test_who_is_invited_is_counted_once_and_takes_no_unit_s_seat(client: Client, held: Json) -> None:
    first = held["named"]["xa-mot"][0]
    who = (await client.get(f"/v1/nominations/{first}")).json()["person"]["id"]
    line = {"group": "khach-moi", "basis": "Chức danh", "notice": "1", "purpose": "p", "person_id": who}
    await client.post(f"/v1/conferences/{held['id']}/invitations", line)
    found = await draw_lot(client, await compute_selection(client, held))
    assert "selection_already_invited" in codes(found.json()["work"]["findings"])
    assert first not in await map_places(client, found)


async def test_the_list_is_mended_with_the_fewest_changes(client: Client, held: Json) -> None:
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held)), "81"
    )
    going, rows = await delegates(client, held), await map_places(client, adopted)
    in_line = [
        one
        for one, row in sorted(rows.items(), key=lambda each: each[1]["alternate_no"] or 0)
        if row["outcome"] == "alternate" and row["unit"]["code"] == "xa-mot"
    ]
    leaver = next(row for row in going.values() if row["unit"]["code"] == "xa-mot")
    body = {"delegates": [leaver["id"]], "reason": "Bị ốm"}
    path = f"/v1/selections/{adopted.json()['id']}/replacements"
    mended = await client.act(path, adopted.headers["ETag"], body)
    assert (mended.json()["how"], mended.json()["state"]) == ("mended", "decided")
    assert mended.json()["work"]["leaving"][0]["reason"] == "Bị ốm"
    await adopt_selection(client, mended, "82")
    now = await delegates(client, held)
    (new,) = set(now) - set(going)
    assert new in in_line
    assert set(going) - set(now) == {leaver["nomination"]}
    assert now[new]["replaces"] == leaver["id"]
    assert (await client.get(f"/v1/nominations/{leaver['nomination']}")).json()["state"] == "withdrawn"
    assert (await client.get(f"/v1/selections/{adopted.json()['id']}")).json()["state"] == "superseded"

    stranger = {"delegates": [leaver["id"]], "reason": "x"}
    newest = await client.get(f"/v1/selections/{mended.json()['id']}")
    path = f"/v1/selections/{mended.json()['id']}/replacements"
    refused = await client.act(path, newest.headers["ETag"], stranger, 422)
    assert refused.json()["errors"][0]["code"] == "delegate_not_on_list"


async def test_a_list_is_not_adopted_over_somebody_who_withdrew(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    one = next(one for one, row in (await map_places(client, found)).items() if row["outcome"] == "chosen")
    path = f"/v1/selections/{found.json()['id']}"
    proposed = await client.act(f"{path}/proposal", found.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    await act_on_nomination(
        client, await client.get(f"/v1/nominations/{one}"), "withdrawal", reason="Xin rút"
    )
    body = {
        "kind": "q",
        "organ": "UBND",
        "series": "QĐ",
        "number": "9",
        "decided_on": "2020-06-05",
    }
    refused = await client.act(f"{path}/adoption", approved.headers["ETag"], body, 409)
    assert refused.json()["code"] == "selection_outdated"
    assert [error["params"] for error in refused.json()["errors"]] == [{"nomination": one}]
    assert (await client.get(path)).json()["state"] == "approved"


async def test_delegates_to_a_cancelled_conference_are_marked(client: Client, held: Json) -> None:
    await adopt_selection(client, await draw_lot(client, await compute_selection(client, held)), "86")
    assert not any(one["cancelled"] for one in (await delegates(client, held)).values())
    path = f"/v1/conferences/{held['id']}"
    etag = (await client.get(path)).headers["ETag"]
    await client.act(f"{path}/cancellation", etag, {"reason": "Đơn vị sáp nhập"})
    assert all(one["cancelled"] for one in (await delegates(client, held)).values())
    table = await client.get(f"{path}/delegates", headers={"Accept": "text/csv", "Accept-Language": "vi"})
    header, *rows = table.text.splitlines()
    assert all(row.endswith("Hội nghị đã hủy") for row in (header, *rows))


async def test_a_second_adopted_list_has_to_come_from_the_first(client: Client, held: Json) -> None:
    one = await draw_lot(client, await compute_selection(client, held))
    two = await draw_lot(client, await compute_selection(client, held))
    await adopt_selection(client, one, "83")
    path = f"/v1/selections/{two.json()['id']}"
    proposed = await client.act(f"{path}/proposal", two.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    body = {"kind": "q", "organ": "UBND", "series": "QĐ", "number": "84", "decided_on": "2020-06-05"}
    refused = await client.act(f"{path}/adoption", approved.headers["ETag"], body, 409)
    assert refused.json()["code"] == "adopted_selection_is_amended"
    three = await draw_lot(client, await compute_selection(client, held))
    assert three.json()["amends"] == one.json()["id"]
    assert all(
        row["hold"] == "seated"
        for row in (await map_places(client, three)).values()
        if row["outcome"] == "chosen"
    )
    await adopt_selection(client, three, "85")


async def test_the_same_pool_has_the_same_list_in_every_run(client: Client, held: Json) -> None:
    digests = {
        (await draw_lot(client, await compute_selection(client, held))).json()["work"]["digest"]
        for _ in range(3)
    }
    assert len(digests) == 1


async def test_a_budget_that_ends_is_said_and_not_adopted(client: Client, held: Json) -> None:
    found = await compute_selection(client, held, nodes=1)
    if found.json()["state"] == "unproven":
        refused = await client.act(
            f"/v1/selections/{found.json()['id']}/proposal", found.headers["ETag"], None, 409
        )
        assert refused.json()["code"] == "selection_state"


async def test_a_conference_without_seats_is_told_so(client: Client, held: Json) -> None:
    """Its own communes confer, and nobody has allocated anything there yet."""
    other = await open_conference(client, held["plan"], OTHER, held["units"]["bo"], "bo")
    assert (await compute_selection(client, other, 409)).json()["code"] == "selection_without_seats"
    pool = await client.get(f"/v1/conferences/{other['id']}/pool", 409)
    assert pool.json()["code"] == "selection_without_seats"
    await client.get(f"/v1/conferences/{held['id']}/composition?unit={held['id']}", 404)


def edit(nomination: str, reason: str = "x") -> Json:
    return {"nomination": nomination, "reason": reason}


def anybody(**stated: Any) -> Json:
    return person(**stated)
