"""Data of a version that was never released are refused, with what to do, and left as they are."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket

import pytest

from api.app import create_app
from db import migration
from db.embedded import EmbeddedServer
from db.session import Database
from service.vaults import Vault
from tests.conftest import SETTINGS, connect_client, two_people
from tests.db import ground

pytestmark = pytest.mark.slow  # starts commands of the service, each as a program of its own

ROOT = Path(__file__).parents[2]
OLD = "0006"


async def stamp(server: EmbeddedServer, database: str) -> None:
    """Make a database say that it stands at the last of the old revisions."""
    async with ground.open_connection(server, database, None) as superuser:
        await superuser.execute("UPDATE alembic_version SET version_num = $1", OLD)


def run_command(name: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the service to its end."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"DAIBIEU_PORT": str(port), **environ}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DAIBIEU_")}
    command = [sys.executable, "-m", "api.cli", name]
    return subprocess.run(command, cwd=ROOT, env=kept | settings, capture_output=True, text=True, timeout=60)


def told(way_out: str) -> str:
    """The one sentence."""
    return (
        f"daibieu: the database was made by a version that was never released (revision {OLD}), "
        f"and no migration leads on from there; {way_out}\n"
    )


@pytest.fixture
def old(postgres: EmbeddedServer, clone: Callable[[], str]) -> Iterator[str]:
    """The name of a database that stands at an old revision."""
    name = clone()
    asyncio.run(stamp(postgres, name))
    yield name
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database stands at an old revision."""
    data = tmp_path_factory.mktemp("data") / "of an early day"
    data.mkdir()
    with EmbeddedServer.start(data / "postgres", fast=True) as server:
        migration.upgrade_database(server.build_url())
        asyncio.run(stamp(server, "daibieu"))
    return data


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_data_folder_is_refused_with_the_command_that_moves_it_away(folder: Path, command: str) -> None:
    refused = run_command(command, DAIBIEU_DATA=str(folder))
    assert refused.stderr == told(f"move the data folder away and start again: mv '{folder}' '{folder}'.old")
    started = f"daibieu: starting with the data in {folder}\n" if command == "serve" else ""
    assert (refused.returncode, refused.stdout) == (2, started)


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_database_on_a_server_is_refused_with_the_commands_that_make_it_anew(
    postgres: EmbeddedServer, old: str, tmp_path: Path, command: str
) -> None:
    (tmp_path / "key").write_bytes(bytes(range(32)))
    refused = run_command(
        command,
        DAIBIEU_MODE="server",
        DAIBIEU_DATABASE_URL=postgres.build_url(old),
        DAIBIEU_MASTER_KEY_FILE=str(tmp_path / "key"),
    )
    anew = f"dropdb {old} && createdb {old} && python -m api.cli.main migrate"
    assert refused.stderr == told(f"drop the database, create it again and migrate: {anew}")
    assert refused.returncode == 2


@pytest.mark.parametrize("revision", sorted(migration.NEVER_RELEASED))
def test_every_old_revision_is_refused_and_no_new_one(revision: str) -> None:
    with pytest.raises(migration.NeverReleased, match=revision):
        migration.expect_released(revision)
    migration.expect_released(migration.get_head_revision())
    migration.expect_released(None)


async def test_it_is_not_ready_and_nothing_of_it_is_changed(
    postgres: EmbeddedServer, clone: Callable[[], str], vault: Vault
) -> None:
    name = clone()
    await stamp(postgres, name)
    database = Database(postgres.build_url(name))
    app = create_app(SETTINGS, database, vault, two_people)
    async with connect_client(app) as client:
        answer = await client.get("/readyz", 503)
    await database.close()
    assert answer.json()["code"] == "database_not_migrated"
    with pytest.raises(migration.NeverReleased):
        await asyncio.to_thread(migration.upgrade_database, postgres.build_url(name))
    async with ground.open_connection(postgres, name, None) as superuser:
        assert await superuser.fetchval("SELECT version_num FROM alembic_version") == OLD
    postgres.drop_database(name)
