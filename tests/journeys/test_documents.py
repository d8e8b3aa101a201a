"""The papers of a congress over HTTP: they say what is stored, and who may not see it gets none."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.http.tables import XLSX
from domain.papers import DOCX, PDF
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    adopt_selection,
    compute_selection,
    congress,
    delegates,
    draw_lot,
)
from tests.journeys.steps import Json, act_on_nomination, codes, compute_allocation, person
from tests.service.documents.reading import count_pages, needs_font, needs_poppler, read_pdf

CSV = "text/csv"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A congress with an adopted list, alternates, and a guest."""

    async def load(client: Client) -> Json:
        held = await congress(client)
        selection = await draw_lot(client, await compute_selection(client, held))
        await adopt_selection(client, selection, "77")
        guest = {
            "group": "khach-moi",
            "basis": "Nhà báo",
            "notice": "2020-01",
            "purpose": "delegate-selection",
            "person": person(name="Khách Thử Nghiệm"),
        }
        await client.post(f"/v1/conferences/{held['id']}/invitations", guest)
        rows = (await client.get(f"/v1/conferences/{held['id']}/allocations")).json()["items"]
        return {**held, "allocation": rows[0]["id"]}

    return load


@pytest.fixture
def held(scene: Scene) -> Json:
    """The congress and its adopted allocation."""
    return scene.facts


async def fetch(client: Client, path: str, media: str = PDF, **query: str) -> bytes:
    """A document as a file."""
    answer = await client.get(path, headers={"Accept": media}, params=query)
    assert answer.headers["content-type"].startswith(media)
    assert answer.headers["content-language"] == "vi"
    return answer.content


async def test_the_list_is_whole_and_alternates_stand_apart(client: Client, held: Json) -> None:
    path = f"/v1/conferences/{held['id']}/documents/delegate_list"
    report = (await client.get(path)).json()
    assert [(group["id"], group["seats"], group["people"]) for group in report["groups"]] == [
        ("dien-hinh", 8, 8),
        ("khach-moi", 3, 1),
    ]
    assert (report["people"], report["adopted"]) == (9, True)
    assert report["alternates"] > 0
    assert codes(report["findings"]).count("group_not_listed_whole") == 1
    missing = [each for each in report["findings"] if each["code"] == "delegate_facts_missing"]
    assert any("Khách Thử Nghiệm" in each["detail"] for each in missing)

    rows = list(csv.DictReader(StringIO((await fetch(client, path, CSV)).decode("utf-8-sig")), delimiter=";"))
    going = await delegates(client, held)
    names = {each["name"] for each in going.values()} | {"Khách Thử Nghiệm"}
    assert {row["Họ và tên"] for row in rows} == names
    assert {row["Quyết định số"] for row in rows if row["Đơn vị"]} == {"77/QĐ-UBND"}
    assert [row["TT"] for row in rows] == [str(n) for n in range(1, 10)]


async def test_sealed_columns_are_printed_for_the_told_purpose_and_recorded(
    client: Client, held: Json
) -> None:
    path = f"/v1/conferences/{held['id']}/documents/delegate_list"
    wish = {"purpose": "delegate-selection", "attributes": ["ethnicity", "party_member"]}
    accept = {"Accept": CSV}
    refused = await client.post(path, {**wish, "purpose": "other"}, 409, headers=accept)
    assert refused.json()["code"] == "purpose_not_told"
    before = await list_disclosures(client, held)
    printed = await client.post(path, wish, 200, headers=accept)
    rows = list(csv.DictReader(StringIO(printed.content.decode("utf-8-sig")), delimiter=";"))
    assert {row["Dân tộc"] for row in rows} >= {"Kinh", "Khơ-me"}
    made = (await list_disclosures(client, held))[len(before) :]
    report = (await client.get(path)).json()
    assert len(made) == report["people"] + report["alternates"]
    assert {each["changes"]["document"] for each in made} == {"delegate_list"}
    assert {tuple(each["changes"]["attributes"]) for each in made} == {("ethnicity", "party_member")}
    assert "Dân tộc" not in (await fetch(client, path, CSV)).decode("utf-8-sig").splitlines()[0]


async def test_nothing_is_recorded_of_a_list_that_cannot_be_printed(client: Client, held: Json) -> None:
    path, told = f"/v1/conferences/{held['id']}", {"notice": "2020-01", "purpose": "delegate-selection"}
    guest = {"group": "khach-moi", "basis": "Thử nghiệm", "person": person(name="Khách ខ Thử"), **told}
    await client.post(f"{path}/invitations", guest)
    before = await list_disclosures(client, held)
    wish = {"purpose": "delegate-selection", "attributes": ["ethnicity"]}
    where = f"{path}/documents/delegate_list"
    refused = (await client.post(where, wish, 409, headers={"Accept": PDF})).json()
    assert refused["code"] in ("document_letter_missing", "document_font_missing")
    assert await list_disclosures(client, held) == before
    await client.post(where, wish, 200, headers={"Accept": DOCX})


