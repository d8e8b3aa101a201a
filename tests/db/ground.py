"""A small congress of fictional units in plain SQL, and bare connections to the database it is laid in.

In the scripts beside this file names in braces (``{north}``) stand for identifiers.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from db.embedded import Embedded
from db.embedded.places import PORT
from db.session import APPLICATION_ROLE, reach_of
from domain.access import Actor

FOLDER = Path(__file__).parent
_NAMES = (
    *("plan", "draft", "published", "other", "province", "north", "south", "merger", "fair"),
    *("run", "first", "second", "quota", "spare", "an", "binh", "chi", "dung"),
)
IDS = {name: f"00000000-0000-7000-8000-{n:012x}" for n, name in enumerate(_NAMES, 1)}


EVERYWHERE = {f"daibieu.{name}": value for name, value in reach_of(Actor.local()).items()}
"""The settings of a connection that reaches all."""


def said(sql: str) -> str:
    """The statement with every name replaced by the identifier it stands for."""
    return re.sub(r"\{(\w+)\}", lambda name: f"'{IDS[name[1]]}'::uuid", sql)


@asynccontextmanager
async def connected(
    server: Embedded, database: str, role: str | None = APPLICATION_ROLE
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


async def lay(server: Embedded, database: str) -> None:
    """Put the ground into a migrated, empty database: functions by the superuser, rows by the application."""
    for script, role in (("acts", None), ("ground", APPLICATION_ROLE)):
        async with connected(server, database, role) as connection:
            await connection.execute(said((FOLDER / f"{script}.sql").read_text()))
