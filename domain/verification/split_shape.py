"""The shape of the certificate of a split, format ``daibieu-split-1``: these members, written one way."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from domain.verification.json_readers import (
    MalformedError,
    expect_valid,
    read_choice,
    read_id,
    read_mapping,
    read_sequence,
    read_text,
)
from domain.verification.shapes import (
    expect_any_text,
    expect_ascending,
    expect_count,
    expect_digest,
    expect_ids,
    expect_members,
    expect_optional_count,
)

MEMBERS = ("format", "status", "seed", "columns", "rows", "short", "digest")
PROOF = ("factors", "tight", "fixed_by_seats")
"""What only a split has that was possible."""
SHARE_PATTERN = re.compile(r"(0|[1-9][0-9]{0,9})\.[0-9]{6}", re.ASCII)


def expect_split_shape(source: object) -> Mapping[str, object]:
    """The content of a certificate; raises ``MalformedError``."""
    content = read_mapping(source, "")
    is_split = read_choice(content.get("status"), ("split", "infeasible"), "/status") == "split"
    expect_members(content, (*MEMBERS, *PROOF) if is_split else MEMBERS, "")
    expect_any_text(content["seed"], "/seed")
    expect_digest(content["digest"], "/digest")
    _expect_counts(content["columns"], "/columns")
    _expect_values(content["short"], "/short")
    for n, row in enumerate(read_sequence(content["rows"], "/rows")):
        _expect_row_shape(row, f"/rows/{n}", is_split=is_split)
    if is_split:
        for value, factor in read_mapping(content["factors"], "/factors").items():
            _expect_factor(factor, "/factors", value)
        tight = read_sequence(content["tight"], "/tight")
        expect_ascending([_expect_values(one, f"/tight/{n}") for n, one in enumerate(tight)], "/tight")
    return content


def _expect_row_shape(source: object, at: str, *, is_split: bool) -> None:
    names = ("unit", "seats", "people", "headcount", "by_hand")
    row = expect_members(source, (*names, "shares", "places") if is_split else names, at)
    read_id(row["unit"], f"{at}/unit")
    expect_count(row["seats"], f"{at}/seats")
    expect_optional_count(row["headcount"], f"{at}/headcount")
    if row["people"] is not None:
        _expect_counts(row["people"], f"{at}/people")
    _expect_counts(row["by_hand"], f"{at}/by_hand")
    if is_split:
        _expect_counts(row["places"], f"{at}/places")
        for share in read_mapping(row["shares"], f"{at}/shares").values():
            text = read_text(share, f"{at}/shares")
            expect_valid(text, SHARE_PATTERN.fullmatch(text) is not None, f"{at}/shares")


def _expect_counts(source: object, at: str) -> None:
    for count in read_mapping(source, at).values():
        expect_count(count, at)


def _expect_values(source: object, at: str) -> list[str]:
    values = list(expect_ids(source, at))
    expect_ascending(values, at)
    return values


def _expect_factor(source: object, at: str, value: str) -> None:
    """A decimal as the engine writes it: "1", "0.25" or "3E-17"."""
    text = read_text(source, at)
    try:
        same = len(text) < 200 and str(Decimal(text)) == text
    except InvalidOperation:
        same = False
    if not same:
        raise MalformedError(f"{at}/{value}"[:400])
