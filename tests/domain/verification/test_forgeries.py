"""Forgeries that format 1 let through, each made with the digests computed again."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.main import app as commands
from domain.verification import read_certificate, verify_proof
from tests.domain.verification.mutants import seal
from tests.domain.verification.samples import list_allocations, list_conferences

ALLOCATIONS = list_allocations()
CONFERENCES = list_conferences()
Change = Callable[[dict[str, Any]], object]


def _lengthen_parts(content: dict[str, Any]) -> None:
    unit = content["units"][0]
    unit["parts"] = [*unit["parts"][:-1], 99, unit["parts"][-1]]


def _reverse_lots(content: dict[str, Any]) -> None:
    """The lots are reversed and the seat is moved; the record of the draw stays."""
    group = content["groups"][0]
    stage = group["certificate"]["stages"]["bloc/all"]
    winner, loser = stage["tie"]["lots"][0], stage["tie"]["lots"][-1]
    stage["tie"]["lots"].reverse()
    for by, code in ((-1, winner), (1, loser)):
        for rows, key in (
            (stage["units"], "id"),
            (group["certificate"]["units"], "id"),
            ([row for row in content["seats"] if row["group"] == group["group"]], "unit"),
        ):
            next(row for row in rows if row[key] == code)["seats"] += by
        next(row for row in group["certificate"]["units"] if row["id"] == code)["parts"][-1] += by


def _repeat_bloc(content: dict[str, Any]) -> None:
    blocs = content["components"][-1]["blocs"]
    blocs.append(deepcopy(blocs[-1]))


def _repeat_hand(content: dict[str, Any]) -> None:
    content["adjustments"].insert(0, {**content["adjustments"][0], "seats": 7})


def _repeat_conference_hand(content: dict[str, Any]) -> None:
    content["adjustments"].insert(0, deepcopy(content["adjustments"][0]))


FORGERIES: dict[str, tuple[dict[str, Any], Change, str, str]] = {
    "more parts": (ALLOCATIONS["units"], _lengthen_parts, "certificate_malformed", "/units/0/parts"),
    "a draw turned round": (
        CONFERENCES["lot"],
        _reverse_lots,
        "certificate_settlement_differs",
        "/groups/0/settled/0",
    ),
    "no record of a draw": (
        CONFERENCES["lot"],
        lambda content: content["groups"][0]["settled"].clear(),
        "certificate_settlement_differs",
        "/groups/0/settled",
    ),
    "a seat more for units that were not tied": (
        CONFERENCES["one more"],
        lambda content: content["groups"][0]["settled"][0].update(tied=[["a", 2], ["b", 2]], added=1),
        "certificate_settlement_differs",
        "/groups/0/settled/0",
    ),
    "another seat that was tied for": (
        CONFERENCES["one more"],
        lambda content: content["groups"][0]["settled"][0]["tied"][0].__setitem__(1, 3),
        "certificate_settlement_differs",
        "/groups/0/settled/0",
    ),
    "two hands for a unit": (ALLOCATIONS["units"], _repeat_hand, "certificate_malformed", "/adjustments"),
    "two hands for a place": (
        CONFERENCES["lot"],
        _repeat_conference_hand,
        "certificate_malformed",
        "/adjustments",
    ),
    "two blocs of one id": (
        ALLOCATIONS["blocs, drawn"],
        _repeat_bloc,
        "certificate_malformed",
        "/components/0/blocs/2/id",
    ),
    "false for nought": (
        ALLOCATIONS["units"],
        lambda content: content.update(left=False),
        "certificate_malformed",
        "/left",
    ),
    "a member that is not known": (
        ALLOCATIONS["units"],
        lambda content: content["units"][0].update(spare=1),
        "certificate_malformed",
        "/units/0/spare",
    ),
    "a stage of format 1": (
        ALLOCATIONS["units"],
        lambda content: content["stages"]["units"].update(format="daibieu-apportionment-1"),
        "certificate_malformed",
        "/stages/units/format",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_at_its_place(name: str) -> None:
    sample, change, code, pointer = FORGERIES[name]
    assert verify_proof(sample) == ()
    forged = deepcopy(sample)
    change(forged)
    assert (code, pointer) in [(each.code, each.pointer) for each in verify_proof(seal(forged))]


def test_a_digest_that_is_not_computed_again_is_refused() -> None:
    forged = deepcopy(CONFERENCES["lot"])
    forged["adjustments"][0]["reason"] = "Lý do khác"
    assert [(each.code, each.pointer) for each in verify_proof(forged)] == [
        ("certificate_content_differs", "/digest")
    ]
    assert verify_proof(seal(forged)) == ()
    assert seal(forged)["digest"] != CONFERENCES["lot"]["digest"]


def test_a_key_twice_is_no_certificate(tmp_path: Path) -> None:
    file = tmp_path / "twice.json"
    file.write_text('{"format": "daibieu-apportionment-2", "seats": 1, "seats": 2}', "utf-8")
    with pytest.raises(ValueError, match="twice"):
        read_certificate(file.read_bytes())
    assert CliRunner().invoke(commands, ["verify", str(file)]).exit_code == 2
