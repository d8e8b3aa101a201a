"""What is attacked: the service as `make run` starts it, over a folder of its own, with fictional data."""

import asyncio
import re
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from db.embedded import find_shared_server
from db.session import Database
from db.tables import build_metadata
from domain.access import Role
from tests.access.keyring import issue_test_key
from tests.access.providers import AUDIENCE, Server, serve_provider
from tests.access.world import A, Maker
from tests.client import Client
from tests.local_service import Served, find_processes, lend_folder, serve

ATTEMPTS = 60
"""Wrong credentials that an address may send at once: enough for every kind of wrong token."""

PATIENCE = 60.0
"""Seconds that an attacker waits for an answer."""

_SIGNED = re.compile(r"/(publication|approval|adoption)$|^/v1/quotas/[^/]+/confirmation$")


@dataclass(frozen=True, slots=True)
class Target:
    """The service, what is stored in it, and who may call it.

    ``keys`` has the key of each role in the district of the world, and those of the two people of the local
    mode (``local_officer``, ``local_approver``), who reach everything.
    """

    served: Served
    provider: Server
    document: dict[str, Any]
    world: dict[str, Any]
    keys: Mapping[str, str]

    @property
    def api(self) -> int:
        """The process that answers."""
        return find_processes(self.served.process.pid)["api"]

    @property
    def port(self) -> int:
        """The port of the service."""
        port = httpx.URL(self.served.address).port
        assert port is not None
        return port

    @contextmanager
    def connect(self, credential: str | None) -> Iterator[httpx.Client]:
        """A caller with a key or a token, or without."""
        with httpx.Client(**build_options(self.served.address, credential)) as http:
            yield http

    @asynccontextmanager
    async def connect_many(self, credential: str | None) -> AsyncIterator[httpx.AsyncClient]:
        """A caller who sends many requests at once."""
        async with httpx.AsyncClient(**build_options(self.served.address, credential)) as http:
            yield http


def build_options(address: str, credential: str | None) -> dict[str, Any]:
    """How a caller connects."""
    headers = {"Authorization": f"Bearer {credential}"} if credential else {}
    limits = httpx.Limits(max_connections=None)
    return {"base_url": address, "headers": headers, "timeout": PATIENCE, "limits": limits}


class TwoPeople(httpx.Auth):
    """The officer does the work, and the approver signs it."""

    def __init__(self, keys: Mapping[str, str]):
        self.keys = keys

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Who sends a request."""
        who = "local_approver" if _SIGNED.search(request.url.path) else "local_officer"
        request.headers["Authorization"] = f"Bearer {self.keys[who]}"
        yield request


@contextmanager
def start_target() -> Iterator[Target]:
    """The service with the world of :mod:`tests.access.world` in it; stopped at the end."""
    with serve_provider() as provider, lend_folder() as data:
        settings = {
            "DAIBIEU_OIDC_ISSUER": provider.issuer,
            "DAIBIEU_OIDC_AUDIENCE": AUDIENCE,
            "DAIBIEU_FAILED_ATTEMPTS": str(ATTEMPTS),
        }
        with serve(data, **settings) as served:
            keys = {f"local_{who}": _read_key(data, who) for who in ("officer", "approver")}
            world = asyncio.run(_make_world(served.address, keys))
            keys |= asyncio.run(_issue_keys(find_database(served), world["units"]["huyen"]))
            document = httpx.get(f"{served.address}/openapi.json", timeout=PATIENCE).json()
            yield Target(served, provider, document, world, keys)


def _read_key(data: Path, who: str) -> str:
    return (data / f"{who}.key").read_text().strip()


async def _make_world(address: str, keys: Mapping[str, str]) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=address, auth=TwoPeople(keys), timeout=PATIENCE) as http:
        return await Maker(Client(http)).make()


async def _issue_keys(url: str, unit: str) -> dict[str, str]:
    build_metadata()  # tables refer to each other: all must be known
    database = Database(url)
    try:
        return {role.value: await issue_test_key(database, role, unit, A) for role in Role}
    finally:
        await database.close()


def find_database(served: Served) -> str:
    """The address of the service's own database."""
    found = find_shared_server(served.data / "postgres")
    assert found is not None
    return found.build_url()
