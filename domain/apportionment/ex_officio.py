"""Persons who take part by their office; a person with several offices counts only one time."""

from collections.abc import Iterable, Mapping


def map_persons_by_office(offices: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Office → the persons who count there. Each person counts under the first of their offices, in the order
    of ``offices``."""
    counted_before: set[str] = set()
    counted: dict[str, tuple[str, ...]] = {}
    for office, persons in offices.items():
        new = [one for one in dict.fromkeys(persons) if one not in counted_before]
        counted_before.update(new)
        counted[office] = tuple(new)
    return counted
