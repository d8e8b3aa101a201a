"""The vote of a commune's conference on its three lists: for the district, the province and the nation."""

from typing import Any

import httpx
import pytest

from domain.papers import DOCX
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import compute_selection, map_places
from tests.journeys.steps import (
    Json,
    act_on_nomination,
    codes,
    decision,
    document,
    draft_nomination,
    open_conference,
    person,
    receive_quota,
    replace_quota,
)
from tests.service.documents.reading import read_docx

CONGRESS, NATION = "ha-nam-xii", "toan-quoc-xi"
TOWN = "thi-tran-que--huyen-kim-bang"
SMALL = "xa-lien-son--huyen-kim-bang"
DAY, MET = "2025-06-01", "2025-03-20"
PAPER = "Công văn số 7 của thị trấn (ví dụ)"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Conferences of a commune that has met, of its district and of its province."""

    async def load(client: Client) -> Json:
        plan = await client.plan("kim_bang_2025")
        units = await client.units("kim_bang")
        own = await open_conference(client, plan, CONGRESS, units[TOWN], "commune")
        district = await open_conference(client, plan, CONGRESS, units["huyen-kim-bang"], "district")
        province = await open_conference(client, plan, CONGRESS, units["tinh-ha-nam"], "province", as_of=DAY)
        return {"own": own, "district": district, "province": province, "units": units, "plan": plan}

    return load


@pytest.fixture
def told(scene: Scene) -> Json:
    return scene.facts


async def meet(client: Client, told: Json, **more: Any) -> httpx.Response:
    """The meeting of the commune, with 200 people."""
    path = f"/v1/conferences/{told['own']['id']}"
    etag = (await client.get(path)).headers["ETag"]
    return await client.act(f"{path}/holding", etag, {"on": MET, "attended": 200, **more})


def ballot(told: Json, tier: str = "district", congress: str = CONGRESS, **more: Any) -> Json:
    """What is told of the vote."""
    return {
        "unit": told["units"][TOWN],
        "own_conference": told["own"]["id"],
        "upper_congress": congress,
        "upper_tier": tier,
        "on": MET,
        "present": 200,
        "in_favour": 150,
        **more,
    }


async def vote(client: Client, told: Json, status: int = 201, **more: Any) -> httpx.Response:
    return await client.post("/v1/list_votes", ballot(told, **more), status)


async def draft(client: Client, told: Json, at: str = "district", unit: str = TOWN, **more: Any) -> str:
    group = "dien-hinh" if at == "district" else "doan-dai-bieu"
    made = await draft_nomination(client, told[at], told["units"][unit], group=group, **more)
    name: str = made.json()["id"]
    return name


async def test_a_conference_passes_its_list_once_it_has_met(client: Client, told: Json) -> None:
    early = await vote(client, told, 409)
    assert early.json()["code"] == "conference_has_not_met"
    await meet(client, told)
    name = await draft(client, told)
    passed = await vote(client, told, names=[name])
    assert (passed.json()["passed"], passed.json()["named"]) == (True, 1)
    assert passed.json()["names"] == [{"position": 1, "nomination": name}]
    assert codes(passed.json()["findings"]) == ["majority_not_stated"]
    read = await client.get(f"/v1/list_votes/{passed.json()['id']}")
    assert read.json() == passed.json()
    again = await vote(client, told, 409)
    assert again.json()["code"] == "list_passed_once"
    listed = await client.list_all(f"/v1/list_votes?unit={told['units'][TOWN]}")
    assert [each["id"] for each in listed] == [passed.json()["id"]]


async def test_250_of_200_in_2035_is_refused_and_3_of_200_does_not_pass(client: Client, told: Json) -> None:
    await meet(client, told)
    for wrong, code, pointer in (
        ({"in_favour": 250}, "vote_over_present", "/in_favour"),
        ({"on": "2035-01-01"}, "day_in_future", "/on"),
        ({"present": 201}, "vote_over_attendance", "/present"),
        ({"on": "2025-03-19"}, "vote_before_meeting", "/on"),
        ({"present": None, "in_favour": None}, "vote_not_counted", "/present"),
        ({"upper_tier": "commune"}, "tier_not_above", "/upper_tier"),
        ({"upper_congress": "khac"}, "congress_unknown", "/upper_congress"),
        ({"unit": told["own"]["id"]}, "unit_not_found", "/unit"),
        ({"own_conference": told["district"]["id"]}, "conference_not_of_unit", "/own_conference"),
        ({"names": [told["own"]["id"]]}, "list_name_unknown", "/names/0"),
        ({"minutes": told["own"]["id"]}, "paper_not_found", "/minutes"),
    ):
        body = {**ballot(told), **wrong}
        refused = (await client.post("/v1/list_votes", body, 422)).json()
        assert [(each["code"], each["pointer"]) for each in refused["errors"]] == [(code, pointer)]
    lost = await vote(client, told, in_favour=3)
    assert lost.json()["passed"] is False
    assert "vote_not_passed" in codes(lost.json()["findings"])


@pytest.mark.parametrize("by", ["vote", "nomination"])
async def test_a_draft_of_somebody_named_elsewhere_is_not_made_somebody_else(
    client: Client, told: Json, by: str
) -> None:
    """The vote and the other nomination are of the person."""
    path = f"/v1/nominations/{await draft(client, told)}"

    async def say(name: str, year: int, status: int) -> httpx.Response:
        row = await client.get(path)
        stated = {"person": {"name": name, "birth_year": year}, "group": "dien-hinh"}
        told_them = {"notice": "2020-01", "purpose": "delegate-selection"}
        return await client.put(path, {**stated, **told_them}, row.headers["ETag"], status)

    await say("Người thử nghiệm Mới", 1979, 200)  # nobody else has named them yet
    who = (await client.get(path)).json()["person"]["id"]
    if by == "vote":
        await meet(client, told)
        await vote(client, told, names=[path.rpartition("/")[2]])
    else:
        await draft(client, told, unit=SMALL, person_id=who)
    refused = await say("Người thử nghiệm Khác", 1981, 422)
    assert codes(refused.json()["errors"]) == ["nominee_is_somebody_else"]
    await say("Người thử nghiệm Khác", 1979, 200)
    await say("Người thử nghiệm Khác", 1981, 422)  # nor in two steps


async def test_a_commune_votes_three_lists_and_its_proposals_rise(client: Client, told: Json) -> None:
    """The national conference is not open, so its list has no names yet."""
    await meet(client, told)
    minutes = await client.post(
        f"/v1/units/{told['units'][TOWN]}/papers?congress={CONGRESS}&kind=minutes",
        b"%PDF-1.7 Bien ban",
        headers={"Content-Type": "application/pdf"},
    )
    near, far = await draft(client, told), await draft(client, told, "province", source_document=PAPER)
    paper = minutes.json()["id"]
    await vote(client, told, names=[near], minutes=paper)
    province = await vote(client, told, tier="province", names=[far], minutes=paper)
    nation = await vote(client, told, tier="toan-quoc", congress=NATION, minutes=paper)
    assert (nation.json()["named"], province.json()["named"]) == (0, 1)
    here = await client.get(f"/v1/nominations/{far}")
    refused = await act_on_nomination(client, here, "submission", 409)
    assert refused.json()["code"] == "quota_missing"
    risen = await act_on_nomination(client, here, "rise")
    assert (risen.json()["source_document"], risen.json()["named_by_document"]) == (None, PAPER)
    assert risen.json()["unit"] == told["units"]["huyen-kim-bang"]
    assert (risen.json()["named_by_unit"], risen.json()["state"]) == (told["units"][TOWN], "draft")
    top = await act_on_nomination(client, risen, "rise", 409)
    assert top.json()["code"] == "nomination_at_the_top"
    given = {"unit": told["units"]["huyen-kim-bang"], "group": "doan-dai-bieu", "seats": 25}
    await receive_quota(client, told["province"], {**given, "document": document("1")})
    sent = await act_on_nomination(client, risen, "submission")
    assert sent.json()["named_by_unit"] == told["units"][TOWN]
    accepted = await act_on_nomination(client, sent, "acceptance")
    [warned] = [each for each in accepted.json()["findings"] if each["code"] == "list_not_passed"]
    assert warned["params"]["why"] == "no_vote", "the district has not passed its own list"


async def test_names_follow_and_stay_within_the_nominee_limit(client: Client, told: Json) -> None:
    await meet(client, told)
    passed = await vote(client, told)
    names = [await draft(client, told) for _ in range(2)]
    given = {"unit": told["units"][TOWN], "group": "dien-hinh", "seats": 1, "document": document("1")}
    await receive_quota(client, told["district"], given)
    path = f"/v1/list_votes/{passed.json()['id']}"
    beyond = await client.act(f"{path}/names", passed.headers["ETag"], {"names": names}, 409)
    assert codes(beyond.json()["errors"]) == ["list_over_nominee_limit"]
    named = await client.act(f"{path}/names", passed.headers["ETag"], {"names": names[:1]})
    assert named.json()["named"] == 1
    again = await client.act(f"{path}/names", named.headers["ETag"], {"names": names[1:]}, 409)
    assert again.json()["code"] == "list_has_names"


async def test_a_vote_is_taken_back_and_recorded_anew(client: Client, told: Json) -> None:
    await meet(client, told)
    first = await vote(client, told, in_favour=90)
    path = f"/v1/list_votes/{first.json()['id']}/revocation"
    revoked = await client.act(path, first.headers["ETag"], {"reason": "Ghi nhầm số phiếu"})
    assert revoked.json()["revoked_reason"] == "Ghi nhầm số phiếu"
    read = await client.get(path.removesuffix("/revocation"))
    assert read.json()["revoked_reason"] == "Ghi nhầm số phiếu"
    again = await client.act(path, revoked.headers["ETag"], {"reason": "x"}, 409)
    assert again.json()["code"] == "list_vote_revoked"
    assert (await vote(client, told)).json()["passed"] is True


async def test_a_unit_without_a_conference_sends_its_organs_letter(client: Client, told: Json) -> None:
    letter = {"unit": told["units"][SMALL], "upper_congress": CONGRESS, "upper_tier": "district", "on": MET}
    missing = await client.post("/v1/list_votes", letter, 422)
    assert codes(missing.json()["errors"]) == ["letter_missing"]
    name = await draft(client, told, unit=SMALL)
    body = {**letter, "source_document": "Công văn số 1 (ví dụ)", "names": [name]}
    sent = await client.post("/v1/list_votes", body)
    assert (sent.json()["passed"], sent.json()["present"]) == (True, None)
    refused = await client.post("/v1/list_votes", {**body, "unit": told["units"][TOWN], "names": []}, 409)
    assert refused.json()["code"] == "unit_has_conference"


async def test_whoever_was_not_passed_is_accepted_with_a_warning(client: Client, told: Json) -> None:
    await meet(client, told)
    given = {"unit": told["units"][TOWN], "group": "dien-hinh", "seats": 3, "document": document("1")}
    await receive_quota(client, told["district"], given)
    passed, other = await draft(client, told), await draft(client, told)
    await vote(client, told, names=[passed])
    found = {}
    for name in (passed, other):
        sent = await act_on_nomination(client, await client.get(f"/v1/nominations/{name}"), "submission")
        accepted = await act_on_nomination(client, sent, "acceptance")
        found[name] = [each for each in accepted.json()["findings"] if each["code"] == "list_not_passed"]
    assert found[passed] == []
    [warning] = found[other]
    assert (warning["severity"], warning["clause"]) == ("warning", "nd.3.1.8")


async def test_a_new_representative_does_not_keep_the_vote_on_another(client: Client, told: Json) -> None:
    await meet(client, told)
    given = {"unit": told["units"][TOWN], "group": "dien-hinh", "seats": 1, "document": document("1")}
    await receive_quota(client, told["district"], given)
    first, second = person(name="Người Thứ Nhất"), person(name="Người Thứ Hai")
    name = await draft(client, told, collective="Tổ thử nghiệm", person=first)
    passed = await vote(client, told, names=[name])
    sent = await act_on_nomination(client, await client.get(f"/v1/nominations/{name}"), "submission")
    changed = await act_on_nomination(client, sent, "representative", person=second, reason="Ốm")
    minutes = f"/v1/conferences/{told['own']['id']}/documents/minutes"
    printed = read_docx((await client.get(minutes, headers={"Accept": DOCX})).content)
    assert (first["name"] in printed, second["name"] in printed) == (True, False), "the vote was on the first"
    accepted = await act_on_nomination(client, changed, "acceptance")
    [warned] = [each for each in accepted.json()["findings"] if each["code"] == "list_not_passed"]
    assert warned["params"]["why"] == "no_vote"
    path = f"/v1/list_votes/{passed.json()['id']}"
    revoked = await client.act(f"{path}/revocation", passed.headers["ETag"], {"reason": "x"})
    assert "accepted_list_revoked" not in codes(revoked.json()["findings"]), "the list named nobody accepted"


async def open_strict_district(client: Client, told: Json) -> Json:
    """The district's conference under a plan that takes only lists that were passed."""
    body = {**told["plan"]["body"], "id": "kim-bang-chat-che"}
    [district] = [tier for tier in body["tiers"] if tier["id"] == "district"]
    strict = {**district, "list_vote": {"required": True, "clause": "nd.3.1.8"}}
    body["tiers"] = [strict if tier is district else tier for tier in body["tiers"]]
    made = await client.post("/v1/plans", body)
    path = f"/v1/plans/{made.json()['id']}/versions/1/publication"
    plan = (await client.act(path, made.headers["ETag"])).json()
    old = await client.get(f"/v1/conferences/{told['district']['id']}")
    await client.act(f"/v1/conferences/{old.json()['id']}/cancellation", old.headers["ETag"], {"reason": "x"})
    again = await open_conference(client, plan, CONGRESS, told["units"]["huyen-kim-bang"], "district")
    given = {"unit": told["units"][SMALL], "group": "dien-hinh", "seats": 1, "document": document("1")}
    await receive_quota(client, again, given)
    return again


