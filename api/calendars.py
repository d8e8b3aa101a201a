"""The calendar of conferences over HTTP."""

import asyncio
from typing import Annotated, Any

from fastapi import Query, Response

from api.http.calls import CurrentCall
from api.http.routes import Router
from api.http.types import Uuid
from domain.access import Access
from service.conferences.calendar_files import write_calendar
from service.conferences.calendars import build_entries, load_calendar

router = Router(prefix="/conferences", tags=["conferences"])

ICALENDAR = "text/calendar"
_RESPONSES: dict[int | str, Any] = {200: {"content": {ICALENDAR: {"schema": {"type": "string"}}}}}


@router.get(
    "/calendar.ics",
    access=Access.CONFERENCES_READ,
    offers=(ICALENDAR,),
    responses=_RESPONSES,
    response_class=Response,
    problems=(422,),
)
async def read_calendar(
    call: CurrentCall,
    plan: Annotated[Uuid | None, Query()] = None,
    unit: Annotated[Uuid | None, Query()] = None,
) -> Response:
    """Read when conferences meet and what is due, as a calendar.

    Until a conference has met there is the window of the plan. Reading it again moves entries whose days have
    changed. Up to 2,000 conferences.
    """
    found = await load_calendar(call.work, plan, unit)
    content = await asyncio.to_thread(
        lambda: write_calendar(build_entries(call.work, found), call.translator)
    )
    headers = {"Content-Disposition": 'inline; filename="daibieu.ics"', "Content-Language": call.language}
    return Response(content, media_type=ICALENDAR, headers=headers)
