"""Somebody who was erased is not found: in a dump, in logs, or by who guesses at the audit trail."""

import json
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from api.app import create_app
from db.audit import AuditEvent, compute_event_hash
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Actor
from service import audit
from service.vaults import Vault
from tests.access.test_disclosures import by
from tests.access.test_releases import act
from tests.access.test_twins import known
from tests.access.world import ABOVE, A
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json, nominee, person
from tests.service.test_sealing import dumped

OFFICER, COUNCIL, DISTRICT = (
    by("unit_officer@huyen"),
    by("standing_council@tinh"),
    by("standing_council@huyen"),
)
NAME = "Người Thử Nghiệm Ẩn Danh"
SAID = {
    "name": NAME,
    "born": "1977-07-09",
    "religion": "dao-an-danh",
    "achievements": "Thành tích ẩn danh",
    "merit": "77.0625",
    "honour": "Danh hiệu ẩn danh",
    "minutes": "Biên bản ẩn danh",
    "collective": "Tổ ẩn danh",
    "returned": "Trả lại vì ẩn danh",
    "withdrawn": "Rút vì ẩn danh",
    "basis": "Cơ sở ẩn danh",
    "removed": "Bỏ tên vì ẩn danh",
    "revoked": "Thông qua lại vì ẩn danh",
    "exemplar": "Danh hiệu điển hình ẩn danh",
}
"""Everything that is said about one person, word by word."""

BECAUSE = {"reason": "request", "source_document": "Đơn số 1 ngày 01/03/2026"}


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world for each test."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture
async def client(database: Database, scene: Scene) -> AsyncIterator[Client]:
    app = create_app(SETTINGS, database, Vault(bytes(range(32))), known(scene.facts["units"]))
    async with connect_client(app) as client:
        yield client


async def whole_life(client: Client, told: Json) -> tuple[str, httpx.Response]:
    """Somebody of whom everything is said that can be, and the request that entered them."""
    conference = told["ids"][ABOVE]["conference_id"]
    stated = {
        "name": NAME,
        "born_on": SAID["born"],
        "birth_year": 1977,
        "religion": SAID["religion"],
        "gender": "female",
    }
    body = nominee(
        told["units"]["huyen"],
        person=stated,
        collective=SAID["collective"],
        achievements=SAID["achievements"],
        merit=SAID["merit"],
        honours=[{"name": SAID["honour"], "year": 2020}],
    )
    path = f"/v1/conferences/{conference}/nominations"
    draft = await client.post(path, body, headers={**OFFICER, "Idempotency-Key": "whole-life"})
    here = f"/v1/nominations/{draft.json()['id']}"
    sent = await act(client, draft, f"{here}/submission", OFFICER)
    back = await act(client, sent, f"{here}/return", COUNCIL, reason=SAID["returned"])
    renamed = {**body, "person": {**stated, "name": f"Bà {NAME}"}}
    del renamed["unit"]
    headers = {**OFFICER, "If-Match": back.headers["ETag"]}
    back = await client.http.put(here, json=renamed, headers=headers)
    await act(client, back, f"{here}/withdrawal", OFFICER, reason=SAID["withdrawn"])
    who: str = draft.json()["person"]["id"]
    line = {"group": "khach-moi", "basis": SAID["basis"], "notice": "1", "purpose": "p", "person_id": who}
    row = await client.post(f"/v1/conferences/{conference}/invitations", line, headers=COUNCIL)
    reply = f"/v1/invitations/{row.json()['id']}/reply"
    await act(client, row, reply, COUNCIL, reply="removed", on="2020-07-01", reason=SAID["removed"])
    honour = {"name": SAID["exemplar"], "year": 2026, "notice": "1", "purpose": "p", "person_id": who}
    body = {"unit": told["units"]["huyen"], **honour}
    await client.post(f"/v1/conferences/{conference}/exemplars", body, headers=COUNCIL)
    again = await client.post(path, nominee(told["units"]["huyen"], person_id=who), headers=OFFICER)
    await pass_list(client, told["units"]["huyen"], again.json()["id"])
    here = f"/v1/nominations/{again.json()['id']}"
    sent = await act(client, again, f"{here}/submission", OFFICER)
    await act(client, sent, f"{here}/acceptance", COUNCIL)
    came = {"device": "cua-1", "arrivals": [{"at": "2026-03-07T07:01:00+07:00", "name": f"Bà {NAME}"}]}
    await client.post(f"/v1/conferences/{conference}/check_ins", came, 200, headers=COUNCIL)
    return who, draft


async def pass_list(client: Client, unit: str, nomination: str) -> None:
    """The letter with the list on which they stand."""
    sent = {**OFFICER, "Content-Type": "application/pdf"}
    minutes = b"%PDF-1.7 " + SAID["minutes"].encode()
    paper = await client.post(f"/v1/units/{unit}/papers?congress={A}&kind=letter", minutes, headers=sent)
    letter = {"unit": unit, "upper_congress": A, "upper_tier": "tinh", "on": "2026-01-01"}
    body = {**letter, "source_document": "CV 1", "minutes": paper.json()["id"], "names": [nomination]}
    wrong = await client.post("/v1/list_votes", body, headers=OFFICER)
    path = f"/v1/list_votes/{wrong.json()['id']}/revocation"
    await act(client, wrong, path, OFFICER, reason=SAID["revoked"])
    await client.post("/v1/list_votes", body, headers=OFFICER)


