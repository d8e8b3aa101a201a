"""Who is named and who is invited, and what is told of them to whom."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from db.session import Database
from service.clock import today
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import (
    load,
)
from tests.journeys.steps import (
    Json,
    act_on_nomination,
    adopt_allocation,
    codes,
    compute_allocation,
    document,
    draft_nomination,
    nominee,
    person,
    receive_quota,
    submit_nominee,
)


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress, opened."""
    return load


@pytest.fixture
def congress(scene: Scene) -> Json:
    """The congress, with its plan and the ids of its units by code."""
    return scene.facts


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
    await client.act(reply, declined.headers["ETag"], {"reply": "invited", "on": "2020-07-11"}, 409)
    group = next(
        g
        for g in (await client.get(f"/v1/conferences/{congress['id']}")).json()["seat_groups"]
        if g["group"] == line["group"]
    )
    assert group["listed"] == 5


async def test_who_was_listed_by_mistake_is_taken_off_with_a_reason(client: Client, congress: Json) -> None:
    path = f"/v1/conferences/{congress['id']}/invitations"
    line = {"group": "chien-si-thi-dua", "basis": "Danh sách", "notice": "2020-01", "purpose": "x"}
    listed = [await client.post(path, {**line, "person": person()}) for _ in range(5)]
    reply = f"/v1/invitations/{listed[0].json()['id']}/reply"
    removed = {"reply": "removed", "on": "2020-07-01"}
    refused = (await client.act(reply, listed[0].headers["ETag"], removed, 422)).json()
    assert [error["pointer"] for error in refused["errors"]] == ["/reason"]
    gone = await client.act(reply, listed[0].headers["ETag"], {**removed, "reason": "Ghi nhầm người"})
    assert (gone.json()["reply"], gone.json()["reason"]) == ("removed", "Ghi nhầm người")
    await client.post(
        path, {**line, "person_id": listed[0].json()["person"]["id"]}
    )  # the place is free again
    await client.act(reply, gone.headers["ETag"], {"reply": "invited", "on": "2020-07-02"}, 409)


async def test_who_declined_may_be_invited_again_but_not_tomorrow(client: Client, congress: Json) -> None:
    path = f"/v1/conferences/{congress['id']}/invitations"
    line = {"group": "khach-moi", "basis": "Danh sách", "notice": "2020-01", "purpose": "x"}
    row = await client.post(path, {**line, "person": person()})
    reply = f"/v1/invitations/{row.json()['id']}/reply"
    for step_, day in (("invited", "2020-07-01"), ("declined", "2020-07-02"), ("invited", "2020-07-03")):
        row = await client.act(reply, row.headers["ETag"], {"reply": step_, "on": day})
    assert (row.json()["invited_on"], row.json()["replied_on"]) == ("2020-07-03", None)
    future = await client.act(reply, row.headers["ETag"], {"reply": "accepted", "on": "2199-01-01"}, 422)
    assert [(e["code"], e["pointer"]) for e in future.json()["errors"]] == [("day_in_future", "/on")]


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


async def test_a_person_with_several_offices_is_on_the_organisers_list_once(
    client: Client, congress: Json
) -> None:
    """The chairman of three bodies is one delegate."""
    path = f"/v1/conferences/{congress['id']}/invitations"
    groups = {row["group"] for row in congress["seat_groups"] if row["filled_by"] == "ex_officio"}
    line = {"group": groups.pop(), "notice": "2020-01", "purpose": "delegate-selection"}
    first = {**line, "basis": "Chủ tịch Ủy ban nhân dân tỉnh", "person": person()}
    listed = (await client.post(path, first)).json()
    again = {**line, "basis": "Ủy viên Ban Thường vụ Tỉnh ủy", "person_id": listed["person"]["id"]}
    refused = await client.post(path, again, 409)
    assert refused.json()["code"] == "person_invited_once"


async def test_a_person_whom_two_units_name_is_told_to_the_level_above_only(
    client: Client, congress: Json
) -> None:
    units = congress["units"]
    await adopt_allocation(client, await compute_allocation(client, congress), "123")
    first = await submit_nominee(client, congress, units["so-noi-vu"])
    who = first.json()["person"]["id"]
    second = await submit_nominee(client, congress, units["so-tu-phap"], person_id=who)
    for unit in (units["so-noi-vu"], units["so-tu-phap"]):
        own = await client.get(f"/v1/conferences/{congress['id']}/composition?unit={unit}")
        assert "person_named_twice" not in codes(own.json()["findings"])
    assert "person_named_twice" not in codes(second.json()["list"]["findings"])
    whole = (await client.get(f"/v1/conferences/{congress['id']}/composition")).json()
    (twice,) = [finding for finding in whole["findings"] if finding["code"] == "person_named_twice"]
    assert twice["params"]["person"] == who
    assert set(twice["params"]["units"]) == {units["so-noi-vu"], units["so-tu-phap"]}
    assert whole["listed"] == 1  # one delegate, whoever named him
    await act_on_nomination(client, first, "acceptance")
    refused = await act_on_nomination(client, second, "acceptance", 409)
    assert refused.json()["code"] == "person_accepted_once"


