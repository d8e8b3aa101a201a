"""Bad input: a clear problem with a pointer, and nothing changed in the database."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from db.embedded import Embedded
from db.session import Database
from service import conferences, nominations
from service.allocations import preparing
from tests.client import CSV, EXAMPLES, YAML, Client
from tests.journeys.scenes import Scene, copied, staged
from tests.journeys.steps import Json, document, nominee, opened, person

XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
CONGRESS = "khanh-hoa-v"
NOBODY = "01980000-0000-7000-8000-000000000000"
MARK = "hoàn-toàn-không-được-nhắc-lại"
PLAN = (EXAMPLES / "plans" / "khanh_hoa_cong_thuong_2020.yaml").read_text()


async def prepare(client: Client) -> Json:
    """The small example with its sector's conference, and a nominee in draft."""
    plan = await client.plan("khanh_hoa_cong_thuong_2020")
    units = await client.units("khanh_hoa")
    conference = await opened(client, plan, CONGRESS, units["so-cong-thuong-khanh-hoa"], "sector")
    path = f"/v1/conferences/{conference['id']}"
    draft = await client.post(f"{path}/nominations", nominee(units["cong-ty-vi-du-g-khanh-hoa"]))
    return {
        "plan": plan,
        "units": units,
        "conference": conference,
        "path": path,
        "nomination": draft.json(),
        "etag": draft.headers["ETag"],
    }


@pytest.fixture(scope="module")
async def scene(postgres: Embedded) -> AsyncIterator[Scene]:
    """What every test here starts from."""
    async with staged(postgres, prepare) as scene:
        yield scene


@pytest.fixture(scope="module")
async def shared(postgres: Embedded, scene: Scene) -> AsyncIterator[Database]:
    """One copy of it for all tests that change nothing."""
    async with copied(postgres, scene) as database:
        yield database


@pytest.fixture
async def database(shared: Database) -> AsyncIterator[Database]:
    """The copy, which is the same after each test: every row of every table."""
    before = await contents(shared)
    yield shared
    assert await contents(shared) == before


@pytest.fixture
def told(scene: Scene) -> Json:
    """What the preparation knows: ids, paths and ETags."""
    return scene.told


async def contents(database: Database) -> dict[str, str]:
    """A digest of each table."""
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    async with database.engine.connect() as connection:
        tables = (await connection.execute(text(names))).scalars().all()
        parts = [
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" t"
            for name in tables
            if name != "alembic_version"
        ]
        rows = await connection.execute(text(" UNION ALL ".join(parts)))
        return {row[0]: row[1] for row in rows}


def problem(answer: httpx.Response, status: int, code: str, *pointers: str) -> Json:
    """The problem that was answered; it has the shape of RFC 9457 and repeats nothing that was sent."""
    assert answer.status_code == status, answer.text[:1000]
    assert answer.headers["content-type"] == "application/problem+json"
    body: Json = answer.json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["type"] == f"urn:daibieu:problem:{code}"
    assert body["title"]
    assert body["detail"] not in {"", code}
    assert all(error["detail"] not in {"", error["code"]} for error in body["errors"]), body["errors"]
    assert MARK not in answer.text
    if pointers:
        assert [error.get("pointer", error.get("parameter")) for error in body["errors"]] == [*pointers]
    return body


async def send(
    client: Client, path: str, content: Any, headers: dict[str, str] | None = None
) -> httpx.Response:
    """A POST under a fresh key: of bytes as they are, of anything else as JSON."""
    headers = {"Idempotency-Key": str(uuid4()), **(headers or {})}
    if isinstance(content, bytes | AsyncIterator):
        headers = {"Content-Type": "application/json", **headers}
        return await client.http.post(path, content=content, headers=headers)
    return await client.http.post(path, json=content, headers=headers)


