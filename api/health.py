"""Health: whether the process is alive, and whether it can serve requests."""

import asyncio
from functools import cache
from typing import Literal

from fastapi import Request
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from api.http.problems import Problem, build_unavailable_problem
from api.http.routes import Router
from api.http.types import Answer
from db import migration
from db.notices import is_worker_connected
from db.runs import count_waiting_runs
from db.session import Database, DatabaseUnreachable
from domain.access import Access, Actor

TIMEOUT_SECONDS = 2.0
"""Seconds after which a database that does not answer counts as unreachable."""

router = Router(tags=["health"])


class Health(Answer):
    """The service is well."""

    status: Literal["ok"]


class Readiness(Health):
    """The service can answer; whether workers compute its runs."""

    workers: bool = Field(description="Whether any worker is connected.")
    runs_waiting: int = Field(description="How many runs no worker has taken.")


@router.get("/livez", access=Access.PUBLIC, transaction=False)
async def livez() -> Health:
    """Check that the process is alive. The database is not checked, so its failure causes no restart."""
    return Health(status="ok")


@router.get("/readyz", access=Access.PUBLIC, transaction=False, problems=(503,))
async def readyz(request: Request) -> Readiness:
    """Check that the service is ready. It is if the database answers and has all migrations (else 503).

    Without a worker it is ready too, but its runs wait.
    """
    head = await asyncio.to_thread(_read_migration_head)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await _read_readiness(request.app.state.database, head)
    except (OSError, SQLAlchemyError, DatabaseUnreachable):
        raise build_unavailable_problem() from None


async def _read_readiness(database: Database, head: str) -> Readiness:
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        if await migration.find_current_revision(await session.connection()) != head:
            raise Problem(503, "database_not_migrated", headers={"Retry-After": "5"})
        workers, waiting = await is_worker_connected(session), await count_waiting_runs(session)
    return Readiness(status="ok", workers=workers, runs_waiting=waiting)


@cache
def _read_migration_head() -> str:
    return migration.get_head_revision()
