"""Twin databases that differ in what is hidden: who may not read it gets the same answers, byte by byte."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text, true

from api.app import create_app
from api.http.refusals import RefusalBudget
from db import nominations, session
from db.embedded import EmbeddedServer
from db.session import Database, build_reach_settings
from domain.access import Access, Actor
from service.sealed_attributes import replace_sealed_attributes
from service.vaults import Vault
from tests.access.matrix import cases, operations, send_request
from tests.access.world import ABOVE, BELOW, OWN, identify
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json
from tests.works import make_work

Hide = Callable[[Database, Json, int], Awaitable[None]]
Pair = tuple[Client, Client]

VAULT = Vault(bytes(range(32)))
SEALED = (
    {"ethnicity": "01", "party_member": "no"},
    {"ethnicity": "05", "party_member": "yes", "religion": "phat-giao"},
)
OPEN = (
    {"gender": "male", "born": date(1950, 2, 1), "rank": 1, "name": "Người thử nghiệm A"},
    {"gender": "female", "born": date(2001, 3, 2), "rank": 2, "name": "Người thử nghiệm Lê Thị Bê"},
)
"""What the twins are told: each line another one."""

NARROW = "narrow"
"""A place after which a role's grant leaves out what is sealed (``standing_council@tinh@narrow``)."""


def known(units: dict[str, str]) -> Callable[[Request], Actor]:
    """Callers of the world, with or without the scope for what is sealed."""
    identify_by = identify(units)

    def who(request: Request) -> Actor:
        told = request.headers["authorization"]
        plain, _, way = told.rpartition("@") if told.endswith(f"@{NARROW}") else (told, "", "")
        scope = {**request.scope, "headers": [(b"authorization", plain.encode())]}
        actor: Actor = identify_by(Request(scope))
        scopes = frozenset(Access) - {Access.PERSONAL_READ}
        grants = tuple(replace(each, scopes=scopes) for each in actor.grants)
        return replace(actor, grants=grants) if way else actor

    return who


@asynccontextmanager
async def twins(postgres: EmbeddedServer, scene: Scene, hide: Hide) -> AsyncIterator[Pair]:
    """Two copies of the world in which ``hide`` laid different things."""
    async with copy_scene(postgres, scene) as one, copy_scene(postgres, scene) as other:
        for n, database in enumerate((one, other)):
            await hide(database, scene.facts, n)
        async with connect_client(_app(one, scene)) as first, connect_client(_app(other, scene)) as second:
            yield first, second


def _app(database: Database, scene: Scene) -> FastAPI:
    app = create_app(SETTINGS, database, VAULT, known(scene.facts["units"]))
    app.state.refusals = RefusalBudget(most=0, rate=0)
    return app


async def seal(database: Database, nomination: str, n: int) -> None:
    """What is sealed of a nominee or a guest, by the id of the line that names them."""
    query = "SELECT person FROM nomination WHERE id = :id UNION SELECT person FROM invitation WHERE id = :id"
    async with database.transaction(Actor.for_service()) as transaction:
        connection = await transaction.connection()
        person = (await connection.execute(text(query), {"id": nomination})).scalar_one()
        await replace_sealed_attributes(make_work(transaction, vault=VAULT), person, SEALED[n])


SAID = """
UPDATE person SET name = :name, sort_key = :name, born_on = :born, birth_year = extract(year FROM :born)
    FROM nomination WHERE nomination.id = :id AND person.id = nomination.person;
INSERT INTO person_attribute SELECT person, 'gender', :gender FROM nomination WHERE id = :id;
UPDATE nomination SET rank = :rank, honours = jsonb_build_array(
    jsonb_build_object('name', :name, 'year', 2020, 'kind', 'title', 'held_by', 'person')) WHERE id = :id
"""