def calculation(**changed: Any) -> Json:
    """A calculation that would be carried out, but for what is changed."""
    units = [{"id": "a", "weight": "1234"}, {"id": "b", "weight": 617}]
    return {"method": "sainte_lague", "seats": 10, "units": units, **changed}


async def calculate(client: Client, **changed: Any) -> httpx.Response:
    """The calculator's answer."""
    return await client.http.post("/v1/apportionments", json=calculation(**changed))


def units(*changed: Json) -> list[Json]:
    """Claims of units a, b, c …"""
    return [{"id": "abcdef"[n], "weight": 100, **each} for n, each in enumerate(changed)]


# Fields


async def test_a_field_that_nobody_knows(client: Client, told: Json) -> None:
    body = nominee(
        told["units"]["cong-ty-vi-du-a-khanh-hoa"], person={**person(), "colour": MARK}, shade=MARK
    )
    answer = await send(client, f"{told['path']}/nominations", body)
    problem(answer, 422, "invalid_body", "/person/colour", "/shade")
    problem(await calculate(client, speed=1), 422, "invalid_body", "/speed")


async def test_a_parameter_that_nobody_knows_or_that_is_given_twice(client: Client) -> None:
    problem(await client.http.get("/v1/plans?colour=red"), 400, "invalid_parameters", "colour")
    problem(await client.http.get("/v1/units?kind=a&kind=b"), 400, "invalid_parameters", "kind")
    problem(await client.http.get("/v1/units?limit=many"), 400, "invalid_parameters", "limit")
    problem(await client.http.get("/v1/units?cursor=made-up"), 400, "cursor_invalid")


async def test_values_of_the_wrong_kind(client: Client, told: Json) -> None:
    wrong: dict[str, Json] = {
        "/seats": {"seats": "10"},
        "/units": {"units": {"a": 1}},
        "/units/0/floor": {"units": units({"floor": True})},
        "/units/0/weight": {"units": units({"weight": [1]})},
        "/method": {"method": MARK},
        "/units/0/id": {"units": units({"id": 7})},
    }
    for pointer, changed in wrong.items():
        problem(await calculate(client, **changed), 422, "invalid_body", pointer)
    body = nominee(
        MARK,
        person=person(born_on=20200101, birth_year="1980", direct_worker="yes", gender="both"),
        rank=1.5,
    )
    found = problem(
        await send(client, f"{told['path']}/nominations", json.dumps(body).encode()), 422, "invalid_body"
    )
    assert found["errors"][0]["pointer"] == "/rank"  # a fraction is refused while JSON is read
    del body["rank"]
    problem(
        await send(client, f"{told['path']}/nominations", body),
        422,
        "invalid_body",
        "/person/born_on",
        "/person/birth_year",
        "/person/gender",
        "/person/direct_worker",
        "/unit",
    )


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1.5", "1e5", "1e999999999", "9" * 5000])
async def test_numbers_that_are_no_plain_integers(client: Client, literal: str) -> None:
    for where in ("seats", "units/0/weight"):
        content = json.dumps(calculation()).replace('"seats": 10', f'"seats": {literal}')
        if where != "seats":
            content = json.dumps(calculation()).replace('"1234"', literal)
        answer = await client.http.post(
            "/v1/apportionments", content=content, headers={"Content-Type": "application/json"}
        )
        problem(answer, 422, "invalid_body", f"/{where}")
        assert answer.elapsed.total_seconds() < 1


@pytest.mark.parametrize(
    "weight", ["1e999999999", "NaN", "-1", "0x10", "1_000", "١٢", " 1", "1.", "9" * 200, "1/3", ""]
)
async def test_weights_that_are_no_decimals(client: Client, weight: str) -> None:
    answer = await calculate(client, units=units({"weight": weight}))
    problem(answer, 422, "invalid_body", "/units/0/weight")


