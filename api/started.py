"""What a request started that began a run, as it is now: for whoever sends the same request again."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request, Response

from api import allocations, selections
from api.runs import Show
from db.session import AsyncSession
from service import runs

KINDS: Mapping[str, Show] = {
    "allocation": allocations.show,
    "selection": selections.show,
}


async def show(request: Request, session: AsyncSession, run_id: UUID) -> Response:
    """The subject of a run, or the run while it is computed."""
    run = await runs.get(session, request.state.actor, run_id)
    return await KINDS[run.kind](request, session, run)
