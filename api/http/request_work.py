"""The work of a request: its transaction, actor, vault and day."""

from typing import Annotated

from fastapi import Depends, Request

from db.session import AsyncSession
from service.clock import today
from service.work import Work


def build_work(request: Request, session: AsyncSession) -> Work:
    """The work of a request in a transaction: the request's own, or one that its handler began."""
    return Work(session, request.state.actor, request.app.state.vault, today())


async def _provide_work(request: Request) -> Work:
    return build_work(request, request.state.session)


CurrentWork = Annotated[Work, Depends(_provide_work)]
"""A handler's parameter: the work of the request in the request's own transaction."""