async def test_negative_and_absurd_numbers(client: Client, told: Json) -> None:
    problem(await calculate(client, seats=-1), 422, "invalid_body", "/seats")
    problem(await calculate(client, seats=10**12), 422, "invalid_body", "/seats")
    problem(await calculate(client, units=units({"floor": -1})), 422, "invalid_body", "/units/0/floor")
    figures = {"as_of": "2020-01-01", "source": "Thử", "figures": {"staff": -5}}
    path = f"/v1/units/{told['units']['cong-ty-vi-du-a-khanh-hoa']}/figures"
    problem(await send(client, path, figures), 422, "invalid_body", "/figures/staff")
    figures["figures"] = {"staff": 999_999_999}
    problem(await send(client, path, figures), 422, "figures_faulty", "/figures/staff")
    draft = nominee(told["units"]["cong-ty-vi-du-a-khanh-hoa"], rank=0)
    problem(await send(client, f"{told['path']}/nominations", draft), 422, "invalid_body", "/rank")


async def test_nesting_without_end(client: Client) -> None:
    deep = b'{"seats": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for path in ("/v1/apportionments", "/v1/plans"):
        answer = await send(client, path, deep)
        assert problem(answer, 422, answer.json()["code"])["code"] in {"json_too_deep", "plan_unreadable"}


async def test_a_key_that_is_given_twice(client: Client) -> None:
    content = b'{"method": "sainte_lague", "seats": 1, "seats": 2, "units": []}'
    answer = await send(client, "/v1/apportionments", content)
    assert "json_duplicate_key" in {e["code"] for e in problem(answer, 422, "invalid_body")["errors"]}


async def test_what_is_no_json(client: Client) -> None:
    problem(await send(client, "/v1/apportionments", b'{"seats": '), 400, "json_syntax")
    problem(await send(client, "/v1/apportionments", b"\xff\xfe{}"), 400, "not_utf8")
    problem(await send(client, "/v1/plans", b'{"title": "\xc3"}'), 422, "plan_unreadable")
    problem(await send(client, "/v1/apportionments", b""), 422, "invalid_body")
    answer = await send(client, "/v1/apportionments", b"{}", {"Content-Type": "text/plain"})
    problem(answer, 415, "unsupported_media_type")


async def test_text_that_cannot_be_stored_or_seen(client: Client, told: Json) -> None:
    for name in ("\u0000", "  ", "Người\u202eẩn", "dòng\nhai"):
        draft = nominee(told["units"]["cong-ty-vi-du-a-khanh-hoa"], person=person(name=name))
        problem(await send(client, f"{told['path']}/nominations", draft), 422, "invalid_body", "/person/name")
    content = b'{"method": "sainte_lague", "seats": 1, "units": [{"id": "\\ud800", "weight": 1}]}'
    problem(await send(client, "/v1/apportionments", content), 422, "invalid_body", "/units/0/id")


# What does not exist, or does not belong


async def test_ids_that_do_not_exist(client: Client, told: Json) -> None:
    for path in (
        "plans",
        "units",
        "conferences",
        "allocations",
        "nominations",
        "invitations",
        "quotas",
        "runs",
        "unit_imports",
    ):
        for name in (NOBODY, "1", "%00", MARK):
            answer = await client.http.get(f"/v1/{path}/{name}")
            problem(answer, 404, answer.json()["code"])
    path = f"{told['path']}/nominations"
    known = told["units"]["cong-ty-vi-du-a-khanh-hoa"]
    problem(await send(client, path, nominee(NOBODY)), 422, "unit_not_below_conference", "/unit")
    problem(await send(client, path, nominee(known, "nobodys")), 422, "group_unknown", "/group")
    problem(await send(client, path, nominee(known, person_id=NOBODY)), 422, "person_not_found", "/person_id")
    body = {"plan": NOBODY, "congress": CONGRESS, "unit": known, "tier": "grassroots"}
    answer = await send(client, "/v1/conferences", body)
    problem(answer, 422, "plan_not_found", "/plan")
    body["plan"] = told["plan"]["id"]
    answer = await send(client, "/v1/conferences", {**body, "unit": NOBODY})
    problem(answer, 422, "unit_not_found", "/unit")
    answer = await send(client, "/v1/conferences", {**body, "tier": "cosmic"})
    problem(answer, 422, "tier_unknown", "/tier")
    answer = await send(client, "/v1/conferences", {**body, "congress": "nobodys"})
    problem(answer, 422, "tier_not_of_congress", "/congress")
    answer = await send(client, "/v1/conferences", {**body, "name": "nobodys"})
    problem(answer, 422, "name_not_offered", "/name")
    answer = await send(client, f"{told['path']}/allocations", {"amends": NOBODY})
    problem(answer, 422, "amends_not_adopted", "/amends")
    given = {"unit": NOBODY, "group": "dien-hinh", "seats": 1, "document": document("1")}
    problem(await send(client, f"{told['path']}/quotas", given), 422, "unit_not_found", "/unit")


