"""Databases of the tests: file copies of one that was filled before, under names that are used again.

A copy is made and dropped in 25 ms. A transaction per test that is rolled back would save those, and hide
what commits do: deferred constraints, what other connections see, and the time, which stands still in a
transaction. So only bare connections are rolled back (tests/db/conftest.py), and all that goes through the
service gets a copy. What costs more than the copy is compiling the service's statements, which SQLAlchemy
remembers by engine; an engine is therefore used again, with its database's name, for the next copy.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from db.embedded import EmbeddedServer
from db.session import Database

_numbers = count(1)
_idle: list[Database] = []
"""Those of this process whose databases were dropped, and whose connections are closed."""
_of_workers: dict[str, Database] = {}
"""By the name of the database."""


def name_of(database: Database) -> str:
    """The name of a database on its server."""
    return str(database.engine.url.database)


@asynccontextmanager
async def lent(postgres: EmbeddedServer, template: str) -> AsyncIterator[Database]:
    """A copy of a database that nobody is connected to; it is dropped at the end."""
    database = _idle.pop() if _idle else Database(postgres.build_url(f"lent_{next(_numbers)}"))
    postgres.create_database(name_of(database), template=template)
    try:
        yield database
    finally:
        await database.close()
        postgres.drop_database(name_of(database))
        _idle.append(database)


@asynccontextmanager
async def connect_worker(database: Database) -> AsyncIterator[Database]:
    """The same database as a worker has it: by connections of its own, which are closed at the end."""
    own = _of_workers.setdefault(name_of(database), Database(database.url))
    try:
        yield own
    finally:
        await own.close()
