"""Files over HTTP: sent as what they are, as bytes, or from a form in a browser."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.http.problems import Problem
from api.units import imports as routes
from tests.client import CSV, EXAMPLES, Client

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNITS = (EXAMPLES / "khanh_hoa" / "units.csv").read_bytes()
FORM = "multipart/form-data; boundary=x"
PATH = "/v1/unit_imports?kind=units"


async def send_form(client: Client, key: str, *parts: tuple[str, tuple[str, bytes, str]]) -> httpx.Response:
    return await client.http.post(PATH, files=[*parts], headers={"Idempotency-Key": key})


@pytest.fixture
async def template(client: Client) -> bytes:
    """A spreadsheet of units without rows."""
    return (await client.get("/v1/unit_imports/template?format=xlsx", headers={"Accept": XLSX})).content


async def test_the_same_file_is_read_however_it_is_sent(client: Client) -> None:
    plain = (await client.post(PATH, UNITS, headers=CSV)).json()
    as_bytes = await client.post(PATH, UNITS, headers={"Content-Type": "application/octet-stream"})
    form = await send_form(client, "form", ("file", ("units.csv", UNITS, "text/csv")))
    windows = await send_form(client, "windows", ("file", ("units.csv", UNITS, "application/vnd.ms-excel")))
    for answer in (as_bytes, form, windows):
        told = answer.json()
        assert answer.status_code == 201, told
        assert (told["digest"], told["media"], told["rows"]) == (plain["digest"], "csv", plain["rows"])


async def test_a_spreadsheet_is_known_by_its_first_bytes(client: Client, template: bytes) -> None:
    as_bytes = await client.post(PATH, template, headers={"Content-Type": "application/octet-stream"})
    form = await send_form(client, "sheet", ("file", ("units.xlsx", template, "application/octet-stream")))
    assert as_bytes.json()["media"] == form.json()["media"] == "xlsx"


async def test_a_form_sent_again_is_the_same_request(client: Client) -> None:
    """A browser writes another boundary each time."""
    part = ("file", ("units.csv", UNITS, "text/csv"))
    first, second = await send_form(client, "again", part), await send_form(client, "again", part)
    assert first.request.headers["Content-Type"] != second.request.headers["Content-Type"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.json() == first.json()


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("multipart/form-data", b"--x\r\n"),
        (FORM, b""),
        (FORM, b"--x\r\nno header at all"),
        (FORM, b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\na\r\n--x--\r\n'),
        (FORM, b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"),
    ],
)  # fmt: skip
async def test_a_broken_form_is_refused(client: Client, content_type: str, content: bytes) -> None:
    headers = {"Content-Type": content_type, "Idempotency-Key": "broken"}
    answer = await client.http.post(PATH, content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "form_unreadable")


async def test_a_form_has_one_file_under_its_name(client: Client) -> None:
    units = ("units.csv", UNITS, "text/csv")
    for parts in (
        [("units", units)],
        [("file", units), ("file", units)],
        [("file", units), ("other", units)],
    ):
        answer = await send_form(client, "parts", *parts)
        assert (answer.status_code, answer.json()["code"]) == (400, "form_unreadable")


async def test_bytes_that_are_no_table_are_refused_with_the_reason(client: Client) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    answer = await client.post(PATH, b"\x00\x01\x02", 422, headers=headers)
    assert answer.json()["code"] == "file_unreadable"


async def test_another_type_is_refused_and_the_right_ones_are_named(client: Client) -> None:
    answer = await client.post(PATH, UNITS, 415, headers={"Content-Type": "application/pdf"})
    assert "multipart/form-data" in answer.json()["detail"]


async def test_a_plan_may_be_uploaded_too(client: Client) -> None:
    plan = (EXAMPLES / "plans" / "hai_phong_2020.yaml").read_bytes()
    headers = {"Idempotency-Key": "plan"}
    answer = await client.http.post("/v1/plans", files={"file": ("plan.yaml", plan)}, headers=headers)
    assert answer.status_code == 201, answer.text


async def test_nobody_waits_while_an_answer_is_written(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every act of the service adds to the same chain, of which only one has the end at a time."""
    writing, act = asyncio.Event(), asyncio.Event()

    async def write_slowly(work: Callable[..., Any], *given: object) -> Any:
        if work is routes._translate_stored:
            writing.set()
            await act.wait()
        return work(*given)

    async def found_unit_meanwhile(sending: "asyncio.Task[httpx.Response]", code: str) -> httpx.Response:
        await writing.wait()
        body = {"code": code, "name": "Đơn vị thử", "kind": "commune", "valid_from": "2020-01-01"}
        async with asyncio.timeout(5):
            await client.post("/v1/units", body)
        act.set()
        answer = await sending
        writing.clear()
        act.clear()
        return answer

    monkeypatch.setattr(routes, "_choose_executor", lambda *_: write_slowly)
    content = "code,name,kind,valid_from\nviet-cham,Đơn vị viết chậm,commune,2020-01-01".encode()
    sending = asyncio.create_task(client.post(PATH, content, headers=CSV))
    checked = await found_unit_meanwhile(sending, "trong-khi-kiem-tra")
    path = f"/v1/unit_imports/{checked.json()['id']}/confirmation"
    confirming = asyncio.create_task(client.act(path, checked.headers["ETag"]))
    confirmed = await found_unit_meanwhile(confirming, "trong-khi-xac-nhan")
    assert (confirmed.json()["state"], confirmed.json()["stored"]) == ("confirmed", 1)


async def test_a_file_is_not_kept_where_its_answer_cannot_be_written(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(work: Callable[..., Any], *given: object) -> Any:
        if work is routes._translate_stored:
            raise Problem(503, "too_busy")
        return work(*given)

    before = await client.list_all("/v1/unit_imports")
    monkeypatch.setattr(routes, "_choose_executor", lambda *_: refuse)
    await client.post(PATH, UNITS, 503, headers=CSV)
    assert await client.list_all("/v1/unit_imports") == before
