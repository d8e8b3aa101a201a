"""Writing what must not be lost while the database is away for a moment: workers try again for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import TypeVar

from api.http.problems import find_database_problem
from service.work import Work

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
"""How long what is to be written waits for a database that is away; then its work is done anew."""

RETRY_SECONDS = 1.0
"""Seconds between two tries."""


async def write_patiently(
    begin_work: Callable[[], AbstractAsyncContextManager[Work]], act: Callable[[Work], Awaitable[T]]
) -> T:
    """Do in a transaction of its own; again for a while where the database is away."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            async with begin_work() as work:
                return await act(work)
        except Exception as error:
            if not is_database_away(error) or time.monotonic() > until:
                raise
        await asyncio.sleep(RETRY_SECONDS)


def is_database_away(error: Exception) -> bool:
    """Whether an error passes when the database is there again, or less busy."""
    problem = find_database_problem(error)
    return problem is not None and problem.status_code == HTTPStatus.SERVICE_UNAVAILABLE
