"""What a share of a list is of, who is counted, and what the composition and the pool of a congress say."""

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    WOMEN,
    adopt_selection,
    compute_selection,
    congress,
    delegates,
    draw_lot,
    plan,
    target,
)
from tests.journeys.steps import Json, act_on_nomination, codes, draft_nomination, person

OF_ONE_UNIT = target("nu-xa-hai", attribute="gender", values=["female"], share="1/2", units=["xa-hai"])
OF_ONE_UNIT.pop("groups")
OF_NOMINEES = target(
    "nu-ung-cu", attribute="gender", values=["female"], share="1/2", share_of="nominees", priority=2
)
EVERYBODY = target("tre", attribute="gender", values=["male"], share="1/10", priority=3)
EVERYBODY.pop("groups")


async def load(client: Client) -> Json:
    return await congress(client, plan(targets=[WOMEN, OF_ONE_UNIT, OF_NOMINEES, EVERYBODY]))


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Twelve nominees for eight seats; half of the seats, and half of the nominees, are asked to be women."""
    return load


async def read_composition(client: Client, held: Json, unit: str | None = None) -> dict[str, Json]:
    """The states of targets by id."""
    query = "" if unit is None else f"?unit={held['units'][unit]}"
    answer = (await client.get(f"/v1/conferences/{held['id']}/composition{query}")).json()
    return {each["target"]: each for each in answer["targets"]}


async def test_a_share_counts_seats_and_one_of_the_nominees_counts_them(client: Client, scene: Scene) -> None:
    """Eight seats, twelve named: four women are asked of the seats, and six of the nominees."""
    states = await read_composition(client, scene.facts)
    assert {name: states[name]["least"] for name in ("nu", "nu-ung-cu")} == {"nu": 4, "nu-ung-cu": 6}
    assert (states["nu-ung-cu"]["yes"], states["nu-ung-cu"]["standing"]) == (5, "short")


async def test_a_target_of_a_named_unit_stands_in_its_list(client: Client, scene: Scene) -> None:
    """Two seats and five named need one woman, not three."""
    held = scene.facts
    for _ in range(2):
        await draft_nomination(client, held, held["units"]["xa-hai"], person=person(gender="male"))
    states = await read_composition(client, held, "xa-hai")
    assert {name: (each["least"], each["standing"]) for name, each in states.items()} == {
        "nu-xa-hai": (1, "met")
    }
    assert await read_composition(client, held, "xa-ba") == {}


async def test_drafts_count_for_their_own_unit_only(client: Client, scene: Scene) -> None:
    held = scene.facts
    before = await read_composition(client, held)
    unit = held["units"]["xa-mot"]
    drafted = await draft_nomination(client, held, unit, person=person(gender="female"))
    own = (await client.get(f"/v1/conferences/{held['id']}/composition?unit={unit}")).json()
    assert await read_composition(client, held) == before
    assert own["listed"] == len(held["named"]["xa-mot"]) + 1
    assert drafted.json()["list"]["listed"] == own["listed"]


async def test_after_adoption_those_who_have_seats_are_counted(client: Client, scene: Scene) -> None:
    held = scene.facts
    chosen = await draw_lot(client, await compute_selection(client, held))
    await adopt_selection(client, chosen, "02")
    states = await read_composition(client, held)
    women = states["nu"]
    assert women["yes"] + women["no"] + women["unknown"] == 8
    assert "nu-ung-cu" not in states, "nobody is a nominee any more"
    whole = (
        await client.get(f"/v1/conferences/{held['id']}/composition?unit={held['units']['xa-hai']}")
    ).json()
    assert (whole["listed"], whole["seats"]) == (2, 2)


async def test_a_late_acceptance_says_that_a_new_list_is_needed(client: Client, scene: Scene) -> None:
    held = scene.facts
    last = held["named"]["xa-ba"][2]
    empty = [{"unit": held["units"]["xa-ba"], "group": "dien-hinh", "seats": 1}]
    listed = await compute_selection(client, held, empty=empty, drop=[{"nomination": last, "reason": "x"}])
    await adopt_selection(client, await draw_lot(client, listed), "02")
    waiting = await client.get(f"/v1/nominations/{last}")
    accepted = await act_on_nomination(client, waiting, "acceptance")
    assert "accepted_after_list" in codes(accepted.json()["findings"])
    assert last not in await delegates(client, held)


async def test_the_composition_and_the_pool_agree_or_say_why_not(client: Client, scene: Scene) -> None:
    """Seats of guests who are not listed yet count in the composition, and the pool does not know them."""
    path = f"/v1/conferences/{scene.facts['id']}"
    composition, pool = [(await client.get(f"{path}/{name}")).json() for name in ("composition", "pool")]
    for told in (composition, pool):
        (finding,) = [each for each in told["findings"] if each["code"] == "guests_not_listed"]
        assert (finding["params"]["group"], finding["params"]["seats"]) == ("khach-moi", 3)

    for _ in range(3):
        guest = {"group": "khach-moi", "person": person(gender="male"), "basis": "x"}
        await client.post(
            f"{path}/invitations", {**guest, "notice": "2020-01", "purpose": "delegate-selection"}
        )
    composition, pool = [(await client.get(f"{path}/{name}")).json() for name in ("composition", "pool")]
    least = {each["target"]: each["least"] for each in composition["targets"]}
    assert {each["target"]: each["least"] for each in pool["targets"]}.items() <= least.items()
    assert "guests_not_listed" not in codes(composition["findings"]) + codes(pool["findings"])


async def test_a_range_without_a_whole_number_is_told_from_the_draft_on(client: Client) -> None:
    """Exactly 60 % of eight is neither four nor five."""
    women = {**WOMEN, "share": "3/5"}
    few = {**WOMEN, "id": "nu-nhieu-nhat", "bound": "at_most", "share": "3/5"}
    drafted = (await client.post("/v1/plans", plan("khoang-rong-2030", targets=[women, few]))).json()
    (told,) = [each for each in drafted["findings"] if each["code"] == "target_range_empty"]
    assert (told["params"]["least"], told["params"]["most"], told["params"]["size"]) == (5, 4, 8)
