"""Released numbers over HTTP: made once for a conference that was held, and read by whoever sees it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.calls import Call, CurrentCall
from api.etags import compute_digest_etag, set_etag
from api.routes import Router
from api.types import Answer, Uuid
from db.cases import RowLock
from db.privacy import CompositionRelease
from domain.access import Access
from service import releases
from service.cases import load_case

router = Router(prefix="/conferences", tags=["conferences"])


class ReleasedNumbers(Answer):
    """So many persons, and how many of them meet each target; null where that is withheld."""

    persons: int
    targets: dict[str, int | None]


class ReleasedTable(Answer):
    """One sealed attribute: the whole conference and, where that gives nobody away, group by group."""

    attribute: str
    total: ReleasedNumbers
    groups: dict[str, ReleasedNumbers]


class ReleaseAnswer(Answer):
    """The numbers of a conference, as they were released."""

    id: UUID
    conference: UUID
    threshold: int = Field(description="Persons behind each number beyond those of any one unit, at least.")
    tables: list[ReleasedTable]
    released_by: str
    released_at: datetime


_CONFLICT_RESPONSES: dict[int | str, dict[str, Any]] = {
    409: {"description": "It was not held yet, or somebody was counted in a release already."}
}


@router.post(
    "/{conference_id}/composition_release",
    access=Access.NOMINATIONS_DECIDE,
    status_code=201,
    tagged=True,
    responses=_CONFLICT_RESPONSES,
)
async def release_composition(conference_id: Uuid, call: CurrentCall) -> ReleaseAnswer:
    """Release, once, how many of the delegates meet each target on a sealed attribute.

    Numbers behind which too few persons stand are withheld, and with them those from which they would follow.
    """
    case = await load_case(call.work, conference_id, lock=RowLock.CHANGE)
    settings = call.request.app.state.settings
    made = await releases.release_composition(call.work, case, settings.release_threshold)
    call.set_location(f"/v1/conferences/{case.conference.id}/composition_release")
    return _build_tagged_release(call, made)


@router.get("/{conference_id}/composition_release", access=Access.NOMINATIONS_READ, tagged=True)
async def read_composition_release(conference_id: Uuid, call: CurrentCall) -> ReleaseAnswer:
    """The numbers that were released of a conference."""
    case = await load_case(call.work, conference_id)
    return _build_tagged_release(call, await releases.get_release(call.work, case))


def _build_tagged_release(call: Call, made: CompositionRelease) -> ReleaseAnswer:
    set_etag(call.response, compute_digest_etag(str(made.id)))
    return ReleaseAnswer.model_validate(made)
