"""Tokens: what proves who somebody is, and every way in which it does not."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service import tokens
from service.tokens import IdentityProvider, InvalidCredential, ProviderUnreachable
from tests.access.providers import AUDIENCE, KEYS, STRANGER, Server, public, serve_provider
from tests.access.wrong_tokens import WRONG_TOKENS, forge_token, time_claims


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serve_provider() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    """An honest provider."""
    running.keys = [public(kid, *each) for kid, each in KEYS.items()]
    running.asked, running.status, running.delay, running.name = 0, 200, 0.0, None
    return running


@pytest.fixture
def clock() -> list[float]:
    """The time, to be set."""
    return [1000.0]


@pytest.fixture
async def provider(server: Server, clock: list[float]) -> AsyncIterator[IdentityProvider]:
    """Our side of it."""
    provider = IdentityProvider(server.issuer, AUDIENCE, clock=lambda: clock[0])
    yield provider
    await provider.close()


async def reason(provider: IdentityProvider, token: str) -> str:
    with pytest.raises(InvalidCredential) as refuted:
        await provider.read_claims(token)
    return refuted.value.reason


@pytest.mark.parametrize("kid", KEYS)
async def test_a_token_of_each_kind_of_key_is_taken(
    provider: IdentityProvider, server: Server, kid: str
) -> None:
    claims = await provider.read_claims(
        server.token(kid, name="Người thử nghiệm 1", scope="openid units:read")
    )
    assert (claims.issuer, claims.subject) == (server.issuer, "nguoi-thu-nghiem-1")
    assert claims.name == "Người thử nghiệm 1"
    assert claims.scopes == {"openid", "units:read"}


@pytest.mark.parametrize(("said", "why"), WRONG_TOKENS)
async def test_what_is_wrong_with_a_token_refutes_it(
    provider: IdentityProvider, server: Server, said: dict[str, Any], why: str
) -> None:
    assert await reason(provider, server.token(**time_claims(said))) == why


@pytest.mark.parametrize(
    "said",
    [
        {"headers": {"typ": "at+jwt"}, "drop": "client_id"},
        {"headers": {"typ": "application/AT+JWT"}, "nonce": "n-1"},
        {"typ": "Bearer", "drop": "client_id"},
        {"drop": "client_id", "scope": "openid"},
        {"drop": "client_id", "scp": ["units:read"]},
        {"exp": 86_000},
    ],
)
async def test_access_tokens_of_every_form_are_taken(
    provider: IdentityProvider, server: Server, said: dict[str, Any]
) -> None:
    assert (await provider.read_claims(server.token(**time_claims(said)))).subject == "nguoi-thu-nghiem-1"


async def test_how_long_a_token_may_be_valid_is_set(server: Server) -> None:
    provider = IdentityProvider(server.issuer, AUDIENCE, most_minutes=10)
    now = int(time.time())
    assert (await provider.read_claims(server.token(exp=now + 590))).subject == "nguoi-thu-nghiem-1"
    assert await reason(provider, server.token(exp=now + 690)) == "token_valid_too_long"
    await provider.close()


@pytest.mark.parametrize("said", [{"exp": -30}, {"nbf": 30}, {"iat": 30}, {"aud": [AUDIENCE, "x"]}])
async def test_clocks_may_differ_and_others_may_be_meant_too(
    provider: IdentityProvider, server: Server, said: dict[str, Any]
) -> None:
    assert (await provider.read_claims(server.token(**time_claims(said)))).subject == "nguoi-thu-nghiem-1"


@pytest.mark.parametrize("none", ["none", "None", "NONE", "nOnE", "", None, ["RS256"], 1])
async def test_none_is_no_algorithm(provider: IdentityProvider, server: Server, none: object) -> None:
    said = jwt.decode(server.token(), options={"verify_signature": False})
    assert await reason(provider, forge_token({"alg": none, "kid": "rsa"}, said)) in (
        "algorithm_refused",
        "token_malformed",
    )


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
async def test_a_public_key_is_no_shared_secret(
    provider: IdentityProvider, server: Server, algorithm: str
) -> None:
    """The classic confusion: the published key taken as the secret of an HMAC."""
    import hashlib
    import hmac

    key = KEYS["rsa"][1].public_key()
    said = jwt.decode(server.token(), options={"verify_signature": False})
    for form in (Encoding.PEM, Encoding.DER):
        secret = key.public_bytes(form, PublicFormat.SubjectPublicKeyInfo)
        signed = forge_token({"alg": algorithm, "kid": "rsa", "typ": "JWT"}, said).rpartition(".")[0]
        mac = hmac.new(secret, signed.encode(), getattr(hashlib, f"sha{algorithm[2:]}")).digest()
        token = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        assert await reason(provider, token) == "algorithm_refused"


async def test_a_secret_that_a_provider_publishes_is_passed_over(
    provider: IdentityProvider, server: Server
) -> None:
    secret = base64.urlsafe_b64encode(b"s" * 32).decode()
    server.keys += [{"kty": "oct", "k": secret, "kid": "oct", "alg": "HS256"}]
    server.keys += [{"kty": "oct", "k": secret, "kid": "rsa-too", "alg": "RS256"}]
    for kid, algorithm in (("oct", "HS256"), ("oct", "RS256"), ("rsa-too", "RS256")):
        key = b"s" * 32 if algorithm == "HS256" else STRANGER
        assert await reason(provider, server.token(kid, key=key, algorithm=algorithm)) in (
            "algorithm_refused",
            "key_unknown",
        )


@pytest.mark.parametrize(("kid", "other"), [("rsa", "ec"), ("ec", "rsa"), ("ed", "ec"), ("rsa", "ed")])
async def test_a_key_serves_its_own_algorithm_alone(
    provider: IdentityProvider, server: Server, kid: str, other: str
) -> None:
    algorithm, key = KEYS[other]
    assert await reason(provider, server.token(kid, key=key, algorithm=algorithm)) == "algorithm_refused"


async def test_a_key_for_encryption_or_of_few_bits_signs_nothing(
    provider: IdentityProvider, server: Server
) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    server.keys += [public("enc", "RS256", STRANGER, use="enc"), public("short", "RS256", short)]
    assert await reason(provider, server.token("enc", key=STRANGER)) == "key_unknown"
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        token = server.token("short", key=short)
    assert await reason(provider, token) == "token_invalid"


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "." * 50, "é.é.é", "x" * 20_000])
async def test_what_is_no_token_is_refuted_without_asking_anybody(
    provider: IdentityProvider, server: Server, token: str
) -> None:
    assert await reason(provider, token) in ("token_malformed", "token_too_long")
    assert server.asked == 0


async def test_keys_are_asked_for_once_and_kept(provider: IdentityProvider, server: Server) -> None:
    await asyncio.gather(*(provider.read_claims(server.token()) for _ in range(20)))
    assert server.asked == 1


async def test_a_new_key_is_fetched_when_it_is_first_named(
    provider: IdentityProvider, server: Server, clock: list[float]
) -> None:
    await provider.read_claims(server.token())
    fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    server.keys = [public("new", "RS256", fresh)]
    clock[0] += tokens.RENEWAL_PAUSE
    assert (await provider.read_claims(server.token("new", key=fresh))).subject == "nguoi-thu-nghiem-1"
    assert await reason(provider, server.token("rsa")) == "key_unknown"
    assert server.asked == 2


async def test_keys_nobody_knows_bring_about_one_renewal_at_a_time(
    provider: IdentityProvider, server: Server, clock: list[float]
) -> None:
    await provider.read_claims(server.token())
    clock[0] += tokens.RENEWAL_PAUSE
    for n in range(30):
        assert await reason(provider, server.token(f"nobody-{n}")) == "key_unknown"
    assert server.asked == 2
    clock[0] += tokens.RENEWAL_PAUSE
    await reason(provider, server.token("nobody"))
    assert server.asked == 3


async def test_a_key_may_go_unnamed_where_it_is_the_only_one(
    provider: IdentityProvider, server: Server, clock: list[float]
) -> None:
    key = KEYS["rsa"][1]
    said = jwt.decode(server.token(), options={"verify_signature": False})
    token = jwt.encode(said, key, algorithm="RS256")
    assert await reason(provider, token) == "key_not_named"
    for only in (public("rsa", "RS256", key), {**public("rsa", "RS256", key), "kid": None}):
        server.keys = [{name: value for name, value in only.items() if value is not None}]
        clock[0] += tokens.RENEW_AFTER
        await reason_or_none(provider, token)  # brings the renewal about
        await asyncio.sleep(0.1)
        assert (await provider.read_claims(token)).subject == "nguoi-thu-nghiem-1"


async def reason_or_none(provider: IdentityProvider, token: str) -> str | None:
    try:
        await provider.read_claims(token)
    except InvalidCredential as refuted:
        return refuted.reason
    return None


async def test_known_keys_serve_while_newer_ones_are_asked_for(
    provider: IdentityProvider, server: Server, clock: list[float]
) -> None:
    await provider.read_claims(server.token())
    clock[0] += tokens.RENEW_AFTER
    server.delay = 0.5
    began = time.perf_counter()
    await provider.read_claims(server.token())
    assert time.perf_counter() - began < 0.25
    await asyncio.sleep(0.8)
    assert server.asked == 2


async def test_known_keys_outlive_an_outage_for_a_day(
    provider: IdentityProvider, server: Server, clock: list[float]
) -> None:
    await provider.read_claims(server.token())
    server.status = 503
    clock[0] += tokens.STALE_AFTER - 1
    await provider.read_claims(server.token())
    clock[0] += 2
    with pytest.raises(ProviderUnreachable):
        await provider.read_claims(server.token())


@pytest.mark.parametrize("fault", ["status", "name", "keys", "shape", "gone"])
async def test_without_keys_nothing_can_be_said(server: Server, clock: list[float], fault: str) -> None:
    issuer = server.issuer
    if fault == "status":
        server.status = 500
    elif fault == "name":
        server.name = "https://somebody.example"
    elif fault == "keys":
        server.keys = [{"pad": "x" * (tokens.MAX_ANSWER_BYTES + 1)}]
    elif fault == "shape":
        server.keys = ["x"]  # type: ignore[list-item]  # what a provider must not send
    else:
        issuer = "http://127.0.0.1:9"
    provider = IdentityProvider(issuer, AUDIENCE, clock=lambda: clock[0])
    with pytest.raises(ProviderUnreachable):
        await provider.read_claims(server.token())
