"""The calculator of seats that are fair by row and by column at once."""

import json
from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import ConfigDict, Field, JsonValue, Strict

from api.http.bodies import DeferredBody
from api.http.calls import finish_while_connected
from api.http.problems import run_in_pool
from api.http.routes import Router
from api.http.types import Body, Certificate, Count, Label
from domain.access import Access
from domain.apportionment.two_way import Line, Rounding, TwoWayProblem
from domain.apportionment.two_way.problem import GREATEST_WEIGHT, MOST_LINES
from service.calculations import compute_two_way

router = Router(prefix="/apportionments/two_way", tags=["apportionments"])

SAMPLE_BODY: JsonValue = {
    "rows": [{"id": "north", "seats": 2}, {"id": "south", "seats": 3}],
    "columns": [{"id": "a", "seats": 3}, {"id": "b", "seats": 2}],
    "weights": [[620, 380], [810, 540]],
}

CellWeight = Annotated[int, Strict(), Field(ge=0, le=GREATEST_WEIGHT)]
Lines = Field(min_length=1, max_length=MOST_LINES)


class TwoWayLine(Body):
    """A row or a column."""

    id: Label
    seats: Count


class TwoWayBody(DeferredBody):
    """Rows and columns, and a list of weights for each row."""

    model_config = ConfigDict(json_schema_extra={"examples": [SAMPLE_BODY]})

    method: Literal["sainte_lague", "dhondt"] = "sainte_lague"
    rows: Annotated[list[TwoWayLine], Lines]
    columns: Annotated[list[TwoWayLine], Lines]
    weights: Annotated[list[Annotated[list[CellWeight], Lines]], Lines]
    lots: Annotated[
        list[Annotated[list[Label], Field(min_length=2, max_length=2)]],
        Field(max_length=MOST_LINES**2, description="The tied cells in the drawn order."),
    ] = Field(default_factory=list)


@router.post("", access=Access.CALCULATE, keyed=False, transaction=False, response_model=Certificate)
async def calculate_two_way_apportionment(body: TwoWayBody, request: Request) -> Response:
    """Apportion seats by row and by column at once.

    The answer is a certificate with the `status`: `decided`, `lots_required` (draw a lot among the cells of
    `tie`, then send `lots`) or `infeasible`, with the lines that prove it. Nothing is stored.
    """
    computing = run_in_pool(request.app.state.calculations, _compute_content, body)
    return Response(await finish_while_connected(request, computing), media_type="application/json")


def _compute_content(sent: TwoWayBody) -> bytes:
    """The certificate as JSON, made in a process of its own: it only has to be sent."""
    body = sent.read()
    problem = TwoWayProblem(
        tuple(Line(row.id, row.seats) for row in body.rows),
        tuple(Line(column.id, column.seats) for column in body.columns),
        tuple(map(tuple, body.weights)),
        Rounding(body.method),
    )
    certificate = compute_two_way(problem, [(row, column) for row, column in body.lots])
    return json.dumps(certificate, ensure_ascii=False, separators=(",", ":")).encode()
