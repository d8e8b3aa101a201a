"""A name, and what is sealed of a person, come out of answers alone: never of logs, problems or addresses."""

import io
import json
import logging
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import quote, unquote

import httpx
import pytest
import structlog
from fastapi import FastAPI

from api.app import create_app
from api.http.request_log import configure_logging
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Role
from domain.names import fold_text
from service.vaults import Vault
from tests.access.matrix import Operation, operations, sample
from tests.access.test_traces import refusals
from tests.access.world import ABOVE, OWN, identify
from tests.conftest import SETTINGS, connect_client
from tests.db import ground
from tests.documents import read_operations
from tests.journeys.scenes import Scene, copy_scene

NAME = "Người Thử Nghiệm Zqxvkw"
SEALED = "tin-nguong-thu-nghiem-qjzx"
MARKED = {"name": NAME, "birth_year": 1980, "ethnicity": "05", "religion": SEALED, "party_member": True}
AUDITOR = {"Authorization": f"Bearer {Role.AUDITOR}"}
COUNCIL = {"Authorization": f"Bearer {Role.STANDING_COUNCIL}@tinh"}
OFFICER = {"Authorization": f"Bearer {Role.UNIT_OFFICER}"}
HEADERS = {"User-Agent": quote(NAME), "Referer": f"https://x.example/?q={quote(NAME)}", "X-Odd": SEALED}
"""What clients send along."""

Json = dict[str, Any]


def forms(mark: str) -> list[str]:
    """The ways in which a text may be written down."""
    plain = [mark, fold_text(mark), unicodedata.normalize("NFD", mark), mark.lower(), mark.upper()]
    escaped = [
        json.dumps(mark)[1:-1],
        quote(mark),
        repr(mark.encode())[2:-1],
        mark.rpartition(" ")[2].lower(),
    ]
    return [each.casefold() for each in (*plain, *escaped)]


def clean(text: str) -> bool:
    """Whether neither mark stands in the text, however it is written."""
    shown = [text.casefold(), unquote(text).casefold()]
    return not any(form in each for mark in (NAME, SEALED) for form in forms(mark) for each in shown)


def test_the_marks_would_be_found() -> None:
    for mark in (NAME, SEALED):
        for form in (mark, json.dumps(mark), quote(mark), mark.upper(), str(mark.encode())):
            assert not clean(f"x{form}x")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, by whomever, down to debugging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging(stream)
    root.setLevel(logging.INFO)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture(scope="module")
def app(database: Database, scene: Scene) -> FastAPI:
    return create_app(SETTINGS, database, Vault(bytes(range(32))), identify(scene.facts["units"]))


class Told:
    """A caller who keeps all that was told: log, problems, and every address."""

    def __init__(self, http: httpx.AsyncClient, log: io.StringIO):
        self.http, self.log = http, log
        self.problems: list[str] = []
        self.addresses: list[str] = []
        self.statuses: list[int] = []
        self._n = 0

    async def send(self, method: str, path: str, who: Json = OFFICER, **options: Any) -> httpx.Response:
        self._n += 1
        own = {"Idempotency-Key": f"told-{id(self)}-{self._n}", **HEADERS, **who}
        headers = {**own, **options.pop("headers", {})}
        answer = await self.http.request(method, path, headers=headers, **options)
        self.statuses.append(answer.status_code)
        if answer.status_code >= 400:
            self.problems.append(answer.text)
        told = ("Location", "Link", "Content-Disposition")
        self.addresses += [answer.headers.get(each, "") for each in told]
        return answer

    def check(self) -> None:
        assert all(map(clean, self.problems)), next(each for each in self.problems if not clean(each))
        assert all(map(clean, self.addresses))
        leaking = [line for line in self.log.getvalue().splitlines() if not clean(line)]
        assert leaking == []


@pytest.fixture
async def told(app: FastAPI, log: io.StringIO) -> AsyncIterator[Told]:
    async with connect_client(app) as client:
        told = Told(client.http, log)
        yield told
        told.check()


@pytest.fixture
def world(scene: Scene) -> Json:
    return scene.facts


def nominee(world: Json, **changed: Any) -> Json:
    return {
        "unit": world["units"]["huyen"],
        "group": "dien-hinh",
        "person": MARKED,
        "achievements": f"{NAME} {SEALED}",
        "honours": [{"name": f"Danh hiệu {NAME}", "year": 2018}],
        "collective": f"Tổ của {NAME}",
        "notice": "1",
        "purpose": "p",
        **changed,
    }