async def draft_says(database: Database, nomination: str, n: int) -> None:
    """What is open, of somebody in a draft: whoever may not see the draft may not read it."""
    cast = SAID
    for name, kind in (("name", "text"), ("born", "date"), ("gender", "text")):
        cast = cast.replace(f":{name}", f"CAST(:{name} AS {kind})")
    async with database.transaction(Actor.for_service()) as transaction:
        connection = await transaction.connection()
        for statement in cast.split(";"):
            params = {"id": nomination, **OPEN[n]}
            named = {name: value for name, value in params.items() if f":{name}" in statement}
            await connection.execute(text(statement), named)


async def of_everybody(database: Database, told: Json, n: int) -> None:
    """What is sealed of a nominee below, of one sent above, of a guest; and all that two drafts say."""
    await what_is_sealed(database, told, n)
    for relation in (OWN, BELOW):
        await draft_says(database, told["ids"][relation]["draft_id"], n)


async def what_is_sealed(database: Database, told: Json, n: int) -> None:
    """What is sealed of all of them."""
    for relation in (OWN, BELOW, ABOVE):
        for line in ("nomination_id", "draft_id", "invitation_id"):
            if line in told["ids"][relation]:
                await seal(database, told["ids"][relation][line], n)


async def of_the_draft_below(database: Database, told: Json, n: int) -> None:
    """What a commune's draft says: the district to whose conference it may yet be sent does not know it."""
    await seal(database, told["ids"][BELOW]["draft_id"], n)
    await draft_says(database, told["ids"][BELOW]["draft_id"], n)


STRANGERS = (
    "auditor@huyen",
    "approver@tinh",
    "unit_officer@tinh",
    f"standing_council@tinh@{NARROW}",
    "standing_council@huyen-ben",
)
ABOVE_THE_DRAFT = ("standing_council@huyen", "unit_officer@huyen", "standing_council@tinh")


def keep_quick(callers: Collection[str], quick: str) -> list[Any]:
    """The callers, of whom all but one have their test in ``make slow``."""
    return [pytest.param(each, marks=() if each == quick else pytest.mark.slow) for each in callers]


@pytest.fixture(scope="module")
async def everybody(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Pair]:
    async with twins(postgres, scene, of_everybody) as pair:
        yield pair


@pytest.fixture(scope="module")
async def below(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Pair]:
    async with twins(postgres, scene, of_the_draft_below) as pair:
        yield pair


@contextmanager
def still() -> Iterator[None]:
    """Cursors without chance in them, so that they can be compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.http.cursors.os.urandom", bytes)
        yield


PERSONAL = ("check_composition", "list_nominations", "read_nomination")
"""The operations that tell of nominees."""

ABOUT_CONFERENCES = (
    *PERSONAL,
    "list_conferences",
    "list_audit_events",
    "list_invitations",
    "list_quotas",
    "read_composition_release",
    "read_conference",
    "read_quota",
)
"""Those that tell of anything around a list."""


async def differences(pair: Pair, told: Json, caller: str, only: Collection[str] = ()) -> list[str]:
    """Every operation of the document that reads, or ``only`` some, on every thing near: those that the twins
    answer differently."""
    app: Any = pair[0].http._transport
    found = []
    with still():
        for operation in operations(app.app.openapi()):
            if operation.method != "GET" or (only and operation.id not in only):
                continue
            for row, relation, parameters, query in asked_for(operation, told):
                both = (send_request(each.http, operation, parameters, None, caller, query) for each in pair)
                answers = await asyncio.gather(*both)
                if told_of(operation, answers[0]) != told_of(operation, answers[1]):
                    found.append(f"{row} {relation} {query}")
    return found


def asked_for(operation: Any, told: Json) -> Iterator[tuple[str, str, dict[str, str], dict[str, str]]]:
    """The ways to ask: of each thing near, unit by unit for a list's composition, page by page for lists."""
    if not operation.parameters:
        yield operation.id, "", {}, {}
        yield from ((operation.id, "", {}, {"chain": plan}) for plan in chains(operation, told))
    for row, relation, parameters, _ in cases(operation, told):
        if relation not in (OWN, BELOW, ABOVE):
            continue
        yield row, relation, parameters, {}
        if operation.id == "check_composition":
            units = (told["units"][code] for code in ("huyen", "xa"))
            yield from ((row, relation, parameters, {"unit": unit}) for unit in units)
        if operation.id in ("list_nominations", "list_invitations"):
            yield row, relation, parameters, {"limit": "1"}


