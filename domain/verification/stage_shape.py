"""The shape of the certificate of a stage, format ``daibieu-apportionment-2``."""

from collections.abc import Mapping

from domain.verification.json_readers import expect_valid, read_choice, read_id, read_mapping, read_sequence
from domain.verification.shapes import (
    MOST_STAGE_LENGTH,
    expect_any_text,
    expect_ascending,
    expect_count,
    expect_digest,
    expect_exact_number,
    expect_exact_text,
    expect_ids,
    expect_members,
    expect_optional_count,
)

METHODS = (
    "dhondt",
    "sainte_lague",
    "modified_sainte_lague",
    "huntington_hill",
    "dean",
    "adams",
    "stationary",
    "largest_remainder",
    "quota_method",
)
STATUSES = ("decided", "lots_required", "infeasible")
RULE_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "stationary": ("c",),
    "modified_sainte_lague": ("first_divisor",),
    "largest_remainder": ("quota", "bounds"),
}
"""Method → its parameters; the others have none."""


def expect_stage_shape(source: object) -> Mapping[str, object]:
    """The content of a certificate of format 2; raises ``MalformedError``."""
    content = read_mapping(source, "")
    status = read_choice(content.get("status"), STATUSES, "/status")
    expect_members(content, _list_members(content, status), "")
    expect_any_text(content["stage"], "/stage", MOST_STAGE_LENGTH)
    expect_count(content["seats"], "/seats")
    expect_rule_shape(content["rule"], "/rule")
    expect_digest(content["digest"], "/digest")
    rows = read_sequence(content["units"], "/units")
    ids = [_expect_unit_shape(row, f"/units/{n}", status) for n, row in enumerate(rows)]
    expect_ascending(ids, "/units")
    if "tie" in content:
        _expect_tie_shape(content["tie"])
    if "scale" in content:
        expect_exact_text(content["scale"], "/scale")
    if "house" in content:
        expect_count(content["house"], "/house")
    return content


def expect_rule_shape(source: object, at: str) -> None:
    """A method with exactly its parameters, each within its range."""
    rule = read_mapping(source, at)
    method = read_choice(rule.get("method"), METHODS, f"{at}/method")
    expect_members(rule, ("method", *RULE_PARAMETERS.get(method, ())), at)
    if method == "stationary":
        expect_valid(rule, expect_exact_text(rule["c"], f"{at}/c") <= 1, f"{at}/c")
    if method == "modified_sainte_lague":
        first = expect_exact_text(rule["first_divisor"], f"{at}/first_divisor")
        expect_valid(first, 0 < first < 3, f"{at}/first_divisor")
    if method == "largest_remainder":
        read_choice(rule["quota"], ("hare", "droop"), f"{at}/quota")
        read_choice(rule["bounds"], ("refit", "whole_house"), f"{at}/bounds")


def _list_members(content: Mapping[str, object], status: str) -> list[str]:
    names = ["format", "stage", "seats", "rule", "status", "units", "digest"]
    if status == "infeasible":
        return [*names, "house"]
    rule = read_mapping(content.get("rule"), "/rule")
    if status == "lots_required" or "tie" in content:
        names.append("tie")
    if (rule.get("method"), rule.get("bounds")) == ("largest_remainder", "refit"):
        names.append("scale")
    return names


def _expect_unit_shape(source: object, at: str, status: str) -> str:
    names = ("id", "weight", "floor", "cap", "base")
    row = expect_members(source, names if status == "infeasible" else (*names, "seats"), at)
    expect_exact_number(row["weight"], f"{at}/weight")
    for name in ("floor", "base", "seats"):
        if name in row:
            expect_count(row[name], f"{at}/{name}")
    expect_optional_count(row["cap"], f"{at}/cap")
    return read_id(row["id"], f"{at}/id")


def _expect_tie_shape(source: object) -> None:
    tie = expect_members(source, ("ids", "places", "digest", "lots"), "/tie")
    expect_ascending(expect_ids(tie["ids"], "/tie/ids"), "/tie/ids")
    expect_ids(tie["lots"], "/tie/lots")
    expect_count(tie["places"], "/tie/places")
    expect_digest(tie["digest"], "/tie/digest")
