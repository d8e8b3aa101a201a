"""The check of a whole conference: each group's allocation, and what a hand moved afterwards.

A hand's adjustment stands beside the computed figure and does not touch its proof: the groups are proven as
they were computed, the adjustments must balance, and the seats must be the one plus the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from domain.findings import Finding
from domain.verification.allocation import verify_allocation
from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_count,
    read_integer,
    read_mapping,
    read_sequence,
    read_text,
)

FORMAT = "daibieu-conference-1"

Place = tuple[str, str]
"""Group and unit."""


def verify_conference(certificate: object) -> tuple[Finding, ...]:
    """What is wrong with the certificate of a conference; nothing means that it is proven."""
    try:
        told = read_mapping(certificate, "")
        computed = dict(_read_computed_seats(told))
        moved = dict(_read_adjustments(told, computed))
        return (*_check_groups(told), *_check_seats(told, computed, moved), *_check_balance(moved))
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)


def _check_groups(told: Mapping[str, object]) -> Iterator[Finding]:
    """Each group's own proof, with pointers from the top."""
    seen: set[str] = set()
    for n, one in enumerate(read_sequence(told.get("groups"), "/groups")):
        at = f"/groups/{n}"
        group = read_mapping(one, at)
        name = read_text(group.get("group"), f"{at}/group")
        expect_valid(name, name not in seen, f"{at}/group")
        seen.add(name)
        for finding in verify_allocation(group.get("certificate")):
            yield replace(finding, pointer=f"{at}/certificate{finding.pointer}")


def _read_computed_seats(told: Mapping[str, object]) -> Iterator[tuple[Place, int]]:
    """Group and unit → the seats its group's proof gives it."""
    for n, one in enumerate(read_sequence(told.get("groups"), "/groups")):
        group = read_mapping(one, f"/groups/{n}")
        name = read_text(group.get("group"), f"/groups/{n}/group")
        at = f"/groups/{n}/certificate"
        paper = read_mapping(group.get("certificate"), at)
        expect_valid(paper, paper.get("status") == "decided", f"{at}/status")
        for k, each in enumerate(read_sequence(paper.get("units"), f"{at}/units")):
            unit = read_mapping(each, f"{at}/units/{k}")
            seats = read_count(unit.get("seats"), f"{at}/units/{k}/seats")
            yield (name, read_text(unit.get("id"), f"{at}/units/{k}/id")), seats


def _read_adjustments(
    told: Mapping[str, object], computed: Mapping[Place, int]
) -> Iterator[tuple[Place, int]]:
    """Group and unit → how many seats a hand added or took, with a reason and an author."""
    seen: set[Place] = set()
    for n, one in enumerate(read_sequence(told.get("adjustments"), "/adjustments")):
        at = f"/adjustments/{n}"
        hand = read_mapping(one, at)
        place = (read_text(hand.get("group"), f"{at}/group"), read_text(hand.get("unit"), f"{at}/unit"))
        expect_valid(place, place in computed and place not in seen, f"{at}/unit")
        seen.add(place)
        for name in ("reason", "author"):
            read_text(hand.get(name), f"{at}/{name}")
        yield place, read_integer(hand.get("adjustment"), f"{at}/adjustment")


def _check_seats(
    told: Mapping[str, object], computed: Mapping[Place, int], moved: Mapping[Place, int]
) -> Iterator[Finding]:
    """The seats that became quotas: computed and moved, nothing else, and nobody left out."""
    given: dict[Place, int] = {}
    for n, one in enumerate(read_sequence(told.get("seats"), "/seats")):
        at = f"/seats/{n}"
        row = read_mapping(one, at)
        place = (read_text(row.get("group"), f"{at}/group"), read_text(row.get("unit"), f"{at}/unit"))
        expect_valid(place, place in computed and place not in given, f"{at}/unit")
        given[place] = read_count(row.get("seats"), f"{at}/seats")
        if given[place] != computed[place] + moved.get(place, 0):
            right = computed[place] + moved.get(place, 0)
            yield Finding("certificate_seats_differ", {"id": place[1], "seats": right}, f"{at}/seats")
    for place in sorted(computed.keys() - given.keys()):
        right = computed[place] + moved.get(place, 0)
        yield Finding("certificate_seats_differ", {"id": place[1], "seats": right}, "/seats")


def _check_balance(moved: Mapping[Place, int]) -> Iterator[Finding]:
    """What is given to one unit of a group is taken from another."""
    sums: dict[str, int] = {}
    for (group, _), seats in moved.items():
        sums[group] = sums.get(group, 0) + seats
    for name, by in sorted(sums.items()):
        if by != 0:
            yield Finding("adjustments_do_not_balance", {"group": name, "by": by}, "/adjustments")
