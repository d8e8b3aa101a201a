"""Clauses of the four plans over HTTP, each by its own number: what one plan limits, its own test shows.

S0 is Sóc Trăng, S1 Kim Bảng, S3 Khánh Hòa, S4 Hải Phòng.
"""

import csv
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any

import pytest
from fastapi import FastAPI

from api.coverage import Sentence, read_tables
from tests.client import EXAMPLES, Client
from tests.conftest import connect_client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, codes, draft_sizing, nominee, open_conference, report

pytestmark = pytest.mark.slow

S0, S1, S3, S4 = "soc_trang_2020", "kim_bang_2025", "khanh_hoa_cong_thuong_2020", "hai_phong_2020"
V, XII, IX, III = "soc-trang-v", "ha-nam-xii", "hai-phong-ix", "cong-thuong-iii"
FOLDERS = {S0: "soc_trang", S1: "kim_bang", S3: "khanh_hoa", S4: "hai_phong"}

COMMUNE, FINANCE, DISTRICT = "xa-phu-tam--huyen-chau-thanh", "so-tai-chinh", "huyen-chau-thanh"
LOTTERY, LABOUR = "cong-ty-xo-so-kien-thiet", "so-lao-dong-thuong-binh-va-xa-hoi"
TOWN, KIM_BANG = "thi-tran-que--huyen-kim-bang", "huyen-kim-bang"
COMPANY, CHOSEN, SECTOR = (
    "cong-ty-vi-du-b-khanh-hoa",
    "cong-ty-vi-du-a-khanh-hoa",
    "so-cong-thuong-khanh-hoa",
)
HOSPITAL, QUARTER, HEALTH = "benh-vien-huu-nghi-viet-tiep", "quan-le-chan", "so-y-te"
PROVINCES = {
    S0: "tinh-soc-trang",
    S1: "tinh-ha-nam",
    S3: "tinh-khanh-hoa",
    S4: "thanh-pho-hai-phong",
}

CONFERENCES = {
    COMMUNE: (S0, V, "grassroots"),
    LOTTERY: (S0, V, "grassroots"),
    FINANCE: (S0, V, "upper"),
    DISTRICT: (S0, V, "upper"),
    LABOUR: (S0, V, "upper"),
    PROVINCES[S0]: (S0, V, "province"),
    TOWN: (S1, XII, "commune"),
    KIM_BANG: (S1, XII, "district"),
    COMPANY: (S3, "khanh-hoa-v", "grassroots"),
    CHOSEN: (S3, "khanh-hoa-v", "grassroots"),
    SECTOR: (S3, "khanh-hoa-v", "sector"),
    HOSPITAL: (S4, IX, "grassroots"),
    QUARTER: (S4, IX, "upper"),
    HEALTH: (S4, IX, "upper"),
    PROVINCES[S4]: (S4, IX, "city"),
}
"""Unit → its plan, congress and tier. The company ``CHOSEN`` is a pilot."""

STAFF = {COMMUNE: (201, "2019-12-31"), TOWN: (301, "2024-12-31"), COMPANY: (201, "2019-12-31")}
"""Those just above the threshold."""

OTHERS = {S0: (), S1: ("xa-lien-son--huyen-kim-bang",), S3: ("bo-cong-thuong",), S4: ()}
"""Units without a conference here."""


