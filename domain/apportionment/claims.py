"""The claims of the units to seats: weights, bounds and base seats."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from math import lcm
from operator import lt
from typing import overload

from domain.findings import Finding, Invalid, Plain

Weight = int | Fraction

MOST_FAULTS = 100
"""At most so many faults are listed in one answer, even if a million lines are wrong."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One unit's claim: its weight, and the bounds on its total seats.

    ``base`` seats are allotted first, whatever the weight is (the rule *base first*); ``floor`` and ``cap``
    bound the total, base included (the rule *clamp*). ``cap`` is ``None`` without a cap.
    """

    id: str
    weight: Weight
    floor: int = 0
    cap: int | None = None
    base: int = 0


class Claims(Sequence[Claim]):
    """Many claims in columns: one list for each column instead of one object for each claim.

    A column left out is the default for every unit. All columns given have the length of ``ids`` and do not
    change afterwards.

    :raises Invalid: ``columns_differ``.
    """

    def __init__(
        self,
        ids: Sequence[str],
        weights: Sequence[Weight],
        floors: Sequence[int] | None = None,
        caps: Sequence[int | None] | None = None,
        bases: Sequence[int] | None = None,
    ):
        columns = (weights, floors, caps, bases)
        if any(column is not None and len(column) != len(ids) for column in columns):
            raise Invalid("columns_differ")
        self.ids = ids
        self.weights = weights
        self.floors = floors
        self.caps = caps
        self.bases = bases

    @classmethod
    def from_claims(cls, claims: Sequence[Claim]) -> "Claims":
        """The same claims in columns."""
        if isinstance(claims, Claims):
            return claims
        floors = [claim.floor for claim in claims]
        caps = [claim.cap for claim in claims]
        bases = [claim.base for claim in claims]
        return cls(
            [claim.id for claim in claims],
            [claim.weight for claim in claims],
            floors if floors.count(0) < len(floors) else None,
            caps if caps.count(None) < len(caps) else None,
            bases if bases.count(0) < len(bases) else None,
        )

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Claim: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Claim]: ...
    def __getitem__(self, index: int | slice) -> Claim | Sequence[Claim]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        return Claim(
            self.ids[index],
            self.weights[index],
            self.floors[index] if self.floors else 0,
            self.caps[index] if self.caps else None,
            self.bases[index] if self.bases else 0,
        )

    def __iter__(self) -> Iterator[Claim]:
        floors = self.floors or repeat(0)
        caps = self.caps or repeat(None)
        return map(Claim, self.ids, self.weights, floors, caps, self.bases or repeat(0))

    def expect_valid(self) -> None:
        """Refuse claims from which no apportionment can be computed.

        :raises Invalid: with a finding for each fault, pointing below ``/units``.
        """
        if not self._is_valid():
            raise Invalid("claims_invalid", errors=self._list_faults())

    def _is_valid(self) -> bool:
        ids = self.ids
        if not ids:
            return True
        return (
            set(map(type, ids)) == {str}
            and len(distinct := set(ids)) == len(ids)
            and "" not in distinct
            and self._weight_types <= {int, Fraction}
            and self.least_weight >= 0
            and _is_whole_column(self.floors)
            and _is_whole_column(self.bases)
            and min(self._lower_bounds, default=0) >= 0
            and self._has_valid_caps()
        )

    @cached_property
    def _weight_types(self) -> set[type]:
        return set(map(type, self.weights))

    @property
    def has_whole_weights(self) -> bool:
        """Whether all weights are whole numbers."""
        return Fraction not in self._weight_types

    @cached_property
    def least_weight(self) -> Weight:
        """The least weight; 0 without claims."""
        return min(self.weights, default=0)

    @cached_property
    def _lower_bounds(self) -> set[int]:
        """The different floors and bases: usually few, however many units there are."""
        return {*(self.floors or ()), *(self.bases or ())}

    @cached_property
    def _distinct_caps(self) -> set[int]:
        return {cap for cap in set(self.caps or ()) if cap is not None}

    @property
    def least_cap(self) -> int | None:
        """The least cap of any unit; ``None`` without caps."""
        return min(self._distinct_caps, default=None)

    @property
    def greatest_cap(self) -> int:
        """The greatest cap of any unit; 0 without caps."""
        return max(self._distinct_caps, default=0)

    def _has_valid_caps(self) -> bool:
        if self.caps is None:
            return True
        if not set(map(type, self.caps)) <= {int, type(None)}:
            return False
        if self.least_cap is None or max(self._lower_bounds, default=0) <= self.least_cap:
            return True
        lows = [low for low in (self.floors, self.bases) if low] or [[0] * len(self)]
        none = max(map(max, lows))
        caps = [none if cap is None else cap for cap in self.caps]
        return not any(any(map(lt, caps, low)) for low in lows)

    def _list_faults(self) -> list[Finding]:
        found: list[Finding] = []
        earlier_ids: set[str] = set()
        for index, claim in enumerate(self):
            found += _check_claim(claim, f"/units/{index}", earlier_ids)
            if len(found) >= MOST_FAULTS:
                break
        return found[:MOST_FAULTS]


def _is_whole_column(column: Sequence[int] | None) -> bool:
    return column is None or set(map(type, column)) <= {int}


def _check_claim(claim: Claim, at: str, earlier_ids: set[str]) -> Iterator[Finding]:
    if type(claim.id) is not str or not claim.id:
        yield Finding("id_missing", {}, f"{at}/id")
    elif claim.id in earlier_ids:
        yield Finding("id_repeated", {"id": claim.id}, f"{at}/id")
    else:
        earlier_ids.add(claim.id)
    if type(claim.weight) not in (int, Fraction):
        yield Finding("weight_not_exact", {"id": claim.id}, f"{at}/weight")
    elif claim.weight < 0:
        yield Finding("weight_negative", {"id": claim.id}, f"{at}/weight")
    yield from _check_bounds(claim, at)


def _check_bounds(claim: Claim, at: str) -> Iterator[Finding]:
    bounds = {"floor": claim.floor, "cap": claim.cap, "base": claim.base}
    wrong = [
        name
        for name, bound in bounds.items()
        if not _is_count(bound) and (name != "cap" or bound is not None)
    ]
    for name in wrong:
        yield Finding("bound_not_a_count", {"id": claim.id, "bound": name}, f"{at}/{name}")
    if wrong or claim.cap is None:
        return
    if claim.floor > claim.cap:
        bound: dict[str, Plain] = {"id": claim.id, "floor": claim.floor, "cap": claim.cap}
        yield Finding("floor_above_cap", bound, f"{at}/floor")
    if claim.base > claim.cap:
        yield Finding("base_above_cap", {"id": claim.id, "base": claim.base, "cap": claim.cap}, f"{at}/base")


def _is_count(bound: object) -> bool:
    return type(bound) is int and bound >= 0


MOST_COMMON_DIGITS = 100
"""The most digits of the common denominator of all weights; the calculator's own answers have fewer."""


def expect_common_denominator(weights: Iterable[Weight]) -> None:
    """Raise :class:`Invalid` for weights that are too fine: sums of them would have millions of digits."""
    common = 1
    for weight in weights:
        common = lcm(common, weight.denominator)
        if common >= 10**MOST_COMMON_DIGITS:
            raise Invalid("weights_too_fine", {"digits": MOST_COMMON_DIGITS})
