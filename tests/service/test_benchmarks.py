"""The made-up data of the benchmarks stay what the service can read."""

from collections.abc import Callable

import pytest

from benchmarks import access, selections
from db.embedded import EmbeddedServer
from db.session import Database


async def test_every_list_that_is_measured_is_answered_on_both_sides(
    postgres: EmbeddedServer, clone: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "DISTRICTS", 2)
    monkeypatch.setattr(access, "COMMUNES", 40)
    monkeypatch.setattr(access, "NOMINEES", 2)
    monkeypatch.setattr(access, "WARM_UP_ROUNDS", 0)
    walled = clone()
    await access.fill_database(postgres.build_url(walled))
    bare = f"{walled}_bare"
    postgres.create_database(bare, template=walled)
    await access.disable_row_security(postgres.build_url(bare))
    found = await access.measure_lists(postgres.build_url(walled), postgres.build_url(bare), rounds=1)
    assert len(found) == len(access.LISTS) * len(access.PEOPLE)


async def test_the_list_that_is_measured_is_decided(
    postgres: EmbeddedServer, clone: Callable[[], str]
) -> None:
    name = clone()
    await selections.fill_database(postgres, name, seats=6, nominees=40, units=3)
    database = Database(postgres.build_url(name))
    try:
        assert {*await selections.measure_stages(database)} == {"freeze", "run", "engine alone"}
    finally:
        await database.close()