async def test_alternates_have_their_own_numbers_and_who_has_withdrawn_is_on_no_list(
    client: Client, held: Json
) -> None:
    path = f"/v1/conferences/{held['id']}"
    before = (await client.get(f"{path}/documents/delegate_list")).json()["alternates"]
    [list_] = (await client.get(f"{path}/selections")).json()["items"]
    rows = (await client.get(f"/v1/selections/{list_['id']}/places")).json()
    book = read_sheets(await fetch(client, f"{path}/documents/delegate_list", XLSX))
    [alternates] = [rows for name, rows in book.items() if "dự khuyết" in name]
    printed = [int(row[0]) for row in alternates if isinstance(row[0], float)]
    numbers = [row["alternate_no"] for row in rows if row["outcome"] == "alternate"]
    assert sorted(printed) == sorted(numbers), "each unit and group counts its own"
    assert any(row[0] == "Điển hình – Đơn vị xa-mot" for row in alternates)
    gone = next(row["nomination"] for row in rows if row["outcome"] == "alternate")
    await act_on_nomination(client, await client.get(f"/v1/nominations/{gone}"), "withdrawal", reason="Ốm")
    assert (await client.get(f"{path}/documents/delegate_list")).json()["alternates"] == before - 1
    wish = {"purpose": "delegate-selection", "attributes": ["ethnicity"]}
    await client.post(f"{path}/documents/delegate_list", wish, 200, headers={"Accept": CSV})


def read_sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The rows of each sheet of a workbook."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


async def list_disclosures(client: Client, held: Json) -> list[Json]:
    """The events that sealed attributes of somebody were read."""
    events = await client.list_all(f"/v1/audit_events?chain={held['plan']['id']}")
    return [each for each in events if each["act"] == "sealed_disclosed"]


@needs_font
@needs_poppler
async def test_adopted_papers_have_the_number_and_drafts_say_so(client: Client, held: Json) -> None:
    path = f"/v1/allocations/{held['allocation']}/documents"
    decision = " ".join(read_pdf(await fetch(client, f"{path}/decision")).split())
    assert "Số: 01/QĐ-UBND" in decision
    assert "ngày 05 tháng 6 năm 2020" in decision
    assert "Phân bổ 8 đại biểu dự Đại hội thử nghiệm cho 3 đơn vị" in decision
    assert "DỰ THẢO" not in decision
    proof = (await client.get(f"/v1/allocations/{held['allocation']}/certificate")).json()
    assert proof["digest"] in decision
    draft = (await compute_allocation(client, held, amends=held["allocation"])).json()["id"]
    amended = " ".join(read_pdf(await fetch(client, f"/v1/allocations/{draft}/documents/decision")).split())
    assert "DỰ THẢO" in amended
    assert "thay thế" in amended
    sheet = await fetch(client, f"/v1/allocations/{draft}/documents/signing_sheet")
    assert count_pages(sheet) == 1
    assert "thay thế quyet-dinh số 01/QĐ-UBND" in " ".join(read_pdf(sheet).split())


@needs_font
@needs_poppler
async def test_a_letter_tells_a_unit_its_own_seats(client: Client, held: Json) -> None:
    path = f"/v1/allocations/{held['allocation']}/documents/letters"
    wishes = {"organ": "Hội đồng Thi đua - Khen thưởng tỉnh Thử Nghiệm", "position": "PHÓ CHỦ TỊCH"}
    text = " ".join(read_pdf(await fetch(client, f"{path}/{held['units']['xa-mot']}", **wishes)).split())
    assert "Kính gửi: Đơn vị xa-mot." in text
    assert "TỈNH THỬ NGHIỆM" in text
    assert "PHÓ CHỦ TỊCH" in text
    assert "/HĐTĐKT" in text
    refused = await client.get(f"{path}/{held['units']['bo']}", 409, headers={"Accept": PDF})
    assert refused.json()["code"] == "unit_without_seats"


async def test_what_no_seats_were_decided_for_is_not_printed(client: Client, held: Json) -> None:
    path = f"/v1/conferences/{held['id']}/documents/minutes"
    assert (await fetch(client, path, DOCX)).startswith(b"PK")
    answer = await client.get(path, 406, headers={"Accept": "text/csv"})
    assert answer.json()["code"] == "not_acceptable"


@needs_font
async def test_a_number_that_does_not_agree_is_not_printed(
    client: Client, held: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service.documents import listed_people

    async def count_wrong(*_: object) -> dict[str, int]:
        return {"dien-hinh": 338}

    monkeypatch.setattr(listed_people, "_count_taken_seats", count_wrong)
    path = f"/v1/conferences/{held['id']}/documents/delegate_list"
    refused = (await client.get(path, 409, headers={"Accept": PDF})).json()
    assert refused["code"] == "document_sums_differ"
    assert "338" in refused["errors"][0]["detail"]