async def send_list(client: Client, told: Json, *names: str) -> httpx.Response:
    """The letter with the list of the commune that has no conference."""
    letter = {"unit": told["units"][SMALL], "upper_congress": CONGRESS, "upper_tier": "district", "on": MET}
    return await client.post(
        "/v1/list_votes", {**letter, "source_document": "Công văn số 1 (ví dụ)", "names": [*names]}
    )


async def revoke(client: Client, vote: httpx.Response) -> Json:
    path = f"/v1/list_votes/{vote.json()['id']}/revocation"
    answer: Json = (await client.act(path, vote.headers["ETag"], {"reason": "Ghi nhầm"})).json()
    return answer


async def test_where_the_plan_says_so_nobody_is_accepted_whose_list_was_not_passed(
    client: Client, told: Json
) -> None:
    """Nor does anybody keep a seat whose list is revoked: a new list has those who were passed since."""
    district = await open_strict_district(client, told)
    first = await draft_nomination(client, district, told["units"][SMALL])
    second = await draft_nomination(client, district, told["units"][SMALL])
    sent = await act_on_nomination(client, first, "submission")
    refused = await act_on_nomination(client, sent, "acceptance", 409)
    assert refused.json()["code"] == "list_not_passed"
    assert (await client.get(f"/v1/nominations/{sent.json()['id']}")).json()["state"] == "submitted"
    one, other = first.json()["id"], second.json()["id"]
    passed = await send_list(client, told, one)
    await act_on_nomination(client, sent, "acceptance")
    assert "required_list_revoked" in codes((await revoke(client, passed))["findings"])
    again = await send_list(client, told, other)
    await replace_quota(client, sent.json()["quota"], 2, "2")
    await act_on_nomination(client, second, "submission")
    empty = [{"unit": told["units"][SMALL], "group": "dien-hinh", "seats": 1}]
    found = await compute_selection(client, district, empty=empty)
    said = [
        each for each in found.json()["work"]["findings"] if each["code"] == "selection_seat_without_list"
    ]
    assert [each["params"]["nomination"] for each in said] == [one]
    places = await map_places(client, found)
    assert {each: places[each]["outcome"] for each in (one, other)} == {one: "off", other: "chosen"}
    path = f"/v1/selections/{found.json()['id']}"
    proposed = await client.act(f"{path}/proposal", found.headers["ETag"])
    approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    await revoke(client, again)
    refused = await client.act(f"{path}/adoption", approved.headers["ETag"], decision("5"), 409)
    assert codes(refused.json()["errors"]) == ["selection_list_gone"]
    await send_list(client, told, other)
    await client.act(f"{path}/adoption", approved.headers["ETag"], decision("5"))
    states = [(await client.get(f"/v1/nominations/{each}")).json()["state"] for each in (one, other)]
    assert states == ["submitted", "accepted"]


async def test_a_meeting_is_not_corrected_against_its_vote(client: Client, told: Json) -> None:
    held = await meet(client, told)
    await vote(client, told)
    path = f"/v1/conferences/{told['own']['id']}/holding"
    late = {"on": "2025-03-21", "attended": 200, "correction": "Ghi nhầm"}
    refused = await client.act(path, held.headers["ETag"], late, 409)
    assert refused.json()["code"] == "meeting_contradicts_vote"
    assert codes(refused.json()["errors"]) == ["vote_before_meeting"]
