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
        certificate["allocation"] = {"path": path, "etag": etag, "units": units}
        return certificate

    return load


@pytest.fixture
def certificate(scene: Scene) -> Json:
    """The certificate, to do with as one likes."""
    return {name: deepcopy(part) for name, part in scene.facts.items() if name != "allocation"}


async def test_the_certificate_is_proven_by_anybody(client: Client, certificate: Json) -> None:
    answer = (await client.post("/v1/verifications", certificate, 200)).json()
    assert answer == {"proven": True, "findings": [], "more_findings": 0}


async def test_hands_are_in_the_certificate_from_the_proposal_on(
    client: Client, scene: Scene, certificate: Json
) -> None:
    """What is proposed is stored: the certificate with the hands as they were, and its digest is told."""
    path, etag, units = (scene.facts["allocation"][name] for name in ("path", "etag", "units"))
    body = {"unit": units["huyen-my-tu"], "group": "dien-hinh", "adjustment": 2, "reason": "Ý kiến khác"}
    uneven = await client.act(f"{path}/adjustments", etag, body)
    refused = await client.act(f"{path}/proposal", uneven.headers["ETag"], None, 409)
    assert refused.json()["code"] == "adjustments_do_not_balance"
    again = await client.act(f"{path}/adjustments", uneven.headers["ETag"], {**body, "adjustment": 1})
    proposed = await client.act(f"{path}/proposal", again.headers["ETag"])
    stored = (await client.get(f"{path}/certificate")).json()
    assert verify_proof(stored) == ()
    assert proposed.json()["certificate_digest"] == stored["digest"] != certificate["digest"]
    assert [(row["unit"], row["adjustment"], row["reason"]) for row in stored["adjustments"]] == [
        ("huyen-ke-sach", -1, "Ý kiến lãnh đạo"),
        ("huyen-my-tu", 1, "Ý kiến khác"),
    ]
    rows = (await client.get(f"{path}/seats")).json()
    seats = {(row["group"], row["unit"]["code"]): row["seats"] for row in rows}
    assert {(row["group"], row["unit"]): row["seats"] for row in stored["seats"]} == seats
    body = {**body, "adjustment": 0}
    late = await client.act(f"{path}/adjustments", proposed.headers["ETag"], body, 409)
    assert late.json()["code"] == "allocation_state"


async def test_the_split_of_each_target_is_proven_by_anybody(client: Client, scene: Scene) -> None:
    """For the seats as they are, those moved by hand included; and not with one place moved."""
    path = scene.facts["allocation"]["path"]
    rows = (await client.get(f"{path}/seats")).json()
    told = (await client.get(f"{path}/split_certificates")).json()
    assert {row["target"] for seat in rows for row in seat["targets"]} == {each["target"] for each in told}
    proofs = {each["target"]: each["certificate"] for each in told if each["certificate"]}
    assert proofs
    for target, proof in proofs.items():
        assert verify_proof(proof) == ()
        asked = {
            seat["unit"]["code"]: row["seats"]
            for seat in rows
            for row in seat["targets"]
            if row["target"] == target
        }
        assert {row["unit"]: row["places"]["yes"] for row in proof["rows"]} == asked
    assert (await client.post("/v1/verifications", proof, 200)).json()["proven"]
    one, other = proof["rows"][:2]
    one["places"]["yes"] += 1
    other["places"]["yes"] -= 1
    assert not (await client.post("/v1/verifications", proof, 200)).json()["proven"]


def test_the_command_says_the_same(certificate: Json, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certificate), "utf-8")
    told = CliRunner().invoke(commands, ["verify", str(file)])
    assert (told.exit_code, told.output) == (
        0,
        f"certificate.json: proven, digest {certificate['digest']}\n",
    )


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
