"""Anybody can check an allocation without us, and nobody can move one seat unseen."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app as commands
from domain.verification import verify_proof
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, open_conference


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The Sóc Trăng congress allocated, with one seat moved by hand."""

    async def load(client: Client) -> Json:
        plan = await client.plan("soc_trang_2020")
        units = await client.units("soc_trang")
        conference = await open_conference(client, plan, "soc-trang-v", units["tinh-soc-trang"], "province")
        made = await client.post(f"/v1/conferences/{conference['id']}/allocations", {})
        path, etag = f"/v1/allocations/{made.json()['id']}", made.headers["ETag"]
        for code, by in (("huyen-my-tu", 1), ("huyen-ke-sach", -1)):
            body = {"unit": units[code], "group": "dien-hinh", "adjustment": by, "reason": "Ý kiến lãnh đạo"}
            etag = (await client.act(f"{path}/adjustments", etag, body)).headers["ETag"]
        certificate: Json = (await client.get(f"{path}/certificate")).json()
        return certificate

    return load


@pytest.fixture
def certificate(scene: Scene) -> Json:
    """The certificate, to do with as one likes."""
    return deepcopy(scene.facts)


async def test_the_certificate_is_proven_by_anybody(client: Client, certificate: Json) -> None:
    answer = (await client.post("/v1/verifications", certificate, 200)).json()
    assert answer == {"proven": True, "findings": [], "more_findings": 0}


def test_the_command_says_the_same(certificate: Json, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certificate), "utf-8")
    told = CliRunner().invoke(commands, ["verify", str(file)])
    assert (told.exit_code, told.output) == (0, "certificate.json: proven\n")


def test_any_one_seat_moved_is_seen(certificate: Json) -> None:
    rows = certificate["seats"]
    for n, row in enumerate(rows):
        forged = deepcopy(certificate)
        forged["seats"][n]["seats"] += 1
        forged["seats"][(n + 1) % len(rows)]["seats"] -= 1
        assert verify_proof(forged), row


def test_a_seat_moved_in_the_proof_as_well_is_seen(certificate: Json) -> None:
    units = certificate["groups"][0]["certificate"]["units"]
    for n in range(len(units) - 1):
        forged = deepcopy(certificate)
        inside = forged["groups"][0]["certificate"]["units"]
        for unit, by in ((inside[n], 1), (inside[n + 1], -1)):
            unit["seats"] += by
            unit["parts"][-1] += by
            next(row for row in forged["seats"] if row["unit"] == unit["id"])["seats"] += by
        assert verify_proof(forged), units[n]["id"]


def test_a_hand_that_gives_without_taking_is_seen(certificate: Json) -> None:
    certificate["adjustments"][0]["adjustment"] = 2
    certificate["adjustments"][1]["adjustment"] = -1
    assert "adjustments_do_not_balance" in {finding.code for finding in verify_proof(certificate)}


def test_a_hand_without_a_reason_is_seen(certificate: Json) -> None:
    certificate["adjustments"][0]["reason"] = ""
    assert [finding.pointer for finding in verify_proof(certificate)] == ["/adjustments/0/reason"]


@pytest.mark.parametrize("broken", [None, [], "", 1, {}, {"format": "daibieu-conference-1", "groups": 3}])
def test_what_is_no_certificate_is_told_not_raised(broken: object) -> None:
    assert verify_proof(broken)
