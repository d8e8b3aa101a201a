"""The check of a whole conference: each group's allocation, and what a hand moved afterwards.

A hand's adjustment stands beside the computed figure and does not touch its proof: the groups are proven as
they were computed, the adjustments must balance, and the seats must be the one plus the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from domain.findings import Finding
from domain.verification.allocation import verify_allocation
from domain.verification.reading import MalformedError, count, ensure, integer, mapping, sequence, text

FORMAT = "daibieu-conference-1"

Place = tuple[str, str]
"""Group and unit."""


def verify_conference(certificate: object) -> tuple[Finding, ...]:
    """What is wrong with the certificate of a conference; nothing means that it is proven."""
    try:
        told = mapping(certificate, "")
        computed = dict(_computed(told))
        moved = dict(_moved(told, computed))
        return (*_groups(told), *_seats(told, computed, moved), *_balance(moved))
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)


def _groups(told: Mapping[str, object]) -> Iterator[Finding]:
    """Each group's own proof, with pointers from the top."""
    seen: set[str] = set()
    for n, one in enumerate(sequence(told.get("groups"), "/groups")):
        at = f"/groups/{n}"
        group = mapping(one, at)
        name = text(group.get("group"), f"{at}/group")
        ensure(name, name not in seen, f"{at}/group")
        seen.add(name)
        for finding in verify_allocation(group.get("certificate")):
            yield replace(finding, pointer=f"{at}/certificate{finding.pointer}")


def _computed(told: Mapping[str, object]) -> Iterator[tuple[Place, int]]:
    """Group and unit → the seats its group's proof gives it."""
    for n, one in enumerate(sequence(told.get("groups"), "/groups")):
        group = mapping(one, f"/groups/{n}")
        name = text(group.get("group"), f"/groups/{n}/group")
        at = f"/groups/{n}/certificate"
        paper = mapping(group.get("certificate"), at)
        ensure(paper, paper.get("status") == "decided", f"{at}/status")
        for k, each in enumerate(sequence(paper.get("units"), f"{at}/units")):
            unit = mapping(each, f"{at}/units/{k}")
            seats = count(unit.get("seats"), f"{at}/units/{k}/seats")
            yield (name, text(unit.get("id"), f"{at}/units/{k}/id")), seats


def _moved(told: Mapping[str, object], computed: Mapping[Place, int]) -> Iterator[tuple[Place, int]]:
    """Group and unit → how many seats a hand added or took, with a reason and an author."""
    seen: set[Place] = set()
    for n, one in enumerate(sequence(told.get("adjustments"), "/adjustments")):
        at = f"/adjustments/{n}"
        hand = mapping(one, at)
        place = (text(hand.get("group"), f"{at}/group"), text(hand.get("unit"), f"{at}/unit"))
        ensure(place, place in computed and place not in seen, f"{at}/unit")
        seen.add(place)
        for name in ("reason", "author"):
            text(hand.get(name), f"{at}/{name}")
        yield place, integer(hand.get("adjustment"), f"{at}/adjustment")


def _seats(
    told: Mapping[str, object], computed: Mapping[Place, int], moved: Mapping[Place, int]
) -> Iterator[Finding]:
    """The seats that became quotas: computed and moved, nothing else, and nobody left out."""
    given: dict[Place, int] = {}
    for n, one in enumerate(sequence(told.get("seats"), "/seats")):
        at = f"/seats/{n}"
        row = mapping(one, at)
        place = (text(row.get("group"), f"{at}/group"), text(row.get("unit"), f"{at}/unit"))
        ensure(place, place in computed and place not in given, f"{at}/unit")
        given[place] = count(row.get("seats"), f"{at}/seats")
        if given[place] != computed[place] + moved.get(place, 0):
            right = computed[place] + moved.get(place, 0)
            yield Finding("certificate_seats_differ", {"id": place[1], "seats": right}, f"{at}/seats")
    for place in sorted(computed.keys() - given.keys()):
        right = computed[place] + moved.get(place, 0)
        yield Finding("certificate_seats_differ", {"id": place[1], "seats": right}, "/seats")


def _balance(moved: Mapping[Place, int]) -> Iterator[Finding]:
    """What is given to one unit of a group is taken from another."""
    sums: dict[str, int] = {}
    for (group, _), seats in moved.items():
        sums[group] = sums.get(group, 0) + seats
    for name, by in sorted(sums.items()):
        if by != 0:
            yield Finding("adjustments_do_not_balance", {"group": name, "by": by}, "/adjustments")
