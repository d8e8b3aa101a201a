"""Refusals are recorded: which actor was refused which operation, in a separate transaction.

Resources without access and resources that do not exist are answered in the same way, so both are recorded.
Beyond a budget refusals are only counted; the next recorded one of that budget has the count.
"""

import re
import time
from collections import OrderedDict
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


MOST_CALLERS = 10_000
"""How many callers' budgets are remembered; that of the caller refused longest ago is dropped."""


@dataclass(slots=True)
class Budget:
    """What of one payer may still be recorded; ``passed_over`` were only counted."""

    left: float
    filled: float
    passed_over: int = 0


@dataclass(slots=True)
class RefusalBudget:
    """How many refusals are recorded: for each budget ``most`` at once, ``rate`` per second on average.

    Each identified caller has a budget, anonymous callers have one for all requests without a credential and
    another for those with a wrong one. So no flood of one of them hides what the others do.
    """

    most: float = 100.0
    rate: float = 10.0
    clock: Callable[[], float] = time.monotonic
    kept: int = MOST_CALLERS
    _budgets: OrderedDict[str, Budget] = field(default_factory=OrderedDict, repr=False)

    def spend(self, payer: str) -> int | None:
        """Take one from a budget: how many were passed over before it, or ``None`` if it is empty."""
        at = self.clock()
        budget = self._budgets.setdefault(payer, Budget(self.most, at))
        self._budgets.move_to_end(payer)
        budget.left = min(self.most, budget.left + (at - budget.filled) * self.rate)
        budget.filled = at
        while len(self._budgets) > self.kept:
            _, dropped = self._budgets.popitem(last=False)
            if dropped.passed_over:
                log.warning("refusals_passed_over", number=dropped.passed_over)
        if budget.left < 1:
            budget.passed_over += 1
            return None
        budget.left -= 1
        passed_over, budget.passed_over = budget.passed_over, 0
        return passed_over


def _name_payer(actor: Actor, request: Request) -> str:
    """Whose budget a refusal is taken from: an identified caller's own, or one of the anonymous callers'."""
    if actor is not ANYONE:
        return f"caller {actor.id}"
    return "wrong credential" if request.headers.get("authorization") else "no credential"


async def record_refusal(
    request: Request, access: Access, operation: str, refusal: Problem | Refused
) -> None:
    """Record a refusal if the reason is missing identity or authority."""
    description = _describe_refusal(request, refusal)
    if description is None or access is Access.PUBLIC:
        return
    actor: Actor = getattr(request.state, "actor", ANYONE)
    budget: RefusalBudget = request.app.state.refusals
    passed_over = budget.spend(_name_payer(actor, request))
    if passed_over is None:
        return
    if passed_over:
        description["passed_over"] = passed_over
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
