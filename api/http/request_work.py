"""The work of a request: its transaction, actor, vault and day."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.http.languages import get_known_names
from db.session import AsyncSession, Database
from domain.findings import Refused
from service.clock import today
from service.names import name_refusal
from service.work import Work


def build_work(request: Request, session: AsyncSession) -> Work:
    """The work of a request in a transaction: the request's own, or one that its handler began."""
    names = get_known_names(request)
    return Work(session, request.state.actor, request.app.state.vault, today(), names)


async def _provide_work(request: Request) -> Work:
    return build_work(request, request.state.session)


CurrentWork = Annotated[Work, Depends(_provide_work)]
"""A handler's parameter: the work of the request in the request's own transaction."""


@asynccontextmanager
async def naming_refusals(work: Work) -> AsyncIterator[None]:
    """Let the sentences of a refusal have the names of what it speaks of, while the transaction is open."""
    try:
        yield
    except Refused as refused:
        await name_refusal(work, refused)
        raise


@dataclass(frozen=True, slots=True)
class RequestTransactions:
    """The transactions of a request that needs none, or several, while it computes."""

    request: Request

    @asynccontextmanager
    async def begin_work(self, *, read_only: bool = False) -> AsyncIterator[Work]:
        """Begin a transaction in the name of the caller."""
        database: Database = self.request.app.state.database
        async with database.transaction(self.request.state.actor, read_only=read_only) as session:
            work = build_work(self.request, session)
            async with naming_refusals(work):
                yield work


async def _provide_transactions(request: Request) -> RequestTransactions:
    return RequestTransactions(request)


Transactions = Annotated[RequestTransactions, Depends(_provide_transactions)]
"""A parameter of a handler that begins its own transactions."""