async def test_people_who_were_perhaps_entered_twice_are_pointed_out(client: Client, congress: Json) -> None:
    units = congress["units"]
    same = {"name": "Người thử nghiệm Trùng Tên", "birth_year": 1975}
    for unit in ("so-noi-vu", "so-tu-phap"):
        given = {"unit": units[unit], "group": "dien-hinh", "seats": 1, "document": document("1")}
        await receive_quota(client, congress, given)
    a = await submit_nominee(client, congress, units["so-noi-vu"], person=same)
    other = {"name": "Ông Người thử nghiệm Trùng Tên"}
    b = await submit_nominee(client, congress, units["so-tu-phap"], person=other)
    accepted = (await act_on_nomination(client, b, "acceptance")).json()
    whole = (await client.get(f"/v1/conferences/{congress['id']}/composition")).json()
    (alike,) = [finding for finding in whole["findings"] if finding["code"] == "perhaps_the_same_person"]
    assert set(alike["params"]["persons"]) == {a.json()["person"]["id"], b.json()["person"]["id"]}
    [doubtful] = [each for each in accepted["findings"] if each["code"] == "perhaps_the_same_person"]
    assert doubtful["params"] == alike["params"]


async def test_what_is_sensitive_goes_in_and_never_comes_out(client: Client, congress: Json) -> None:
    secret = person(ethnicity="05", religion="phat-giao", party_member=True, gender="female")
    draft = await draft_nomination(client, congress, congress["units"]["so-noi-vu"], person=secret)
    path = f"/v1/conferences/{congress['id']}/nominations"
    for answer in (draft, await client.get(path), await client.get(f"/v1/nominations/{draft.json()['id']}")):
        assert "phat-giao" not in answer.text
        assert set(answer.json().get("person", {"id": 0, "name": 0, "birth_year": 0})) == {
            "id",
            "name",
            "birth_year",
        }
    stated = (await client.get(f"/v1/nominations/{draft.json()['id']}")).json()["stated"]
    assert stated == {
        "born_on": None,
        "attributes": {"gender": "female"},
        "sealed": ["ethnicity", "party_member", "religion"],
    }
    events = await client.get(f"/v1/audit_events?chain={congress['plan']['id']}&limit=200")
    assert "phat-giao" not in events.text


async def test_the_audit_trail_does_not_tell_what_somebody_stated_nor_that_they_did(
    client: Client, congress: Json
) -> None:
    secret = person(ethnicity="05", religion="phat-giao", party_member=True, gender="female")
    draft = await draft_nomination(client, congress, congress["units"]["so-noi-vu"], person=secret)
    less = {"name": secret["name"], "religion": None}
    await _changed(client, draft, person=less)
    events = await client.list_all("/v1/audit_events?chain=house")
    told = [event for event in events if event["subject"] == draft.json()["person"]["id"]]
    assert [(event["act"], event["changes"]) for event in told] == [
        ("person_entered", {}),
        ("person_corrected", {}),
    ]


async def test_whoever_has_sealed_attributes_opened_leaves_a_trace(client: Client, congress: Json) -> None:
    draft = await draft_nomination(
        client, congress, congress["units"]["so-noi-vu"], person=person(ethnicity="05")
    )
    chain = f"/v1/audit_events?chain={congress['plan']['id']}"

    async def counted() -> list[Json]:
        opened = [each for each in await client.list_all(chain) if each["act"].startswith("sealed_")]
        return [{"act": each["act"], **each["changes"]} for each in opened]

    assert await counted() == [], "no target of the unit counts what is sealed before seats are split"
    await client.get(f"/v1/conferences/{congress['id']}/composition")
    (event,) = await counted()
    assert event == {"act": "sealed_counted", "attributes": event["attributes"], "persons": 1, "unit": None}
    assert "ethnicity" in event["attributes"]
    await client.get(f"/v1/nominations/{draft.json()['id']}")
    assert [each["act"] for each in await counted()] == ["sealed_counted", "sealed_named"]
    await client.get(f"/v1/conferences/{congress['id']}/nominations")
    assert len(await counted()) == 2, "a list opens nothing"


