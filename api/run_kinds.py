"""The kinds of run, registered once: how each is computed, and how its subject is answered."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response

from api.allocations.routes import respond_with_allocation
from api.runs import SubjectResponder, respond_with_run
from api.selections.routes import respond_with_selection
from db.runs import Run
from domain.runs import RunName
from service import runs
from service.allocations import AllocationRunKind
from service.calculations import ApportionmentRunKind
from service.runs import RunKind
from service.selections import SelectionRunKind
from service.work import Work


@dataclass(frozen=True, slots=True)
class RegisteredRunKind:
    """A kind of run, and the answer to the request that started one."""

    computation: RunKind
    respond: SubjectResponder


async def _respond_with_calculation(request: Request, _work: Work, run: Run) -> Response:
    return await asyncio.to_thread(respond_with_run, request, run)


RUN_KINDS: Mapping[str, RegisteredRunKind] = {
    RunName.ALLOCATION: RegisteredRunKind(AllocationRunKind(), respond_with_allocation),
    RunName.APPORTIONMENT: RegisteredRunKind(ApportionmentRunKind(), _respond_with_calculation),
    RunName.SELECTION: RegisteredRunKind(SelectionRunKind(), respond_with_selection),
}
"""The kinds by the name that a run stores."""

COMPUTATIONS: Mapping[str, RunKind] = {name: kind.computation for name, kind in RUN_KINDS.items()}
"""How each kind of run is computed."""


async def respond_with_subject(request: Request, work: Work, run_id: UUID) -> Response:
    """Answer with the subject of a run, or with the run while it computes."""
    run = await runs.get_run(work, run_id)
    return await RUN_KINDS[run.kind].respond(request, work, run)
