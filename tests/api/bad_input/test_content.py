"""Files and bodies that are not what they say, and those without end."""

import io
import zipfile
from collections.abc import AsyncIterator

import pytest

from tests.api.bad_input.sending import (
    PLAN,
    problem,
    send,
)
from tests.client import CSV, YAML, Client

XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.mark.parametrize(
    ("content", "headers", "code"),
    [
        (b"this is no spreadsheet", XLSX, "file_not_xlsx"),
        (b"PK\x03\x04 nor is this", XLSX, "file_not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 of 1997", XLSX, "file_old_excel"),
        (b"PK\x03\x04 sent as text", CSV, "file_is_xlsx"),
    ],
)
async def test_a_file_that_is_not_what_it_says(
    client: Client, content: bytes, headers: dict[str, str], code: str
) -> None:
    answer = await send(client, "/v1/unit_imports?kind=units", content, headers)
    assert code in {error["code"] for error in problem(answer, 422, "file_unreadable")["errors"]}


async def test_an_archive_that_unpacks_without_end(client: Client) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            pack.writestr(name, b" " * 60_000_000)
    answer = await send(client, "/v1/unit_imports?kind=units", archive.getvalue(), XLSX)
    problem(answer, 422, "file_unreadable")


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_of_100_megabytes_is_not_read_to_its_end(client: Client, declared: bool) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 2**20

    headers = {"Content-Type": "application/json", "Idempotency-Key": "a-hundred"}
    if declared:
        headers["Content-Length"] = str(100 * 2**20)
    for path in ("/v1/apportionments", "/v1/plans", "/v1/units"):
        answer = await client.http.post(path, content=chunks(), headers=headers)
        problem(answer, 413, "body_too_large")
    assert sent < 60


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("id: a\nid: b\n", "yaml_key_twice"),
        ("id: &x a\ntitle: *x\n", "yaml_alias"),
        ("a: &a [x]\nb: &b [*a, *a]\n", "yaml_alias"),
        ("id: !!python/object/apply:os.system [ls]\n", "yaml_tag"),
        ("base: {a: 1}\n<<: {b: 2}\n", "yaml_merge_key"),
        ("id: a\n---\nid: b\n", "yaml_documents"),
        ("id: [a\n", "yaml_syntax"),
        ("seats: 1e999999999\n", "yaml_number"),
    ],
)
async def test_yaml_with_surprises(client: Client, content: str, code: str) -> None:
    answer = await send(client, "/v1/plans", content.encode(), YAML)
    (error,) = problem(answer, 422, "plan_unreadable")["errors"]
    assert error["code"] == code
    assert error["params"]["line"] >= 1


async def test_yaml_that_is_no_utf8(client: Client) -> None:
    answer = await send(client, "/v1/plans", b"title: \xc3\x28\n", YAML)
    (error,) = problem(answer, 422, "plan_unreadable")["errors"]
    assert (error["code"], error["params"]) == ("plan_not_utf8", {"line": 1})


async def test_a_plan_with_faults_is_told_all_of_them_with_pointers(client: Client) -> None:
    for found, put, pointer in (
        ("format: 1\n", "format: 1\ncolour: red\n", "/colour"),
        ("seats: 65,", "seats: -65,", "/tiers/1/seat_groups/2/blocs/0/seats"),
        ("superiors: [sector]", "superiors: [cosmic]", "/tiers/0/superiors/0"),
        ("floor: 1}", "floor: 9, cap: 2}", "/tiers/1/seat_groups/2/blocs/0"),
    ):
        assert found in PLAN
        answer = await send(client, "/v1/plans", PLAN.replace(found, put).encode(), YAML)
        places = [e["pointer"] for e in problem(answer, 422, answer.json()["code"])["errors"]]
        assert any(place.startswith(pointer) for place in places), places
