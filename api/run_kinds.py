"""The answer to a request that started a run: its subject, or the run while it computes."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request, Response

from api.allocations.routes import respond_with_allocation
from api.runs import SubjectResponder, respond_with_run
from api.selections.routes import respond_with_selection
from domain.runs import RunName
from service import runs
from service.work import Work

RESPONDERS: Mapping[RunName, SubjectResponder] = {
    RunName.ALLOCATION: respond_with_allocation,
    RunName.APPORTIONMENT: respond_with_run,
    RunName.SELECTION: respond_with_selection,
}
"""How each kind is answered."""


async def respond_with_subject(request: Request, work: Work, run_id: UUID) -> Response:
    """Answer with the subject of a run, or with the run while it computes."""
    run = await runs.get_run(work, run_id)
    return await RESPONDERS[RunName(run.kind)](request, work, run)