async def nominated(told: Told, world: Json) -> httpx.Response:
    path = f"/v1/conferences/{world['ids'][ABOVE]['conference_id']}/nominations"
    return await told.send("POST", path, json=nominee(world))


async def test_the_whole_way_of_a_nomination_tells_nobody_but_who_reads_it(told: Told, world: Json) -> None:
    conference = f"/v1/conferences/{world['ids'][ABOVE]['conference_id']}"
    made = await nominated(told, world)
    here = made.headers["Location"]
    assert NAME in made.text
    changed = {key: value for key, value in nominee(world, rank=1).items() if key != "unit"}
    answer = await told.send("PUT", here, json=changed, headers={"If-Match": made.headers["ETag"]})
    for act, who, body in (
        ("submission", OFFICER, {}),
        ("return", COUNCIL, {"reason": NAME}),
        ("representative", OFFICER, {"person": MARKED, "reason": f"{NAME} ốm"}),
        ("submission", OFFICER, {}),
        ("withdrawal", OFFICER, {"reason": f"{NAME} {SEALED}"}),
    ):
        etag = {"If-Match": answer.headers["ETag"]}
        answer = await told.send("POST", f"{here}/{act}", who, json=body, headers=etag)
    for path in (here, f"{conference}/nominations?limit=1", f"{conference}/composition", "/v1/me"):
        await told.send("GET", path)
        await told.send("GET", path, COUNCIL)
    guest = {"group": "khach-moi", "basis": NAME, "notice": "1", "purpose": "p", "person": MARKED}
    listed = await told.send("POST", f"{conference}/invitations", COUNCIL, json=guest)
    replied = {"reply": "declined", "reason": NAME}
    await told.send("POST", f"{listed.headers['Location']}/reply", COUNCIL, json=replied)
    assert {200, 201} <= set(told.statuses)
    assert told.statuses.count(201) >= 7, told.problems


def everywhere(value: Any, mark: str) -> Any:
    """The sample of a body with the mark in place of each text, and in a field that nobody asked for.

    A field's own name is said back where it is not known: pointers consist of them.
    """
    if isinstance(value, dict):
        return {key: everywhere(item, mark) for key, item in value.items()} | {"odd": mark}
    if isinstance(value, list):
        return [everywhere(item, mark) for item in value]
    return mark if isinstance(value, str) else value


def in_texts(value: Any, mark: str) -> Any:
    """The same in texts of several words alone, so that the form is right."""
    if isinstance(value, dict):
        return {key: in_texts(item, mark) for key, item in value.items()}
    if isinstance(value, list):
        return [in_texts(item, mark) for item in value]
    return mark if isinstance(value, str) and " " in value else value


def writing(app: FastAPI) -> list[Operation]:
    """Every operation that writes, and those that are open."""
    spec = app.openapi()
    found = [
        Operation(told["operationId"], method.upper(), path, told, sample(told, spec))
        for path, methods in read_operations(spec).items()
        for method, told in methods.items()
        if method != "get"
    ]
    assert len(found) > 35
    assert {each.id for each in operations(spec) if each.method != "GET"} <= {each.id for each in found}
    return found


@pytest.mark.slow
async def test_whatever_is_sent_wrong_is_never_said_back(told: Told, app: FastAPI, world: Json) -> None:
    """Every route that takes something, with the marks in everything that it takes."""
    values = {"n": "1", "chain": "house", **world["ids"][OWN]}
    json_type = {"Content-Type": "application/json", "If-Match": '"x"'}
    for operation in writing(app):
        path = operation.path.format(**{name: values.get(name, "x") for name in operation.parameters})
        contents: list[Any] = [
            json.dumps(everywhere(operation.sample or {}, NAME)),
            json.dumps(everywhere(operation.sample or {}, SEALED), ensure_ascii=False),
            json.dumps(in_texts(operation.sample or {}, NAME)),
            json.dumps([NAME, {"odd": NAME}]),
            f'{{"name": "{NAME}", "religion": "{SEALED}"',
            f'{{"name": "{NAME}", "religion": NaN, "name": "{SEALED}"}}',
            f"name: {NAME}\nreligion: !{SEALED} x",
        ]
        for content in contents:
            await told.send(operation.method, path, COUNCIL, content=content.encode(), headers=json_type)
        for kind in (b"text/csv", b"application/yaml", NAME.encode()):
            headers = {"Content-Type": kind, "If-Match": '"x"'}
            await told.send(operation.method, path, COUNCIL, content=contents[-1].encode(), headers=headers)
    assert {400, 412, 415, 422} <= set(told.statuses)
    assert 500 not in told.statuses


