"""Released numbers over HTTP: computed once for a conference that has met, then readable."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.http.calls import Call, CurrentCall
from api.http.etags import compute_digest_etag, set_etag
from api.http.routes import Router
from api.http.types import Answer, Uuid
from db.cases import RowLock
from db.privacy import CompositionRelease
from domain.access import Access
from service import releases
from service.conferences.case import load_case

router = Router(prefix="/conferences", tags=["conferences"])


class ReleasedNumbersAnswer(Answer):
    """The number of persons, and how many of them meet each target; null: withheld."""

    persons: int
    targets: dict[str, int | None]


class ReleasedTableAnswer(Answer):
    """One sealed attribute, for the whole conference and, where no person can be recognised, by group."""

    attribute: str
    total: ReleasedNumbersAnswer
    groups: dict[str, ReleasedNumbersAnswer]


class ReleaseAnswer(Answer):
    """The released numbers of a conference."""

    id: UUID
    conference: UUID
    threshold: int = Field(description="The fewest persons that a number must count outside any one unit.")
    left_out: int = Field(
        description="Delegates who are not counted: by name and year of birth they are perhaps the same as "
        "another who is counted, here or in another release."
    )
    tables: list[ReleasedTableAnswer]
    released_by: str
    released_at: datetime


_CONFLICT_RESPONSES: dict[int | str, dict[str, Any]] = {
    409: {"description": "The conference has not met, or a person is counted in another release."}
}


@router.post(
    "/{conference_id}/composition_release",
    access=Access.NOMINATIONS_DECIDE,
    status_code=201,
    tagged=True,
    responses=_CONFLICT_RESPONSES,
)
async def release_composition(conference_id: Uuid, call: CurrentCall) -> ReleaseAnswer:
    """Release how many delegates meet each target on a sealed attribute. This is possible once only (409).
    Numbers that count too few persons are withheld, and so are numbers from which these could be computed.
    The caller must be allowed to read the sealed attributes of every delegate (403)."""
    case = await load_case(call.work, conference_id, lock=RowLock.CHANGE)
    settings = call.request.app.state.settings
    made = await releases.release_composition(call.work, case, settings.release_threshold)
    call.set_location(f"/v1/conferences/{case.conference.id}/composition_release")
    return _build_tagged_release(call, made)


@router.get("/{conference_id}/composition_release", access=Access.NOMINATIONS_READ, tagged=True)
async def read_composition_release(conference_id: Uuid, call: CurrentCall) -> ReleaseAnswer:
    """Read the released numbers of a conference."""
    case = await load_case(call.work, conference_id)
    return _build_tagged_release(call, await releases.get_release(call.work, case))


def _build_tagged_release(call: Call, release: CompositionRelease) -> ReleaseAnswer:
    set_etag(call.response, compute_digest_etag(str(release.id)))
    return ReleaseAnswer.model_validate(release)
