"""A provider of identities on a socket of its own, with keys of every kind, honest and otherwise."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms

AUDIENCE = "daibieu"

_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS: Mapping[str, tuple[str, Any]] = {
    "rsa": ("RS256", _RSA),
    "ec": ("ES256", ec.generate_private_key(ec.SECP256R1())),
    "ed": ("EdDSA", ed25519.Ed25519PrivateKey.generate()),
}
STRANGER = _OTHER_RSA


def public(kid: str, algorithm: str, key: Any, **more: Any) -> dict[str, Any]:
    """The public half, as a provider publishes it."""
    told = get_default_algorithms()[algorithm].to_jwk(key.public_key(), as_dict=True)
    return {**told, "kid": kid, "use": "sig", "alg": algorithm, **more}


class Server:
    """What it publishes can be changed; ``asked`` counts how often somebody looked at the keys."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = [public(kid, *each) for kid, each in KEYS.items()]
        self.asked = 0
        self.status = 200
        self.delay = 0.0
        self.name: str | None = None
        self.issuer = ""
        self.place: str | None = None

    def answer(self, path: str) -> Any:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.name or self.issuer, "jwks_uri": self.place or f"{self.issuer}/keys"}
        self.asked += 1
        time.sleep(self.delay)
        return {"keys": self.keys}

    def token(
        self,
        kid: str = "rsa",
        *,
        key: Any = None,
        algorithm: str | None = None,
        headers: Mapping[str, Any] | None = None,
        drop: str | None = None,
        **claims: Any,
    ) -> str:
        """A token as this provider signs them, but for what is said otherwise."""
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "nguoi-thu-nghiem-1",
            "iat": now,
            "exp": now + 300,
            "jti": f"token-{now}",
            "client_id": "web",
            **claims,
        }
        said.pop(drop or "", None)
        usual, own = KEYS.get(kid, ("RS256", STRANGER))
        head = {"kid": kid, **(headers or {})}
        return jwt.encode(said, key or own, algorithm or usual, headers=head)


@contextmanager
def serve_provider() -> Iterator[Server]:
    """A provider while the block runs."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(server.answer(self.path)).encode()
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.issuer = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
