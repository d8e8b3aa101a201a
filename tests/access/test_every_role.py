"""Requests made up from the document, sent with a key of every role, one by one and along links."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from schemathesis.core.failures import FailureGroup

from api.app import create_app
from api.http.identity import build_identify
from db.session import Database
from domain.access import Access, Role
from service.settings import Settings
from service.vaults import Vault
from tests.access.keyring import bearer, issue_test_key
from tests.access.matrix import has_scope
from tests.access.world import OWN, A
from tests.api.generated_requests import (
    PATIENCE,
    aim,
    follow_links,
    list_generated,
    send_generated,
)
from tests.api.machinery.test_document import served
from tests.client import CSV
from tests.documents import read_operations
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json

pytestmark = [pytest.mark.attacks, pytest.mark.timeout(600)]

TURNED_AWAY = {401, 403}
Statuses = dict[str, set[int]]
"""What was answered, by operation."""


@pytest.fixture(scope="module")
def app(database: Database) -> FastAPI:
    """The service on a server, where only credentials count."""
    settings = Settings(
        "server", database_url="given", oidc_issuer="https://identities.example", oidc_audience="x"
    )
    return create_app(settings, database, Vault(bytes(range(32))), build_identify(settings))


@pytest.fixture(scope="module")
async def address(app: FastAPI) -> AsyncIterator[str]:
    """Where it answers."""
    async with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def document(app: FastAPI) -> Json:
    """Its document."""
    return app.openapi()


@pytest.fixture(scope="module")
async def keys(database: Database, scene: Scene) -> dict[Role, str]:
    """A key of every role in the district."""
    return {role: await issue_test_key(database, role, scene.facts["units"]["huyen"], A) for role in Role}


def test_every_operation_is_for_somebody(document: Json) -> None:
    for name, access in list_access(document).items():
        assert any(may_ask(role, access) for role in Role), name


@pytest.mark.parametrize("role", Role)
async def test_every_operation_answers_every_role_that_has_its_scope(
    address: str, keys: dict[Role, str], document: Json, scene: Scene, role: Role
) -> None:
    known = {**scene.facts["ids"][OWN], "n": "1", "name": "ethnic_groups"}
    known["import_id"] = await check_import(address, keys[Role.STANDING_COUNCIL])
    allowed = list_allowed(document, role)
    faults, answered = await asyncio.to_thread(send_all, document, address, keys[role], allowed, known)
    assert faults == []
    assert answered.keys() == allowed
    assert {name: each for name, each in answered.items() if each <= TURNED_AWAY} == {}


@pytest.mark.parametrize("role", Role)
async def test_every_role_walks_along_links(
    address: str, keys: dict[Role, str], document: Json, role: Role
) -> None:
    """From lists and from what was made to what can be asked of it, in any order."""
    walked: Statuses = defaultdict(set)
    allowed = list_allowed(document, role)
    assert await asyncio.to_thread(walk, document, address, keys[role], allowed, walked) == []
    assert sum(not each <= TURNED_AWAY for each in walked.values()) > 5, walked


async def check_import(address: str, key: str) -> str:
    """The id of a file of units that somebody has sent."""
    content = b"code,name,kind,valid_from\nx,X,commune,2020-01-01\n"
    async with httpx.AsyncClient(base_url=address, headers={**bearer(key), **CSV}, timeout=PATIENCE) as http:
        answer = await http.post("/v1/unit_imports?kind=units", content=content)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def list_access(document: Json) -> dict[str, Access]:
    """What each operation asks of its caller."""
    paths = read_operations(document).values()
    return {told["operationId"]: Access(told["x-access"]) for item in paths for told in item.values()}


def may_ask(role: Role, access: Access) -> bool:
    """Whether it is for this role, or for everybody."""
    return access in (Access.PUBLIC, Access.SELF) or has_scope(role, access)


def list_allowed(document: Json, role: Role) -> set[str]:
    """The operations that a role may ask for."""
    return {name for name, access in list_access(document).items() if may_ask(role, access)}


def walk(document: Json, address: str, key: str, allowed: set[str], statuses: Statuses) -> list[str]:
    """Along the links as one caller: what was wrong with the answers; their statuses are noted."""

    def note(operation: str, status: int) -> None:
        statuses[operation].add(status)

    try:
        follow_links(
            document,
            address,
            operations=sorted(allowed),
            headers={"Authorization": f"Bearer {key}"},
            note=note,
            scenarios=12,
            steps=8,
        )
    except FailureGroup as failures:
        return [str(each) for each in failures.exceptions]
    return []


def send_all(
    document: Json, address: str, key: str, allowed: set[str], known: Json
) -> tuple[list[str], Statuses]:
    """Each of these operations as one caller: what was wrong with the answers, and their statuses."""
    faults: list[str] = []
    statuses: Statuses = {}
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=PATIENCE) as http:
        for operation in list_generated(document):
            name = operation.definition.raw["operationId"]
            if name not in allowed:
                continue
            try:
                statuses[name] = send_generated(
                    operation,
                    address,
                    examples=2,
                    headers=headers,
                    prepare=lambda case: aim(case, http, known),
                )
            except FailureGroup as failures:
                faults += [f"{operation.label}: {failure}" for failure in failures.exceptions]
    return faults, statuses
