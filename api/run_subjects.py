"""Answers to a request that started a run: the subject of the run, by its kind."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import Request, Response

from api import allocations, selections
from api.runs import SubjectResponder
from service import runs
from service.work import Work

SUBJECT_RESPONDERS: Mapping[str, SubjectResponder] = {
    "allocation": allocations.respond_with_allocation,
    "selection": selections.respond_with_selection,
}


async def respond_with_subject(request: Request, work: Work, run_id: UUID) -> Response:
    """Answer with the subject of a run, or with the run while it computes."""
    run = await runs.get_run(work, run_id)
    return await SUBJECT_RESPONDERS[run.kind](request, work, run)