async def test_names_in_addresses_and_headers_go_nowhere(
    told: Told, app: FastAPI, world: Json, database: Database
) -> None:
    """Nor into the chain of refusals, where they would stay."""
    name, here = quote(NAME), world["ids"][OWN]["conference_id"]
    before = len(await refusals(database))
    for path in (f"/v1/nominations/{name}", f"/v1/units/{SEALED}", f"/v1/{name}", f"/{name}/../{SEALED}"):
        for who in (OFFICER, AUDITOR, {"Authorization": f"Bearer {SEALED}"}, {}):
            await told.send("GET", path, who)
            await told.send("PUT", path, who, json={})
    for query in (f"odd={SEALED}", f"unit={name}", f"group={name}", f"cursor={SEALED}", f"limit={name}"):
        await told.send("GET", f"/v1/conferences/{here}/nominations?{query}")
    for header in ("Idempotency-Key", "If-Match", "X-Request-ID", "traceparent", "Accept", "Prefer"):
        headers = {header: f"{NAME} {SEALED}".encode()}
        await told.send("POST", f"/v1/conferences/{here}/nominations", json=nominee(world), headers=headers)
    chain = await refusals(database)
    assert len(chain) > before
    assert clean(str([(each.actor, each.subject, each.changes, each.request_id) for each in chain]))
    assert {400, 401, 403, 404} <= set(told.statuses)


HEAD_OF_LETTER = ("organ", "superior", "series", "place", "capacity", "position")
"""Organs and offices, and the place where a document is issued."""
PRINTED = (
    "print_allocation_decision",
    "print_seats_letter",
    "print_signing_sheet",
    "print_delegate_list",
    "print_sealed_list",
    "print_minutes",
)


async def test_no_query_asks_for_a_name(app: FastAPI) -> None:
    """Addresses stand in the logs of whatever is in between, so nothing personal may belong there."""
    free = {"list_award_order stage", "list_units q", "receive_paper number"} | {
        f"{each} chain"
        for each in ("list_audit_events", "verify_audit_chain", "export_audit_chain", "list_events")
    }
    free |= {f"{each} {word}" for each in PRINTED for word in HEAD_OF_LETTER}
    document = app.openapi()
    words = {f"#/components/schemas/{name}": each for name, each in document["components"]["schemas"].items()}
    found = {
        f"{told['operationId']} {each['name']}"
        for methods in read_operations(document).values()
        for told in methods.values()
        for each in told.get("parameters", [])
        if each["in"] in ("query", "path") and not closed(each["schema"], words)
    }
    assert {each for each in found if not each.endswith((" cursor", " list_name"))} == free


def closed(schema: Json, words: Json) -> bool:
    """Whether only codes, ids, days and numbers fit; ``words`` are the schemas that it may refer to."""
    items = schema.get("items", schema)
    kinds = [words.get(each.get("$ref"), each) for each in items.get("anyOf", [items])]
    formed = {"format", "enum", "pattern", "const"}
    return all(formed & kind.keys() or kind["type"] in ("integer", "boolean", "null") for kind in kinds)


# --- failures


@asynccontextmanager
async def broken(postgres: EmbeddedServer, database: Database, statements: list[str]) -> AsyncIterator[None]:
    """The database with something that fails, as its owner made it; mended afterwards."""
    async with ground.open_connection(postgres, database.engine.url.database or "", None) as superuser:
        try:
            for statement in statements:
                await superuser.execute(statement)
            yield
        finally:
            await superuser.execute("DROP TRIGGER IF EXISTS person_breaks ON person")
            await superuser.execute("ALTER TABLE person DROP CONSTRAINT IF EXISTS person_breaks")


