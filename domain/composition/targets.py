"""Composition targets: the numbers that a council sets for its list, and the checks of them.

No target is defined in the code. A plan gives criteria, a decision gives numbers, and both are data.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal, Protocol

from domain.composition.criteria import Age, TargetCriterion
from domain.composition.solver.ties import compute_tie_key
from domain.findings import Finding, Invalid, Plain, Severity, escape_pointer_step


class PlaceLike(Protocol):
    """The unit, seat group and bloc of a record or of open seats."""

    @property
    def unit(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def bloc(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a list to which a target applies: all of it, or some seat groups, blocs or units."""

    kind: Literal["list", "group", "bloc", "unit"] = "list"
    ids: frozenset[str] = frozenset()

    def contains(self, place: PlaceLike) -> bool:
        """Whether ``place`` is in this part."""
        match self.kind:
            case "list":
                return True
            case "group":
                return place.group in self.ids
            case "bloc":
                return place.bloc in self.ids
            case "unit":
                return place.unit in self.ids


WHOLE_LIST = Scope()


@dataclass(frozen=True, slots=True)
class CompositionTarget:
    """At least, or at most, so many persons of one kind in one part of the list.

    Each bound is a count, a share of the seats in scope, or both (then the stricter applies). A least share
    is rounded up and a greatest share down, so that the list keeps the share. ``priority`` 1 comes first.
    """

    id: str
    criterion: TargetCriterion
    at_least: int | None = None
    at_most: int | None = None
    share: Fraction | None = None
    """Least share of the seats in scope."""
    most_share: Fraction | None = None
    """Greatest share of the seats in scope."""
    hard: bool = False
    priority: int = 1
    scope: Scope = WHOLE_LIST
    clause: str | None = None
    of_nominees: bool = False
    """Whether shares are of the nominees in scope ("ứng cử viên"), not of the seats."""

    def compute_bounds(self, seats: int, with_empty: int | None = None) -> tuple[int | None, int | None]:
        """The least and the greatest number of persons, where ``seats`` are in scope.

        Where seats stay empty, ``seats`` are those to fill and ``with_empty`` all of them: the least share is
        one of the former and the greatest of the latter, so that an empty seat makes no range impossible.
        """
        all_seats = seats if with_empty is None else with_empty
        least = [n for n in (self.at_least, _round_up(self.share, seats)) if n is not None]
        most = [n for n in (self.at_most, _round_down(self.most_share, all_seats)) if n is not None]
        return max(least, default=None), min(most, default=None)


def _round_up(share: Fraction | None, seats: int) -> int | None:
    return None if share is None else ceil(share * seats)


def _round_down(share: Fraction | None, seats: int) -> int | None:
    return None if share is None else floor(share * seats)


def check_ranges(targets: Sequence[CompositionTarget], sizes: Mapping[str, int]) -> tuple[Finding, ...]:
    """Findings for targets of which one asks for more people than the other allows, as the seats are.

    60 to 65 % of nine seats is more than five and less than six: no whole number lies between. ``sizes``:
    target id → seats in its scope. Targets are compared that count the same people in the same part.
    """
    ranges: dict[tuple[TargetCriterion, Scope], list[CompositionTarget]] = {}
    for target in targets:
        if not target.of_nominees:
            ranges.setdefault((target.criterion, target.scope), []).append(target)
    found = []
    for together in ranges.values():
        bounds = [target.compute_bounds(sizes[target.id]) for target in together]
        least = max((low for low, _ in bounds if low is not None), default=None)
        most = min((high for _, high in bounds if high is not None), default=None)
        if least is not None and most is not None and least > most:
            ids: list[Plain] = [target.id for target in together]
            size = sizes[together[0].id]
            params: dict[str, Plain] = {"targets": ids, "least": least, "most": most, "size": size}
            clause = together[0].clause
            found.append(Finding("target_range_empty", params, clause=clause, severity=Severity.WARNING))
    return tuple(found)


def round_partition(shares: Mapping[str, Fraction], total: int, *, seed: str = "") -> dict[str, int]:
    """Whole numbers for the shares of one partition, rounded together by largest remainder.

    35, 40 and 25 % of 350 rounded up separately add up to 351; rounded together they add up to 350. Ties of
    remainders are settled by the published ``seed`` (:mod:`domain.composition.solver.ties`). The numbers do
    not depend on the order of ``shares``; the answer has the same order. Raises :class:`Invalid` when the
    shares do not add up to one.
    """
    errors = [
        Finding("target_share_out_of_range", {"id": v}, f"/{escape_pointer_step(v)}")
        for v, s in shares.items()
        if not 0 <= s <= 1
    ]
    if errors or total < 0 or sum(shares.values()) != 1:
        raise Invalid(
            "partition_shares_not_whole", {"sum": str(sum(shares.values())), "total": total}, errors=errors
        )
    places = {value: floor(share * total) for value, share in shares.items()}
    line = sorted(shares, key=lambda v: (places[v] - shares[v] * total, compute_tie_key(seed, "", v), v))
    for value in line[: total - sum(places.values())]:
        places[value] += 1
    return places


