"""Lists compared with their targets, as they are and after a change that is only tried."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.http.calls import CurrentCall
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Body, Code, Uuid
from api.nominations.answers import ListAnswer, build_list_answer
from api.people.answers import TraitsBody
from domain.access import Access
from service import lists
from service.conferences.case import load_case
from service.lists import ListChange

router = Router(prefix="/conferences/{conference_id}/composition", tags=["nominations"])

_MAX_ENTRIES = 1000


class SupposedBody(TraitsBody):
    """A person who is not nominated yet: the group and the attributes."""

    group: Code


class ListWhatIfBody(Body):
    """A change to try on a unit's list: people added and nominations left out."""

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
    unit: Annotated[Uuid | None, Query(description="Only this unit's list; default: all lists.")] = None,
) -> ListAnswer:
    """Check a list against its targets. The check of a whole conference also finds people nominated twice."""
    case = await load_case(call.work, conference_id)
    if unit is None:
        return build_list_answer(await lists.check_conference_list(call.work, case), call.translator)
    return build_list_answer(await lists.check_unit_list(call.work, case, unit), call.translator)


@router.post("/what_ifs", access=Access.NOMINATIONS_READ, keyed=False)
async def try_list(conference_id: Uuid, body: ListWhatIfBody, call: CurrentCall) -> ListAnswer:
    """Check a unit's list after a change that is only tried. Nothing is stored."""
    case = await load_case(call.work, conference_id)
    change = ListChange([(each.group, each.build_traits()) for each in body.added], body.without)
    places = await lists.load_unit_places(call.work, case, body.unit)
    with call.request.app.state.what_ifs.asking(call.work.actor.id, body.unit):
        found = await lists.check_unit_list(call.work, case, body.unit, change=change, places=places)
    return build_list_answer(found, call.translator)