FAILS = """CREATE OR REPLACE FUNCTION person_breaks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'it fails' USING ERRCODE = '{}', DETAIL = 'Failing: ' || NEW.name; END $$"""
AT_COMMIT = """CREATE CONSTRAINT TRIGGER person_breaks AFTER INSERT ON person DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION person_breaks()"""
AT_ONCE = "CREATE TRIGGER person_breaks BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION person_breaks()"


@pytest.mark.parametrize(
    ("statements", "status"),
    [
        (["ALTER TABLE person ADD CONSTRAINT person_breaks CHECK (birth_year <> 1980) NOT VALID"], 409),
        ([FAILS.format("XX001"), AT_COMMIT], 500),
        ([FAILS.format("23514"), AT_COMMIT], 500),
        ([FAILS.format("22001"), AT_ONCE], 500),
        ([FAILS.format("40001"), AT_ONCE], 503),
        ([FAILS.format("57P01"), AT_ONCE], 503),
    ],
    ids=["constraint", "commit", "deferred", "data", "serialization", "shutdown"],
)
async def test_a_database_that_fails_tells_of_nobody(
    told: Told, world: Json, database: Database, postgres: EmbeddedServer, statements: list[str], status: int
) -> None:
    async with broken(postgres, database, statements):
        answer = await nominated(told, world)
    assert answer.status_code == status
    server = (postgres.place / "log").read_bytes().decode(errors="replace")
    assert clean(server), "PostgreSQL's own log"


async def test_a_program_that_fails_tells_of_nobody(
    told: Told, world: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever way its exception came by the name: message, cause, context, note, or a group."""

    async def fail(*_: object, **__: object) -> None:
        cause = KeyError(NAME)
        cause.add_note(SEALED)
        raise ExceptionGroup(NAME, [ValueError(SEALED), cause]) from cause

    monkeypatch.setattr("service.nominations.draft_nomination", fail)
    answer = await nominated(told, world)
    assert answer.status_code == 500
    lines = map(json.loads, told.log.getvalue().splitlines())
    (failed,) = [line for line in lines if line["event"] == "failed"]
    assert failed["error"] == "ExceptionGroup < KeyError"


def test_what_libraries_log_is_their_words_and_no_values(log: io.StringIO) -> None:
    library, ours = logging.getLogger("some.library"), structlog.get_logger("daibieu.test")
    error = ValueError(NAME)
    library.warning("could not store %s", NAME)
    library.error(f"Task exception was never retrieved\nfuture: {error!r}", exc_info=error)
    library.warning("with a stack", stack_info=True)
    ours.error("run_broke", exc_info=error)
    with suppress(ValueError):
        fail_aloud(error, ours.exception)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert clean(log.getvalue())
    assert [(line["event"], line.get("error")) for line in lines] == [
        ("could not store %s", None),
        ("Task exception was never retrieved", "ValueError"),
        ("with a stack", None),
        ("run_broke", "ValueError"),
        ("run_broke", "ValueError"),
    ]


def fail_aloud(error: Exception, log: Callable[[str], None]) -> None:
    try:
        raise error
    except ValueError:
        log("run_broke")
        raise


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\u2028", "\x1b[2J", "\x00", '"}', "\\n", "%0a", "\x85"])
async def test_no_sign_in_a_request_makes_a_line_of_its_own(
    app: FastAPI, log: io.StringIO, sign: str
) -> None:
    """One request, one line, and nothing that it says of itself in any; as any server may hand it on."""
    forged = f'x{sign}{{"event": "forged", "level": "error"}}'
    raw = forged.encode("utf-8", "replace")
    scope = {
        "type": "http",
        "method": f"GET{sign}",
        "scheme": "http",
        "path": f"/v1/units/{forged}",
        "raw_path": raw,
        "query_string": raw,
        "headers": [
            (name, raw)
            for name in (
                b"x-request-id",
                b"traceparent",
                b"user-agent",
                b"authorization",
                b"host",
                b"accept",
                b"cookie",
            )
        ],
        "client": (forged, 1),
        "server": ("test", 80),
        "http_version": "1.1",
    }
    sent: list[Any] = []

    async def receive() -> Json:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    for method in (f"GET{sign}", "GET", "POST"):
        await app({**scope, "method": method, "state": {}}, receive, send)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["request"] * 3
    assert "forged" not in log.getvalue()
    assert lines[0]["method"] == "other"
    for message in sent:
        assert b"forged" not in message.get("body", b"")
        assert all(b"forged" not in value for _, value in message.get("headers", []))