async def test_units_of_another_chain(client: Client, told: Json) -> None:
    body = {
        "plan": told["plan"]["id"],
        "congress": CONGRESS,
        "unit": told["units"]["bo-cong-thuong"],
        "tier": "sector",
    }
    problem(await send(client, "/v1/conferences", body), 409, "unit_not_in_congress", "/unit")
    draft = nominee(told["units"]["bo-cong-thuong"])
    path = f"{told['path']}/nominations"
    problem(await send(client, path, draft), 422, "unit_not_below_conference", "/unit")
    given = {
        "unit": told["units"]["bo-cong-thuong"],
        "group": "dien-hinh",
        "seats": 1,
        "document": document("1"),
    }
    answer = await send(client, f"{told['path']}/quotas", given)
    problem(answer, 409, "unit_not_in_congress", "/unit")


# Seats that cannot be


async def test_floors_over_the_seats_and_caps_under_them_are_told_with_a_repair(client: Client) -> None:
    for claims in (units({"floor": 6}, {"floor": 6}), units({"cap": 4}, {"cap": 4})):
        answer = await calculate(client, units=claims)
        assert (answer.status_code, answer.json()["status"]) == (200, "infeasible")
        assert answer.json()["repair"]


async def test_a_floor_over_the_cap(client: Client) -> None:
    answer = await calculate(client, units=units({"floor": 5, "cap": 4}, {}))
    problem(answer, 422, "claims_invalid", "/units/0/floor")


async def test_a_unit_that_is_named_twice(client: Client) -> None:
    answer = await calculate(client, units=units({"id": "x"}, {"id": "x"}))
    problem(answer, 422, "claims_invalid", "/units/1/id")


async def test_weights_of_zero_earn_no_seat(client: Client) -> None:
    answer = await calculate(client, seats=1, units=units({"weight": 0}, {"weight": 0}))
    assert (answer.status_code, answer.json()["status"]) == (200, "infeasible")
    assert answer.json()["repair"]
    answer = await calculate(client, seats=1, units=units({"weight": 0}, {"weight": "0.5"}))
    assert [each["seats"] for each in answer.json()["units"]] == [0, 1]


async def test_parameters_that_the_method_does_not_take(client: Client) -> None:
    problem(await calculate(client, c="1/2"), 422, "invalid_body", "/c")
    problem(await calculate(client, c="0.5"), 422, "apportionment_invalid", "/c")
    problem(await calculate(client, lots=["a", "b"]), 422, "lots_invalid", "/lots/0", "/lots/1")


# Units


def unit(**changed: Any) -> Json:
    """A unit that would be founded, but for what is changed."""
    return {
        "code": "so-thu-nghiem",
        "name": "Sở thử nghiệm",
        "kind": "department",
        "valid_from": "2020-01-01",
        "made_up": True,
        **changed,
    }


