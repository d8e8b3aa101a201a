"""What to change when the bounds and the house cannot both be kept."""

from collections.abc import Sequence

from domain.apportionment.claims import Claims
from domain.apportionment.frame import Frame
from domain.apportionment.result import Repair
from domain.apportionment.rules import Rule
from domain.apportionment.solving import solve


def repair(seats: int, claims: Claims, problem: Frame, rule: Rule) -> Repair:
    """The least changes, each sufficient alone, that make ``problem`` feasible."""
    if problem.needs > problem.seats:
        return _lower(seats, claims, problem, rule)
    return _raise(seats, claims, problem, rule)


def _lower(seats: int, claims: Claims, problem: Frame, rule: Rule) -> Repair:
    """Floors lowered in proportion to themselves, and bases too where floors alone do not suffice."""
    bases = list(claims.bases) if claims.bases else [0] * len(claims)
    wanted = [base + floor for base, floor in zip(bases, problem.floors, strict=True)]
    short = max(sum(bases) - seats, 0)
    if short:
        kept = _spread(_within(seats, bases), claims.ids, rule)
    else:
        floors = _spread(_within(problem.seats, problem.floors), claims.ids, rule)
        kept = [base + floor for base, floor in zip(bases, floors, strict=True)]
    return Repair(
        "house_too_small",
        house=sum(wanted),
        lower=sum(wanted) - seats,
        lower_bases=short,
        floors=_changed(claims.ids, wanted, kept),
    )


def _within(seats: int, bounds: Sequence[int]) -> Frame:
    return Frame(seats, bounds, 1, [0] * len(bounds), bounds)


def _raise(seats: int, claims: Claims, problem: Frame, rule: Rule) -> Repair:
    """Caps raised by what the method adds when they are the floors."""
    bases = claims.bases or [0] * len(claims)
    missing = problem.seats - problem.room
    house = seats - missing
    if not any(problem.weights):
        return Repair("caps_too_low", house=house, raise_caps=None)
    open_caps = [cap + missing if w else cap for cap, w in zip(problem.caps, problem.weights, strict=True)]
    opened = Frame(problem.seats, problem.weights, problem.scale, problem.caps, open_caps)
    caps = _spread(opened, claims.ids, rule)
    before = [base + cap for base, cap in zip(bases, problem.caps, strict=True)]
    after = [base + cap for base, cap in zip(bases, caps, strict=True)]
    changed = _changed(claims.ids, before, after)
    return Repair("caps_too_low", house=house, raise_caps=missing, caps=changed)


def _spread(problem: Frame, ids: Sequence[str], rule: Rule) -> list[int]:
    """The method's own seats, a tie going by the ids: this is a suggestion, nobody wins or loses by it."""
    cut, holding = solve(problem, rule)
    held = list(cut.held)
    for i in holding:
        held[i] -= 1
    for i in sorted(cut.tied, key=lambda i: ids[i])[: cut.places]:
        held[i] += 1
    return held


def _changed(ids: Sequence[str], before: Sequence[int], after: Sequence[int]) -> tuple[tuple[str, int], ...]:
    rows = sorted(zip(ids, before, after, strict=True))
    return tuple((one, new) for one, old, new in rows if new != old)
