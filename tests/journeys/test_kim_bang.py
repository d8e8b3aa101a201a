"""Kim Bảng 2025: a district's seats over its communes, the live check of a list, and 25 places from above."""

from uuid import UUID

import pytest

from db.allocations import Allocation
from db.plans import PlanVersion
from db.session import Database
from domain.access import Actor
from tests.client import EXAMPLES, YAML, Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    accept_nominee,
    act_on_nomination,
    adopt_allocation,
    codes,
    compute_allocation,
    document,
    draft_nomination,
    map_rows,
    open_conference,
    person,
    receive_quota,
    replace_quota,
    submit_nominee,
)

CONGRESS = "ha-nam-xii"
TOWN = "thi-tran-que--huyen-kim-bang"
DAY = "2025-06-01"
SMALL = "xa-lien-son--huyen-kim-bang"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The district's conference, opened under the published plan over its 18 communes."""

    async def load(client: Client) -> Json:
        plan = await client.plan("kim_bang_2025")
        units = await client.units("kim_bang")
        conference = await open_conference(client, plan, CONGRESS, units["huyen-kim-bang"], "district")
        return {**conference, "units": units, "plan": plan}

    return load


@pytest.fixture
def district(scene: Scene) -> Json:
    """The district's conference, with its plan and the ids of its units by code."""
    return scene.facts


async def test_from_the_plan_to_the_accepted_delegates(client: Client, district: Json) -> None:
    units = district["units"]
    draft = await draft_nomination(client, district, units[TOWN], rank=1)

    # 150 seats over 18 communes by population, none below three.
    allocation = await compute_allocation(client, district)
    rows = await map_rows(client, allocation.json())
    assert (len(rows), sum(row["seats"] for row in rows.values())) == (18, 150)
    assert min(row["seats"] for row in rows.values()) >= 3
    adoption = await adopt_allocation(client, allocation, "123")
    assert adoption["misfits"] == []
    seats = rows[SMALL]["seats"]

    # Names rise: whom the commune sent, the district may send on.
    delegate = await act_on_nomination(
        client, await act_on_nomination(client, draft, "submission"), "acceptance"
    )
    for rank in range(1, seats + 1):
        last = await accept_nominee(client, district, units[SMALL], rank=rank)
    assert (last.json()["list"]["listed"], last.json()["list"]["seats"]) == (seats, seats)
    refused = await act_on_nomination(
        client, await draft_nomination(client, district, units[SMALL]), "submission", 409
    )
    assert refused.json()["code"] == "quota_nominee_limit_exceeded"

    province = await open_conference(
        client, district["plan"], CONGRESS, units["tinh-ha-nam"], "province", as_of=DAY
    )
    given = {
        "unit": units["huyen-kim-bang"],
        "group": "doan-dai-bieu",
        "seats": 25,
        "document": document("88/HĐ"),
    }
    quota = await receive_quota(client, province, given)
    assert (quota.json()["source"], quota.json()["nominee_limit"]) == ("received", 25)
    who = delegate.json()["person"]["id"]
    risen = await accept_nominee(
        client, province, units["huyen-kim-bang"], group="doan-dai-bieu", person_id=who
    )
    assert risen.json()["person"]["id"] == who

    # The province takes most of them back: the list is named and nobody is cut.
    for _ in range(2):
        await submit_nominee(client, province, units["huyen-kim-bang"], group="doan-dai-bieu")
    less = await replace_quota(client, quota.json()["id"], 1, "99/HĐ")
    misfit = less.json()["misfit"]
    assert (misfit["taken"], misfit["nominated"], misfit["nominee_limit"]) == (1, 3, 1)

    # The district's numbers are decided anew; the commune with the full list loses seats and is named.
    body = {"as_of": "2025-03-31", "source": "Thử nghiệm", "figures": {"population": 10}, "made_up": True}
    await client.post(f"/v1/units/{units[TOWN]}/figures", body)
    await accept_nominee(client, district, units[TOWN])
    for _ in range(2):
        await submit_nominee(client, district, units[TOWN])
    amended = await compute_allocation(client, district, amends=allocation.json()["id"], reason="Số liệu mới")
    after = await adopt_allocation(client, amended, "124")
    (unfit,) = after["misfits"]
    assert (unfit["unit"], unfit["seats"], unfit["taken"], unfit["nominated"]) == (units[TOWN], 3, 2, 4)


async def test_an_allocation_keeps_to_the_version_that_its_conference_was_opened_under(
    client: Client, district: Json, database: Database
) -> None:
    path = f"/v1/plans/{district['plan']['id']}"
    text = (EXAMPLES / "plans" / "kim_bang_2025.yaml").read_text()
    changed = text.replace('\ntitle: "', '\ntitle: "Sửa đổi: ', 1)
    drafted = await client.post(f"{path}/versions", f"reason: x\n{changed}".encode(), headers=YAML)
    await client.act(f"{path}/versions/2/publication", drafted.headers["ETag"])
    allocation = (await compute_allocation(client, district)).json()
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        row = await session.get_one(Allocation, UUID(allocation["id"]))
        version = await session.get_one(PlanVersion, row.plan_version)
    assert version.n == 1


async def test_2_1_a_commune_whose_staff_nobody_knows_is_asked_for_it(client: Client, district: Json) -> None:
    commune = await open_conference(client, district["plan"], CONGRESS, district["units"][TOWN], "commune")
    assert commune["form"] == "undecided"
    assert "staff_unknown" in codes(commune["findings"])


