"""The calculator: an exact apportionment of the units in the request."""

import asyncio
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import ConfigDict, Field, JsonValue, Strict

from api.http.request_work import Transactions
from api.http.routes import Router
from api.http.types import Answer, Body, Certificate, Count, Label, Weight, format_exact
from api.runs import Prefer, await_run, read_wait_seconds, respond_with_run
from domain.access import Access
from domain.apportionment import Apportionment, ApportionmentRule, Claim, Method, apportion_seats
from domain.apportionment.certificate import build_certificate
from domain.apportionment.result import BoundKind, RepairReason, Status
from domain.apportionment.rules import BoundsKind, QuotaKind
from domain.findings import Finding, Invalid, Plain
from domain.snapshots import plain_fraction
from service import calculations, runs

router = Router(prefix="/apportionments", tags=["apportionments"])

MAX_IMMEDIATE_UNITS = 20_000
"""The most units that are computed within the request; a run computes larger ones."""

MAX_UNITS = 200_000
MAX_SEATS = 1_000_000
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
    """Seats to apportion among units in proportion to their weights."""

    model_config = ConfigDict(json_schema_extra={"examples": [SAMPLE_BODY]})

    seats: Annotated[int, Strict(), Field(ge=0, le=MAX_SEATS)]
    units: Annotated[list[UnitClaim], Field(min_length=1, max_length=MAX_UNITS)]
    lots: Lots = None


def _is_unset(value: object) -> bool:
    return value is None


class RuleAnswer(Answer):
    """A method, with the parameters that it uses."""

    method: Method
    c: str | None = Field(default=None, exclude_if=_is_unset, description="For `stationary`.")
    first_divisor: str | None = Field(
        default=None, exclude_if=_is_unset, description="For `modified_sainte_lague`."
    )
    quota: QuotaKind | None = Field(
        default=None, exclude_if=_is_unset, description="For `largest_remainder`."
    )
    bounds: BoundsKind | None = Field(
        default=None, exclude_if=_is_unset, description="For `largest_remainder`."
    )


def build_rule_answer(rule: ApportionmentRule) -> RuleAnswer:
    """Build the answer for a rule."""
    return RuleAnswer.model_validate(rule.plain_rule())


class RepairAnswer(Answer):
    """The least changes that make the seats fit the bounds; each of them is enough by itself."""

    reason: RepairReason
    house: int = Field(description="The nearest total number of seats that fits the bounds.")
    lower: int = Field(description="By how many seats the floors have to fall in all.")
    lower_bases: int = Field(description="How many of these out of the bases, at least.")
    raise_caps: int | None = Field(
        description="By how many seats the caps have to rise in all; null where that does not help."
    )
    floors: list[tuple[str, int]] = Field(description="One way to lower the floors: unit, new bound.")
    caps: list[tuple[str, int]] = Field(description="One way to raise the caps: unit, new bound.")


class UnitAward(Answer):
    """The seats of one unit. While a lot is required, `seats` are those that do not depend on the lot."""

    id: str
    seats: int
    quota: str = Field(description="The unit's exact share of the seats within the bounds.")
    bound: BoundKind | None = Field(description="The bound that changed the seats, or null.")


class TieAnswer(Answer):
    """Units with exactly equal claims to fewer seats than there are units."""

    ids: list[str]
    places: int
    digest: str


class ApportionmentAnswer(Answer):
    """`decided`, `lots_required` (draw a lot, then send `lots`), or `infeasible` with a repair."""

    status: Status
    method: Method
    seats: int
    units: list[UnitAward]
    tie: TieAnswer | None = None
    repair: RepairAnswer | None = None
    certificate: Certificate | None = None


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
    prefer: Prefer = None,
) -> ApportionmentAnswer | Response:
    """Apportion seats among units.

    The order of the units does not change the result. Up to 20,000 units are computed at once and nothing is
    stored. More, up to 200,000, are stored and computed by a run: the answer is 202, the run has the result.
    """
    if len(body.units) <= MAX_IMMEDIATE_UNITS:
        return await asyncio.to_thread(_compute_answer, body)
    content = await asyncio.to_thread(_freeze_body, body)
    async with transactions.begin_work() as work:
        run = await calculations.start_apportionment(work, content)
    await await_run(request, run.id, read_wait_seconds(prefer))
    async with transactions.begin_work(read_only=True) as work:
        return respond_with_run(await runs.get_run(work, run.id))


def _freeze_body(body: ApportionmentBody) -> dict[str, Plain]:
    return {
        "schema": calculations.SCHEMA,
        "seats": body.seats,
        "rule": body.build_rule().plain_rule(),
        "units": [
            [unit.id, plain_fraction(unit.weight), unit.floor, unit.cap, unit.base] for unit in body.units
        ],
        "lots": list(body.lots or ()),
    }


def _compute_answer(body: ApportionmentBody) -> ApportionmentAnswer:
    claims = [
        Claim(unit.id, _simplify_weight(unit.weight), unit.floor, unit.cap, unit.base) for unit in body.units
    ]
    rule = body.build_rule()
    try:
        return build_apportionment_answer(apportion_seats(body.seats, claims, rule, lots=body.lots or ()))
    except Invalid as refused:
        errors = [_shorten_pointer(error) for error in refused.errors]
        raise Invalid(refused.code, refused.params, errors=errors) from None


def _shorten_pointer(error: Finding) -> Finding:
    """Point at the parameters of the rule where this body has them: at its top level."""
    return replace(error, pointer=error.pointer.removeprefix("/rule"))


def build_apportionment_answer(answer: Apportionment) -> ApportionmentAnswer:
    """Build the answer for an apportionment."""
    tie = answer.tie
    return ApportionmentAnswer(
        status=answer.status,
        method=answer.rule.method,
        seats=answer.house,
        units=[
            UnitAward(id=each.id, seats=each.seats, quota=format_exact(each.quota), bound=each.bound)
            for each in answer.awards
        ],
        tie=None if tie is None else TieAnswer(ids=list(tie.ids), places=tie.places, digest=tie.digest),
        repair=None if answer.repair is None else RepairAnswer.model_validate(answer.repair),
        certificate=build_certificate(answer) if answer.status == "decided" else None,
    )


def _simplify_weight(weight: Fraction) -> int | Fraction:
    return weight.numerator if weight.denominator == 1 else weight