def check_targets(
    targets: Sequence[CompositionTarget],
    sizes: Mapping[str, int],
    *,
    with_empty: Mapping[str, int] | None = None,
    codes: Mapping[str, Collection[str]] | None = None,
    partitions: Sequence[Sequence[str]] = (),
) -> tuple[Finding, ...]:
    """The errors in ``targets`` that do not depend on the list, with pointers into their sequence.

    ``sizes``: target id → seats to fill in its scope; ``with_empty`` counts those that stay empty too.
    ``codes``: attribute → codes it may have (an attribute that is not listed is unknown; without ``codes``
    none is checked). ``partitions``: ids of targets of which every person meets exactly one, so that the sum
    of their minima must not exceed the size, and the sum of their maxima must reach it.
    """
    found: list[Finding] = []
    earlier_ids: set[str] = set()
    for n, target in enumerate(targets):
        if target.id in earlier_ids:
            found.append(Finding("target_twice", {"target": target.id}, f"/{n}/id", target.clause))
        earlier_ids.add(target.id)
        found += _check_target(target, sizes[target.id], (with_empty or sizes)[target.id], f"/{n}")
        if codes is not None:
            found += _check_codes(target, codes, f"/{n}/criterion")
    index = {target.id: n for n, target in enumerate(targets)}
    for partition in partitions:
        found += _check_partition(
            [(index[i], targets[index[i]]) for i in partition], sizes, with_empty or sizes
        )
    return tuple(found)


def _check_target(target: CompositionTarget, size: int, with_empty: int, at: str) -> list[Finding]:
    name: dict[str, Plain] = {"target": target.id}
    found = []
    counts = {"at_least": target.at_least, "at_most": target.at_most}
    shares = {"share": target.share, "most_share": target.most_share}
    if all(bound is None for bound in (*counts.values(), *shares.values())):
        found.append(Finding("target_without_number", name, at, target.clause))
    found += [
        Finding("target_negative", name, f"{at}/{field}", target.clause)
        for field, count in counts.items()
        if count is not None and count < 0
    ]
    found += [
        Finding("target_share_out_of_range", {"id": target.id}, f"{at}/{field}", target.clause)
        for field, share in shares.items()
        if share is not None and not 0 <= share <= 1
    ]
    if found:
        return found
    if size == 0:
        return [Finding("target_on_empty_scope", name, f"{at}/scope", target.clause)]
    least, most = target.compute_bounds(size, with_empty)
    if least is not None and most is not None and least > most:
        found.append(
            Finding("target_min_over_max", {**name, "least": least, "most": most}, at, target.clause)
        )
    if least is not None and least > size:
        found.append(Finding("target_over_size", {**name, "least": least, "size": size}, at, target.clause))
    return found


def _check_codes(target: CompositionTarget, codes: Mapping[str, Collection[str]], at: str) -> list[Finding]:
    criterion = target.criterion
    if criterion.attribute not in codes:
        params: dict[str, Plain] = {"attribute": criterion.attribute}
        return [Finding("target_attribute_unknown", params, f"{at}/attribute", target.clause)]
    if isinstance(criterion, Age):
        return []
    return [
        Finding(
            "target_code_unknown",
            {"attribute": criterion.attribute, "code": code},
            f"{at}/values",
            target.clause,
        )
        for code in sorted(criterion.values - frozenset(codes[criterion.attribute]))
    ]


def _check_partition(
    parts: list[tuple[int, CompositionTarget]], sizes: Mapping[str, int], with_empty: Mapping[str, int]
) -> list[Finding]:
    """Whether the minima of a partition exceed its size, or its maxima cannot fill it; pointer to the first
    target.
    """
    (first, head), size = parts[0], sizes[parts[0][1].id]
    bounds = [target.compute_bounds(size, with_empty[target.id]) for _, target in parts]
    ids = [target.id for _, target in parts]
    least = sum(low or 0 for low, _ in bounds)
    most = sum(size if high is None else high for _, high in bounds)
    params: dict[str, Plain] = {"targets": ids, "size": size}
    if least > size:
        return [Finding("partition_over_size", {**params, "least": least}, f"/{first}", head.clause)]
    if most < size:
        return [Finding("partition_under_size", {**params, "most": most}, f"/{first}", head.clause)]
    return []
