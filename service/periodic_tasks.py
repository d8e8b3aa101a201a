"""Periodic tasks, registered once: the worker does each of them regularly, in a transaction of its own."""

from collections.abc import Awaitable, Callable, Mapping

from db import idempotency
from service.calculations import delete_ended_calculations
from service.work import Work

PeriodicTask = Callable[[Work], Awaitable[object]]


async def _delete_expired_keys(work: Work) -> int:
    return await idempotency.delete_expired_keys(work.session)


PERIODIC_TASKS: Mapping[str, PeriodicTask] = {
    "delete_ended_calculations": delete_ended_calculations,
    "delete_expired_keys": _delete_expired_keys,
}
"""The tasks by name."""