def chains(operation: Any, told: Json) -> list[str]:
    """The plans whose chain of events an operation may show."""
    return [told["general"]] if operation.id.endswith(("audit_events", "audit_chain")) else []


def seen(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """All that reaches the caller, but for the request's own id."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, re.sub(rb"urn:daibieu:request:[0-9a-f-]+", b"", answer.content), headers


def told_of(operation: Any, answer: httpx.Response) -> object:
    """All of an answer; of the audit trail, where reading leaves its own events, all but ids and times."""
    if operation.access is not Access.AUDIT_READ:
        return seen(answer)
    said = Told()
    said.add(answer)
    return said.answers


@pytest.mark.parametrize("caller", keep_quick(STRANGERS, "standing_council@huyen-ben"))
async def test_who_may_not_read_it_reads_the_same(everybody: Pair, scene: Scene, caller: str) -> None:
    assert await differences(everybody, scene.facts, caller) == []


@pytest.mark.parametrize("caller", keep_quick(ABOVE_THE_DRAFT, "unit_officer@huyen"))
async def test_a_draft_of_a_unit_below_changes_nothing_for_those_above(
    below: Pair, scene: Scene, caller: str
) -> None:
    assert await differences(below, scene.facts, caller, ABOUT_CONFERENCES) == []


async def test_who_may_read_it_reads_another_thing(everybody: Pair, scene: Scene) -> None:
    """So that the twins are known to differ: for the unit itself, and in what its council was sent. Above,
    where a list is adopted, a nominee without a seat counts no more."""
    expected = {
        "unit_officer@huyen": {"read_nomination"},
        "standing_council@tinh": {"read_nomination"},
        "standing_council@huyen": {"check_composition", "read_nomination"},
    }
    for caller, differing in expected.items():
        found = await differences(everybody, scene.facts, caller, PERSONAL)
        assert differing <= {each.split()[0] for each in found}, caller


async def test_a_rule_that_is_broken_is_noticed(
    everybody: Pair, below: Pair, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rule taken away with the database's wall behind it: what is sealed is read by whoever sees the
    name, drafts by the level above."""
    with monkeypatch.context() as broken:
        broken.setattr(nominations, "may_read_sealed_nominee", nominations.is_visible_nomination)
        broken.setattr(Actor, "personal_reader", property(lambda actor: actor))
        found = await differences(everybody, scene.facts, "auditor@huyen", PERSONAL)
        assert {each.split()[0] for each in found} == {"check_composition", "read_nomination"}
    with monkeypatch.context() as broken:
        broken.setattr(nominations, "is_visible_nomination", lambda _: true())
        broken.setattr(session, "build_reach_settings", lambda _: build_reach_settings(Actor.for_service()))
        found = await differences(below, scene.facts, "unit_officer@huyen", PERSONAL)
        assert {each.split()[0] for each in found} >= {"list_nominations"}


async def test_acts_of_who_may_not_read_it_are_answered_the_same(
    postgres: EmbeddedServer, scene: Scene
) -> None:
    """Entered, changed, submitted and sent back by callers to whom nothing sealed is disclosed."""
    async with twins(postgres, scene, what_is_sealed) as pair:
        first, second = [await acts(client, scene.facts) for client in pair]
    assert first == second
    assert [int(each[1:4]) for each in first] == [200, 201, 201, 409, 403, 201, 201, 201]


NAMED_TOO = """
INSERT INTO invitation
    (id, conference, "group", person, basis, offices, honours, reply, notice, purpose, created_at, version)
SELECT gen_random_uuid(), conference, 'khach-moi', person, 'x', '[]', '[]', 'invited', '1', 'p', now(), 1
FROM nomination WHERE id = :id
"""


async def somebody_else_named_them(database: Database, told: Json, n: int) -> None:
    """In the second of the twins the council above has put the district's nominee on its own list."""
    if n:
        async with database.transaction(Actor.for_service()) as transaction:
            line = {"id": told["ids"][OWN]["nomination_id"]}
            await (await transaction.connection()).execute(text(NAMED_TOO), line)


async def test_a_unit_changes_its_nominee_the_same_whoever_else_named_them(
    postgres: EmbeddedServer, scene: Scene
) -> None:
    async with twins(postgres, scene, somebody_else_named_them) as pair:
        first, second = [await corrections(client, scene.facts) for client in pair]
    assert first == second
    assert [int(each[1:4]) for each in first] == [200, 422, 200, 201]


async def corrections(client: Client, told: Json) -> list[str]:
    """The answers to corrections of somebody who was sent back, and to their next submission."""
    officer, sent = "unit_officer@huyen", f"/v1/nominations/{told['ids'][OWN]['nomination_id']}"
    await _act(client, "POST", f"{sent}/return", "standing_council@tinh", {"reason": "x"}, read=sent)
    said = Told()
    body = {"group": "dien-hinh", "notice": "1", "purpose": "p"}
    for name, year in (("Người thử nghiệm D", 1980), ("Người thử nghiệm E", 1970)):
        stated = {"name": name, "birth_year": year}
        said.add(await _act(client, "PUT", sent, officer, {**body, "person": stated}, read=sent))
    said.add(await _act(client, "PUT", sent, officer, {**body, "rank": 2}, read=sent))
    said.add(await _act(client, "POST", f"{sent}/submission", officer, {}, read=sent))
    return said.answers


async def acts(client: Client, told: Json) -> list[str]:
    """The answers of a journey, with ids and times as they come up."""
    ids, units = told["ids"], told["units"]
    program, council = f"machine_client@huyen@{NARROW}", f"standing_council@tinh@{NARROW}"
    said = Told()
    draft, sent = (f"/v1/nominations/{ids[OWN][name]}" for name in ("draft_id", "nomination_id"))
    body = {"group": "dien-hinh", "notice": "1", "purpose": "p", "person": {"name": "Người thử nghiệm C"}}
    said.add(await _act(client, "PUT", draft, program, body, read=draft))
    said.add(await _act(client, "POST", f"{draft}/submission", program, {}, read=draft))
    named = f"/v1/conferences/{ids[ABOVE]['conference_id']}/nominations"
    said.add(await _act(client, "POST", named, program, {**body, "unit": units["huyen"]}))
    again = {**body, "unit": units["huyen"], "person": None, "person_id": ids[OWN]["person_id"]}
    said.add(await _act(client, "POST", named, program, again))
    said.add(
        await _act(
            client, "POST", f"{sent}/disclosure", council, {"purpose": "p", "attributes": ["religion"]}
        )
    )
    said.add(await _act(client, "POST", f"{sent}/acceptance", council, {}, read=sent))
    said.add(await _act(client, "POST", f"{sent}/return", council, {"reason": "x"}, read=sent))
    said.add(await _act(client, "POST", f"{draft}/acceptance", council, {}, read=draft))
    return said.answers


async def _act(
    client: Client, method: str, path: str, who: str, body: Json, read: str | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {who}", "Idempotency-Key": f"twin-{next(_keys)}"}
    if read is not None:
        headers["If-Match"] = (await client.get(read, headers=headers)).headers["ETag"]
    return await client.http.request(method, path, json=body, headers=headers)


@dataclass
class Told:
    """Answers in which each id, time and tag is called by when it first came up."""

    def __post_init__(self) -> None:
        self.answers: list[str] = []
        self._names: dict[str, str] = {}

    def add(self, answer: httpx.Response) -> None:
        status, content, headers = seen(answer)
        whole = json.dumps([status, content.decode(), {**headers, "content-length": ""}])
        self.answers.append(_NAMED.sub(self._name, whole))

    def _name(self, found: re.Match[str]) -> str:
        return self._names.setdefault(found[0], f"<{len(self._names)}>")


_keys = count()
_NAMED = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{64}"
    r"|(?<=\\\")[\w-]{24}(?=\\+\")"
)
