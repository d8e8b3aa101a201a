"""Refusals are recorded: which actor was refused which operation, in a separate transaction.

Resources without access and resources that do not exist are answered in the same way, so both are recorded.
Beyond a budget refusals are only counted; the next recorded one has the count.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from api.http.problems import Problem
from db.session import Database
from db.session import DatabaseUnreachable as DatabaseAway
from domain.access import ANYONE, Access, Actor
from domain.findings import Forbidden, NotFound, Plain, Refused
from service import audit

log = structlog.get_logger("daibieu.refusals")


@dataclass(slots=True)
class RefusalBudget:
    """How many refusals are recorded: ``most`` at once, ``rate`` per second on average."""

    most: float = 100.0
    rate: float = 10.0
    clock: Callable[[], float] = time.monotonic
    left: float = field(init=False)
    filled: float = field(init=False)
    passed_over: int = 0

    def __post_init__(self) -> None:
        self.left, self.filled = self.most, self.clock()

    def spend(self) -> bool:
        """Take one from the budget; ``False`` if it is empty."""
        at = self.clock()
        self.left = min(self.most, self.left + (at - self.filled) * self.rate)
        self.filled = at
        if self.left < 1:
            self.passed_over += 1
            return False
        self.left -= 1
        return True


async def record_refusal(
    request: Request, access: Access, operation: str, refusal: Problem | Refused
) -> None:
    """Record a refusal if the reason is missing identity or authority."""
    description = _describe_refusal(request, refusal)
    if description is None or access is Access.PUBLIC:
        return
    budget: RefusalBudget = request.app.state.refusals
    if not budget.spend():
        return
    if budget.passed_over:
        description["passed_over"], budget.passed_over = budget.passed_over, 0
    actor: Actor = getattr(request.state, "actor", ANYONE)
    database: Database = request.app.state.database
    try:
        async with database.transaction(actor) as session:
            await audit.record_refusal(session, actor, operation, description)
    except (DatabaseAway, SQLAlchemyError) as error:
        log.error("refusal_not_noted", error=type(error).__name__)  # noqa: TRY400 - messages contain data of the request


_ID_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{1,9}", re.IGNORECASE)


def _mask_id(value: str) -> str:
    """The id from the path. Other text is masked: it may be a name, and the record is permanent."""
    return value if _ID_FORM.fullmatch(value) else "?"


def _describe_refusal(request: Request, refusal: Problem | Refused) -> dict[str, Plain] | None:
    ids = {name: _mask_id(str(value)) for name, value in request.path_params.items()}
    if isinstance(refusal, Problem):
        if refusal.status_code not in (401, 403):
            return None
        reason = getattr(request.state, "refuted", refusal.code)
        return {"status": refusal.status_code, "code": refusal.code, "reason": reason, "path": ids}
    if isinstance(refusal, Forbidden):
        return {"status": 403, "code": refusal.code, "path": ids}
    if isinstance(refusal, NotFound) and ids:
        return {"status": 404, "code": refusal.code, "path": ids}
    return None
