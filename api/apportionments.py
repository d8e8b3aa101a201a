"""The calculator: an exact apportionment of the units in the request."""

import asyncio
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import ConfigDict, Field, JsonValue, Strict

from api.apportionment_answers import ApportionmentAnswer, build_apportionment_answer
from api.component_calculations import build_component_answer
from api.http.calls import finish_while_connected
from api.http.languages import Writer
from api.http.problems import run_in_pool
from api.http.request_work import Transactions
from api.http.routes import Router
from api.http.types import Body, Count, Label, Weight, expect_length
from api.runs import Prefer, await_run, read_wait_seconds, respond_with_run
from domain.access import Access
from domain.apportionment import ApportionmentRule, Claim, Method
from domain.apportionment.components import Participant
from domain.apportionment.rules import BoundsKind, QuotaKind
from domain.findings import Finding, Invalid, Plain
from domain.snapshots import plain_fraction, simplify_fraction
from service import calculations, runs
from service.calculations import MOST_COMPONENTS, MOST_SEATS, WEIGHT, ComponentCalculation
from service.formats.plans.seats import PlanComponent
from service.texts import Translator

router = Router(prefix="/apportionments", tags=["apportionments"])

MAX_IMMEDIATE_UNITS = 20_000
"""The most units that are computed within the request; a run computes larger ones."""

MOST_INLINE_UNITS = 500
"""More are computed in a process of their own: a computation in this one holds all other requests up."""

MAX_UNITS = 200_000
MAX_BODY_BYTES = 20 * 2**20

SAMPLE_BODY: JsonValue = {
    "method": "sainte_lague",
    "seats": 10,
    "units": [
        {"id": "a", "weight": "1234", "floor": 1, "cap": 9},
        {"id": "b", "weight": "617"},
        {"id": "c", "weight": 55, "floor": 1},
    ],
}


class UnitClaim(Body):
    """A unit: its weight and the bounds on its seats. It gets `base` seats first, whatever its weight."""

    id: Label
    weight: Weight
    floor: Count = 0
    cap: Count | None = None
    base: Count = 0
    figures: Annotated[
        dict[Label, Weight],
        Field(default_factory=dict, max_length=20, description="Other figures, for components."),
    ]
    predecessors: Annotated[Count, Field(description="How many units it was formed from.")] = 1

    def build_participant(self) -> Participant:
        """The unit as components need it."""
        figures = {name: simplify_fraction(figure) for name, figure in self.figures.items()}
        figures[WEIGHT] = simplify_fraction(self.weight)
        return Participant(self.id, figures, self.floor, self.cap, self.predecessors)


class RuleBody(Body):
    """A method with its parameters. A parameter that the method does not use is refused."""

    method: Annotated[Method, Field(description="The id of the method.")]
    c: Annotated[Weight | None, Field(description="For `stationary`: the signposts are k - 1 + c.")] = None
    first_divisor: Annotated[
        Weight | None, Field(description="For `modified_sainte_lague`: replaces 1 in 1, 3, 5…; default 1.4.")
    ] = None
    quota: Annotated[QuotaKind | None, Field(description="For `largest_remainder`.")] = None
    bounds: Annotated[BoundsKind | None, Field(description="For `largest_remainder`.")] = None

    def build_rule(self) -> ApportionmentRule:
        """The rule for the engine."""
        given: dict[str, Any] = {
            name: value
            for name in ("c", "first_divisor", "quota", "bounds")
            if (value := getattr(self, name)) is not None
        }
        unused = [name for name in ("quota", "bounds") if name in given]
        if unused and self.method is not Method.LARGEST_REMAINDER:
            errors = [
                Finding("parameter_unused", {"parameter": name, "method": str(self.method)}, f"/{name}")
                for name in unused
            ]
            raise Invalid("apportionment_invalid", errors=errors)
        return ApportionmentRule(self.method, **given)


Lots = Annotated[
    list[Label] | None,
    Field(max_length=MAX_UNITS, description="The tied units in the drawn order, first to last."),
]


