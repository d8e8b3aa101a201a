"""Every answer that is no success is a problem, in the reader's language, and says nothing back."""

import json
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.http.problems import build_refusal_problem, find_database_problem
from db.session import Database
from domain.findings import Refused
from service.texts import load_catalogue
from tests.api.machinery.conftest import names

THINGS = "/v1/things"
TWO_UPDATERS = "new multixact has more than one updating member: 0 5[762 (keysh), 762 (nokeyupd)]"
Key = dict[str, str]
EVERYTHING: dict[str, Any] = {
    "code": "so-y-te",
    "count": 3,
    "size": "12.5",
    "day": "2020-02-29",
    "ready": True,
    "parts": [{"kind": "wheel", "weight": "1.5"}],
}


def check(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem in the answer, which is whole."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (status, code, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["type"] == f"urn:daibieu:problem:{code}"
    assert problem["instance"] == f"urn:daibieu:request:{answer.headers['X-Request-ID']}"
    assert problem["title"]
    assert problem["detail"] not in ("", code)
    return problem


async def test_the_sentences_are_vietnamese_unless_english_is_preferred(client: httpx.AsyncClient) -> None:
    vietnamese = await client.get(
        f"{THINGS}/{uuid4()}", headers={"Accept-Language": "fr, vi;q=0.5, en;q=0.2"}
    )
    english = await client.get(f"{THINGS}/{uuid4()}", headers={"Accept-Language": "en-GB"})
    assert check(vietnamese, 404, "not_found")["title"] == "Không tìm thấy"
    assert check(english, 404, "not_found")["title"] == "Not found"
    assert (vietnamese.headers["Content-Language"], english.headers["Content-Language"]) == ("vi", "en")
    assert "Accept-Language" in english.headers["Vary"]


@pytest.mark.parametrize(
    ("kind", "status"), [("invalid", 422), ("conflict", 409), ("forbidden", 403), ("missing", 404)]
)
async def test_what_the_rules_refuse_has_the_status_of_its_kind(
    client: httpx.AsyncClient, key: Key, kind: str, status: int
) -> None:
    answer = await client.post(f"{THINGS}/refused?kind={kind}", json={"name": "x"}, headers=key)
    problem = check(answer, status, "invalid_body")
    assert problem["errors"] == [
        {
            "code": "too_small",
            "params": {"minimum": 3},
            "detail": "It must be at least 3.",
            "pointer": "/name",
            "clause": "II.1",
        }
    ]


def test_a_refusal_of_no_kind_is_a_conflict() -> None:
    assert build_refusal_problem(Refused("odd")).status_code == 409


async def test_who_is_unknown_is_told_so_first(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{THINGS}/totals?odd=1", content=b"{", headers={"Authorization": ""})
    check(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_who_lacks_the_scope_is_refused(client: httpx.AsyncClient) -> None:
    check(await client.get(f"{THINGS}/audit"), 403, "forbidden")


async def test_a_path_that_is_not_there(client: httpx.AsyncClient) -> None:
    check(await client.get("/v1/nothing"), 404, "not_found")
    check(await client.get(f"{THINGS}/"), 404, "not_found")


@pytest.mark.parametrize(
    "bad",
    [
        "7",
        "not-a-uuid",
        "%00",
        "0" * 5000,
        "5f0c9a3e1b2d4c6e8f00112233445566",
        "urn:uuid:5f0c9a3e-1b2d-4c6e-8f00-112233445566",
    ],
)
async def test_an_id_that_cannot_be_one_is_not_found(client: httpx.AsyncClient, bad: str) -> None:
    check(await client.get(f"{THINGS}/{bad}"), 404, "not_found")


async def test_a_method_that_is_not_there_names_those_that_are(client: httpx.AsyncClient) -> None:
    answer = await client.patch(THINGS, json={})
    problem = check(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == problem["params"]["allowed"] == "GET, HEAD, POST"


async def test_unknown_repeated_and_malformed_parameters(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{THINGS}?limit=5&limit=6&odd=1&whole=tr%00ue")
    problem = check(answer, 400, "invalid_parameters")
    assert {(error["parameter"], error["code"]) for error in problem["errors"]} == {
        ("odd", "unknown_parameter"),
        ("limit", "repeated_parameter"),
        ("whole", "text_control"),
    }


@pytest.mark.parametrize("limit", ["0", "201", "five", "1.0", "+5", "٥", "1_0", "", "9" * 30])
async def test_a_limit_is_a_plain_number_from_1_to_200(client: httpx.AsyncClient, limit: str) -> None:
    problem = check(await client.get(THINGS, params={"limit": limit}), 400, "invalid_parameters")
    assert [error["parameter"] for error in problem["errors"]] == ["limit"]


async def test_each_wrong_field_is_pointed_at(client: httpx.AsyncClient) -> None:
    body = EVERYTHING | {
        "code": "Sở Y tế",
        "count": True,
        "size": "1e999999999",
        "day": "2020-02-30",
        "ready": 1,
        "parts": [{"kind": "wing", "weight": "-1", "a/b~c": 1}, {"kind": "axle"}, 7],
        "shares": {"a": -1, "B": 1},
        "odd": None,
    }
    problem = check(await client.post(f"{THINGS}/totals", json=body), 422, "invalid_body")
    assert {error["pointer"]: error["code"] for error in problem["errors"]} == {
        "/code": "wrong_form",
        "/count": "not_an_integer",
        "/size": "decimal_form",
        "/day": "date_form",
        "/ready": "not_a_boolean",
        "/parts/0/kind": "wrong_choice",
        "/parts/0/weight": "too_small",
        "/parts/0/a~1b~0c": "unknown_field",
        "/parts/1/weight": "missing",
        "/parts/2": "not_an_object",
        "/shares/a": "too_small",
        "/shares/B": "wrong_form",
        "/odd": "unknown_field",
    }
    assert {error["code"] for error in problem["errors"]} <= set(load_catalogue())
    choice = next(error for error in problem["errors"] if error["code"] == "wrong_choice")
    assert choice["params"] == {"allowed": "wheel, axle"}


@pytest.mark.parametrize(
    ("body", "code"), [(b"", "missing"), (b"[]", "not_an_object"), (b"null", "not_an_object")]
)
async def test_a_body_that_is_no_object(client: httpx.AsyncClient, body: bytes, code: str) -> None:
    answer = await client.post(f"{THINGS}/totals", content=body, headers={"Content-Type": "application/json"})
    problem = check(answer, 422, "invalid_body")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [("", code)]


SECRET = "Nguyễn-Bí-Mật"


@pytest.mark.parametrize(
    "sent",
    [
        {"json": EVERYTHING | {"code": SECRET, "count": SECRET, "day": SECRET, "parts": SECRET}},
        {"json": SECRET},
        {"content": f'{{"code": "{SECRET}'.encode(), "headers": {"Content-Type": "application/json"}},
        {"content": SECRET.encode(), "headers": {"Content-Type": "text/plain"}},
        {"params": {"limit": SECRET}, "json": EVERYTHING},
    ],
)
async def test_what_was_sent_is_not_said_back(client: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    answer = await client.post(f"{THINGS}/totals", **sent)
    assert answer.status_code in (400, 415, 422)
    assert SECRET not in answer.text
    assert json.dumps(SECRET).strip('"') not in answer.text


async def test_a_very_long_field_name_is_not_said_back(client: httpx.AsyncClient) -> None:
    body = EVERYTHING | {"x" * 101: 1}
    problem = check(await client.post(f"{THINGS}/totals", json=body), 422, "invalid_body")
    assert [error["pointer"] for error in problem["errors"]] == [""]


async def test_a_failure_tells_only_its_id(client: httpx.AsyncClient, database: Database, key: Key) -> None:
    answer = await client.post(f"{THINGS}/broken", json={"name": SECRET}, headers=key)
    problem = check(answer, 500, "internal_error")
    assert SECRET not in answer.text
    assert problem["params"] == {}
    assert await names(database) == []


async def test_a_constraint_is_a_conflict_that_bears_its_name(client: httpx.AsyncClient, key: Key) -> None:
    await client.post(THINGS, json={"name": SECRET}, headers=key)
    again = {"Idempotency-Key": "another"}
    twice = await client.post(THINGS, json={"name": SECRET}, headers=again)
    problem = check(twice, 409, "thing_named_once")
    assert problem["errors"][0]["detail"] == "The change would break a constraint of the data."
    assert SECRET not in twice.text
    check(await client.post(THINGS, json={"name": "x" * 150}, headers=again), 409, "thing_name_short")


async def test_a_get_writes_nothing(client: httpx.AsyncClient, database: Database) -> None:
    check(await client.get(f"{THINGS}/sly"), 500, "internal_error")
    assert await names(database) == []


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (asyncpg.SerializationError("a message"), "try_again"),
        (asyncpg.DeadlockDetectedError("a message"), "try_again"),
        (asyncpg.LockNotAvailableError("a message"), "try_again"),
        (asyncpg.QueryCanceledError("a message"), "try_again"),
        (asyncpg.IdleInTransactionSessionTimeoutError("a message"), "try_again"),
        (asyncpg.InternalServerError(TWO_UPDATERS), "try_again"),
        (asyncpg.TooManyConnectionsError("a message"), "database_unavailable"),
        (asyncpg.CannotConnectNowError("a message"), "database_unavailable"),
        (asyncpg.ConnectionDoesNotExistError("a message"), "database_unavailable"),
    ],
)
def test_what_passes_is_to_be_tried_again(raised: Exception, code: str) -> None:
    wrapped = ValueError("as the driver wraps it")
    wrapped.__cause__ = raised
    for error in (raised, OperationalError("SELECT 1", {}, wrapped)):
        problem = find_database_problem(error)
        assert problem is not None
        assert (problem.status_code, problem.code) == (503, code)
        assert problem.headers
        assert int(problem.headers["Retry-After"]) > 0


def test_a_full_pool_is_to_be_tried_again() -> None:
    problem = find_database_problem(PoolTimeout("none free"))
    assert problem is not None
    assert problem.status_code == 503


def test_a_mistake_of_ours_is_no_problem_of_the_caller() -> None:
    assert find_database_problem(asyncpg.UndefinedTableError("none")) is None
    assert find_database_problem(asyncpg.NotNullViolationError("none")) is None
    assert find_database_problem(asyncpg.InternalServerError("cache lookup failed")) is None
    assert find_database_problem(DBAPIError("SELECT 1", {}, ValueError("other"))) is None


async def test_a_database_that_is_not_there(client: httpx.AsyncClient, app: Any) -> None:
    app.state.database = Database("postgresql+asyncpg:///daibieu?host=/nonexistent/socket")
    check(await client.get(THINGS), 503, "database_unavailable")
    check(await client.get("/readyz"), 503, "database_unavailable")
    assert (await client.get("/livez")).json() == {"status": "ok"}
    await app.state.database.close()
