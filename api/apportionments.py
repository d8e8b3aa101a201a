"""The calculator: an apportionment of whatever is sent, exact and stored nowhere."""

import asyncio
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, Literal

from fastapi import Request, Response
from pydantic import ConfigDict, Field, JsonValue, Strict

from api.routes import CurrentActor, Router, Transactions
from api.runs import Prefer, carried_out, patience, waiting
from api.types import Answer, Body, Count, Label, Weight, exactly
from domain.access import Access
from domain.apportionment import Apportionment, Claim, Method, Rule, apportion
from domain.findings import Finding, Invalid, Plain
from domain.snapshots import told, written
from service import calculations, runs

router = Router(prefix="/apportionments", tags=["apportionments"])

AT_ONCE = 20_000
"""So many units are computed while the caller waits; beyond it a run does it."""

MOST_UNITS = 200_000
MOST_SEATS = 1_000_000
MOST_BODY = 20 * 2**20

EXAMPLE: JsonValue = {
    "method": "sainte_lague",
    "seats": 10,
    "units": [
        {"id": "a", "weight": "1234", "floor": 1, "cap": 9},
        {"id": "b", "weight": "617"},
        {"id": "c", "weight": 55, "floor": 1},
    ],
}


class UnitClaim(Body):
    """One unit: its weight, and the bounds on its seats. `base` seats come first, whatever the weight."""

    id: Label
    weight: Weight
    floor: Count = 0
    cap: Count | None = None
    base: Count = 0


class RuleBody(Body):
    """A method with its parameters; one that the method does not use is refused."""

    method: Annotated[Method, Field(description="The method, by its id.")]
    c: Annotated[Weight | None, Field(description="For `stationary`: signposts k - 1 + c.")] = None
    first_divisor: Annotated[
        Weight | None, Field(description="For `modified_sainte_lague`, on the scale 1, 3, 5; default 1.4.")
    ] = None
    quota: Annotated[Literal["hare", "droop"] | None, Field(description="For `largest_remainder`.")] = None
    bounds: Annotated[
        Literal["refit", "whole_house"] | None, Field(description="For `largest_remainder`.")
    ] = None

    def rule(self) -> Rule:
        """The same for the engine."""
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
        return Rule(self.method, **given)


Lots = Annotated[
    list[Label] | None,
    Field(max_length=MOST_UNITS, description="The drawn order of the tied units, who is served first first."),
]


class ApportionmentBody(RuleBody):
    """Seats over units in proportion to their weights."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    seats: Annotated[int, Strict(), Field(ge=0, le=MOST_SEATS)]
    units: Annotated[list[UnitClaim], Field(min_length=1, max_length=MOST_UNITS)]
    lots: Lots = None


class UnitAward(Answer):
    """What one unit gets. While lots are required, `seats` is what it has whatever the lot decides."""

    id: str
    seats: int
    quota: str = Field(description="Its exact share of the seats within the bounds.")
    bound: str | None = Field(description="`floor` or `cap`, when that bound acts.")


class TieAnswer(Answer):
    """Units with exactly equal claims to fewer seats than there are units."""

    ids: list[str]
    places: int
    digest: str


class ApportionmentAnswer(Answer):
    """`decided`, `lots_required` (draw, and send it again with `lots`), or `infeasible` with a repair."""

    status: str
    method: str
    seats: int
    units: list[UnitAward]
    tie: TieAnswer | None = None
    repair: dict[str, Any] | None = None
    certificate: dict[str, Any] | None = None


@router.post(
    "",
    access=Access.CALCULATE,
    keyed=False,
    transaction=False,
    body_limit=MOST_BODY,
    response_model=ApportionmentAnswer,
    responses={202: {"description": "It is large and computed as a run; `Location` leads there."}},
)
async def calculate_apportionment(
    body: ApportionmentBody,
    request: Request,
    actor: CurrentActor,
    database: Transactions,
    prefer: Prefer = None,
) -> ApportionmentAnswer | Response:
    """Apportion seats over units.

    The same input in any order gives the same answer. Up to 20,000 units nothing is stored; beyond, up to
    200,000, the inputs are frozen and a run computes them: 202, and the answer stands with the run.
    """
    if len(body.units) <= AT_ONCE:
        return await asyncio.to_thread(_calculated, body)
    content = await asyncio.to_thread(_frozen, body)
    async with database.transaction(actor) as session:
        run = await calculations.start(session, actor, content)
    await carried_out(request, run.id, patience(prefer))
    async with database.transaction(actor, read_only=True) as session:
        return waiting(request, await runs.get(session, actor, run.id))


def _frozen(body: ApportionmentBody) -> dict[str, Plain]:
    return {
        "schema": calculations.SCHEMA,
        "seats": body.seats,
        "rule": body.rule().plain(),
        "units": [[unit.id, written(unit.weight), unit.floor, unit.cap, unit.base] for unit in body.units],
        "lots": list(body.lots or ()),
    }


def _calculated(body: ApportionmentBody) -> ApportionmentAnswer:
    claims = [Claim(unit.id, _weight(unit.weight), unit.floor, unit.cap, unit.base) for unit in body.units]
    rule = body.rule()
    try:
        return shown(apportion(body.seats, claims, rule, lots=body.lots or ()))
    except Invalid as refused:
        raise Invalid(refused.code, refused.params, errors=[_in_body(e) for e in refused.errors]) from None


def _in_body(error: Finding) -> Finding:
    """What is wrong with the rule stands beside the seats here, and not below them."""
    return replace(error, pointer=error.pointer.removeprefix("/rule"))


def shown(answer: Apportionment) -> ApportionmentAnswer:
    """An apportionment as it is answered."""
    tie = answer.tie
    return ApportionmentAnswer(
        status=answer.status,
        method=answer.rule.method,
        seats=answer.house,
        units=[
            UnitAward(id=each.id, seats=each.seats, quota=exactly(each.quota), bound=each.bound)
            for each in answer.awards
        ],
        tie=None if tie is None else TieAnswer(ids=list(tie.ids), places=tie.places, digest=tie.digest),
        repair=None if answer.repair is None else told(answer.repair),
        certificate=dict(answer.certificate) if answer.status == "decided" else None,
    )


def _weight(weight: Fraction) -> int | Fraction:
    return weight.numerator if weight.denominator == 1 else weight