async def load_units(client: Client, name: str) -> dict[str, str]:
    """The few units of an example that are needed here; code → id."""
    wanted = {*(code for code, (plan, *_) in CONFERENCES.items() if plan == name), *OTHERS[name]}
    wanted.add(PROVINCES[name])
    text = (EXAMPLES / FOLDERS[name] / "units.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(StringIO(text)))
    kept = StringIO()
    writer = csv.DictWriter(kept, rows[0].keys())
    writer.writeheader()
    writer.writerows(row for row in rows if row["code"] in wanted)
    await client.upload(kept.getvalue().encode(), "units")
    day = "2025-03-01" if name == S1 else "2020-06-01"
    return {unit["code"]: unit["id"] for unit in await client.list_all(f"/v1/units?on={day}")}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The four plans, and a conference of each tier."""

    async def load(client: Client) -> Json:
        plans, units, conferences = {}, dict[str, str](), {}
        for name in FOLDERS:
            plans[name] = await client.plan(name)
            units |= await load_units(client, name)
        for unit, (staff, day) in STAFF.items():
            await report(client, units[unit], staff, day)
        for unit, (name, congress, tier) in CONFERENCES.items():
            chosen = {"pilot": True} if unit == CHOSEN else {}
            conferences[unit] = await open_conference(
                client, plans[name], congress, units[unit], tier, **chosen
            )
        return {"plans": plans, "units": units, "conferences": conferences}

    return load


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Client]:
    """A client without a worker: nothing is computed here."""
    async with connect_client(app, with_worker=False) as client:
        yield client


@pytest.fixture
def facts(scene: Scene) -> Json:
    return scene.facts


async def read(client: Client, facts: Json, unit: str) -> Json:
    answer: Json = (await client.get(f"/v1/conferences/{facts['conferences'][unit]['id']}")).json()
    return answer


async def act(client: Client, facts: Json, unit: str, name: str, body: Json, status: int = 201) -> Json:
    """One act on a unit's conference."""
    path = f"/v1/conferences/{facts['conferences'][unit]['id']}"
    etag = (await client.get(path)).headers["ETag"]
    answer: Json = (await client.act(f"{path}/{name}", etag, body, status)).json()
    return answer


async def meet(client: Client, facts: Json, unit: str, status: int = 201, **meeting: Any) -> Json:
    """A meeting; where the plan offers several names, one is chosen with it."""
    named = {"name": "dien-hinh-tien-tien"} if unit in (COMPANY, CHOSEN) else {}
    return await act(client, facts, unit, "holding", {**named, **meeting}, status)


def clause(plan: str, number: str, *values: object) -> Any:
    """A case of a test, by plan and clause."""
    return pytest.param(*values, number, id=f"{plan}-{number}")


@pytest.mark.parametrize(
    ("unit", "last", "after", "number"),
    [
        clause(S0, "ii.2.a.thoi-gian", COMMUNE, "2020-03-31", "2020-04-01"),
        clause(S0, "ii.2.b.thoi-gian", FINANCE, "2020-06-30", "2020-07-01"),
        clause(S0, "ii.2.c", DISTRICT, "2020-03-31", "2020-04-01"),
        clause(S0, "ii.2.d.thoi-gian", PROVINCES[S0], "2020-09-30", "2020-10-01"),
        clause(S1, "nd.2.xa.thoi-gian", TOWN, "2025-03-31", "2025-04-01"),
        clause(S1, "nd.2.huyen.thoi-gian", KIM_BANG, "2025-06-30", "2025-07-01"),
        clause(S3, "ii.2.a.thoi-gian", COMPANY, "2020-03-31", "2020-04-01"),
        clause(S3, "ii.2.b.thoi-gian", SECTOR, "2020-05-31", "2020-06-01"),
        clause(S4, "ii.3.a.thoi-gian", HOSPITAL, "2020-03-31", "2020-04-01"),
        clause(S4, "ii.3.b.thoi-gian", QUARTER, "2020-06-30", "2020-07-01"),
        clause(S4, "ii.3.c.thoi-gian", PROVINCES[S4], "2020-09-30", "2020-10-01"),
    ],
)
async def test_a_meeting_after_the_window_needs_a_reason(
    client: Client, facts: Json, unit: str, last: str, after: str, number: str
) -> None:
    refused = await meet(client, facts, unit, 422, on=after)
    assert codes(refused["errors"]) == ["reason_missing"]
    late = await meet(client, facts, unit, on=after, reason="Lùi do dịch bệnh")
    assert number in [each["clause"] for each in late["findings"] if each["code"] == "outside_window"]
    in_time = await meet(client, facts, unit, on=last, correction="Ghi nhầm ngày")
    assert "outside_window" not in codes(in_time["findings"])


async def test_ii_3_diem_s4_a_pilot_meets_by_the_end_of_the_first_quarter(
    client: Client, facts: Json
) -> None:
    await act(client, facts, HEALTH, "vetting", {"on": "2019-10-28", "document": "56/TB-HĐTĐKT"})
    refused = await meet(client, facts, HEALTH, 422, on="2020-04-01")
    assert codes(refused["errors"]) == ["reason_missing"]
    early = await meet(client, facts, HEALTH, on="2020-02-29")
    assert "ii.3.diem" in [x["clause"] for x in early["findings"] if x["code"] == "outside_window_part"]
    late = await meet(client, facts, HEALTH, on="2020-03-01", correction="Ghi nhầm ngày")
    assert "outside_window_part" not in codes(late["findings"])


@pytest.mark.parametrize(
    ("unit", "number"),
    [clause(S3, "iii.2.duyet", CHOSEN), clause(S4, "iii.2.diem", HEALTH)],
)
async def test_a_pilot_does_not_meet_without_approval_or_a_reason(
    client: Client, facts: Json, unit: str, number: str
) -> None:
    refused = await meet(client, facts, unit, 422, on="2020-03-10")
    assert [(each["code"], each["clause"]) for each in refused["errors"]] == [
        ("met_without_approval", number),
        ("reason_missing", number),
    ]
    await act(client, facts, unit, "vetting", {"on": "2020-03-10", "document": "56/TB-HĐTĐKT"})
    met = await meet(client, facts, unit, on="2020-03-10")
    assert "met_without_approval" not in codes(met["findings"])


LONGER: Json = {"starts": "morning", "ends": "afternoon"}


@pytest.mark.parametrize(
    ("unit", "on", "until", "number"),
    [
        clause(S0, "ii.2.a.thoi-gian", COMMUNE, "2020-03-10", "2020-03-10"),
        clause(S0, "ii.2.b.thoi-gian", FINANCE, "2020-05-12", "2020-05-12"),
        clause(S0, "ii.2.d.thoi-gian", PROVINCES[S0], "2020-09-28", "2020-09-29"),
        clause(S1, "nd.2.xa.thoi-gian", TOWN, "2025-03-11", "2025-03-11"),
        clause(S1, "nd.2.huyen.thoi-gian", KIM_BANG, "2025-05-13", "2025-05-13"),
        clause(S3, "ii.2.a.thoi-gian", COMPANY, "2020-03-10", "2020-03-10"),
        clause(S3, "ii.2.b.thoi-gian", SECTOR, "2020-05-12", "2020-05-12"),
    ],
)
async def test_a_meeting_that_is_longer_is_told(
    client: Client, facts: Json, unit: str, on: str, until: str, number: str
) -> None:
    longer = await meet(client, facts, unit, on=on, until=until, **LONGER)
    assert number in [x["clause"] for x in longer["findings"] if x["code"] == "longer_than_planned"]
    planned = await meet(client, facts, unit, on=on, starts="morning", correction="Ghi nhầm buổi")
    assert "longer_than_planned" not in codes(planned["findings"])


@pytest.mark.parametrize(
    ("tier", "unit", "number"),
    [
        clause(S0, "ii.2.a", "grassroots", FINANCE),
        clause(S0, "ii.2.b", "upper", COMMUNE),
        clause(S0, "ii.2.d", "province", DISTRICT),
        clause(S1, "nd.2.xa", "commune", KIM_BANG),
        clause(S1, "nd.2.huyen", "district", TOWN),
        clause(S3, "ii.2.a", "grassroots", SECTOR),
        clause(S3, "ii.2.b", "sector", COMPANY),
        clause(S4, "ii.3.a", "grassroots", QUARTER),
        clause(S4, "ii.3.b", "upper", HOSPITAL),
    ],
)
async def test_a_tier_is_for_its_units(
    client: Client, facts: Json, tier: str, unit: str, number: str
) -> None:
    name, congress, _ = CONFERENCES[unit]
    body = {"plan": facts["plans"][name]["id"], "congress": congress, "unit": facts["units"][unit]}
    refused = (await client.post("/v1/conferences", {**body, "tier": tier}, 409)).json()
    assert [(x["code"], x["clause"]) for x in refused["errors"]] == [("unit_not_of_tier", number)]


@pytest.mark.parametrize(
    ("unit", "staff", "form", "number"),
    [
        clause(S0, "ii.2.a.toan-the", COMMUNE, 199, "plenary"),
        clause(S0, "ii.2.a.dai-bieu", COMMUNE, 201, "delegate"),
        clause(S1, "nd.2.xa.toan-the", TOWN, 299, "plenary"),
        clause(S1, "nd.2.xa.dai-bieu", TOWN, 301, "delegate"),
        clause(S3, "ii.2.a.toan-the", COMPANY, 199, "plenary"),
        clause(S3, "ii.2.a.dai-bieu", COMPANY, 201, "delegate"),
    ],
)
async def test_the_form_follows_the_staff(
    client: Client, facts: Json, unit: str, staff: int, form: str, number: str
) -> None:
    await report(client, facts["units"][unit], staff, STAFF[unit][1])
    assert (await read(client, facts, unit))["form"] == form
    between = 200 if staff < 250 else 300
    await report(client, facts["units"][unit], between, STAFF[unit][1])
    exactly = await read(client, facts, unit)
    assert exactly["form"] == "delegate"
    clauses = [each["clause"] for each in exactly["findings"] if each["code"] == "exactly_at_threshold"]
    assert clauses == [number.replace("toan-the", "dai-bieu")]


RULES = {TOWN: "nd.2.xa.quyet-dinh", KIM_BANG: "nd.2.3.d.1"}
"""By which of several clauses the number is decided, where the plan names several organs."""


async def draft(client: Client, facts: Json, unit: str, status: int = 201, **numbers: Any) -> Json:
    """Numbers of a unit's conference, drafted."""
    settled = {"rule": RULES[unit], "settled_by": "Công văn số 12/PNV (ví dụ)"} if unit in RULES else {}
    conference = facts["conferences"][unit]
    answer: Json = (await draft_sizing(client, conference, status, **numbers, **settled)).json()
    return answer


@pytest.mark.parametrize(
    ("unit", "cap", "number"),
    [
        clause(S0, "ii.2.a.so-luong", COMMUNE, 200),
        clause(S0, "ii.2.b.so-luong", FINANCE, 300),
        clause(S0, "ii.2.d.so-luong", PROVINCES[S0], 500),
        clause(S1, "nd.2.xa.so-luong", TOWN, 200),
        clause(S1, "nd.2.huyen.so-luong", KIM_BANG, 300),
        clause(S3, "ii.2.b.so-luong", SECTOR, 150),
    ],
)
async def test_no_conference_of_delegates_is_larger_than_the_cap(
    client: Client, facts: Json, unit: str, cap: int, number: str
) -> None:
    refused = await draft(client, facts, unit, 422, size=cap + 1)
    assert [(x["code"], x["clause"]) for x in refused["errors"]] == [("size_over_cap", number)]
    assert (await draft(client, facts, unit, size=cap))["size"] == cap


@pytest.mark.parametrize(
    ("unit", "size", "groups", "number"),
    [
        clause(S0, "ii.2.a.ty-le", COMMUNE, 200, {"khach-moi": 60, "lanh-dao": 10, "dien-hinh": 129}),
        clause(S0, "ii.2.b.ty-le", FINANCE, 200, {"khach-moi": 60, "lanh-dao": 10, "dien-hinh": 129}),
        clause(S3, "ii.2.a.ty-le", COMPANY, 200, {"khach-moi": 60, "lanh-dao": 10, "dien-hinh": 129}),
        clause(S3, "ii.2.b.ty-le", SECTOR, 150, {"khach-moi": 45, "chien-si-thi-dua": 2}),
    ],
)
async def test_numbers_that_are_not_about_70_to_30_are_told(
    client: Client, facts: Json, unit: str, size: int, groups: dict[str, int], number: str
) -> None:
    """One exemplar fewer than 65 %, and then just as many."""
    off = await draft(client, facts, unit, size=size, groups=groups)
    assert [x["clause"] for x in off["findings"] if x["code"] == "numbers_off_mix"] == [number]
    last = [*groups][-1]
    enough = await draft(client, facts, unit, size=size, groups={**groups, last: groups[last] + 1})
    assert "numbers_off_mix" not in codes(enough["findings"])


@pytest.mark.parametrize(
    ("unit", "size", "groups", "number"),
    [
        clause(S1, "nd.2.xa.ty-le", TOWN, 200, {"khach-moi": 41, "lanh-dao": 20, "dien-hinh": 139}),
        clause(S1, "nd.2.huyen.ty-le", KIM_BANG, 300, {"dien-hinh-co-quan": 59}),
    ],
)
async def test_70_to_30_without_about_needs_a_reason(
    client: Client, facts: Json, unit: str, size: int, groups: dict[str, int], number: str
) -> None:
    refused = await draft(client, facts, unit, 422, size=size, groups=groups)
    assert [(x["code"], x["clause"]) for x in refused["errors"]] == [("mix_needs_reason", number)]
    taken = await draft(client, facts, unit, size=size, groups=groups, reason="Ít điển hình")
    assert "numbers_off_mix" in codes(taken["findings"])


@pytest.mark.parametrize(
    ("unit", "name", "number"),
    [
        clause(S0, "ii.2.a.hinh-thuc", COMMUNE, "Hội nghị điển hình tiên tiến Xã Phú Tâm"),
        clause(S0, "ii.2.b.hinh-thuc", FINANCE, "Hội nghị điển hình tiên tiến Sở Tài chính"),
        clause(S0, "ii.2.d.hinh-thuc", PROVINCES[S0], "Đại hội thi đua yêu nước tỉnh Sóc Trăng lần thứ V"),
        clause(S1, "nd.2.xa.hinh-thuc", TOWN, "Hội nghị tuyên dương điển hình tiên tiến Thị trấn Quế"),
        clause(S1, "nd.2.huyen.hinh-thuc", KIM_BANG, "Hội nghị điển hình tiên tiến Huyện Kim Bảng"),
        clause(S3, "ii.2.b.hinh-thuc", SECTOR, "Hội nghị điển hình tiên tiến ngành Công Thương Khánh Hòa"),
        clause(
            S4,
            "ii.3.a.hinh-thuc",
            HOSPITAL,
            "Hội nghị biểu dương người tốt, việc tốt Bệnh viện Hữu nghị Việt Tiệp",
        ),
        clause(S4, "ii.3.b.hinh-thuc", QUARTER, "Hội nghị điển hình tiên tiến Quận Lê Chân"),
    ],
)
async def test_the_conference_has_the_name_of_the_plan(
    client: Client, facts: Json, unit: str, name: str, number: str
) -> None:
    found = await read(client, facts, unit)
    assert (found["name"], found["terms"]["name"]) == (name, name), number


@pytest.mark.parametrize(
    ("unit", "lines", "number"),
    [
        clause(
            S0,
            "ii.4.d.1",
            FINANCE,
            ["Hội nghị điển hình tiên tiến Sở Tài chính", "Lần thứ … (2020 - 2025)"],
        ),
        clause(
            S0,
            "ii.4.d.2",
            PROVINCES[S0],
            ["Đại hội thi đua yêu nước tỉnh Sóc Trăng", "Lần thứ V (2020 - 2025)"],
        ),
        clause(
            S1,
            "nd.2.3.c",
            TOWN,
            ["Huyện Kim Bảng", "Thị trấn Quế", "HỘI NGHỊ ĐIỂN HÌNH TIÊN TIẾN", "Giai đoạn 2021-2025"],
        ),
    ],
)
async def test_the_stage_bears_the_lines_of_the_plan(
    client: Client, facts: Json, unit: str, lines: list[str], number: str
) -> None:
    assert (await read(client, facts, unit))["terms"]["title"] == lines, number


@pytest.mark.parametrize(
    ("pilots", "other", "number"),
    [
        clause(S0, "ii.2.c.don-vi", [LABOUR, LOTTERY, DISTRICT], FINANCE),
        clause(S4, "ii.3.diem", [HEALTH], QUARTER),
    ],
)
async def test_the_plan_names_its_pilots(
    client: Client, facts: Json, pilots: list[str], other: str, number: str
) -> None:
    for unit in pilots:
        assert (await read(client, facts, unit))["terms"]["pilot"], number
    assert not (await read(client, facts, other))["terms"]["pilot"]


async def test_ii_2_a_hinh_thuc_s3_no_other_name_is_chosen(client: Client, facts: Json) -> None:
    refused = await act(client, facts, COMPANY, "choice", {"name": "dai-hoi"}, 422)
    assert codes(refused["errors"]) == ["name_not_offered"]
    assert refused["params"]["names"] == ["dien-hinh-tien-tien", "nguoi-tot-viec-tot", "lao-dong-gioi"]
    chosen = await act(client, facts, COMPANY, "choice", {"name": "nguoi-tot-viec-tot"})
    assert chosen["name"] == "Hội nghị biểu dương người tốt, việc tốt Công ty ví dụ B (giả định)"


async def test_iii_2_hinh_thuc_s4_a_unit_chooses_its_form(client: Client, facts: Json) -> None:
    assert (await read(client, facts, QUARTER))["form"] == "undecided"
    refused = await act(client, facts, QUARTER, "choice", {"reason": "Quy mô nhỏ"}, 422)
    assert refused["code"] == "nothing_chosen"
    chosen = await act(client, facts, QUARTER, "choice", {"form": "plenary", "reason": "Quy mô nhỏ"})
    assert chosen["form"] == "plenary"


@pytest.mark.parametrize(
    ("conference", "stranger", "below", "number"),
    [
        clause(S0, "iii.1", PROVINCES[S0], TOWN, FINANCE),
        clause(S3, "ii.2.b.de-cu", SECTOR, PROVINCES[S3], COMPANY),
    ],
)
async def test_units_below_name_and_nobody_else(
    client: Client, facts: Json, conference: str, stranger: str, below: str, number: str
) -> None:
    path = f"/v1/conferences/{facts['conferences'][conference]['id']}/nominations"
    refused = (await client.post(path, nominee(facts["units"][stranger]), 422)).json()
    assert codes(refused["errors"]) == ["unit_not_below_conference"], number
    named = (await client.post(path, nominee(facts["units"][below]))).json()
    assert (named["unit"], named["state"]) == (facts["units"][below], "draft")


async def test_iii_1_s3_a_plan_without_a_last_day_is_not_filed(client: Client, facts: Json) -> None:
    """When this is mended, its row in docs/coverage is no longer "not yet"."""
    sent = {"deadline": "ke-hoach", "on": "2020-01-10", "documents": [{"number": 1, "reference": "1/KH"}]}
    refused = await act(client, facts, COMPANY, "filings", sent, 422)
    assert refused["code"] == "deadline_unknown"


async def test_iii_2_bao_cao_s3_two_weeks_have_no_last_day(client: Client, facts: Json) -> None:
    met = await meet(client, facts, COMPANY, on="2020-02-20")
    assert "iii.2.bao-cao" in [x["clause"] for x in met["findings"] if x["code"] == "deadline_reading_open"]
    (step,) = [each for each in met["steps"] if each["id"] == "bao-cao"]
    assert step["due"] is None
    sent = {"deadline": "bao-cao", "on": "2020-03-05", "documents": [{"number": 1, "reference": "1/BC"}]}
    filed = await act(client, facts, COMPANY, "filings", sent)
    assert "filed_in_time_by_one_reading" in codes(filed["findings"])


@pytest.mark.parametrize(
    ("unit", "congress", "tier", "on", "number"),
    [
        clause(S0, "ii.3.ct.8", COMMUNE, V, "upper", "2020-03-10"),
        clause(S1, "nd.3.1.8", TOWN, XII, "district", "2025-03-11"),
        clause(S3, "ii.3.a.9", SECTOR, "khanh-hoa-v", "province", "2020-05-12"),
    ],
)
async def test_a_list_is_passed_by_a_vote_that_can_have_been(
    client: Client, facts: Json, unit: str, congress: str, tier: str, on: str, number: str
) -> None:
    conference = facts["conferences"][unit]["id"]
    event = {"upper_congress": congress, "upper_tier": tier, "on": on, "present": 200}
    ballot = {"unit": facts["units"][unit], "own_conference": conference, **event}
    early = await client.post("/v1/list_votes", {**ballot, "in_favour": 150}, 409)
    assert early.json()["code"] == "conference_has_not_met", number
    await meet(client, facts, unit, on=on, attended=200)
    wrong = (await client.post("/v1/list_votes", {**ballot, "in_favour": 250}, 422)).json()
    assert codes(wrong["errors"]) == ["vote_over_present"]
    lost = (await client.post("/v1/list_votes", {**ballot, "in_favour": 100})).json()
    assert lost["passed"] is False


@pytest.mark.parametrize(
    ("on", "place", "step", "late", "number"),
    [
        clause(S3, "iii.2.tong-hop", "2020-04-01", ("grassroots", "enterprise"), "meeting", 2),
        clause(S4, "iii.4", "2019-12-01", ("upper", "district"), "ke-hoach", 1),
    ],
)
async def test_a_board_shows_how_far_the_conferences_are(
    client: Client, facts: Json, on: str, place: tuple[str, str], step: str, late: int, number: str
) -> None:
    name = S3 if number == "iii.2.tong-hop" else S4
    path = f"/v1/plans/{facts['plans'][name]['id']}/progress?on={on}"
    rows = (await client.get(path)).json()["rows"]
    (row,) = [each for each in rows if (each["tier"], each["kind"]) == place]
    (found,) = [each for each in row["steps"] if each["step"] == step]
    assert (row["conferences"], found["late"]) == (late, late)


@pytest.mark.parametrize(
    ("deadline", "numbers", "last", "after"),
    [
        pytest.param("ke-hoach", [1], "2019-11-30", "2019-12-01", id="iii.2.ke-hoach"),
        pytest.param("bao-cao", [1, 2], "2020-07-03", "2020-07-04", id="iii.2.bao-cao"),
    ],
)
async def test_iii_2_s4_papers_are_late_from_the_day_after_the_last(
    client: Client, facts: Json, deadline: str, numbers: list[int], last: str, after: str
) -> None:
    await meet(client, facts, QUARTER, on="2020-05-12")
    sent = [{"number": number, "reference": f"{number}/UBND"} for number in numbers]
    late = await act(
        client, facts, QUARTER, "filings", {"deadline": deadline, "on": after, "documents": sent}
    )
    (step,) = [each for each in late["steps"] if each["id"] == deadline]
    assert (step["status"], step["days_late"], step["due"]) == ("done_late", 1, last)
    in_time = await act(
        client, facts, QUARTER, "filings", {"deadline": deadline, "on": last, "documents": sent}
    )
    (step,) = [each for each in in_time["steps"] if each["id"] == deadline]
    assert (step["status"], step["days_late"]) == ("done", 0)


async def test_iii_2_bao_cao_s4_achievements_are_kept_with_the_nomination(
    client: Client, facts: Json
) -> None:
    path = f"/v1/conferences/{facts['conferences'][PROVINCES[S4]]['id']}/nominations"
    told = "Ba năm liền hoàn thành xuất sắc nhiệm vụ"
    named = (await client.post(path, nominee(facts["units"][QUARTER], achievements=told))).json()
    assert (await client.get(f"/v1/nominations/{named['id']}")).json()["achievements"] == told


@pytest.mark.parametrize("name", FOLDERS)
async def test_what_is_told_is_shown(client: Client, facts: Json, name: str) -> None:
    """With the plan in its own words; with a conference by its clause, in its terms or findings."""
    (table,) = [each for each in read_tables() if each.plan == name]
    told = [each for each in table.sentences if each.test.endswith(f"::test_what_is_told_is_shown[{name}]")]
    plan = (await client.get(f"/v1/plans/{facts['plans'][name]['id']}")).json()["body"]
    quotes = {each["id"]: each["quote"] for each in plan["clauses"]}
    opened = [unit for unit, (of, *_) in CONFERENCES.items() if of == name]
    clauses = {number for unit in opened for number in list_clauses(await read(client, facts, unit))}
    assert [each.clause for each in told if not is_shown(each, quotes, clauses)] == []
    assert len(told) > 10


def is_shown(sentence: Sentence, quotes: dict[str, str], clauses: set[str]) -> bool:
    if sentence.call == "GET /v1/plans/{plan_id}":
        return sentence.words in quotes[sentence.clause]
    assert sentence.call == "GET /v1/conferences/{conference_id}", sentence
    return sentence.clause in clauses


def list_clauses(answer: Any) -> set[str]:
    """The clauses that an answer names anywhere."""
    if isinstance(answer, list):
        return {number for each in answer for number in list_clauses(each)}
    if not isinstance(answer, dict):
        return set()
    own = {value for key, value in answer.items() if key.endswith("clause") and isinstance(value, str)}
    return own | {number for each in answer.values() for number in list_clauses(each)}
