"""Persons who take part by their office, each counted once however many offices they hold."""

from collections.abc import Iterable, Mapping


def map_persons_by_office(offices: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Office → the persons who count there: each under the first of their offices, as they are listed."""
    seen: set[str] = set()
    counted: dict[str, tuple[str, ...]] = {}
    for office, persons in offices.items():
        new = [one for one in dict.fromkeys(persons) if one not in seen]
        seen.update(new)
        counted[office] = tuple(new)
    return counted
