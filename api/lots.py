"""Lots over HTTP: the source of a seed is announced before anybody can know the seed."""

from typing import Annotated

from pydantic import Field, JsonValue, Strict

from api.allocations.answers import AllocationAnswer
from api.allocations.routes import build_tagged_allocation
from api.http.calls import CurrentChange
from api.http.routes import Router
from api.http.samples import build_sample
from api.http.types import Body, Code, Date, Label, Text, Uuid
from api.selections.answers import SelectionAnswer
from api.selections.routes import build_tagged_selection
from domain.access import Access
from domain.lots import SeedAnnouncement, TieKey
from service import allocations, selections
from service.allocations.cases import lock_allocation
from service.selections.cases import lock_selection

router = Router()

_SAMPLE_FIELDS: dict[str, JsonValue] = {
    "source": "Xổ số kiến thiết (ví dụ), giải đặc biệt, kỳ mở thưởng ngày 10/06/2020",
    "digits": 6,
    "drawn_on": "2020-06-10",
}


class SelectionLotAnnouncementBody(Body):
    """The source and day of the seed for the lot among equally good lists."""

    model_config = build_sample(**_SAMPLE_FIELDS)

    source: Annotated[Text, Field(description="Who publishes the seed and where anybody can look it up.")]
    digits: Annotated[int, Strict(), Field(ge=3, le=40, description="The number of digits of the seed.")]
    drawn_on: Annotated[Date, Field(description="The day of the draw: a future day within 92 days.")]

    def build_announcement(self) -> SeedAnnouncement:
        """The announcement for the use case."""
        return SeedAnnouncement(self.source, self.digits, self.drawn_on)


class LotAnnouncementBody(SelectionLotAnnouncementBody):
    """The source and day of the seed for the lot of a tie."""

    model_config = build_sample(
        stage="dien-hinh/huyen-thi",
        tied_digest="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        **_SAMPLE_FIELDS,
    )

    stage: Label
    tied_digest: Code


@router.post(
    "/allocations/{allocation_id}/lot_announcements",
    access=Access.ALLOCATIONS_WRITE,
    status_code=201,
    tagged=True,
    tags=["allocations"],
)
async def announce_lot(
    allocation_id: Uuid, body: LotAnnouncementBody, call: CurrentChange
) -> AllocationAnswer:
    """Announce the seed for the lot of a tie. A second announcement for the tie is refused (409)."""
    case, allocation = await lock_allocation(call.work, allocation_id)
    call.expect_row(allocation)
    tie = TieKey(body.stage, body.tied_digest)
    await allocations.announce_seed(call.work, case, allocation, tie, body.build_announcement())
    return await build_tagged_allocation(call, case, allocation)


@router.post(
    "/selections/{selection_id}/lot_announcements",
    access=Access.SELECTIONS_WRITE,
    status_code=201,
    tagged=True,
    tags=["selections"],
)
async def announce_selection_lot(
    selection_id: Uuid, body: SelectionLotAnnouncementBody, call: CurrentChange
) -> SelectionAnswer:
    """Announce the seed for the lot among equally good lists. Refused while one is announced (409)."""
    case, selection = await lock_selection(call.work, selection_id)
    call.expect_row(selection)
    await selections.announce_seed(call.work, case, selection, body.build_announcement())
    return await build_tagged_selection(call, case, selection)