async def test_units_that_cannot_be_founded(client: Client) -> None:
    wrong: dict[str, Json] = {
        "/kind": {"kind": "galaxy"},
        "/valid_to": {"valid_to": "2019-01-01"},
        f"/parents/{CONGRESS}": {"parents": {CONGRESS: "so-thu-nghiem"}},
        "/parents/nobodys": {"parents": {"nobodys": "tinh-khanh-hoa"}},
        "/predecessors": {"predecessors": [{"code": "nobodys", "share": 1}]},
    }
    for pointer, changed in wrong.items():
        problem(await send(client, "/v1/units", unit(**changed)), 422, "units_faulty", pointer)
    problem(
        await send(client, "/v1/units", unit(valid_from="2020-02-30")), 422, "invalid_body", "/valid_from"
    )
    taken = unit(code="tinh-khanh-hoa")
    answer = await send(client, "/v1/units", taken)
    problem(answer, answer.status_code, answer.json()["code"], "/code")


async def checked(client: Client, content: bytes, headers: dict[str, str], kind: str = "units") -> Json:
    """What a file is found to hold; nothing is kept of the request here."""
    answer = await send(client, f"/v1/unit_imports?kind={kind}", content, headers)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


@pytest.mark.parametrize(
    ("content", "headers", "code"),
    [
        (b"this is no spreadsheet", XLSX, "file_not_xlsx"),
        (b"PK\x03\x04 nor is this", XLSX, "file_not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 of 1997", XLSX, "file_old_excel"),
        (b"PK\x03\x04 sent as text", CSV, "file_is_xlsx"),
    ],
)
async def test_a_file_that_is_not_what_it_says(
    client: Client, content: bytes, headers: dict[str, str], code: str
) -> None:
    answer = await send(client, "/v1/unit_imports?kind=units", content, headers)
    assert code in {error["code"] for error in problem(answer, 422, "file_unreadable")["errors"]}


async def test_an_archive_that_unpacks_without_end(client: Client) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            pack.writestr(name, b" " * 60_000_000)
    answer = await send(client, "/v1/unit_imports?kind=units", archive.getvalue(), XLSX)
    problem(answer, 422, "file_unreadable")


# Content


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_of_100_megabytes_is_not_read_to_its_end(client: Client, declared: bool) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 2**20

    headers = {"Content-Type": "application/json", "Idempotency-Key": "a-hundred"}
    if declared:
        headers["Content-Length"] = str(100 * 2**20)
    for path in ("/v1/apportionments", "/v1/plans", "/v1/units"):
        answer = await client.http.post(path, content=chunks(), headers=headers)
        problem(answer, 413, "body_too_large")
    assert sent < 60


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("id: a\nid: b\n", "yaml_key_twice"),
        ("id: &x a\ntitle: *x\n", "yaml_alias"),
        ("a: &a [x]\nb: &b [*a, *a]\n", "yaml_alias"),
        ("id: !!python/object/apply:os.system [ls]\n", "yaml_tag"),
        ("base: {a: 1}\n<<: {b: 2}\n", "yaml_merge_key"),
        ("id: a\n---\nid: b\n", "yaml_documents"),
        ("id: [a\n", "yaml_syntax"),
        ("seats: 1e999999999\n", "yaml_number"),
    ],
)
async def test_yaml_with_surprises(client: Client, content: str, code: str) -> None:
    answer = await send(client, "/v1/plans", content.encode(), YAML)
    (error,) = problem(answer, 422, "plan_unreadable")["errors"]
    assert error["code"] == code
    assert error["params"]["line"] >= 1


async def test_yaml_that_is_no_utf8(client: Client) -> None:
    answer = await send(client, "/v1/plans", b"title: \xc3\x28\n", YAML)
    (error,) = problem(answer, 422, "plan_unreadable")["errors"]
    assert (error["code"], error["params"]) == ("plan_not_utf8", {"line": 1})


