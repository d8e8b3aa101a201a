"""Every paper of the four example plans: complete, true, and with the elements of the decree."""

import re
from pathlib import Path

import pytest

from domain.papers import DOCX, PDF
from tests.client import Client
from tests.journeys.scenes import Prepare
from tests.journeys.steps import Json, compute_allocation, open_conference
from tests.service.documents.reading import count_pages, needs_font, needs_poppler, read_pdf

pytestmark = [pytest.mark.slow, needs_font, needs_poppler]

EXAMPLES = {
    "soc_trang": ("soc_trang_2020", "soc-trang-v", "tinh-soc-trang", "province"),
    "hai_phong": ("hai_phong_2020", "hai-phong-ix", "thanh-pho-hai-phong", "city"),
    "kim_bang": ("kim_bang_2025", "ha-nam-xii", "huyen-kim-bang", "district"),
    "khanh_hoa": ("khanh_hoa_cong_thuong_2020", "khanh-hoa-v", "so-cong-thuong-khanh-hoa", "sector"),
}
"""Folder of units → plan, congress, unit and tier of the conference that is allocated."""

HEADS = {
    "soc_trang": ("ỦY BAN NHÂN DÂN", "TỈNH SÓC TRĂNG", "/QĐ-UBND", "TM. ỦY BAN NHÂN DÂN"),
    "hai_phong": ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HẢI PHÒNG", "/QĐ-UBND", "TM. ỦY BAN NHÂN DÂN"),
    "kim_bang": ("ỦY BAN NHÂN DÂN", "HUYỆN KIM BẢNG", "/QĐ-UBND", "TM. ỦY BAN NHÂN DÂN"),
    "khanh_hoa": ("SỞ CÔNG THƯƠNG", "TỈNH KHÁNH HÒA", "/QĐ-SCT", "GIÁM ĐỐC"),
}
COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Nothing: each example is loaded by its own test."""

    async def load(_: Client) -> Json:
        return {}

    return load


async def fetch_all(client: Client, conference: Json, allocation: str, folder: Path) -> dict[str, str]:
    """The text of every paper; the files stay in the folder."""
    seats = (await client.get(f"/v1/allocations/{allocation}/seats")).json()
    unit = max(seats, key=lambda row: len(row["unit"]["name"]))["unit"]["id"]
    paths = {
        "decision": f"/v1/allocations/{allocation}/documents/decision",
        "letter": f"/v1/allocations/{allocation}/documents/letters/{unit}",
        "sheet": f"/v1/allocations/{allocation}/documents/signing_sheet",
        "list": f"/v1/conferences/{conference['id']}/documents/delegate_list",
        "minutes": f"/v1/conferences/{conference['id']}/documents/minutes",
    }
    texts = {}
    for name, path in paths.items():
        for media, ending in ((PDF, "pdf"), (DOCX, "docx")):
            answer = await client.get(path, headers={"Accept": media})
            (folder / f"{name}.{ending}").write_bytes(answer.content)
        content = (folder / f"{name}.pdf").read_bytes()
        texts[name] = " ".join(read_pdf(content).split())
        assert name != "sheet" or count_pages(content) == 1
    return texts


@pytest.mark.parametrize("example", EXAMPLES)
async def test_every_paper_has_the_elements_of_the_decree(
    client: Client, example: str, tmp_path: Path
) -> None:
    name, congress, unit, tier = EXAMPLES[example]
    plan, units = await client.plan(name), await client.units(example)
    conference = await open_conference(client, plan, congress, units[unit], tier)
    made = (await compute_allocation(client, conference)).json()
    texts = await fetch_all(client, conference, made["id"], tmp_path)
    for text in texts.values():
        assert COUNTRY in text
        assert MOTTO in text
        assert re.search("ngày +tháng +năm", text)
    for part in HEADS[example]:
        assert part in texts["decision"]
    assert "Căn cứ Kế hoạch" in texts["decision"]
    assert "Nơi nhận:" in texts["decision"]
    seats = sum(row["seats"] for row in (await client.get(f"/v1/allocations/{made['id']}/seats")).json())
    assert f"Phân bổ {seats} đại biểu" in texts["decision"]
    assert "Kính gửi:" in texts["letter"]
    groups = (await client.get(f"/v1/conferences/{conference['id']}")).json()["terms"]["seat_groups"]
    for group in groups:
        assert group["name"].split()[0] in texts["list"]
