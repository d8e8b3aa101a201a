"""Lists against their targets, as they stand and as they would: one call for a phone."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.calls import CurrentCall
from api.nomination_answers import ListAnswer, build_list_answer
from api.people import TraitsBody
from api.routes import Router
from api.samples import SAMPLE_ID, build_sample
from api.types import Body, Code, Uuid
from domain.access import Access
from service import lists
from service.cases import load_case
from service.lists import ListChange

router = Router(prefix="/conferences/{conference_id}/composition", tags=["nominations"])

_MAX_ENTRIES = 1000


class SupposedBody(TraitsBody):
    """Somebody who is not named yet: the group, and what would be stated."""

    group: Code


class ListWhatIfBody(Body):
    """A unit's list with some people added and some nominations left out."""

    model_config = build_sample(
        unit=SAMPLE_ID, added=[{"group": "dien-hinh", "gender": "female"}], without=[]
    )

    unit: Uuid
    added: Annotated[list[SupposedBody], Field(default_factory=list, max_length=_MAX_ENTRIES)]
    without: Annotated[list[Uuid], Field(default_factory=list, max_length=_MAX_ENTRIES)]


@router.get("", access=Access.NOMINATIONS_READ, read_only=False)
async def check_composition(
    conference_id: Uuid,
    call: CurrentCall,
    unit: Annotated[Uuid | None, Query(description="One unit's list; default: the whole conference.")] = None,
) -> ListAnswer:
    """Where a list stands against its targets: met, short, unreachable, unknown.

    For the whole conference it also names who was nominated twice.
    """
    case = await load_case(call.work, conference_id)
    if unit is None:
        return build_list_answer(await lists.check_conference_list(call.work, case), call.language)
    return build_list_answer(await lists.check_unit_list(call.work, case, unit), call.language)


@router.post("/what_ifs", access=Access.NOMINATIONS_READ, keyed=False)
async def try_list(conference_id: Uuid, body: ListWhatIfBody, call: CurrentCall) -> ListAnswer:
    """Where a unit's list would stand with people added and nominations left out; nothing is stored."""
    case = await load_case(call.work, conference_id)
    change = ListChange([(each.group, each.build_traits()) for each in body.added], body.without)
    found = await lists.check_unit_list(call.work, case, body.unit, change=change)
    return build_list_answer(found, call.language)
