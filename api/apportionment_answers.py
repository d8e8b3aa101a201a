"""Answers about an apportionment: the seats of each unit, the tie, the repair, and the proof."""

from pydantic import Field

from api.findings import FindingAnswer
from api.http.types import Answer, Certificate, format_exact
from domain.apportionment import ApportionmentRule, Method
from domain.apportionment.result import BoundKind, RepairReason, Status
from domain.apportionment.rules import BoundsKind, QuotaKind
from domain.apportionment.summaries import ApportionmentSummary
from domain.snapshots import read_fraction


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
    parts: list[int] | None = Field(
        default=None, exclude_if=_is_unset, description="With components: the seats from each, then the rest."
    )
    sentences: list[FindingAnswer] | None = Field(
        default=None, exclude_if=_is_unset, description="With components: why each gives so many."
    )


class TieAnswer(Answer):
    """Units with exactly equal claims to fewer seats than there are units."""

    ids: list[str]
    places: int
    digest: str


class ApportionmentAnswer(Answer):
    """`decided`, `lots_required` (draw a lot, then send `lots`), or `infeasible` with a repair."""

    status: Status
    method: Method | None = Field(description="Null where components give all seats.")
    seats: int
    units: list[UnitAward]
    tie: TieAnswer | None = None
    repair: RepairAnswer | None = None
    certificate: Certificate | None = None


def build_apportionment_answer(found: ApportionmentSummary) -> ApportionmentAnswer:
    """Build the answer for an apportionment, computed at once or by a run."""
    return ApportionmentAnswer(
        status=found.status,
        method=found.method,
        seats=found.seats,
        units=[
            UnitAward(
                id=each.id, seats=each.seats, quota=format_exact(read_fraction(each.quota)), bound=each.bound
            )
            for each in found.units
        ],
        tie=None if found.tie is None else TieAnswer.model_validate(found.tie),
        repair=None if found.repair is None else RepairAnswer.model_validate(found.repair),
        certificate=None if found.certificate is None else dict(found.certificate),
    )