async def test_a_plan_with_faults_is_told_all_of_them_with_pointers(client: Client) -> None:
    for found, put, pointer in (
        ("format: 1\n", "format: 1\ncolour: red\n", "/colour"),
        ("seats: 65,", "seats: -65,", "/tiers/1/seat_groups/2/blocs/0/seats"),
        ("superiors: [sector]", "superiors: [cosmic]", "/tiers/0/superiors/0"),
        ("floor: 1}", "floor: 9, cap: 2}", "/tiers/1/seat_groups/2/blocs/0"),
    ):
        assert found in PLAN
        answer = await send(client, "/v1/plans", PLAN.replace(found, put).encode(), YAML)
        places = [e["pointer"] for e in problem(answer, 422, answer.json()["code"])["errors"]]
        assert any(place.startswith(pointer) for place in places), places


# Conditions


async def test_changes_name_what_was_read(client: Client, told: Json) -> None:
    path = f"/v1/nominations/{told['nomination']['id']}"
    body = {"group": "dien-hinh", "notice": "1", "purpose": "p", "person": person()}
    problem(await client.http.put(path, json=body), 428, "if_match_required")
    for stale in ('"bm90IHRoaXM="', f"W/{told['etag']}"):
        problem(await client.http.put(path, json=body, headers={"If-Match": stale}), 412, "stale")
    for malformed in ("*", "bare", '"open'):
        answer = await client.http.put(path, json=body, headers={"If-Match": malformed})
        problem(answer, 400, "if_match_malformed")
    problem(await send(client, f"{path}/submission", {}), 428, "if_match_required")
    problem(await send(client, f"{path}/submission", {}, {"If-Match": '"bm8="'}), 412, "stale")


async def test_what_creates_names_its_key(client: Client, told: Json) -> None:
    path = f"{told['path']}/nominations"
    draft = nominee(told["units"]["cong-ty-vi-du-a-khanh-hoa"])
    problem(await client.http.post(path, json=draft), 400, "idempotency_key_required")
    answer = await client.http.post(path, json=draft, headers={"Idempotency-Key": "two words"})
    problem(answer, 400, "idempotency_key_malformed")


async def test_methods_and_paths_that_are_not_there(client: Client, told: Json) -> None:
    answer = await client.http.delete(f"/v1/nominations/{told['nomination']['id']}")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, PUT"
    problem(await client.http.get("/v1/nothing"), 404, "not_found")
    problem(await client.http.get("/v1/plans/"), 404, "not_found")


def expiring(day: str) -> bytes:
    """The plan under another id, with a last day."""
    head = f"format: 1\nexpires: {day}\n"
    text = PLAN.replace("format: 1\n", head).replace("id: khanh-hoa-cong-thuong-2020", "id: co-han")
    return text.encode()


