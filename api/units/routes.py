"""Units over HTTP: found them one by one, read them on any day, change them, and report their figures."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field, Strict

from api.http.calls import Call, ChangeCall, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.routes import Router
from api.http.samples import build_sample
from api.http.types import Body, Code, Count, Date, Flag, Name, Uuid, Weight
from api.units.answers import KIND_DESCRIPTION, UnitAnswer, UnitItem, build_unit_item
from db import unit_lists
from db.units import Unit
from domain.access import Access
from domain.figures import LONGEST_SOURCE, FigureRow
from domain.units import UnitRow
from service import unit_changes, units
from service.formats.fields import CleanLine
from service.units import UnitDescription

router = Router(prefix="/units", tags=["units"])

OnDay = Annotated[Date | None, Query(alias="on", description="The day to describe; default: today.")]
FirstDay = Annotated[Date, Field(description="The first day on which this is valid.")]


class Predecessor(Body):
    """An earlier unit that became part of this one, and the share of it that did."""

    code: Code
    share: Weight


class UnitBody(Body):
    """A new unit. Its code can never be given to another unit."""

    model_config = build_sample(
        code="so-noi-vu",
        name="Sở Nội vụ",
        kind="department",
        valid_from="2019-04-01",
        parents={"soc-trang-v": "tinh-soc-trang"},
        codes={"qd20": "H37.02"},
    )

    code: Code
    name: Name
    kind: Annotated[Code, Field(description=KIND_DESCRIPTION)]
    valid_from: FirstDay
    valid_to: Annotated[Date | None, Field(description="The last day, if known.")] = None
    parents: Annotated[
        dict[Code, Code],
        Field(default_factory=dict, max_length=20, description="Congress → code of the parent unit."),
    ]
    codes: Annotated[
        dict[Code, Name],
        Field(default_factory=dict, max_length=20, description="Coding scheme → the unit's identifier."),
    ]
    predecessors: Annotated[list[Predecessor], Field(default_factory=list, max_length=100)]
    made_up: Annotated[Flag, Field(description="True for a unit invented for an example.")] = False

    def build_row(self) -> UnitRow:
        """Build the row for the service, as if it were the only row of a file."""
        return UnitRow(
            row=0,
            code=self.code,
            name=self.name,
            kind=self.kind,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            parents=self.parents,
            codes=self.codes,
            predecessors=tuple((each.code, each.share) for each in self.predecessors),
            made_up=self.made_up,
        )


class FiguresBody(Body):
    """The figures of a unit on a day. A measure that is left out is unknown, not zero."""

    model_config = build_sample(
        as_of="2019-12-31",
        source="Báo cáo số lượng công chức, mẫu BM01",
        figures={"staff": 45, "staff.women": 20},
    )

    as_of: Date
    source: Annotated[str, Strict(), Field(min_length=1, max_length=LONGEST_SOURCE), CleanLine]
    figures: Annotated[
        dict[Code, Count],
        Field(max_length=200, description="`staff.women` and others → number; `{}` withdraws the report."),
    ]
    made_up: Flag = False


class NamingBody(Body):
    """A new name and the first day on which it is valid."""

    model_config = build_sample(name="Thị xã Kim Bảng", first="2025-01-01")

    name: Name
    first: FirstDay


class MoveBody(Body):
    """Another parent unit in a congress from a day on; `null` takes the unit out of the congress."""

    model_config = build_sample(congress="soc-trang-v", parent="tinh-soc-trang", first="2020-01-01")

    congress: Code
    parent: Annotated[Code | None, Field(description="The code of the parent unit.")]
    first: FirstDay


class ClosureBody(Body):
    """The last day of a unit."""

    model_config = build_sample(last="2025-06-30")

    last: Date


@router.post("", access=Access.UNITS_WRITE, status_code=201, tagged=True)
async def found_unit(body: UnitBody, call: CurrentCall) -> UnitAnswer:
    """Found a unit. A code that is in use is refused (409), and so are other faults of the data (422)."""
    ids = await units.create_units(call.work, [body.build_row()], single=True)
    call.set_location(f"/v1/units/{ids[body.code]}")
    return _build_tagged_unit(call, await units.describe_unit(call.work, ids[body.code], body.valid_from))


@router.get("", access=Access.UNITS_READ)
async def list_units(
    call: CurrentCall,
    paging: Paging,
    day: OnDay = None,
    congress: Annotated[Code | None, Query(description="Only units with a parent in this congress.")] = None,
    parent: Annotated[Uuid | None, Query(description="Only units directly below this one.")] = None,
    kind: Annotated[Code | None, Query(description="Only units of this kind.")] = None,
) -> Page[UnitItem]:
    """List units as they are on a given day, in Vietnamese order of their names."""
    after = None if paging.after is None else (str(paging.after[0]), UUID(str(paging.after[1])))
    session, actor, limit = call.work.session, call.work.actor, paging.row_limit
    on_day = day or call.work.today
    found = await unit_lists.page_units(
        session, actor, on_day, congress=congress, parent=parent, kind=kind, after=after, limit=limit
    )
    return paging.build_page(found, lambda row: [row.sort_key, str(row.id)], build_unit_item)


@router.get("/{unit_id}", access=Access.UNITS_READ, tagged=True)
async def read_unit(unit_id: Uuid, call: CurrentCall, day: OnDay = None) -> UnitAnswer:
    """Read a unit as it is on a given day. Of a unit that is closed by then, its last day is described."""
    return _build_tagged_unit(call, await units.describe_unit(call.work, unit_id, day or call.work.today))


@router.post("/{unit_id}/figures", access=Access.UNITS_WRITE, status_code=201)
async def report_figures(unit_id: Uuid, body: FiguresBody, call: CurrentCall) -> UnitAnswer:
    """Report the figures of a unit for a day. A report with the same source and day replaces the whole
    earlier one. Faulty figures are refused (422)."""
    described = await units.describe_unit(call.work, unit_id, body.as_of)
    figures = FigureRow(0, described.code, body.as_of, body.source, body.figures, body.made_up)
    await units.report_figures(call.work, [figures], single=True)
    return UnitAnswer.model_validate(await units.describe_unit(call.work, unit_id, body.as_of))


@router.post("/{unit_id}/names", access=Access.UNITS_WRITE, status_code=201, tagged=True)
async def rename_unit(unit_id: Uuid, body: NamingBody, call: CurrentChange) -> UnitAnswer:
    """Rename a unit from a given day on. On earlier days the unit keeps its old name."""
    unit = await _get_matching_unit(call, unit_id)
    await unit_changes.rename_unit(call.work, unit, body.name, body.first)
    return _build_tagged_unit(call, await units.describe_unit(call.work, unit_id, body.first))


@router.post("/{unit_id}/parents", access=Access.UNITS_WRITE, status_code=201, tagged=True)
async def move_unit(unit_id: Uuid, body: MoveBody, call: CurrentChange) -> UnitAnswer:
    """Move a unit under another parent in a congress from a given day on. Faults are refused (422)."""
    unit = await _get_matching_unit(call, unit_id)
    await unit_changes.move_unit(call.work, unit, body.congress, body.parent, body.first)
    return _build_tagged_unit(call, await units.describe_unit(call.work, unit_id, body.first))


@router.post("/{unit_id}/closure", access=Access.UNITS_WRITE, status_code=201, tagged=True)
async def close_unit(unit_id: Uuid, body: ClosureBody, call: CurrentChange) -> UnitAnswer:
    """Close a unit after a given last day. Refused while other units are below the unit later (409)."""
    unit = await _get_matching_unit(call, unit_id)
    await unit_changes.close_unit(call.work, unit, body.last)
    return _build_tagged_unit(call, await units.describe_unit(call.work, unit_id, body.last))


async def _get_matching_unit(call: ChangeCall, unit_id: UUID) -> Unit:
    unit = await unit_changes.lock_unit(call.work, unit_id)
    call.expect_row(unit)
    return unit


def _build_tagged_unit(call: Call, unit: UnitDescription) -> UnitAnswer:
    call.set_row_etag(unit)
    return UnitAnswer.model_validate(unit)
