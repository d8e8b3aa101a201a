"""What a request started that began a run, as it is now: for whoever sends the same request again."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request, Response

from api import allocations, selections
from api.runs import SubjectResponder
from db.session import AsyncSession
from service import runs

SUBJECT_RESPONDERS: Mapping[str, SubjectResponder] = {
    "allocation": allocations.respond_with_allocation,
    "selection": selections.respond_with_selection,
}


async def respond_with_subject(request: Request, session: AsyncSession, run_id: UUID) -> Response:
    """The subject of a run, or the run while it is computed."""
    run = await runs.get_run(session, request.state.actor, run_id)
    return await SUBJECT_RESPONDERS[run.kind](request, session, run)