async def test_what_a_change_leaves_out_stays_and_null_erases(client: Client, congress: Json) -> None:
    first = person(born_on="1980-05-06", ethnicity="05", religion="phat-giao", gender="female", sector="x")
    draft = await draft_nomination(client, congress, congress["units"]["so-noi-vu"], person=first)
    path = f"/v1/nominations/{draft.json()['id']}"
    changed = await _changed(client, draft, person={"name": "Người thử nghiệm Khác"})
    assert changed.json()["person"]["name"] == "Người thử nghiệm Khác"
    assert (await client.get(path)).json()["stated"] == {
        "born_on": "1980-05-06",
        "attributes": {"gender": "female", "sector": "x"},
        "sealed": ["ethnicity", "religion"],
    }
    less = {"name": "Người thử nghiệm Khác", "born_on": None, "religion": None, "sector": None}
    changed = await _changed(client, changed, person=less)
    answer = (await client.get(path)).json()
    assert answer["person"]["birth_year"] == 1980
    assert answer["stated"] == {
        "born_on": None,
        "attributes": {"gender": "female"},
        "sealed": ["ethnicity"],
    }
    await _changed(client, changed, person={"name": "Người thử nghiệm Khác", "birth_year": None})
    assert (await client.get(path)).json()["person"]["birth_year"] is None


async def test_nobody_rewrites_a_person_whom_somebody_else_entered(client: Client, congress: Json) -> None:
    """A person is changed where they were entered, whoever else has named them since. Once others have seen
    them, they are corrected, and not made somebody else."""
    units, stated = congress["units"], person()
    paper = "Công văn số 1 (ví dụ)"  # the organiser sees no draft that did not come on paper
    first = await draft_nomination(client, congress, units["so-noi-vu"], person=stated, source_document=paper)
    who = first.json()["person"]["id"]
    second = await draft_nomination(client, congress, units["so-tu-phap"], person_id=who)
    other = {"name": "Người thử nghiệm Khác", "birth_year": 1981}
    refused = await _changed(client, second, 409, person=other)
    assert (refused.json()["code"], refused.json()["errors"][0]["pointer"]) == ("person_shared", "/person")
    await _changed(client, second, person_id=who, rank=1)
    refused = await _changed(client, first, 422, person=other, source_document=paper)
    assert codes(refused.json()["errors"]) == ["nominee_is_somebody_else"]
    kept = await client.get(f"/v1/nominations/{first.json()['id']}")
    assert kept.json()["person"]["name"] == stated["name"]
    for name, year in (("Người thử nghiệm Khác", 1980), (f"Ông {stated['name']}", 1981)):
        first = await _changed(
            client, first, person={"name": name, "birth_year": year}, source_document=paper
        )
        assert (first.json()["person"]["name"], first.json()["person"]["birth_year"]) == (name, year)
    for two_steps in (other, {"name": "Lê Thử", "birth_year": None}):  # neither is as they were first seen
        refused = await _changed(client, first, 422, person=two_steps, source_document=paper)
        assert codes(refused.json()["errors"]) == ["nominee_is_somebody_else"]


async def _changed(client: Client, draft: httpx.Response, status: int = 200, **more: Any) -> httpx.Response:
    """A draft said anew."""
    body = {"group": "dien-hinh", "notice": "2020-01", "purpose": "delegate-selection", **more}
    return await client.put(f"/v1/nominations/{draft.json()['id']}", body, draft.headers["ETag"], status)


@pytest.mark.parametrize(
    "act",
    ["nominations", "submission", "withdrawal", "representative", "invitations", "reply", "quotas"],
)
async def test_nothing_goes_on_in_a_conference_that_was_cancelled(
    client: Client, congress: Json, act: str
) -> None:
    path, unit = f"/v1/conferences/{congress['id']}", congress["units"]["so-noi-vu"]
    draft = await draft_nomination(client, congress, unit, collective="Tổ thử nghiệm")
    guest = {"group": "khach-moi", "basis": "x", "notice": "1", "purpose": "p", "person": person()}
    line = await client.post(f"{path}/invitations", guest)
    etag = (await client.get(path)).headers["ETag"]
    await client.act(f"{path}/cancellation", etag, {"reason": "Thử nghiệm"})
    one, listed = f"/v1/nominations/{draft.json()['id']}", f"/v1/invitations/{line.json()['id']}"
    quota = {"unit": unit, "group": "dien-hinh", "seats": 1, "document": document("1")}
    target, body, tag = {
        "nominations": (f"{path}/nominations", nominee(unit), ""),
        "submission": (f"{one}/submission", {}, draft.headers["ETag"]),
        "withdrawal": (f"{one}/withdrawal", {"reason": "x"}, draft.headers["ETag"]),
        "representative": (
            f"{one}/representative",
            {"person": person(), "reason": "x"},
            draft.headers["ETag"],
        ),
        "invitations": (f"{path}/invitations", {**guest, "person": person()}, ""),
        "reply": (f"{listed}/reply", {"reply": "invited", "on": "2020-07-01"}, line.headers["ETag"]),
        "quotas": (f"{path}/quotas", quota, ""),
    }[act]
    headers = {"If-Match": tag} if tag else {}
    refused = await client.post(target, body, 409, headers=headers)
    assert refused.json()["code"] == "conference_cancelled"


