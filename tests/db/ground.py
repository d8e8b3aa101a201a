"""A small congress of fictional units in plain SQL, and bare connections to the database it is laid in.

In the scripts beside this file names in braces (``{north}``) stand for identifiers.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from db.embedded import EmbeddedServer
from db.embedded.folders import PORT
from db.session import APPLICATION_ROLE, build_reach_settings
from domain.access import Actor

FOLDER = Path(__file__).parent
_NAMES = (
    *("plan", "draft", "published", "other", "province", "north", "south", "merger", "fair"),
    *("run", "first", "second", "quota", "spare", "an", "binh", "chi", "dung"),
)
IDS = {name: f"00000000-0000-7000-8000-{n:012x}" for n, name in enumerate(_NAMES, 1)}


EVERYWHERE = {
    f"daibieu.{name}": value for name, value in build_reach_settings(Actor.for_command_line()).items()
}
"""The settings of a connection that reaches all."""


def replace_names(sql: str) -> str:
    """The statement with every name replaced by the identifier it stands for."""
    return re.sub(r"\{(\w+)\}", lambda name: f"'{IDS[name[1]]}'::uuid", sql)


@asynccontextmanager
async def open_connection(
    server: EmbeddedServer, database: str, role: str | None = APPLICATION_ROLE
) -> AsyncIterator[asyncpg.Connection]:
    """A bare connection in a role, of somebody who reaches all; with ``None`` as the superuser."""
    settings = {"timezone": "UTC", **EVERYWHERE} | ({"role": role} if role else {})
    connection = await asyncpg.connect(
        host=str(server.socket), port=PORT, user="postgres", database=database, server_settings=settings
    )
    try:
        yield connection
    finally:
        await connection.close()


async def lay_ground(server: EmbeddedServer, database: str) -> None:
    """Put the ground into a migrated, empty database: functions by the superuser, rows by the application."""
    for script, role in (("acts", None), ("ground", APPLICATION_ROLE)):
        async with open_connection(server, database, role) as connection:
            await connection.execute(replace_names((FOLDER / f"{script}.sql").read_text()))
