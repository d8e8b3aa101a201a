"""The whole list of a conference: its groups, everybody in them, and what is missing of whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.documents.sums import StatedNumber
from domain.findings import Finding, Plain, Severity
from domain.names import compute_person_sort_key, compute_sort_key

FEMALE = "female"


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A line of the list. What nobody stated is ``None`` or empty.

    ``unit`` is the name of the unit whose delegate it is; ``honours`` are titles and awards with their years;
    ``decision`` is the number of the decision that put the person on the list. ``sealed`` are the values of
    sealed attributes, in the order in which they were asked for. ``alternate_no`` is the number of an
    alternate among those of its unit and group.
    """

    name: str
    group: str
    birth_year: int | None = None
    gender: str | None = None
    position: str | None = None
    unit: str | None = None
    collective: str | None = None
    honours: tuple[str, ...] = ()
    achievements: str | None = None
    decision: str | None = None
    sealed: tuple[str | None, ...] = ()
    alternate_no: int | None = None


@dataclass(frozen=True, slots=True)
class ListGroup:
    """A seat group of the list: its number of seats where there is one, the number of people that the
    register counts in it, and the people themselves in their order."""

    id: str
    name: str
    seats: int | None
    registered: int
    people: tuple[ListedPerson, ...]

    @property
    def women(self) -> int:
        """How many of the people are stated to be women."""
        return sum(person.gender == FEMALE for person in self.people)


@dataclass(frozen=True, slots=True)
class DelegateList:
    """Every group of a conference, and the alternates apart: by group, unit and number."""

    groups: tuple[ListGroup, ...]
    alternates: tuple[ListedPerson, ...] = ()

    @property
    def people(self) -> int:
        """How many people are on the list, without alternates."""
        return sum(len(group.people) for group in self.groups)

    @property
    def women(self) -> int:
        """How many of them are stated to be women."""
        return sum(group.women for group in self.groups)


def sort_people(people: Iterable[ListedPerson]) -> tuple[ListedPerson, ...]:
    """People in the order of a list: by the name of their unit, and then by their own, the Vietnamese way."""
    return tuple(
        sorted(people, key=lambda one: (compute_sort_key(one.unit or ""), compute_person_sort_key(one.name)))
    )


def sort_alternates(
    alternates: Iterable[ListedPerson], groups: Sequence[ListGroup]
) -> tuple[ListedPerson, ...]:
    """Alternates by their group and unit; those of the same unit in the order in which they come."""
    places = {group.id: place for place, group in enumerate(groups)}
    return tuple(sorted(alternates, key=lambda one: (places[one.group], compute_sort_key(one.unit or ""))))


def list_registered_numbers(delegates: DelegateList) -> list[StatedNumber]:
    """The people of each group as the register counts them, and as they are on the list."""
    return [StatedNumber(group.name, group.registered, len(group.people)) for group in delegates.groups]


def check_completeness(delegates: DelegateList) -> list[Finding]:
    """What is missing of whom, and the groups with fewer people than seats. None of it is a refusal."""
    found = [finding for group in delegates.groups for finding in _check_group(group)]
    return [*found, *_check_people(delegates.alternates)]


def _check_group(group: ListGroup) -> Iterator[Finding]:
    if group.seats is not None and len(group.people) < group.seats:
        params: dict[str, Plain] = {"group": group.id, "people": len(group.people), "seats": group.seats}
        yield Finding("group_not_listed_whole", params, severity=Severity.WARNING)
    yield from _check_people(group.people)


def _check_people(people: Sequence[ListedPerson]) -> Iterator[Finding]:
    for person in people:
        stated: Mapping[str, object] = {
            "birth": person.birth_year,
            "gender": person.gender,
            "position": person.position,
        }
        missing = [name for name, value in stated.items() if value is None]
        if missing:
            params: dict[str, Plain] = {"name": person.name, "unit": person.unit, "attributes": missing}
            yield Finding("delegate_facts_missing", params, severity=Severity.WARNING)
