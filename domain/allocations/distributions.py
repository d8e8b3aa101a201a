"""Distributing the seats of one unit over the units below it, and settling a tie between them.

A tie that waits is stored nowhere, so that no seed could be shown to have come after it: lots are drawn by
hand. A settlement names the tie by its digest; one made for other figures settles nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from domain.allocations.inputs import UnitFigures
from domain.allocations.preparation import expect_no_errors
from domain.apportionment import Apportionment, ApportionmentRule, Tie, apportion_seats
from domain.findings import Finding, Invalid, Plain
from domain.lots import TieKey, TieSettlement, check_settlement, expect_same_lot
from domain.quotas import build_claim, count_free_seats


@dataclass(frozen=True, slots=True)
class DistributionRule:
    """How a unit shares its seats: by a measure and a rule, with bounds for each unit below."""

    measure: str
    rule: ApportionmentRule
    floor: int = 0
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class DistributedSeats:
    """What there is to share: ``seats`` of a group over the units ``below``.

    ``committed`` is unit → seats that nobody can take from it any more; it may name units that are no longer
    below.
    """

    group: str
    seats: int
    below: Sequence[UnitFigures]
    committed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DistributionTie:
    """A tie that was settled for a quota, by its digest. There is never a seed."""

    tied_digest: str
    settlement: TieSettlement

    def plain(self) -> dict[str, Plain]:
        """The tie with its settlement as plain data, as it is kept with the quota."""
        settlement = self.settlement.plain()
        del settlement["seed"]
        return {"tied_digest": self.tied_digest, **settlement}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(plain["tied_digest"], TieSettlement.read(plain))


@dataclass(frozen=True, slots=True)
class QuotaDistribution:
    """How a quota was distributed: the measure, the proof, and the settlement of a tie.

    ``settled`` are all ties that were settled for the quota, also in earlier distributions.
    """

    measure: str
    certificate: Mapping[str, Plain]
    settlement: DistributionTie | None = None
    settled: tuple[DistributionTie, ...] = ()

    def plain(self) -> dict[str, Plain]:
        """The distribution as plain data, as a quota stores it."""
        return {
            "measure": self.measure,
            "certificate": self.certificate,
            "settlement": None if self.settlement is None else self.settlement.plain(),
            "settled": [each.plain() for each in self.settled],
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        settlement = plain["settlement"]
        return cls(
            plain["measure"],
            plain["certificate"],
            None if settlement is None else DistributionTie.read(settlement),
            tuple(map(DistributionTie.read, plain["settled"])),
        )


def expect_figures(below: Sequence[UnitFigures], measure: str, group: str) -> None:
    """Raise ``Conflict`` naming every unit that did not report the measure."""
    errors = [
        Finding("figure_unknown", {"stage": group, "unit": unit.code, "name": unit.name, "measure": measure})
        for unit in below
        if unit.find_figure(measure) is None
    ]
    expect_no_errors(errors, below)


def distribute_seats(
    shared: DistributedSeats, rule: DistributionRule, lots: Sequence[str] = ()
) -> Apportionment:
    """The seats of each unit below; what is committed to units that are no longer below is not shared."""
    claims = [
        build_claim(
            unit.unit,
            unit.find_figure(rule.measure) or 0,
            shared.committed.get(unit.unit, 0),
            floor=rule.floor,
            cap=rule.cap,
        )
        for unit in shared.below
    ]
    free = count_free_seats(shared.seats, shared.committed, {claim.id for claim in claims})
    return apportion_seats(free, claims, rule.rule, lots=lots, stage=shared.group)


def distribute_after_tie(
    shared: DistributedSeats, rule: DistributionRule, settled: tuple[TieKey, TieSettlement], today: date
) -> Apportionment:
    """The seats of each unit below after the tie between them was settled.

    :raises Invalid: pointing below ``/settlement``, where there is no such tie, or its settlement is faulty.
    """
    key, settlement = settled
    tie = distribute_seats(shared, rule).tie
    if tie is None or TieKey(shared.group, tie.digest) != key:
        errors = [Finding("no_such_tie", {"stage": shared.group}, "/settlement/tied_digest")]
        raise Invalid("no_such_tie", errors=errors)
    return distribute_seats(shared, rule, _get_drawn_order(settlement, tie, today))


def expect_lot_drawn_once(settled: Sequence[DistributionTie], tie: DistributionTie) -> None:
    """Raise ``Conflict`` for another settlement of a tie for which a lot was drawn, as ``settled`` says."""
    for earlier in settled:
        if earlier.tied_digest == tie.tied_digest and earlier.settlement.how.is_lot:
            expect_same_lot(earlier.settlement, tie.settlement)
            return


def _get_drawn_order(settlement: TieSettlement, tie: Tie, today: date) -> tuple[str, ...]:
    errors = [
        replace(each, pointer=f"/settlement{each.pointer}") for each in check_settlement(settlement, tie.ids)
    ]
    if settlement.drawn_on > today:
        errors.append(Finding("day_in_future", {}, "/settlement/drawn_on"))
    if errors:
        raise Invalid("settlement_faulty", errors=errors)
    return settlement.order