@pytest.mark.parametrize(("staff", "form"), [(299, "plenary"), (300, "delegate"), (301, "delegate")])
async def test_threshold_300_and_the_gap_at_exactly_300(
    client: Client, district: Json, staff: int, form: str
) -> None:
    unit = district["units"][TOWN]
    body = {"as_of": "2024-12-31", "source": "Thử nghiệm", "figures": {"staff": staff}, "made_up": True}
    await client.post(f"/v1/units/{unit}/figures", body)
    commune = await open_conference(client, district["plan"], CONGRESS, unit, "commune")
    assert commune["form"] == form
    assert ("exactly_at_threshold" in codes(commune["findings"])) == (staff == 300)
    assert ("plenary_mix_needs_outsiders" in codes(commune["findings"])) == (staff == 299)


async def test_the_list_of_a_commune_is_checked_with_every_name(client: Client, district: Json) -> None:
    """Liên Sơn: its part of "at least 40% women" and "at least 60% direct workers", name by name."""
    unit = district["units"][SMALL]
    allocation = await compute_allocation(client, district)
    await adopt_allocation(client, allocation, "123")
    row = (await map_rows(client, allocation.json()))[SMALL]
    parts = {part["target"]: part["seats"] for part in row["targets"]}
    women, seats = parts["nu"], row["seats"]
    assert 0 < women < seats

    def standing(answer: Json) -> tuple[str, int]:
        (state,) = [each for each in answer["list"]["targets"] if each["target"] == "nu"]
        return state["standing"], state["short"]

    # Men while there is room for the women yet, then one man too many, then somebody who does not say.
    for _ in range(seats - women):
        man = await draft_nomination(client, district, unit, person=person(gender="male"))
    assert standing(man.json()) == ("short", women)
    silent = await draft_nomination(client, district, unit, person=person())
    for _ in range(women - 1):
        woman = await draft_nomination(client, district, unit, person=person(gender="female"))
        last = woman
    answer = last.json() if women > 1 else silent.json()
    assert standing(answer) == ("unknown", 1)
    told = await client.put(
        f"/v1/nominations/{silent.json()['id']}",
        _said(silent.json(), person(gender="female")),
        silent.headers["ETag"],
    )
    assert standing(told.json()) == ("met", 0)
    told = await client.put(
        f"/v1/nominations/{silent.json()['id']}",
        _said(silent.json(), person(gender="male")),
        told.headers["ETag"],
    )
    assert standing(told.json()) == ("unreachable", 1)
    found = [each for each in told.json()["list"]["findings"] if each["params"].get("target") == "nu"]
    assert (found[0]["code"], found[0]["severity"]) == ("target_unreachable", "warning")


async def test_targets_of_the_whole_district_are_split_over_the_communes(
    client: Client, district: Json
) -> None:
    """Of 150 at least 60 women and 90 direct workers; without figures a part goes by seats."""
    allocation = (await compute_allocation(client, district)).json()
    rows = (await map_rows(client, allocation)).values()
    for target, whole in (("nu", 60), ("lao-dong-truc-tiep", 90)):
        parts = [part for row in rows for part in row["targets"] if part["target"] == target]
        assert sum(part["seats"] for part in parts) == whole
        assert all(part["by_seats"] for part in parts)


async def test_floors_over_the_seats_are_told_with_a_repair_and_adopted_by_nobody(
    client: Client, district: Json
) -> None:
    """Nine for each of 18 communes are 162, and there are 150."""
    text = (EXAMPLES / "plans" / "kim_bang_2025.yaml").read_text()
    assert "floor: 3}" in text
    path = f"/v1/plans/{district['plan']['id']}/versions"
    content = f"reason: San\n{text.replace('floor: 3}', 'floor: 9}')}".encode()
    drafted = await client.post(path, content, headers=YAML)
    await client.act(f"{path}/2/publication", drafted.headers["ETag"])
    old = f"/v1/conferences/{district['id']}"
    await client.act(f"{old}/cancellation", (await client.get(old)).headers["ETag"], {"reason": "Mở lại"})
    unit = district["units"]["huyen-kim-bang"]
    again = await open_conference(client, district["plan"], CONGRESS, unit, "district")
    allocation = await compute_allocation(client, again)
    assert allocation.json()["state"] == "infeasible"
    (stage,) = allocation.json()["stages"]
    assert stage["repair"]
    seats = await client.get(f"/v1/allocations/{allocation.json()['id']}/seats")
    assert seats.json() == []
    proposal = f"/v1/allocations/{allocation.json()['id']}/proposal"
    refused = await client.act(proposal, allocation.headers["ETag"], {}, 409)
    assert refused.json()["params"] == {"state": "infeasible", "needed": "decided"}


async def test_a_rank_that_is_given_twice_is_told(client: Client, district: Json) -> None:
    unit = district["units"][TOWN]
    await draft_nomination(client, district, unit, rank=1)
    second = await draft_nomination(client, district, unit, rank=1)
    assert "rank_given_twice" in codes(second.json()["list"]["findings"])


async def test_a_unit_that_is_not_below_cannot_nominate(client: Client, district: Json) -> None:
    body = {
        "unit": district["units"]["tinh-ha-nam"],
        "group": "dien-hinh",
        "person": person(),
        "notice": "1",
        "purpose": "p",
    }
    refused = (await client.post(f"/v1/conferences/{district['id']}/nominations", body, 422)).json()
    assert [(e["code"], e["pointer"]) for e in refused["errors"]] == [("unit_not_below_conference", "/unit")]


def _said(nomination: Json, who: Json) -> Json:
    """The nomination said anew, with another statement about its person."""
    return {
        "group": nomination["group"],
        "notice": nomination["notice"],
        "purpose": nomination["purpose"],
        "person": who,
    }
