"""Rules about people: children, what is sealed, repeated names, and congresses of the same time."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.composition.criteria import PersonRecord
from domain.findings import Finding, Invalid, Severity
from domain.names import derive_likeness

CHILD_AGE_LIMIT = 16
"""Years: a child is a person under sixteen (Law on Children 102/2016/QH13, Article 1). For a child the legal
representative exercises the rights over personal data (Law 91/2025/QH15, Article 24)."""


def may_be_child(born: date | int | None, on: date) -> bool:
    """Whether a person born on a day, or in a year, may be a child on the day ``on``; False if unknown."""
    if born is None:
        return False
    youngest = born if isinstance(born, date) else date(born, 12, 31)
    age = on.year - youngest.year - ((on.month, on.day) < (youngest.month, youngest.day))
    return age < CHILD_AGE_LIMIT


SAME_TIME_MONTHS = 30
"""Congresses meet every five years: those of the same time are at most half as far from each other."""


def compute_same_time_days(day: date) -> tuple[date, date]:
    """The first and the last day of congresses of the same time as one on ``day``: both belong to it.

    A person goes to one of them, unless the plan allows both.
    """
    return _add_months(day, -SAME_TIME_MONTHS), _add_months(day, SAME_TIME_MONTHS)


def _add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_retention_over(until: date, on: date) -> bool:
    """Whether the time for which data is kept, ``until`` included, is over on a day."""
    return until < on


SEALED_ATTRIBUTES = ("ethnicity", "guardian", "guardian_consent", "party_member", "religion")
"""The attributes that are never stored in the open (Law 91/2025/QH15 on personal data). Who answers for a
child, and where their consent is, goes with what is sealed of the child."""

OPEN_ATTRIBUTES = ("direct_worker", "field", "gender", "new_exemplar", "position", "sector")
"""The attributes that are stored in the open."""

_FIELD_ATTRIBUTES = ("birth", "title", "award")
"""What targets count and is no stated attribute: it has fields of its own."""


def is_sealed(attribute: str) -> bool:
    """Whether an attribute is never stored in the open: what a plan defines may be anything, so it is not."""
    return attribute.removesuffix(":holder") not in (*OPEN_ATTRIBUTES, *_FIELD_ATTRIBUTES)


def merge_repeated_persons(records: Sequence[PersonRecord]) -> tuple[list[Finding], list[PersonRecord]]:
    """A person is one delegate, however many units or offices name them: the first record counts.

    The findings say who was named several times. A record without a unit is on the organiser's own list.
    """
    first: dict[str, PersonRecord] = {}
    units: dict[str, list[str]] = {}
    for record in records:
        first.setdefault(record.id, record)
        units.setdefault(record.id, []).append(record.unit)
    found = [
        Finding(
            "person_named_twice",
            {"person": person, "units": [unit for unit in named if unit], "invited": "" in named},
            severity=Severity.WARNING,
        )
        for person, named in units.items()
        if len(named) > 1
    ]
    return found, list(first.values())


@dataclass(frozen=True, slots=True)
class PersonIdentity:
    """What tells one person from another on a list: ``sort_key`` is the name as lists are sorted by it."""

    id: str
    sort_key: str
    birth_year: int | None


def check_similar_persons(persons: Iterable[PersonIdentity]) -> list[Finding]:
    """Persons whose names are alike and whose years of birth may be the same, and who were entered
    separately: perhaps one and the same. A year that is not stated may be any."""
    by_name: dict[str, dict[str, int | None]] = {}
    for person in persons:
        by_name.setdefault(derive_likeness(person.sort_key), {})[person.id] = person.birth_year
    return [
        Finding("perhaps_the_same_person", {"persons": ids}, severity=Severity.WARNING)
        for years in by_name.values()
        for year in sorted({*years.values()} - {None} or {None}, key=lambda each: each or 0)
        if len(ids := sorted(id_ for id_, each in years.items() if each in (year, None))) > 1
    ]


def check_possible_doubles(person: PersonIdentity, others: Iterable[PersonIdentity]) -> list[Finding]:
    """Who is perhaps the same person as somebody among ``others``."""
    found = check_similar_persons([person, *others])
    return [each for each in found if person.id in each.params["persons"]]  # type: ignore[operator]


def expect_same_person(shown: PersonIdentity, after: PersonIdentity) -> None:
    """Raise :class:`Invalid` for a correction that makes somebody else of a person: neither the name stays as
    others first saw it (as far as names are alike) nor a stated year of birth. So several corrections, each
    of which keeps one of the two, do not lead to somebody else either."""
    is_alike = derive_likeness(shown.sort_key) == derive_likeness(after.sort_key)
    if not is_alike and (shown.birth_year is None or shown.birth_year != after.birth_year):
        errors = [Finding("nominee_is_somebody_else", {}, "/person")]
        raise Invalid("nominee_is_somebody_else", errors=errors)


def list_namesakes(persons: Iterable[PersonIdentity]) -> list[str]:
    """Those who are perhaps the same as a person before them; an unknown year of birth may be any.

    So no two of the others are perhaps the same.
    """
    years: dict[str, set[int | None]] = {}
    found = []
    for person in persons:
        before = years.setdefault(person.sort_key, set())
        if person.birth_year in before or None in before or (before and person.birth_year is None):
            found.append(person.id)
        else:
            before.add(person.birth_year)
    return found
