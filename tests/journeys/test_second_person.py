"""A list that its council proposes and an approver of the same unit adopts, each with a role there only."""

from uuid import UUID

import pytest
from fastapi import FastAPI, Request

from api.app import create_app
from db.session import Database
from domain.access import Actor, Grant, Role
from service.vaults import Vault
from tests.client import Client
from tests.conftest import SETTINGS
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import compute_selection, congress, delegates, draw_lot
from tests.journeys.steps import decision


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A congress with its nominees submitted."""
    return congress


@pytest.fixture
def app(database: Database, scene: Scene, vault: Vault) -> FastAPI:
    """The service for the two of them: who approves and adopts is the approver."""
    unit = UUID(scene.facts["units"]["tinh"])

    def identify(request: Request) -> Actor:
        if request.url.path.endswith(("/approval", "/adoption")):
            return Actor("approver", "Approver", (Grant(Role.APPROVER, unit),))
        return Actor("council", "Council", (Grant(Role.STANDING_COUNCIL, unit),))

    return create_app(SETTINGS, database, vault, identify)


async def test_an_approver_with_no_other_role_adopts_what_the_council_proposed(
    client: Client, scene: Scene
) -> None:
    found = await draw_lot(client, await compute_selection(client, scene.facts))
    path = f"/v1/selections/{found.json()['id']}"
    proposed = await client.act(f"{path}/proposal", found.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    adopted = await client.act(f"{path}/adoption", approved.headers["ETag"], decision("2"))
    assert (adopted.json()["state"], adopted.json()["decision"]["number"]) == ("adopted", "2")
    assert adopted.json()["work"]["approved_by"] == "approver"
    assert len(await delegates(client, scene.facts)) == 8
