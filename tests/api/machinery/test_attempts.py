"""Who guesses credentials has to wait; who works from the same address does not."""

import tracemalloc

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.types import Scope

from api.app import create_app
from api.http.attempts import Attempts, read_client_address
from api.http.problems import Problem
from db.session import Database
from domain.access import Actor
from service.settings import SettingError, Settings
from service.vaults import Vault
from tests.api.machinery.test_problems import check
from tests.api.machinery.things import identify, router

THINGS = "/v1/things"
KNOWN, GUESSED = {"Authorization": "Bearer officer"}, {"Authorization": "Bearer guessed"}


@pytest.fixture
def asked() -> list[str]:
    """Whom the service asked about: what reached the database or the provider's keys."""
    return []


@pytest.fixture
def clock() -> list[float]:
    return [1000.0]


@pytest.fixture
async def guarded(database: Database, asked: list[str], clock: list[float]) -> FastAPI:
    async def noting(request: Request) -> Actor:
        asked.append(request.headers.get("authorization", ""))
        if asked[-1] != KNOWN["Authorization"]:
            raise Problem(401, "unauthenticated")
        return await identify(request)

    settings = Settings(trusted_proxies=("10.0.0.1",))
    app = create_app(settings, database, Vault(bytes(32)), noting, routers=[router])
    app.state.attempts = Attempts(3, 0.5, clock=lambda: clock[0])
    return app


def caller(app: FastAPI, host: str = "192.0.2.1") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(host, 1)), base_url="http://test")


async def spend(client: httpx.AsyncClient) -> None:
    for n in range(3):
        answer = await client.get(THINGS, headers={"Authorization": f"Bearer guess-{n}"})
        check(answer, 401, "unauthenticated")


async def test_after_so_many_guesses_the_next_is_not_even_looked_at(
    guarded: FastAPI, asked: list[str]
) -> None:
    async with caller(guarded) as client:
        await spend(client)
        refused = await client.get(THINGS, headers=GUESSED)
    problem = check(refused, 429, "too_many_attempts")
    assert (refused.headers["Retry-After"], problem["params"]) == ("2", {"seconds": 2})
    assert "Bearer guessed" not in asked


async def test_who_waits_as_long_as_told_may_try_again(guarded: FastAPI, clock: list[float]) -> None:
    async with caller(guarded) as client:
        await spend(client)
        seconds = (await client.get(THINGS, headers=GUESSED)).headers["Retry-After"]
        clock[0] += int(seconds)
        check(await client.get(THINGS, headers=GUESSED), 401, "unauthenticated")
        check(await client.get(THINGS, headers=GUESSED), 429, "too_many_attempts")


async def test_a_flood_earns_no_longer_wait_than_a_few(guarded: FastAPI, clock: list[float]) -> None:
    """Or whoever guesses would shut out all that come from the same network."""
    async with caller(guarded) as client:
        await spend(client)
        for _ in range(50):
            last = await client.get(THINGS, headers=GUESSED)
        assert last.headers["Retry-After"] == "2"
        clock[0] += 2
        assert (await client.get(THINGS, headers=KNOWN)).status_code == 200


async def test_a_credential_that_serves_goes_on_serving_from_a_spent_address(guarded: FastAPI) -> None:
    async with caller(guarded) as client:
        assert (await client.get(THINGS, headers=KNOWN)).status_code == 200
        await spend(client)
        assert (await client.get(THINGS, headers=KNOWN)).status_code == 200
        check(await client.get(THINGS, headers=GUESSED), 429, "too_many_attempts")


