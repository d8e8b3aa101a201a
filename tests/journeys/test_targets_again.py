"""Adopted targets are split again from their frozen inputs, and the wrong ones are listed."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from db.session import Database
from domain.access import Actor
from domain.allocations.snapshots import TargetInputs
from domain.allocations.targets import TargetShare
from domain.findings import Finding
from service.allocations.recomputation import WrongTarget, list_wrong_targets
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, adopt_allocation, compute_allocation, open_conference
from tests.works import make_work

CONGRESS = "ha-nam-xii"
Seats = Mapping[tuple[str, str], int]
Shares = tuple[tuple[TargetShare, ...], tuple[Finding, ...]]
UNIT = "xa-lien-son--huyen-kim-bang"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The district of Kim Bảng with an adopted allocation."""

    async def load(client: Client) -> Json:
        plan = await client.plan("kim_bang_2025")
        units = await client.units("kim_bang")
        conference = await open_conference(client, plan, CONGRESS, units["huyen-kim-bang"], "district")
        await adopt_allocation(client, await compute_allocation(client, conference), "123")
        return conference

    return load


async def _list_wrong_targets(database: Database) -> list[WrongTarget]:
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        return [each async for each in list_wrong_targets(make_work(session))]


async def test_targets_that_were_computed_rightly_are_not_listed(database: Database) -> None:
    assert await _list_wrong_targets(database) == []


async def test_a_target_that_was_adopted_wrongly_is_listed_with_the_right_numbers(
    database: Database, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adopted rows cannot be changed, so here the engine of today answers otherwise."""
    split = TargetInputs.split

    def split_otherwise(inputs: TargetInputs, seats: Seats, seed: str) -> Shares:
        shares, findings = split(inputs, seats, seed)
        mine = [(share.unit, share.target) == (UNIT, "nu") for share in shares]
        assert any(mine)
        other = [replace(share, seats=share.seats + 1) for share in shares]
        return tuple(b if own else a for a, b, own in zip(shares, other, mine, strict=True)), findings

    monkeypatch.setattr(TargetInputs, "split", split_otherwise)
    (found,) = await _list_wrong_targets(database)
    assert (found.conference, found.unit, found.target) == (UUID(scene.facts["id"]), UNIT, "nu")
    assert found.right_seats == found.seats + 1
    assert found.right_share == found.fair_share