def forms(said: str) -> Iterator[str]:
    """The ways in which a word may stand in a dump or a log."""
    yield said
    yield json.dumps(said)[1:-1]
    yield said.encode().hex()
    yield sha256(said.encode()).hexdigest()


async def counts(database: Database) -> Any:
    query = text(
        "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM nomination),"
        " (SELECT count(*) FROM invitation),"
        " (SELECT json_agg(json_build_array(nominated, taken) ORDER BY id) FROM quota),"
        " (SELECT json_agg(state ORDER BY id) FROM nomination),"
        ' (SELECT json_agg(listed ORDER BY conference, "group") FROM seat_group)'
    )
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        return [*(await (await session.connection()).execute(query)).one()]


async def test_nothing_of_somebody_who_was_erased_is_found(
    client: Client,
    database: Database,
    postgres: EmbeddedServer,
    scene: Scene,
    capfd: pytest.CaptureFixture[str],
) -> None:
    who, _ = await whole_life(client, scene.facts)
    plain = await dumped(postgres, database)
    open_ones = {name for name, said in SAID.items() if any(form in plain for form in forms(said))}
    assert open_ones == SAID.keys() - {"religion", "withdrawn", "minutes", "revoked"}, (
        "the dump held the others"
    )
    before = await counts(database)
    erased = await client.post(f"/v1/people/{who}/erasure", BECAUSE, headers=COUNCIL)
    assert erased.json()["person"] == who
    assert erased.json()["answers"] >= 8, "every stored answer about them"
    kept = (
        await dumped(postgres, database) + (postgres.place / "log").read_text() + "".join(capfd.readouterr())
    )
    assert {name: form for name, said in SAID.items() for form in forms(said) if form in kept} == {}
    assert await counts(database) == before
    boxes = (
        "SELECT count(*), (SELECT count(*) FROM received_paper WHERE erased_at IS NOT NULL)"
        " + (SELECT count(*) FROM list_vote_reason) FROM paper_box"
    )
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        left, gone = (await (await session.connection()).execute(text(boxes))).one()
    assert (left, gone) == (5, 1), "the letter with their name, and no other paper"
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        emptied = "SELECT count(*) FROM idempotency WHERE key = 'whole-life' AND answer = ''"
        assert (await (await session.connection()).execute(text(emptied))).scalar_one() == 1, "and kept"
        for chain in await audit.list_chains(session):
            assert (await audit.verify_chain(session, chain)).broken_at is None
        boxes = (
            "SELECT num_nonnulls(shown_key, shown_year)"
            " + (SELECT count(*) FROM person_sealed WHERE person = :who) FROM person WHERE id = :who"
        )
        assert (await (await session.connection()).execute(text(boxes), {"who": who})).scalar_one() == 0


async def test_who_was_erased_is_nobody_any_more_and_guessing_at_the_audit_trail_tells_nothing(
    client: Client, database: Database, scene: Scene
) -> None:
    """Neither is any guess in an event, nor is an event's hash made over one that was left out of it."""
    who, draft = await whole_life(client, scene.facts)
    await client.post(f"/v1/people/{who}/erasure", BECAUSE, headers=COUNCIL)
    await is_nobody(client, scene.facts, who, draft)
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        events = [*await session.exec(select(AuditEvent))]
    about = [event for event in events if who in (event.subject, event.changes.get("person"))]
    assert {"person_entered", "nomination_withdrawn", "invitation_removed", "person_erased"} <= {
        event.act for event in about
    }
    guesses = [*SAID.values(), "1977", "female", "05"]
    for event in about:
        told = json.dumps(event.changes, ensure_ascii=False)
        for guess in guesses:
            assert guess not in told or guess == "05"
            assert sha256(guess.encode()).hexdigest() not in told
        for changes in tried(event.changes, guesses):
            assert compute_event_hash(event.model_copy(update={"changes": changes})) != event.hash


async def is_nobody(client: Client, told: Json, who: str, draft: httpx.Response) -> None:
    """Shown by a mark, and named by nobody again."""
    path = f"/v1/conferences/{draft.json()['conference']}/nominations"
    shown = (await client.get(path, headers=COUNCIL)).json()["items"]
    assert {row["person"]["name"] for row in shown if row["person"]["id"] == who} == {"(đã xóa)"}
    body = nominee(told["units"]["huyen"], person_id=who)
    refused = await client.post(path, body, 422, headers=OFFICER)
    assert refused.json()["errors"][0]["code"] == "person_not_found"
    again = await client.post(f"/v1/people/{who}/erasure", BECAUSE, 409, headers=COUNCIL)
    assert again.json()["code"] == "person_erased"


