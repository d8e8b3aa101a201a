"""The way of a conference from the unit's plan to its report, over HTTP."""

from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from db.audit import AuditEvent
from db.conference_steps import ConferenceStep
from db.session import Database
from domain.access import Actor
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, codes, open_conference

SOC_TRANG, HAI_PHONG, KIM_BANG = "soc_trang_2020", "hai_phong_2020", "kim_bang_2025"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Three plans and their units."""

    async def load(client: Client) -> Json:
        found: Json = {}
        for name in (SOC_TRANG, HAI_PHONG, KIM_BANG):
            known = {code for each in found.values() for code in each["units"]}
            plan = await client.plan(name)
            units = await client.units(name.rpartition("_")[0])
            own = {code: unit for code, unit in units.items() if code not in known}
            found[name] = {"plan": plan, "units": own}
        return found

    return load


@pytest.fixture
def told(scene: Scene) -> Json:
    return scene.facts


class Conference:
    """A conference of one unit, acted on with the tag of its last answer."""

    def __init__(self, client: Client, answer: Json, etag: str) -> None:
        self.client, self.answer, self.etag = client, answer, etag
        self.path = f"/v1/conferences/{answer['id']}"

    async def act(self, name: str, body: Json, status: int = 201) -> Json:
        response = await self.client.act(f"{self.path}/{name}", self.etag, body, status)
        answer: Json = response.json()
        if status == httpx.codes.CREATED:
            self.etag, self.answer = response.headers["ETag"], answer
        return answer

    async def file(self, deadline: str, on: str, *numbers: int, status: int = 201, **more: Any) -> Json:
        documents = [{"number": number, "reference": f"{number}/KH-UBND"} for number in numbers]
        return await self.act(
            "filings", {"deadline": deadline, "on": on, "documents": documents, **more}, status
        )

    def step(self, name: str) -> Json:
        found: Json = next(each for each in self.answer["steps"] if each["id"] == name)
        return found


async def conference(
    client: Client, told: Json, name: str, tier: str, starts: str, **more: Any
) -> Conference:
    """The conference of the first unit whose code starts so, in the first chain of the tier."""
    where = told[name]
    congress = next(each["congresses"][0] for each in where["plan"]["body"]["tiers"] if each["id"] == tier)
    unit = next(where["units"][code] for code in sorted(where["units"]) if code.startswith(starts))
    opened = await open_conference(client, where["plan"], congress, unit, tier, **more)
    read = await client.get(f"/v1/conferences/{opened['id']}")
    assert read.json() == opened
    return Conference(client, opened, read.headers["ETag"])


async def commune(client: Client, told: Json) -> Conference:
    return await conference(client, told, SOC_TRANG, "grassroots", "xa-")


async def test_soc_trangs_plan_is_in_time_on_28_february_and_late_on_the_29th(
    client: Client, told: Json
) -> None:
    one = await commune(client, told)
    assert (one.answer["stage"], one.step("ke-hoach")["status"]) == ("planned", "late")
    await one.file("ke-hoach", "2020-02-28", 1, 2)
    assert (one.answer["stage"], one.step("ke-hoach")["status"]) == ("filed", "done")
    other = await conference(client, told, SOC_TRANG, "grassroots", "phuong-")
    answer = await other.file("ke-hoach", "2020-02-29", 1, 2)
    step = other.step("ke-hoach")
    assert (step["status"], step["days_late"], step["due"]) == ("done_late", 1, "2020-02-28")
    late = next(each for each in answer["findings"] if each["code"] == "filed_late")
    assert (late["clause"], "1 ngày" in late["detail"]) == ("iii.5", True)


async def test_without_the_decision_the_document_is_missing_until_it_comes(
    client: Client, told: Json
) -> None:
    one = await commune(client, told)
    answer = await one.file("ke-hoach", "2020-02-28", 1)
    assert "document_missing" in codes(answer["findings"])
    assert len(one.step("ke-hoach")["missing"]) == 1
    answer = await one.file("ke-hoach", "2020-03-02", 2)
    assert "document_missing" not in codes(answer["findings"])
    assert (one.step("ke-hoach")["status"], one.step("ke-hoach")["days_late"]) == ("done_late", 3)
    filed = (await client.get(f"{one.path}/filings")).json()
    assert [each["on"] for each in filed] == ["2020-02-28", "2020-03-02"]


async def test_met_on_7_march_its_report_is_due_that_day_in_the_same_answer(
    client: Client, told: Json
) -> None:
    one = await commune(client, told)
    await one.act("holding", {"on": "2020-03-07"})
    assert (one.step("bao-cao")["due"], one.answer["stage"]) == ("2020-03-07", "met")
    assert "met_without_plan" in codes(one.answer["findings"])
    early = await one.file("bao-cao", "2020-03-06", 1, status=422)
    assert codes(early["errors"]) == ["report_before_meeting"]
    await one.file("bao-cao", "2020-03-09", 1)
    assert (one.step("bao-cao")["days_late"], one.answer["stage"]) == (2, "reported")
    await one.act("closing", {})
    assert (one.answer["stage"], one.answer["state"]) == ("closed", "closed")
    refused = await one.file("bao-cao", "2020-03-10", 1, status=409)
    assert refused["code"] == "conference_closed"


async def test_what_happened_is_recorded_with_the_meeting(client: Client, told: Json) -> None:
    one = await commune(client, told)
    kinds = [{"number": number, "people": 2} for number in range(1, 6)]
    proceedings = {
        "presidium": {"people": 10, "members": kinds},
        "agenda": list(range(1, 10)),
        "commendations": [{"number": 1, "organ": None, "proposed": 12, "given": 10}],
        "peers": None,
    }
    answer = await one.act("holding", {"on": "2020-03-07", "proceedings": proceedings})
    assert answer["meeting"]["proceedings"] == proceedings
    assert "presidium_off_approximate_number" in codes(answer["findings"])
    short = {**proceedings, "agenda": list(range(1, 9))}
    correction = {"on": "2020-03-07", "proceedings": short, "correction": "Ghi nhầm"}
    refused = await one.act("holding", correction, 422)
    assert codes(refused["errors"]) == ["agenda_item_left_out", "reason_missing"]
    answer = await one.act("holding", {**correction, "reason": "Hội trường mất điện"})
    assert "agenda_item_left_out" in codes(answer["findings"])
    assert (await client.get(one.path)).json() == answer


async def test_a_conference_is_closed_without_its_report_only_with_a_reason(
    client: Client, told: Json
) -> None:
    one = await commune(client, told)
    assert (await one.act("closing", {}, 409))["code"] == "conference_has_not_met"
    await one.act("holding", {"on": "2020-03-07"})
    refused = await one.act("closing", {}, 409)
    assert (refused["code"], codes(refused["errors"])) == ("closing_needs_reason", ["report_missing"])
    await one.act("closing", {"reason": "Báo cáo gửi chung với báo cáo năm"})
    assert one.answer["stage"] == "closed"


async def test_hai_phongs_pilots_register_and_are_approved_before_they_meet(
    client: Client, told: Json
) -> None:
    pilot = await conference(client, told, HAI_PHONG, "upper", "so-y-te")
    await pilot.file("dang-ky-diem", "2019-10-31", 1)
    assert pilot.step("dang-ky-diem")["days_late"] == 1
    without = await pilot.act("holding", {"on": "2020-03-10"}, 422)
    assert codes(without["errors"]) == ["met_without_approval", "reason_missing"]
    await pilot.act("vetting", {"on": "2019-10-28", "document": "56/TB-HĐTĐKT"})
    assert (pilot.step("vetting")["status"], pilot.answer["stage"]) == ("done", "vetted")
    await pilot.act("holding", {"on": "2020-03-10"})
    assert "met_without_approval" not in codes(pilot.answer["findings"])
    await pilot.file("bao-cao", "2020-07-04", 1, 2)
    assert pilot.step("bao-cao")["days_late"] == 1
    other = await conference(client, told, HAI_PHONG, "upper", "quan-le-chan")
    assert {each["id"] for each in other.answer["steps"]} == {"ke-hoach", "meeting", "bao-cao"}


async def test_a_pilot_before_the_end_of_the_quarter_is_told_of(client: Client, told: Json) -> None:
    pilot = await conference(client, told, HAI_PHONG, "upper", "so-y-te")
    reason = {"reason": "Theo lịch của thành phố"}
    answer = await pilot.act("holding", {"on": "2020-01-03", **reason})
    assert {"outside_window_part", "met_without_approval", "met_without_plan"} <= set(
        codes(answer["findings"])
    )


async def test_kim_bangs_report_is_due_on_the_day_in_the_units_own_plan(client: Client, told: Json) -> None:
    one = await conference(client, told, KIM_BANG, "commune", "xa-")
    silent = await one.file("ke-hoach", "2024-12-15", 1, facts={"place": "Hội trường xã"})
    assert "report_day_missing" in codes(silent["findings"])
    assert (one.step("ke-hoach")["status"], one.step("bao-cao")["due"]) == ("done", None)
    facts = {"place": "Hội trường xã", "report_due": "2025-03-20"}
    answer = await one.file("ke-hoach", "2024-12-16", 1, facts=facts)
    assert "report_day_missing" not in codes(answer["findings"])
    assert (one.step("bao-cao")["due"], one.step("bao-cao")["status"]) == ("2025-03-20", "late")


async def test_a_plan_above_the_cap_is_refused_and_nothing_is_stored(client: Client, told: Json) -> None:
    one = await conference(client, told, SOC_TRANG, "upper", "huyen-")
    cap = one.answer["terms"]["cap"]
    facts = {"delegates": cap + 1, "groups": {"khong-co": 1}}
    refused = await one.file("ke-hoach", "2020-02-28", 1, 2, status=422, facts=facts)
    assert codes(refused["errors"]) == ["planned_above_cap", "group_unknown"]
    unknown = await one.file("khong-co", "2020-02-28", status=422)
    assert unknown["code"] == "deadline_unknown"
    assert "ke-hoach" in unknown["detail"]
    assert (await client.get(f"{one.path}/filings")).json() == []


async def test_a_paper_that_is_named_is_one_of_the_unit(client: Client, told: Json) -> None:
    one = await commune(client, told)
    unit = one.answer["unit"]
    headers = {"Content-Type": "application/pdf"}
    where = f"/v1/units/{unit}/papers?congress={one.answer['congress']}&kind=plan"
    sent = await client.post(where, b"%PDF-1.7 a plan", headers=headers)
    paper = sent.json()["id"]
    foreign = await one.act(
        "filings",
        {"deadline": "ke-hoach", "on": "2020-02-28", "documents": [{"number": 1, "paper": one.answer["id"]}]},
        422,
    )
    assert codes(foreign["errors"]) == ["paper_not_found"]
    await one.act(
        "filings",
        {"deadline": "ke-hoach", "on": "2020-02-28", "documents": [{"number": 1, "paper": paper}]},
    )
    [filed] = (await client.get(f"{one.path}/filings")).json()
    assert filed["documents"] == [{"number": 1, "paper": paper, "reference": None}]


async def test_a_conference_is_scheduled_moved_and_postponed(
    client: Client, told: Json, database: Database
) -> None:
    one = await commune(client, told)
    await one.act("schedule", {"first": "2020-03-07", "place": "Hội trường xã"})
    assert (one.answer["stage"], one.answer["schedule"]["first"]) == ("scheduled", "2020-03-07")
    moved = await one.act("schedule", {"first": "2020-03-14"}, 422)
    assert codes(moved["errors"]) == ["reason_missing"]
    await one.act("schedule", {"reason": "Dịch bệnh"})
    assert one.answer["stage"] == "postponed"
    await one.act("schedule", {"first": "2020-07-14", "reason": "Hết dịch"})
    assert "planned_outside_window" in codes(one.answer["findings"])
    await one.act("holding", {"on": "2020-07-14", "reason": "Lùi do dịch bệnh"})
    refused = await one.act("schedule", {"first": "2020-07-15", "reason": "x"}, 409)
    assert refused["code"] == "conference_not_planned"
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        query = select(AuditEvent).where(col(AuditEvent.act) == "conference_scheduled")
        events = (await session.exec(query.order_by(col(AuditEvent.n)))).all()
    assert [event.changes["reason"] for event in events] == [None, "Dịch bệnh", "Hết dịch"]


async def test_the_steps_of_a_board_are_written_anew_with_each_change(
    client: Client, told: Json, database: Database
) -> None:
    one = await commune(client, told)

    async def rows() -> dict[tuple[str, Any], tuple[Any, Any]]:
        async with database.transaction(Actor.for_command_line(), read_only=True) as session:
            found = (await session.exec(select(ConferenceStep))).all()
        return {(each.step, each.during.lower): (each.due, each.done_on) for each in found}

    opened = await rows()
    assert {name for name, _ in opened} == {"ke-hoach", "meeting", "bao-cao"}
    await one.file("ke-hoach", "2020-02-20", 1, 2)
    await one.act("holding", {"on": "2020-03-07"})
    after = await rows()
    assert str(after["ke-hoach", None][1]) == "2020-02-20"
    [since] = [since for name, since in after if name == "bao-cao" and since is not None]
    assert (str(since), str(after["bao-cao", since][0])) == ("2020-03-07", "2020-03-07")
    assert after["bao-cao", None] == (None, None)


async def test_the_answer_is_the_same_when_it_is_read_again(client: Client, told: Json) -> None:
    one = await commune(client, told)
    facts = {"form": one.answer["form"], "first": "2020-03-07", "last": "2020-03-08", "delegates": 100}
    filed = await one.file("ke-hoach", "2020-02-20", 1, 2, facts=facts, reason="x")
    assert (await client.get(one.path)).json() == filed
