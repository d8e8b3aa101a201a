"""What the service asks of others: the provider's keys, where the operator said, and nothing else."""

import ast
import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from service import tokens
from service.settings import SettingError, Settings
from service.tokens import IdentityProvider, ProviderUnreachable
from tests.access.providers import AUDIENCE, KEYS, Server, public
from tests.house.tree import files, read

ISSUER = "https://identities.example"
Answer = Callable[[httpx.Request], httpx.Response]


def token() -> str:
    server = Server()
    server.issuer = ISSUER
    return server.token()


def published() -> httpx.Response:
    return told({"keys": [public(kid, *each) for kid, each in KEYS.items()]})


def told(content: object) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(json.dumps(content).encode()))


class Asked:
    """A provider that says its keys stand at ``place``, and answers there as ``there`` has it."""

    def __init__(
        self, place: str = f"{ISSUER}/keys", there: Answer = lambda _: published(), issuer: str = ISSUER
    ):
        self.place, self.there, self.issuer = place, there, issuer
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/.well-known/openid-configuration":
            return told({"issuer": self.issuer, "jwks_uri": self.place})
        return self.there(request)

    def provider(self) -> IdentityProvider:
        transport = httpx.MockTransport(self)
        return IdentityProvider(
            self.issuer,
            AUDIENCE,
            http=lambda: httpx.AsyncClient(
                transport=transport, timeout=tokens.KEY_WAIT, follow_redirects=False
            ),
        )


async def test_keys_are_asked_for_where_the_provider_keeps_them() -> None:
    for place in (f"{ISSUER}/keys", "https://keys.identities.example:8443/jwks?v=1"):
        asked = Asked(place)
        assert (await asked.provider().read_claims(token())).subject == "nguoi-thu-nghiem-1"
        assert [str(each.url) for each in asked.requests] == [
            f"{ISSUER}/.well-known/openid-configuration",
            place,
        ]
        assert {each.method for each in asked.requests} == {"GET"}
        assert not any("authorization" in each.headers or "cookie" in each.headers for each in asked.requests)


@pytest.mark.parametrize(
    "place",
    [
        "http://identities.example/keys",
        "http://127.0.0.1:5432/",
        "http://localhost/latest/meta-data/",
        "http://[::1]/",
        "HTTP://127.0.0.1/",
        "file:///etc/hostname",
        "ftp://identities.example/keys",
        "gopher://127.0.0.1:6379/_x",
        "//identities.example/keys",
        "/keys",
        "https://user:password@identities.example/keys",
        "https://@169.254.169.254/",
        "https://[::1",
        "",
    ],
)
async def test_nothing_is_asked_but_by_https(place: str) -> None:
    """A discovery document that leads elsewhere is not obeyed, nor where it leads to this machine."""
    asked = Asked(place)
    with pytest.raises(ProviderUnreachable):
        await asked.provider().read_claims(token())
    assert len(asked.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    asked = Asked(there=lambda _: httpx.Response(status, headers={"Location": "http://127.0.0.1:1/"}))
    with pytest.raises(ProviderUnreachable):
        await asked.provider().read_claims(token())
    assert len(asked.requests) == 2


def packed() -> httpx.Response:
    content = gzip.compress(json.dumps({"keys": []}).encode())
    return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(content))


async def endless() -> AsyncIterator[bytes]:
    for _ in range(100_000):
        yield b" " * 65_536


async def dripping() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.01)


def streamed(content: AsyncIterator[bytes]) -> httpx.Response:
    return httpx.Response(200, content=content)


@pytest.mark.parametrize(
    "there",
    [lambda _: packed(), lambda _: streamed(endless()), lambda _: streamed(dripping())],
    ids=["packed", "endless", "slow"],
)
async def test_an_answer_is_bounded_in_size_and_time(there: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "RENEWAL_TIMEOUT", 0.3)
    provider = Asked(there=there).provider()
    with pytest.raises(ProviderUnreachable):
        await provider.read_claims(token())
    assert provider._renewal
    assert provider._renewal.done(), "it has given up by itself"


@pytest.mark.parametrize(
    "issuer", ["http://identities.example", "http://127.0.0.1:9000", "identities.example", "file:///x"]
)
def test_on_a_server_the_provider_speaks_https(issuer: str) -> None:
    environ = {
        "DAIBIEU_MODE": "server",
        "DAIBIEU_DATABASE_URL": "postgresql+asyncpg://u:p@h/d",
        "DAIBIEU_OIDC_ISSUER": issuer,
        "DAIBIEU_OIDC_AUDIENCE": AUDIENCE,
    }
    with pytest.raises(SettingError, match="DAIBIEU_OIDC_ISSUER"):
        Settings.read(environ)
    assert Settings.read({**environ, "DAIBIEU_OIDC_ISSUER": ISSUER}).oidc_issuer == ISSUER
    local = {**environ, "DAIBIEU_MODE": "local"}
    if "127.0.0.1" in issuer:
        assert Settings.read(local).oidc_issuer == issuer


NETWORK = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "urllib.request",
    "urllib3",
}


def test_nothing_else_in_the_service_speaks_to_anybody() -> None:
    """Who adds another has to say here to whom it speaks, and that no caller names them."""
    speaking = {
        str(path)
        for path in files(".py")
        if path.parts[0] in ("api", "service", "domain")
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.Import | ast.ImportFrom) and imported(node) & NETWORK
    }
    assert speaking == {
        "service/tokens.py",  # the provider's keys
        "service/notifiers.py",  # the mail server that the operator names
        "api/cli/first_start.py",  # this service itself, at its first start
        "api/cli/main.py",  # looks whether its port is free
    }


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module or ""}