async def test_nobody_is_accepted_after_the_conference_was_cancelled_however_near(
    client: Client, congress: Json
) -> None:
    """The audit trail has the order in which things were done."""
    await adopt_allocation(client, await compute_allocation(client, congress), "123")
    offices = ("so-noi-vu", "so-tu-phap", "so-cong-thuong", "so-tai-chinh")
    places = [await submit_nominee(client, congress, congress["units"][code]) for code in offices]
    path = f"/v1/conferences/{congress['id']}"
    etag = (await client.get(path)).headers["ETag"]

    async def sent(path: str, etag: str, body: Json) -> int:
        headers = {"If-Match": etag, "Idempotency-Key": f"near-{path}"}
        return (await client.http.post(path, json=body, headers=headers)).status_code

    acceptances = [(f"/v1/nominations/{row.json()['id']}/acceptance", row.headers["ETag"]) for row in places]
    statuses = await asyncio.gather(
        *(sent(*each, {}) for each in acceptances[:2]),
        sent(f"{path}/cancellation", etag, {"reason": "Thử nghiệm"}),
        *(sent(*each, {}) for each in acceptances[2:]),
    )
    assert set(statuses) <= {201, 409}
    last = await client.get(f"/v1/nominations/{places[-1].json()['id']}")
    path = f"/v1/nominations/{last.json()['id']}/return"
    refused = await client.act(path, last.headers["ETag"], {"reason": "x"}, 409)
    assert refused.json()["code"] == "conference_cancelled"
    acts = [each["act"] for each in await client.list_all(f"/v1/audit_events?chain={congress['plan']['id']}")]
    assert acts.count("nomination_accepted") + 1 == statuses.count(201)
    assert "nomination_accepted" not in acts[acts.index("conference_cancelled") :]


async def test_an_act_on_one_nomination_reads_little_however_large_the_conference_is(
    client: Client, congress: Json, database: Database
) -> None:
    """Neither the other units' quotas nor their targets; the plan once."""
    await adopt_allocation(client, await compute_allocation(client, congress), "123")
    draft = await draft_nomination(client, congress, congress["units"]["so-noi-vu"])
    read: list[tuple[str, int]] = []

    @event.listens_for(database.engine.sync_engine, "after_cursor_execute")
    def note(_: Any, cursor: Any, statement: str, *more: Any) -> None:
        read.append((statement, cursor.rowcount))

    await act_on_nomination(client, draft, "submission")
    event.remove(database.engine.sync_engine, "after_cursor_execute", note)
    assert len(read) == 12
    assert sum("plan_version.body" in statement for statement, _ in read) == 1
    targets = {row["target"] for row in draft.json()["list"]["targets"]}
    assert max(rows for statement, rows in read if statement.startswith("SELECT")) <= max(2, len(targets))


async def test_a_child_is_named_with_who_answers_for_it(client: Client, congress: Json) -> None:
    unit, year = congress["units"]["so-noi-vu"], today().year
    path = f"/v1/conferences/{congress['id']}/nominations"
    for born in ({"born_on": f"{year - 10}-05-06"}, {"birth_year": year - 16}):
        child = {"name": "Người thử nghiệm Nhỏ Tuổi", **born}
        refused = (await client.post(path, nominee(unit, person=child), 422)).json()
        assert [(e["code"], e["pointer"]) for e in refused["errors"]] == [
            ("guardian_missing", "/person/guardian")
        ]
    guardian = {"name": "Người thử nghiệm Giám Hộ", "consent": "Đơn đồng ý số 1 (ví dụ)"}
    draft = await draft_nomination(client, congress, unit, person={**child, "guardian": guardian})
    assert "Giám Hộ" not in draft.text
    one = f"/v1/nominations/{draft.json()['id']}"
    assert (await client.get(one)).json()["stated"]["sealed"] == ["guardian", "guardian_consent"]
    asked = {"purpose": "delegate-selection", "attributes": ["guardian", "guardian_consent"]}
    told = (await client.post(f"{one}/disclosure", asked, 200)).json()
    assert told["attributes"] == {"guardian": guardian["name"], "guardian_consent": guardian["consent"]}
    gone = await _changed(client, draft, 422, person={**child, "guardian": None})
    assert gone.json()["code"] == "guardian_missing"
    await _changed(client, draft, person={"name": child["name"], "gender": "female"})  # the guardian stays
    grown = {"name": "Người thử nghiệm Lớn Tuổi", "birth_year": year - 17}
    await draft_nomination(client, congress, unit, person=grown)