def tried(changes: Json, guesses: list[str]) -> Iterator[Json]:
    """What an event might have said where it has nothing, or something sealed."""
    names = ("name", "reason", "religion", "ethnicity", "born_on", "birth_year", "basis", "before", "after")
    for guess in guesses:
        yield from ({**changes, name: guess} for name in (*names, *changes))
        yield from ({**changes, name: int(guess)} for name in names if guess.isdecimal())


def asking(who: str) -> list[tuple[str, Json]]:
    """What may be asked about a person by who has authority over all that names them."""
    return [
        (f"/v1/people/{who}/erasure", BECAUSE),
        (f"/v1/people/{who}/export", {"purpose": "data-subject-request"}),
    ]


async def test_whom_a_council_did_not_send_it_erases_itself(client: Client, scene: Scene) -> None:
    """A draft for a council above has been seen by nobody else."""
    path = f"/v1/conferences/{scene.facts['ids'][ABOVE]['conference_id']}/nominations"
    draft = await client.post(path, nominee(scene.facts["units"]["huyen"], person=person()), headers=OFFICER)
    for call, status in zip(reversed(asking(draft.json()["person"]["id"])), (200, 201), strict=True):
        await client.post(*call, status, headers=DISTRICT)


async def test_nobody_is_erased_by_who_reaches_only_a_part(client: Client, scene: Scene) -> None:
    """The district's council sees its nominee, and not that another unit has a draft of the same person."""
    told = scene.facts
    ours = nominee(told["units"]["huyen"], person=person())
    path = f"/v1/conferences/{told['ids'][ABOVE]['conference_id']}"
    draft = await client.post(f"{path}/nominations", ours, headers=OFFICER)
    who = draft.json()["person"]["id"]
    await act(client, draft, f"/v1/nominations/{draft.json()['id']}/submission", OFFICER)
    alone = [await client.post(*call, 409, headers=DISTRICT) for call in asking(who)]
    line = {"group": "khach-moi", "basis": "x", "notice": "1", "purpose": "p", "person_id": who}
    await client.post(f"{path}/invitations", line, headers=COUNCIL)
    named = [await client.post(*call, 409, headers=DISTRICT) for call in asking(who)]
    assert {refused.json()["code"] for refused in (*alone, *named)} == {"person_needs_wider_reach"}
    without, with_line = ([{**each.json(), "instance": ""} for each in both] for both in (alone, named))
    assert without == with_line, "whether the council above invited them is not told"
    stranger = by("standing_council@huyen-ben")
    await client.post(f"/v1/people/{who}/erasure", BECAUSE, 404, headers=stranger)
    await client.post(f"/v1/people/{who}/erasure", BECAUSE, headers=COUNCIL)


async def test_nothing_is_given_out_for_a_purpose_that_nobody_was_told(
    client: Client, scene: Scene, database: Database
) -> None:
    who, _ = await whole_life(client, scene.facts)
    path = f"/v1/people/{who}/export"
    refused = (await client.post(path, {"purpose": "statistics"}, 409, headers=COUNCIL)).json()
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("purpose_not_told", "/purpose")
    told = ["data-subject-request", "delegate-selection", "p"]
    for purpose in told:
        await client.post(path, {"purpose": purpose}, 200, headers=COUNCIL)
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        query = text(
            "SELECT changes ->> 'purpose' FROM audit_event WHERE act = 'person_exported' ORDER BY at"
        )
        assert (await (await session.connection()).execute(query)).scalars().all() == told


async def test_all_that_is_held_is_given_out(client: Client, scene: Scene, database: Database) -> None:
    who, draft = await whole_life(client, scene.facts)
    asked = {"purpose": "delegate-selection", "attributes": ["religion"]}
    path = f"/v1/conferences/{draft.json()['conference']}/nominations"
    items = (await client.get(path, headers=OFFICER)).json()["items"]
    (accepted,) = [row for row in items if row["person"]["id"] == who and row["state"] == "accepted"]
    await client.post(f"/v1/nominations/{accepted['id']}/disclosure", asked, 200, headers=OFFICER)
    told = await client.post(
        f"/v1/people/{who}/export", {"purpose": "data-subject-request"}, 200, headers=COUNCIL
    )
    whole = json.dumps(told.json(), ensure_ascii=False)
    assert {name for name, said in SAID.items() if said not in whole} == {"minutes"}
    assert told.json()["person"]["shown_year"] == 1977
    assert [(row["device"], row["nomination"]) for row in told.json()["check_ins"]] == [
        ("cua-1", accepted["id"])
    ]
    passed = told.json()["list_votes"][-1]
    assert (passed["position"], passed["passed"]) == (1, True)
    assert (await client.get(f"/v1/papers/{passed['minutes']}", headers=OFFICER)).json()["erased_at"] is None
    acts = [each["act"] for each in told.json()["events"]]
    assert {"person_entered", "sealed_disclosed", "nomination_accepted", "person_exported"} <= set(acts)
    assert len(told.json()["nominations"]) == 2
    assert {"outcomes", "delegacies"} <= told.json().keys(), "what lists say of the person is held too"
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        query = text("SELECT changes FROM audit_event WHERE act = 'person_exported'")
        assert (await (await session.connection()).execute(query)).scalars().all() == [
            {"purpose": "data-subject-request"}
        ]
