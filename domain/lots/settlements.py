"""Settling a tie: what the plan and the calendar allow, the order that comes of it, drawing a lot once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from domain.findings import Conflict, Finding, Invalid, Plain
from domain.lots.announcements import SeedAnnouncement, expect_announced_seed, expect_frozen_before
from domain.lots.orders import compute_lot_order
from domain.snapshots import plain_record

TiedNoun = Literal["units", "nominees"]

_OTHERS_NAMED: Mapping[TiedNoun, str] = {
    "units": "order_names_other_units",
    "nominees": "order_names_other_nominees",
}


class SettlementMethod(StrEnum):
    """How a tie is settled, as it is stored."""

    LOT_BY_HAND = "lot_by_hand"
    """Drawn outside, with minutes."""
    PUBLISHED_SEED = "published_seed"
    """The order follows from an announced seed."""
    DECISION = "decision"
    """The authority names who goes first."""
    SECOND_CRITERION = "second_criterion"
    """A second measure of the plan tells the tied units apart."""
    ONE_MORE = "one_more"
    """Every tied unit gets its seat."""

    @property
    def is_lot(self) -> bool:
        """Whether chance decides; a lot is drawn once for a tie."""
        return self in (SettlementMethod.LOT_BY_HAND, SettlementMethod.PUBLISHED_SEED)


@dataclass(frozen=True, slots=True)
class TieKey:
    """Which tie is meant: the stage of the computation in which it arose, and the tie's digest."""

    stage: str
    digest: str


@dataclass(frozen=True, slots=True)
class TieSettlement:
    """How a tie was settled outside: ``order`` names everybody who is tied, those served first first.

    For ``PUBLISHED_SEED`` the order follows from ``seed`` and is not given; ``ONE_MORE`` needs none.
    """

    how: SettlementMethod
    order: tuple[str, ...]
    minutes: str
    drawn_by: str
    drawn_on: date
    seed: str | None = None

    def plain(self) -> dict[str, Plain]:
        """The settlement as plain data."""
        return plain_record(self)

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "TieSettlement":
        """The inverse of ``plain()``; a record without a seed is read too."""
        return cls(
            SettlementMethod(content["how"]),
            tuple(content["order"]),
            content["minutes"],
            content["drawn_by"],
            date.fromisoformat(content["drawn_on"]),
            content.get("seed"),
        )


@dataclass(frozen=True, slots=True)
class SettlementTerms:
    """What a settlement has to keep to.

    ``methods`` are the plan's; ``frozen_on`` is the day since which what is drawn for cannot be changed: the
    inputs of an allocation, the pool of a list; ``announced`` is the announcement of the tie's seed, if there
    is one.
    """

    methods: Sequence[SettlementMethod]
    frozen_on: date
    announced: SeedAnnouncement | None = None


def list_planned_methods(ties: str, lot: str, *, may_grow: bool) -> list[SettlementMethod]:
    """The ways in which a plan has a tie settled by people; ``ties`` and ``lot`` are its rules (``Ties``).

    Where the authority decides, it names who goes first, or gives each its seat where the number of seats
    ``may_grow``. A plan's own rule that could not settle the tie falls back to the plan's lot.
    """
    if ties == "decision":
        decided = SettlementMethod.DECISION
        return [decided, SettlementMethod.ONE_MORE] if may_grow else [decided]
    return [SettlementMethod.PUBLISHED_SEED if lot == "published_seed" else SettlementMethod.LOT_BY_HAND]


def expect_planned_method(how: SettlementMethod, planned: Sequence[SettlementMethod]) -> None:
    """Raise ``Conflict`` unless the plan settles ties this way."""
    if how not in planned:
        params: dict[str, Plain] = {"allowed": [each.value for each in planned]}
        errors = [Finding("settlement_not_in_plan", params, "/how")]
        raise Conflict("settlement_not_in_plan", params, errors=errors)


def expect_allowed_settlement(settlement: TieSettlement, terms: SettlementTerms, today: date) -> None:
    """Raise unless a tie is settled as the plan says, on a day when the tie was frozen, and not after today.

    A seed is the one that was announced, and its day is later than that of the inputs: whoever freezes inputs
    when the seed may be known could choose them to suit it.
    """
    expect_planned_method(settlement.how, terms.methods)
    first = terms.frozen_on
    if settlement.how is SettlementMethod.PUBLISHED_SEED:
        if terms.announced is None:
            raise Conflict("lot_not_announced")
        expect_frozen_before(terms.announced, terms.frozen_on)
        expect_announced_seed(terms.announced, settlement.seed, settlement.drawn_on)
        first = terms.announced.drawn_on
    if not first <= settlement.drawn_on <= today:
        errors = [Finding("drawn_on_another_day", {"first": first.isoformat()}, "/drawn_on")]
        raise Invalid("settlement_faulty", errors=errors)


def check_settlement(
    settlement: TieSettlement, tied: Collection[str], noun: TiedNoun = "units"
) -> list[Finding]:
    """Findings about order and seed: missing, not for this way of settling, not naming all the ``tied``."""
    special = {SettlementMethod.PUBLISHED_SEED: "seed", SettlementMethod.ONE_MORE: None}
    needed = special.get(settlement.how, "order")
    given = {"order": settlement.order, "seed": settlement.seed}
    errors = [
        Finding("not_for_this_settlement", {"how": settlement.how.value}, f"/{name}")
        for name, value in given.items()
        if value and name != needed
    ]
    if needed is not None and not given[needed]:
        errors.append(Finding("missing", {}, f"/{needed}"))
    elif needed == "order" and sorted(settlement.order) != sorted(tied):
        errors.append(Finding(_OTHERS_NAMED[noun], {noun: [*tied]}, "/order"))
    return errors


def complete_settlement(settlement: TieSettlement, tied: Collection[str], digest: str) -> TieSettlement:
    """The settlement with its order: the given one, or the one that the seed gives for the tie's digest.

    Raises as :func:`expect_complete_settlement`.
    """
    expect_complete_settlement(settlement, tied)
    if settlement.seed:
        return replace(settlement, order=compute_lot_order(settlement.seed, digest, tied))
    return settlement


def expect_complete_settlement(
    settlement: TieSettlement, tied: Collection[str], noun: TiedNoun = "units"
) -> None:
    """Refuse a settlement in which a field is missing or not for this way of settling.

    :raises Invalid: also where the order does not name each of the ``tied`` (units or nominees) once.
    """
    errors = check_settlement(settlement, tied, noun)
    if errors:
        raise Invalid("settlement_faulty", errors=errors)


def expect_same_lot(earlier: TieSettlement, again: TieSettlement) -> None:
    """Raise ``Conflict`` unless a tie's lot that was drawn before is taken again: way, order and day.

    A lot is drawn once: computing the same inputs again gives nobody a second chance at it.
    """
    if (earlier.how, earlier.order, earlier.drawn_on) != (again.how, again.order, again.drawn_on):
        drawn: dict[str, Plain] = {
            "how": earlier.how.value,
            "order": [*earlier.order],
            "drawn_on": earlier.drawn_on.isoformat(),
        }
        raise Conflict("tie_drawn_before", drawn)