async def test_one_that_serves_no_longer_has_to_wait_like_any(
    guarded: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def revoked(_: Request) -> Actor:
        raise Problem(401, "unauthenticated")

    async with caller(guarded) as client:
        assert (await client.get(THINGS, headers=KNOWN)).status_code == 200
        await spend(client)
        monkeypatch.setattr(guarded.state, "identify", revoked)
        check(await client.get(THINGS, headers=KNOWN), 401, "unauthenticated")
        check(await client.get(THINGS, headers=KNOWN), 429, "too_many_attempts")


async def test_who_shows_nothing_guesses_nothing(guarded: FastAPI) -> None:
    async with caller(guarded) as client:
        for _ in range(10):
            check(await client.get(THINGS), 401, "unauthenticated")
        await spend(client)
        check(await client.get(THINGS), 401, "unauthenticated")
        assert (await client.get("/livez", headers=GUESSED)).status_code == 200, "public, and nobody is asked"


async def test_each_address_spends_its_own(guarded: FastAPI) -> None:
    async with caller(guarded) as one, caller(guarded, "192.0.2.2") as other:
        await spend(one)
        check(await other.get(THINGS, headers=GUESSED), 401, "unauthenticated")


async def test_an_address_is_believed_of_the_named_proxies_alone(guarded: FastAPI) -> None:
    """The last address that no proxy of ours added: what stands before it, anybody may write."""
    async with caller(guarded) as client, caller(guarded, "10.0.0.1") as proxy:
        for n in range(3):
            told = {**GUESSED, "X-Forwarded-For": f"198.51.100.{n}"}
            check(await client.get(THINGS, headers=told), 401, "unauthenticated")
        told = {**GUESSED, "X-Forwarded-For": "198.51.100.9"}
        check(await client.get(THINGS, headers=told), 429, "too_many_attempts")
        for n in range(3):
            told = {**GUESSED, "X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"}
            check(await proxy.get(THINGS, headers=told), 401, "unauthenticated")
        told = {**GUESSED, "X-Forwarded-For": "203.0.113.77, 198.51.100.7"}
        check(await proxy.get(THINGS, headers=told), 429, "too_many_attempts")
        check(
            await proxy.get(THINGS, headers={**GUESSED, "X-Forwarded-For": "198.51.100.8"}),
            401,
            "unauthenticated",
        )


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("x" * 5000, "x" * 100),
        (None, ""),
    ],
)
def test_a_subscriber_is_one_address(host: str | None, found: str) -> None:
    assert read_client_address(shown(host)) == found


def shown(host: str | None, credential: str = "") -> Request:
    headers = [(b"authorization", credential.encode())] if credential else []
    scope: Scope = {"type": "http", "headers": headers, "client": host and (host, 1)}
    return Request(scope)


def test_however_many_come_so_much_is_remembered_and_no_more() -> None:
    attempts = Attempts(1, 0.5, kept=100)
    tracemalloc.start()
    for n in range(20_000):
        request = shown(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", f"Bearer {n}" + "x" * 200)
        attempts.record_failure(request)
        attempts.record_success(request)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000
    with pytest.raises(Problem):
        attempts.expect_attempt_left(shown("10.0.78.31", "Bearer y"))
    attempts.expect_attempt_left(shown("10.0.0.1", "Bearer y"))


def test_nothing_of_a_credential_is_kept() -> None:
    attempts = Attempts()
    attempts.record_success(shown("192.0.2.1", "Bearer daibieu_secret"))
    assert "secret" not in repr(attempts)
    assert all(b"secret" not in mark for mark in attempts._serving)


def test_guesses_that_came_all_at_once_earn_no_longer_wait() -> None:
    """They were let in together, before any of them had failed."""
    at = [0.0]
    attempts = Attempts(3, 0.5, clock=lambda: at[0])
    for n in range(100):
        attempts.record_failure(shown("192.0.2.1", f"Bearer {n}"))
    with pytest.raises(Problem) as raised:
        attempts.expect_attempt_left(shown("192.0.2.1", "Bearer x"))
    assert raised.value.params == {"seconds": 2}
    at[0] = 2.0
    attempts.expect_attempt_left(shown("192.0.2.1", "Bearer x"))


@pytest.mark.parametrize(
    "proxies", ["*", "0.0.0.0/0", "::/0", "proxy.example", "10.0.0.1/24", "10.0.0.1,10.0.0.2"]
)
def test_proxies_are_named_by_address(proxies: str) -> None:
    with pytest.raises(SettingError, match="DAIBIEU_TRUSTED_PROXIES"):
        Settings.read({"DAIBIEU_TRUSTED_PROXIES": proxies})


def test_the_settings_of_waiting() -> None:
    told = {"DAIBIEU_TRUSTED_PROXIES": "10.0.0.1 10.1.0.0/28 ::1", "DAIBIEU_FAILED_ATTEMPTS": "0"}
    settings = Settings.read(told)
    assert (len(settings.trusted_proxies), settings.failed_attempts) == (3, 0)
    attempts = Attempts(0, 0)
    for _ in range(100):
        attempts.record_failure(shown("192.0.2.1", "Bearer x"))
    attempts.expect_attempt_left(shown("192.0.2.1", "Bearer x"))
    with pytest.raises(SettingError, match="DAIBIEU_FAILED_ATTEMPTS"):
        Settings.read({"DAIBIEU_FAILED_ATTEMPTS": "-1"})
