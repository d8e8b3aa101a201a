"""The check of a whole conference: each group's allocation, and the adjustments made by hand afterwards.

An adjustment is recorded beside the computed number and does not change its proof: the groups are proven as
they were computed, the adjustments must balance, and the seats must be the computed number plus the
adjustment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from domain.findings import Finding
from domain.verification.allocation import verify_allocation
from domain.verification.conference_shape import expect_conference_shape
from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_count,
    read_id,
    read_integer,
    read_mapping,
    read_sequence,
    read_text,
)
from domain.verification.settlements import check_settlements
from domain.verification.shapes import check_content_digest

FORMAT_1 = "daibieu-conference-1"
FORMAT = "daibieu-conference-2"

Place = tuple[str, str]
"""Group and unit."""


def verify_conference(certificate: object, *, strict: bool) -> tuple[Finding, ...]:
    """The errors in the certificate of a conference, of format 2 if ``strict``; empty when it is proven."""
    try:
        content = read_mapping(certificate, "")
        if strict:
            expect_conference_shape(content)
        computed = dict(_read_computed_seats(content))
        adjusted = dict(_read_adjustments(content, computed))
        found = (
            *_check_groups(content, strict=strict),
            *_check_seats(content, computed, adjusted),
            *_check_balance(adjusted),
        )
        return found or (_check_strictly(content) if strict else ())
    except MalformedError as bad:
        return (Finding("certificate_malformed", {}, bad.at),)


def _check_strictly(content: Mapping[str, object]) -> tuple[Finding, ...]:
    """What format 2 binds beyond the seats: how ties were settled, and everything by the digest."""
    found: list[Finding] = []
    for n, one in enumerate(read_sequence(content["groups"], "/groups")):
        found += check_settlements(read_mapping(one, ""), f"/groups/{n}")
    return tuple(found) or check_content_digest(content)


def _check_groups(content: Mapping[str, object], *, strict: bool) -> Iterator[Finding]:
    """The errors in each group's certificate, with pointers from the root of the conference's certificate."""
    earlier: set[str] = set()
    for n, one in enumerate(read_sequence(content.get("groups"), "/groups")):
        at = f"/groups/{n}"
        group = read_mapping(one, at)
        name = read_id(group.get("group"), f"{at}/group")
        expect_valid(name, name not in earlier, f"{at}/group")
        earlier.add(name)
        proof = group.get("certificate")
        for finding in verify_allocation(proof, strict=strict):
            yield replace(finding, pointer=f"{at}/certificate{finding.pointer}")
        if strict:
            expect_valid(name, read_mapping(proof, "").get("group") == name, f"{at}/certificate/group")


def _read_computed_seats(content: Mapping[str, object]) -> Iterator[tuple[Place, int]]:
    """Group and unit → the unit's seats in the certificate of the group."""
    for n, one in enumerate(read_sequence(content.get("groups"), "/groups")):
        group = read_mapping(one, f"/groups/{n}")
        name = read_id(group.get("group"), f"/groups/{n}/group")
        at = f"/groups/{n}/certificate"
        proof = read_mapping(group.get("certificate"), at)
        expect_valid(proof, proof.get("status") == "decided", f"{at}/status")
        for k, each in enumerate(read_sequence(proof.get("units"), f"{at}/units")):
            unit = read_mapping(each, f"{at}/units/{k}")
            seats = read_count(unit.get("seats"), f"{at}/units/{k}/seats")
            yield (name, read_id(unit.get("id"), f"{at}/units/{k}/id")), seats


def _read_adjustments(
    content: Mapping[str, object], computed: Mapping[Place, int]
) -> Iterator[tuple[Place, int]]:
    """Group and unit → seats added (or removed, if negative) by hand; a reason and an author are required."""
    earlier: set[Place] = set()
    for n, one in enumerate(read_sequence(content.get("adjustments"), "/adjustments")):
        at = f"/adjustments/{n}"
        adjustment = read_mapping(one, at)
        place = (
            read_id(adjustment.get("group"), f"{at}/group"),
            read_id(adjustment.get("unit"), f"{at}/unit"),
        )
        expect_valid(place, place in computed and place not in earlier, f"{at}/unit")
        earlier.add(place)
        for name in ("reason", "author"):
            read_text(adjustment.get(name), f"{at}/{name}")
        yield place, read_integer(adjustment.get("adjustment"), f"{at}/adjustment")


def _check_seats(
    content: Mapping[str, object], computed: Mapping[Place, int], adjusted: Mapping[Place, int]
) -> Iterator[Finding]:
    """The seats that became quotas must be computed seats plus adjustment, for every unit."""
    listed: dict[Place, int] = {}
    for n, one in enumerate(read_sequence(content.get("seats"), "/seats")):
        at = f"/seats/{n}"
        row = read_mapping(one, at)
        place = (read_id(row.get("group"), f"{at}/group"), read_id(row.get("unit"), f"{at}/unit"))
        expect_valid(place, place in computed and place not in listed, f"{at}/unit")
        listed[place] = read_count(row.get("seats"), f"{at}/seats")
        if listed[place] != computed[place] + adjusted.get(place, 0):
            right = computed[place] + adjusted.get(place, 0)
            yield Finding("certificate_seats_differ", {"id": place[1], "seats": right}, f"{at}/seats")
    for place in sorted(computed.keys() - listed.keys()):
        right = computed[place] + adjusted.get(place, 0)
        yield Finding("certificate_seats_differ", {"id": place[1], "seats": right}, "/seats")


def _check_balance(adjusted: Mapping[Place, int]) -> Iterator[Finding]:
    """The adjustments of a group must add up to zero."""
    sums: dict[str, int] = {}
    for (group, _), seats in adjusted.items():
        sums[group] = sums.get(group, 0) + seats
    for name, by in sorted(sums.items()):
        if by != 0:
            yield Finding("adjustments_do_not_balance", {"group": name, "by": by}, "/adjustments")
