"""Health: whether the process is alive, and whether it can serve requests."""

import asyncio
from functools import cache
from typing import Literal

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from api.http.problems import Problem, build_unavailable_problem
from api.http.routes import Router
from api.http.types import Answer
from db import migration
from db.session import Database, DatabaseUnreachable
from domain.access import Access

TIMEOUT_SECONDS = 2.0
"""Seconds after which a database that does not answer counts as unreachable."""

router = Router(tags=["health"])


class Health(Answer):
    """The service is well."""

    status: Literal["ok"]


@router.get("/livez", access=Access.PUBLIC, transaction=False)
async def livez() -> Health:
    """Check that the process is alive. The database is not checked, so its failure causes no restart."""
    return Health(status="ok")


@router.get("/readyz", access=Access.PUBLIC, transaction=False, problems=(503,))
async def readyz(request: Request) -> Health:
    """Check that the service is ready. It is if the database answers and has all migrations (else 503)."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            revision = await _find_schema_revision(request.app.state.database)
    except (OSError, SQLAlchemyError, DatabaseUnreachable):
        raise build_unavailable_problem() from None
    if revision != await asyncio.to_thread(_read_migration_head):
        raise Problem(503, "database_not_migrated", headers={"Retry-After": "5"})
    return Health(status="ok")


async def _find_schema_revision(database: Database) -> str | None:
    async with database.transaction(read_only=True) as session:
        return await migration.find_current_revision(await session.connection())


@cache
def _read_migration_head() -> str:
    return migration.get_head_revision()
