"""The service's own login, as the Compose file makes it: on the real database, after the real migrations."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator

import asyncpg
import pytest

from db.embedded import EmbeddedServer
from db.migration import upgrade_database
from db.session import APPLICATION_ROLE, OWNER_ROLE

from .test_containers import GIVEN, compose

LOGIN = "daibieu_service"


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A database on which the roles were made as in the container, and then the migrations."""
    with EmbeddedServer.start(tmp_path_factory.mktemp("roles"), fast=True) as server:
        environ = {
            "PATH": f"{server.programs}:{os.environ['PATH']}",
            "PGHOST": str(server.socket),
            "SERVICE_PASSWORD": compose()["services"]["postgres"]["environment"]["SERVICE_PASSWORD"],
        }
        script = compose()["configs"]["roles"]["content"]
        made = subprocess.run(
            [shutil.which("sh") or "sh", "-e"], input=script, env=environ, capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr
        upgrade_database(server.build_url())
        yield server
        server.stop(discard=True)


def tried(server: EmbeddedServer, statement: str, *, role: str | None = APPLICATION_ROLE) -> str:
    """What the database answers the service's login: ``done`` or the SQLSTATE."""

    async def attempt() -> str:
        settings = {"role": role} if role else {}
        connection = await asyncpg.connect(
            host=str(server.socket), user=LOGIN, database="daibieu", server_settings=settings
        )
        try:
            await connection.execute(statement)
        except asyncpg.PostgresError as error:
            return str(error.sqlstate)
        finally:
            await connection.close()
        return "done"

    return asyncio.run(attempt())


def test_the_service_reads_as_the_application(postgres: EmbeddedServer) -> None:
    assert tried(postgres, "SELECT * FROM alembic_version") == "done"
    assert tried(postgres, "SELECT * FROM unit") == "done"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE unit",
        "ALTER TABLE unit DISABLE TRIGGER ALL",
        "UPDATE alembic_version SET version_num = ''",
        "CREATE ROLE mine",
        f"SET ROLE {OWNER_ROLE}",
        "SET ROLE postgres",
        "RESET ROLE; SET ROLE postgres",
        "COPY unit TO PROGRAM 'cat'",
    ],
)
def test_the_service_can_be_no_one_else(postgres: EmbeddedServer, statement: str) -> None:
    assert tried(postgres, statement) == "42501"


def test_without_the_application_role_the_login_can_do_nothing(postgres: EmbeddedServer) -> None:
    assert tried(postgres, "SELECT * FROM unit", role=None) == "42501"


def test_the_password_is_the_one_given_and_is_not_kept_in_the_clear(postgres: EmbeddedServer) -> None:
    async def stored() -> str:
        connection = await asyncpg.connect(host=str(postgres.socket), user="postgres", database="daibieu")
        try:
            return str(
                await connection.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = $1", LOGIN)
            )
        finally:
            await connection.close()

    assert asyncio.run(stored()).startswith("SCRAM-SHA-256$")
    assert GIVEN["DAIBIEU_SERVICE_PASSWORD"] not in asyncio.run(stored())


def test_migrations_and_service_reach_one_database_as_different_roles() -> None:
    services = compose()["services"]
    urls = [services[name]["environment"]["DAIBIEU_DATABASE_URL"] for name in ("migrate", "service")]
    assert [url.split("@")[1] for url in urls] == ["postgres:5432/daibieu"] * 2
    assert [url.split("//")[1].split(":")[0] for url in urls] == ["postgres", LOGIN]
