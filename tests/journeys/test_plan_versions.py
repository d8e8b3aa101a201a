"""An allocation and a list follow the plan version that they were computed under, whatever comes after."""

from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from db.allocations import Allocation
from db.conferences import Conference
from db.plans import PlanVersion
from db.selections import Selection
from db.session import Database
from domain.access import Actor
from service.allocations import load_allocation, lock_allocation
from service.conferences.case import load_case
from service.selections import load_selection, lock_selection
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import compute_selection, congress, plan
from tests.journeys.steps import Json
from tests.works import make_work

MERIT = {"merit": 1}


async def load(client: Client) -> Json:
    """A congress under the first version of its plan, with a second version that gives points otherwise."""
    held = await congress(client, plan(selection={"ranks": [9, 8, 7, 6, 5, 4], **MERIT}))
    path = f"/v1/plans/{held['plan']['id']}/versions"
    body = plan(selection={"ranks": [1, 2, 3, 4, 5, 6], **MERIT})
    amended = await client.post(path, {**body, "reason": "points"})
    await client.act(f"{path}/{amended.json()['n']}/publication", amended.headers["ETag"])
    allocations = (await client.get(f"/v1/conferences/{held['id']}/allocations")).json()["items"]
    found = await compute_selection(client, held)
    return {**held, "allocation": allocations[0]["id"], "list": found.json(), "etag": found.headers["ETag"]}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    return load


@pytest.fixture
async def versions(database: Database, scene: Scene) -> dict[int, UUID]:
    """Number → id of the plan's versions. The conference has been moved on to the second, by hand."""
    async with database.transaction(Actor.for_command_line()) as session:
        of = col(PlanVersion.plan) == UUID(scene.facts["plan"]["id"])
        found = {row.n: row.id for row in await session.exec(select(PlanVersion).where(of))}
        moved = update(Conference).values(plan_version=found[2])
        await session.exec(moved.where(col(Conference.id) == UUID(scene.facts["id"])))
    return found


async def test_an_allocation_and_a_list_are_read_under_their_own_version(
    database: Database, scene: Scene, versions: dict[int, UUID]
) -> None:
    facts = scene.facts
    async with database.transaction(Actor.for_command_line()) as session:
        work = make_work(session)
        moved = await load_case(work, UUID(facts["id"]))
        assert (moved.version.id, moved.tier.selection.ranks[0]) == (versions[2], 1)  # type: ignore[union-attr]
        for read, of in (
            (load_allocation, facts["allocation"]),
            (lock_allocation, facts["allocation"]),
            (load_selection, facts["list"]["id"]),
            (lock_selection, facts["list"]["id"]),
        ):
            case, row = await read(work, UUID(of))
            assert isinstance(row, Allocation | Selection)
            assert case.conference.plan_version == versions[2]
            assert case.version.id == row.plan_version == versions[1]
            assert case.tier.selection.ranks[0] == 9  # type: ignore[union-attr]


async def test_an_edited_list_follows_the_version_of_the_list_that_it_amends(
    client: Client, database: Database, scene: Scene, versions: dict[int, UUID]
) -> None:
    path = f"/v1/selections/{scene.facts['list']['id']}"
    pin = [{"nomination": scene.facts["named"]["xa-mot"][-1], "reason": "Thử nghiệm"}]
    edited = await client.act(f"{path}/edits", scene.facts["etag"], {"pin": pin})
    async with database.transaction(Actor.for_command_line()) as session:
        row = await session.get_one(Selection, UUID(edited.json()["id"]))
        assert (row.plan_version, row.amends) == (versions[1], UUID(scene.facts["list"]["id"]))


async def test_a_new_version_follows_the_conference(
    client: Client, database: Database, scene: Scene, versions: dict[int, UUID]
) -> None:
    facts = scene.facts
    listed = await compute_selection(client, facts)
    path = f"/v1/conferences/{facts['id']}/allocations"
    allocated = await client.post(path, {"amends": facts["allocation"]})
    async with database.transaction(Actor.for_command_line()) as session:
        found = (
            await session.get_one(Selection, UUID(listed.json()["id"])),
            await session.get_one(Allocation, UUID(allocated.json()["id"])),
        )
        assert [row.plan_version for row in found] == [versions[2]] * 2
