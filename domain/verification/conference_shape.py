"""The shape of the certificate of a conference, format ``daibieu-conference-2``."""

from collections.abc import Mapping

from domain.verification.json_readers import (
    expect_valid,
    read_choice,
    read_id,
    read_integer,
    read_mapping,
    read_sequence,
    read_text,
)
from domain.verification.shapes import (
    GREATEST_COUNT,
    MOST_STAGE_LENGTH,
    expect_any_text,
    expect_ascending,
    expect_count,
    expect_digest,
    expect_ids,
    expect_members,
)

ORDERED = ("decision", "lot_by_hand", "published_seed", "second_criterion")
"""How a tie is settled by an order of the tied units."""
ONE_MORE = "one_more"
"""How it is settled by one seat for each of them."""


def expect_conference_shape(source: object) -> None:
    """Raise ``MalformedError`` unless the certificate has exactly the members of format 2, in their order."""
    names = ("format", "engine", "snapshot", "groups", "adjustments", "seats", "digest")
    content = expect_members(source, names, "")
    read_text(content["engine"], "/engine")
    expect_digest(content["snapshot"], "/snapshot")
    expect_digest(content["digest"], "/digest")
    groups = []
    for n, one in enumerate(read_sequence(content["groups"], "/groups")):
        group = expect_members(one, ("group", "settled", "certificate"), f"/groups/{n}")
        groups.append(read_id(group["group"], f"/groups/{n}/group"))
        _expect_settled_shape(group["settled"], f"/groups/{n}/settled")
    expect_ascending(groups, "/groups")
    _expect_adjustments_shape(content["adjustments"])
    _expect_seats_shape(content["seats"])


def _expect_settled_shape(source: object, at: str) -> None:
    """By stage; in each those with a seat more first, as they were settled, and one order at most."""
    rows, places = read_sequence(source, at), list[tuple[str, int]]()
    for n, one in enumerate(rows):
        row, own = read_mapping(one, f"{at}/{n}"), f"{at}/{n}"
        how = read_choice(row.get("how"), (*ORDERED, ONE_MORE), f"{own}/how")
        special = ("tied", "added") if how == ONE_MORE else ("order",)
        expect_members(row, ("stage", "tied_digest", "how", *special), own)
        stage = expect_any_text(row["stage"], f"{own}/stage", MOST_STAGE_LENGTH)
        places.append((stage, n if how == ONE_MORE else len(rows)))
        expect_digest(row["tied_digest"], f"{own}/tied_digest")
        if how == ONE_MORE:
            tied = _expect_claims(row["tied"], f"{own}/tied")
            expect_ascending(tied, f"{own}/tied")
            added = expect_count(row["added"], f"{own}/added")
            expect_valid(added, 0 < added < len(tied), f"{own}/added")
        else:
            expect_ids(row["order"], f"{own}/order")
    expect_ascending(places, at)


def _expect_claims(source: object, at: str) -> list[str]:
    """The tied units, each with the number of the seat for which it tied."""
    units = []
    for n, one in enumerate(read_sequence(source, at)):
        pair = read_sequence(one, f"{at}/{n}")
        expect_valid(pair, len(pair) == 2, f"{at}/{n}")
        units.append(read_id(pair[0], f"{at}/{n}/0"))
        claim = expect_count(pair[1], f"{at}/{n}/1")
        expect_valid(claim, claim > 0, f"{at}/{n}/1")
    return units


def _expect_adjustments_shape(source: object) -> None:
    """One for each unit and group, sorted by group and unit, and none of nought."""
    places = []
    for n, one in enumerate(read_sequence(source, "/adjustments")):
        at = f"/adjustments/{n}"
        row = expect_members(one, ("group", "unit", "adjustment", "reason", "author"), at)
        places.append(_read_place(row, at))
        by = read_integer(row["adjustment"], f"{at}/adjustment")
        expect_valid(by, by != 0 and abs(by) <= GREATEST_COUNT, f"{at}/adjustment")
    expect_ascending(places, "/adjustments")


def _expect_seats_shape(source: object) -> None:
    places = []
    for n, one in enumerate(read_sequence(source, "/seats")):
        row = expect_members(one, ("group", "unit", "seats"), f"/seats/{n}")
        places.append(_read_place(row, f"/seats/{n}"))
        expect_count(row["seats"], f"/seats/{n}/seats")
    expect_ascending(places, "/seats")


def _read_place(row: Mapping[str, object], at: str) -> tuple[str, str]:
    return read_id(row["group"], f"{at}/group"), read_id(row["unit"], f"{at}/unit")