class ApportionmentBody(RuleBody):
    """Seats to apportion among units in proportion to their weights, after what `components` give."""

    model_config = ConfigDict(json_schema_extra={"examples": [SAMPLE_BODY]})

    method: Annotated[Method, Field(description="The id of the method.")] = Method.SAINTE_LAGUE
    seats: Annotated[
        Annotated[int, Strict(), Field(ge=0, le=MOST_SEATS)] | None,
        Field(description="Without it, the components give the total."),
    ] = None
    components: Annotated[list[PlanComponent], Field(default_factory=list, max_length=MOST_COMPONENTS)]
    units: Annotated[list[UnitClaim], Field(min_length=1, max_length=MAX_UNITS), expect_length(MAX_UNITS)]
    lots: Lots = None

    def build_calculation(self) -> ComponentCalculation:
        """The calculation with components."""
        errors = [
            Finding("base_beside_components", {"id": unit.id}, f"/units/{n}/base")
            for n, unit in enumerate(self.units)
            if unit.base
        ]
        if errors:
            raise Invalid("apportionment_invalid", errors=errors[:100])
        return ComponentCalculation(
            self.seats,
            tuple(unit.build_participant() for unit in self.units),
            tuple(body.to_domain() for body in self.components),
            self.build_rule(),
            tuple(self.lots or ()),
        )


@router.post(
    "",
    access=Access.CALCULATE,
    keyed=False,
    transaction=False,
    body_limit=MAX_BODY_BYTES,
    response_model=ApportionmentAnswer,
    responses={202: {"description": "More than 20,000 units: a run computes them; see `Location`."}},
)
async def calculate_apportionment(
    body: ApportionmentBody,
    request: Request,
    transactions: Transactions,
    translator: Writer,
    prefer: Prefer = None,
) -> ApportionmentAnswer | Response:
    """Apportion seats among units.

    The order of the units does not change the result. Up to 20,000 units are computed at once and nothing is
    stored. More, up to 200,000, are stored and computed by a run: the answer is 202, the run has the result.

    With `components` (up to 5,000 units) these give seats first, each explained in `sentences`; the method
    shares what is left of `seats`.
    """
    if body.components or len(body.units) <= MAX_IMMEDIATE_UNITS:
        return await _compute_now(body, request, translator)
    frozen = await asyncio.to_thread(_freeze_body, body)
    async with transactions.begin_work() as work:
        run = await calculations.start_apportionment(work, frozen)
    await await_run(request, run.id, read_wait_seconds(prefer))
    async with transactions.begin_work(read_only=True) as work:
        return await asyncio.to_thread(respond_with_run, request, await runs.get_run(work, run.id))


async def _compute_now(
    body: ApportionmentBody, request: Request, translator: Translator
) -> ApportionmentAnswer | Response:
    """Compute at once; what takes long in a process of its own, as long as the client waits."""
    if len(body.units) <= MOST_INLINE_UNITS:
        return _compute_answer(body, translator)
    computing = run_in_pool(request.app.state.calculations, _compute_content, body, translator)
    return Response(await finish_while_connected(request, computing), media_type="application/json")


def _expect_stated_seats(body: ApportionmentBody) -> int:
    """The seats to share; raises ``Invalid`` where there are none, and no components to give a total."""
    if body.seats is None:
        raise Invalid("apportionment_invalid", errors=[Finding("missing", {}, "/seats")])
    return body.seats


def _freeze_body(body: ApportionmentBody) -> dict[str, Plain]:
    rule = body.build_rule()
    calculations.expect_valid_rule(rule)
    return {
        "schema": calculations.SCHEMA,
        "seats": _expect_stated_seats(body),
        "rule": rule.plain_rule(),
        "units": [
            [unit.id, plain_fraction(unit.weight), unit.floor, unit.cap, unit.base] for unit in body.units
        ],
        "lots": list(body.lots or ()),
    }


def _compute_content(body: ApportionmentBody, translator: Translator) -> bytes:
    """The answer as JSON, made in a process of its own: its result then only has to be sent."""
    return _compute_answer(body, translator).model_dump_json().encode()


def _compute_answer(body: ApportionmentBody, translator: Translator) -> ApportionmentAnswer:
    if body.components:
        return build_component_answer(body.build_calculation(), translator)
    seats = _expect_stated_seats(body)
    claims = [
        Claim(unit.id, simplify_fraction(unit.weight), unit.floor, unit.cap, unit.base) for unit in body.units
    ]
    found = calculations.compute_apportionment(seats, claims, body.build_rule(), body.lots or ())
    return build_apportionment_answer(found)
