"""Lists against their targets, as they stand and as they would: one call for a phone."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import Field

from api.languages import Reader
from api.nominations_shown import ListAnswer, checked_list
from api.people import TraitsBody
from api.routes import CurrentActor, Router, Session
from api.samples import UNIT, sample
from api.types import Body, Code, Uuid
from domain.access import Access
from service import conferences, lists
from service.lists import Change
from service.sealing import Vault

router = Router(prefix="/conferences/{conference_id}/composition", tags=["nominations"])

_MANY = 1000


class SupposedBody(TraitsBody):
    """Somebody who is not named yet: the group, and what would be stated."""

    group: Code


class ListWhatIfBody(Body):
    """A unit's list with some people added and some nominations left out."""

    model_config = sample(unit=UNIT, added=[{"group": "dien-hinh", "gender": "female"}], without=[])

    unit: Uuid
    added: Annotated[list[SupposedBody], Field(default_factory=list, max_length=_MANY)]
    without: Annotated[list[Uuid], Field(default_factory=list, max_length=_MANY)]


@router.get("", access=Access.NOMINATIONS_READ, read_only=False)
async def check_composition(
    conference_id: Uuid,
    request: Request,
    session: Session,
    actor: CurrentActor,
    reader: Reader,
    unit: Annotated[Uuid | None, Query(description="One unit's list; default: the whole conference.")] = None,
) -> ListAnswer:
    """Where a list stands against its targets: met, short, unreachable, unknown.

    For the whole conference it also names who was nominated twice.
    """
    conference = await conferences.get(session, actor, conference_id)
    vault: Vault = request.app.state.vault
    if unit is None:
        return checked_list(await lists.of_conference(session, actor, vault, conference), reader)
    return checked_list(await lists.of_unit(session, actor, vault, conference, unit), reader)


@router.post("/what_ifs", access=Access.NOMINATIONS_READ, keyed=False)
async def try_list(
    conference_id: Uuid,
    body: ListWhatIfBody,
    request: Request,
    session: Session,
    actor: CurrentActor,
    reader: Reader,
) -> ListAnswer:
    """Where a unit's list would stand with people added and nominations left out; nothing is stored."""
    conference = await conferences.get(session, actor, conference_id)
    vault: Vault = request.app.state.vault
    change = Change([(each.group, each.traits()) for each in body.added], body.without)
    found = await lists.of_unit(session, actor, vault, conference, body.unit, change=change)
    return checked_list(found, reader)