class TestAfterAChange:
    """Refusals that need a change before them; the database is compared from then on."""

    @pytest.fixture
    async def database(self, postgres: Embedded, scene: Scene) -> AsyncIterator[Database]:
        """A copy that the test compares by itself."""
        async with copied(postgres, scene) as database:
            yield database

    async def test_a_key_that_was_used_for_something_else(
        self, client: Client, told: Json, database: Database
    ) -> None:
        path = f"{told['path']}/nominations"
        key = {"Idempotency-Key": "the-same"}
        draft = nominee(told["units"]["cong-ty-vi-du-a-khanh-hoa"])
        first = await send(client, path, draft, key)
        before = await contents(database)
        again = await send(client, path, draft, key)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotency-Replayed"] == "true"
        problem(await send(client, path, {**draft, "rank": 2}, key), 422, "idempotency_key_reused")
        problem(await send(client, "/v1/units", unit(), key), 422, "idempotency_key_reused")
        assert await contents(database) == before

    async def test_a_state_that_somebody_else_has_changed(
        self, client: Client, told: Json, database: Database
    ) -> None:
        path = f"/v1/nominations/{told['nomination']['id']}"
        body = {"group": "dien-hinh", "notice": "1", "purpose": "p", "person": person()}
        await client.put(path, body, told["etag"])
        before = await contents(database)
        problem(await client.http.put(path, json=body, headers={"If-Match": told["etag"]}), 412, "stale")
        assert await contents(database) == before

    async def test_a_plan_that_has_expired_is_not_published(self, client: Client, database: Database) -> None:
        drafted = await client.post("/v1/plans", expiring("2020-12-31"), headers=YAML)
        before = await contents(database)
        path = f"/v1/plans/{drafted.json()['id']}/versions/1/publication"
        answer = await send(client, path, {}, {"If-Match": drafted.headers["ETag"]})
        assert problem(answer, 409, "plan_expired")["params"] == {"expires": "2020-12-31"}
        assert await contents(database) == before

    async def test_a_plan_that_expires_starts_nothing_any_more(
        self, client: Client, told: Json, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drafted = await client.post("/v1/plans", expiring("2090-12-31"), headers=YAML)
        plan = drafted.json()
        await client.act(f"/v1/plans/{plan['id']}/versions/1/publication", drafted.headers["ETag"])
        large, small = told["units"]["cong-ty-vi-du-g-khanh-hoa"], told["units"]["cong-ty-vi-du-a-khanh-hoa"]
        conference = await opened(
            client, plan, "cong-thuong-iii", told["units"]["so-cong-thuong-khanh-hoa"], "sector"
        )
        path = f"/v1/conferences/{conference['id']}"
        before = await contents(database)
        for noun in (conferences, nominations, preparing):
            monkeypatch.setattr(noun, "today", lambda: date(2091, 1, 1))
        body = {"plan": plan["id"], "congress": CONGRESS, "unit": small, "tier": "grassroots"}
        problem(await send(client, "/v1/conferences", body), 409, "plan_expired")
        problem(await send(client, f"{path}/allocations", {}), 409, "plan_expired")
        problem(await send(client, f"{path}/nominations", nominee(large)), 409, "plan_expired")
        assert await contents(database) == before

    async def test_a_circle_of_parents(self, client: Client, database: Database) -> None:
        rows = [
            f"code,name,kind,valid_from,valid_to,parent:{CONGRESS},made_up",
            "so-a,Sở A,department,2020-01-01,,so-b,yes",
            "so-b,Sở B,department,2020-01-01,,so-c,yes",
            "so-c,Sở C,department,2020-01-01,,so-a,yes",
        ]
        found = await checked(client, "\n".join(rows).encode(), CSV)
        (cycle,) = found["findings"]
        assert (cycle["code"], cycle["params"]["row"]) == ("unit_parent_cycle", 2)
        assert cycle["params"]["column"] == f"parent:{CONGRESS}"
        await self.not_confirmed(client, found, database)

    async def test_units_and_validities_that_overlap(self, client: Client, database: Database) -> None:
        rows = [
            "code,name,kind,valid_from,valid_to,code:gso,made_up",
            "xa-a,Xã A,commune,2019-01-01,2020-12-31,31500,yes",
            "xa-b,Xã B,commune,2020-06-01,,31500,yes",
            "xa-a,Xã A,commune,2021-01-01,,31501,yes",
        ]
        found = await checked(client, "\n".join(rows).encode(), CSV)
        told = {(each["code"], each["params"]["row"], each["params"]["column"]) for each in found["findings"]}
        assert ("unit_identifier_repeated", 3, "code:gso") in told
        assert ("unit_repeated", 4, "code") in told
        await self.not_confirmed(client, found, database)

    async def not_confirmed(self, client: Client, found: Json, database: Database) -> None:
        """A faulty file is kept to be looked at; nothing of it can be stored."""
        assert found["state"] == "faulty"
        before = await contents(database)
        path = f"/v1/unit_imports/{found['id']}"
        etag = (await client.get(path)).headers["ETag"]
        answer = await send(client, f"{path}/confirmation", {}, {"If-Match": etag})
        problem(answer, 409, "import_not_checked")
        assert await contents(database) == before
