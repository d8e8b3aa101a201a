"""A provider that lies, dawdles or leads elsewhere, on a socket of its own: it is refused."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from service import tokens
from service.key_addresses import read_keys_url
from service.tokens import IdentityProvider, InvalidCredential, ProviderUnreachable
from tests.access.providers import AUDIENCE, KEYS, Server, public

Answer = Callable[[BaseHTTPRequestHandler], None]
DISCOVERY = "/.well-known/openid-configuration"


class Machine:
    """A web server with an answer for each path, which notes what it is asked for."""

    def __init__(self, port: int):
        self.issuer = f"http://127.0.0.1:{port}"
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []


@contextmanager
def serve_machine() -> Iterator[Machine]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            machine.asked.append(self.path)
            with suppress(OSError):  # the other side has had enough
                machine.answers[self.path](self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        machine = Machine(http.server_port)
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield machine
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture
def provider() -> Iterator[Machine]:
    """The provider that the operator has set."""
    with serve_machine() as machine:
        yield machine


@pytest.fixture
def victim() -> Iterator[Machine]:
    """Another machine, which would give out keys to whoever asks."""
    with serve_machine() as machine:
        machine.answers = {DISCOVERY: tell(document(machine.issuer)), "/keys": tell(keys())}
        yield machine


def document(issuer: str, more: Any = None) -> Any:
    return {"issuer": issuer, "jwks_uri": f"{issuer}/keys"} | (more or {})


def keys() -> Any:
    return {"keys": [public(kid, *each) for kid, each in KEYS.items()]}


def tell(content: Any) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps(content).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def lead_to(place: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", place)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def send_endlessly(handler: BaseHTTPRequestHandler, each: bytes = b" " * 65_536, pause: float = 0) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(2_000):
        handler.wfile.write(each)
        time.sleep(pause)


def drip(handler: BaseHTTPRequestHandler) -> None:
    send_endlessly(handler, b" ", 0.01)


async def ask(provider: Machine) -> str:
    """Who a token of the provider is taken for; raises :class:`ProviderUnreachable`."""
    signer = Server()
    signer.issuer = provider.issuer
    own = IdentityProvider(provider.issuer, AUDIENCE)
    try:
        return (await own.read_claims(signer.token())).subject
    finally:
        await own.close()


async def test_an_honest_one_is_taken(provider: Machine) -> None:
    provider.answers = {DISCOVERY: tell(document(provider.issuer)), "/keys": tell(keys())}
    assert await ask(provider) == "nguoi-thu-nghiem-1"


@pytest.mark.parametrize("where", [DISCOVERY, "/keys"])
async def test_a_redirect_to_another_host_is_not_followed(
    provider: Machine, victim: Machine, where: str
) -> None:
    provider.answers = {DISCOVERY: tell(document(provider.issuer)), "/keys": tell(keys())}
    provider.answers[where] = lead_to(victim.issuer + where)
    with pytest.raises(ProviderUnreachable):
        await ask(provider)
    assert victim.asked == []


@pytest.mark.parametrize("where", [DISCOVERY, "/keys"])
@pytest.mark.parametrize("how", [send_endlessly, drip], ids=["huge", "slow"])
async def test_a_huge_or_slow_answer_is_given_up(
    provider: Machine, where: str, how: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "RENEWAL_TIMEOUT", 0.5)
    provider.answers = {DISCOVERY: tell(document(provider.issuer)), "/keys": tell(keys()), where: how}
    provider.answers[where] = how
    began = time.perf_counter()
    with pytest.raises(ProviderUnreachable):
        await ask(provider)
    assert time.perf_counter() - began < 3


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://somebody.example"},
        {"issuer": None},
        {"issuer": ["x"]},
        {"jwks_uri": None},
        {"jwks_uri": 1},
        {"jwks_uri": "http://10.0.0.1/keys"},
        {"jwks_uri": "http://169.254.169.254/latest/meta-data/"},
        {"jwks_uri": "https://169.254.169.254/latest/meta-data/"},
        {"jwks_uri": "https://10.0.0.1/keys"},
        {"jwks_uri": "file:///etc/hostname"},
        {"jwks_uri": "http://identities.example/keys"},
    ],
    ids=str,
)
async def test_a_document_that_leads_elsewhere_is_not_obeyed(provider: Machine, said: Any) -> None:
    provider.answers = {DISCOVERY: tell(document(provider.issuer, said)), "/keys": tell(keys())}
    with pytest.raises(ProviderUnreachable):
        await ask(provider)
    assert provider.asked == [DISCOVERY]


@pytest.mark.parametrize("content", [[], "x", 1, None, {"issuer": {}}], ids=str)
async def test_a_document_of_another_shape_is_no_document(provider: Machine, content: Any) -> None:
    provider.answers = {DISCOVERY: tell(content)}
    with pytest.raises(ProviderUnreachable):
        await ask(provider)


@pytest.mark.parametrize(
    "content", [{}, {"keys": {}}, {"keys": [[]]}, {"keys": [{"kty": "RSA", "n": 1}]}], ids=str
)
async def test_keys_of_another_shape_are_no_keys(provider: Machine, content: Any) -> None:
    provider.answers = {DISCOVERY: tell(document(provider.issuer)), "/keys": tell(content)}
    with pytest.raises((ProviderUnreachable, InvalidCredential)):
        await ask(provider)


async def test_a_document_nested_without_end_is_no_document(provider: Machine) -> None:
    def nest(handler: BaseHTTPRequestHandler) -> None:
        send_endlessly(handler, b"[" * 500, 0)

    provider.answers = {DISCOVERY: nest}
    with pytest.raises(ProviderUnreachable):
        await ask(provider)


HOSTS = {
    "identities.example": ["93.184.215.14"],
    "keys.example": ["93.184.215.20", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "inside.example": ["10.1.2.3"],
    "half.example": ["93.184.215.20", "192.168.1.1"],
    "loop.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "cloud.example": ["169.254.169.254"],
    "home.example": ["10.9.9.9"],
    "nowhere.example": [],
}


async def resolve(host: str, port: int) -> list[str]:
    """As the name server of this test says; an address is its own."""
    await asyncio.sleep(0)
    return HOSTS.get(host, [host])


@pytest.mark.parametrize(
    ("issuer", "host", "allowed"),
    [
        ("identities.example", "identities.example", True),
        ("identities.example", "keys.example", True),
        ("identities.example", "inside.example", False),
        ("identities.example", "half.example", False),
        ("identities.example", "loop.example", False),
        ("identities.example", "mapped.example", False),
        ("identities.example", "cloud.example", False),
        ("identities.example", "127.0.0.1", False),
        ("identities.example", "[::1]", False),
        ("identities.example", "192.168.0.1", False),
        ("home.example", "inside.example", True),
        ("home.example", "keys.example", True),
        ("home.example", "cloud.example", False),
        ("inside.example", "inside.example", True),
        ("nowhere.example", "inside.example", False),
    ],
)
async def test_keys_are_not_fetched_from_a_network_that_the_provider_is_not_in(
    issuer: str, host: str, allowed: bool
) -> None:
    HOSTS["::1"] = ["::1"]
    told = {"issuer": f"https://{issuer}", "jwks_uri": f"https://{host}/keys"}
    asked = read_keys_url(told, f"https://{issuer}", resolve)
    if allowed:
        assert await asked == told["jwks_uri"]
    else:
        with pytest.raises(ValueError, match=r"private network|belongs to no server"):
            await asked
