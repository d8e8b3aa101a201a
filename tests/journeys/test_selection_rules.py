"""What the plan says of a selection: binding parts, targets of units and blocs, two congresses, a freeze."""

from typing import Any

import pytest

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    CHAIN,
    OTHER,
    PEOPLE,
    WORKERS,
    adopt_selection,
    compute_selection,
    congress,
    delegates,
    draw_lot,
    map_places,
    plan,
    submit_for_id,
    target,
)
from tests.journeys.steps import (
    Json,
    act_on_nomination,
    codes,
    document,
    nominee,
    open_conference,
    person,
    receive_quota,
)

SPLIT = {
    **target("nu", attribute="gender", values=["female"], share="1/2", priority=1, hard=True),
    "split": True,
    "by_hand": {"xa-ba": 0},
}
OF_UNIT = {
    **target("nu-xa-hai", attribute="gender", values=["female"], count=1, bound="at_most"),
    "priority": 2,
}
OF_BLOC = {**WORKERS, "id": "khoi-xa", "bound": "at_least", "count": 4}


def scoped(told: Json, **scope: Any) -> Json:
    return {**{name: value for name, value in told.items() if name != "groups"}, **scope}


async def load(client: Client) -> Json:
    veterans = target("cuu-chien-binh", attribute="cuu_chien_binh", values=["yes"], count=1, priority=4)
    targets = [veterans, SPLIT, scoped(OF_UNIT, units=["xa-hai"]), scoped(OF_BLOC, blocs=["xa"], weight=3)]
    selection = {"split_binds": True, "ranks": [5, 4, 3, 2, 1], "frozen_from": "2020-01-01"}
    women = [each | {"gender": "female"} if n == 2 else each for n, each in enumerate(PEOPLE["xa-mot"])]
    held = await congress(client, plan(targets=targets, selection=selection), {**PEOPLE, "xa-mot": women})
    other = await open_conference(client, held["plan"], OTHER, held["units"]["bo"], "bo")
    quota = {"unit": held["units"]["xa-mot"], "group": "dien-hinh", "seats": 1, "document": document("5")}
    await receive_quota(client, other, quota)
    return {**held, "other": other}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A congress whose plan says all that a plan may say of its list."""
    return load


@pytest.fixture
def held(scene: Scene) -> Json:
    return scene.facts


async def test_the_parts_of_a_split_target_bind_each_unit(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    states = {each["target"]: each for each in found.json()["work"]["targets"]}
    assert states["nu"]["standing"] == "met"
    parts = {name: each["least"] for name, each in states.items() if name.startswith("nu/")}
    assert set(parts) == {"nu/xa-mot", "nu/xa-hai"}, "none is asked of xa-ba: given by hand"
    assert sum(parts.values()) == 4
    assert all(states[name]["yes"] >= least for name, least in parts.items())


async def test_targets_speak_of_one_unit_or_of_a_bloc(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    states = {each["target"]: each for each in found.json()["work"]["targets"]}
    assert (states["nu-xa-hai"]["most"], states["khoi-xa"]["least"]) == (1, 4)
    named = sum(states["nu-xa-hai"][count] for count in ("yes", "no", "unknown"))
    assert named == 2, "only who goes for that unit is counted"
    live = (await client.get(f"/v1/conferences/{held['id']}/composition")).json()
    counted = {each["target"]: each for each in live["targets"]}
    assert counted["nu-xa-hai"]["yes"] + counted["nu-xa-hai"]["no"] == 3, "of the three who are named"
    assert counted["khoi-xa"]["yes"] == 5


async def test_a_plan_counts_what_it_defines_itself(client: Client, held: Json) -> None:
    """Sealed, since it may be anything; and nothing that no target counts is taken."""
    other = {"cuu_chien_binh": "yes"}
    unit = held["units"]["xa-mot"]
    one = await submit_for_id(client, held, unit, person=person(gender="male", other=other))
    stated = (await client.get(f"/v1/nominations/{one}")).json()["stated"]
    assert (stated["sealed"], "cuu_chien_binh" in stated["attributes"]) == (["cuu_chien_binh"], False)
    found = await draw_lot(client, await compute_selection(client, held))
    states = {each["target"]: each for each in found.json()["work"]["targets"]}
    assert (states["cuu-chien-binh"]["standing"], states["cuu-chien-binh"]["yes"]) == ("met", 1)
    path = f"/v1/conferences/{held['id']}/nominations"
    for name, code in (("benh_an", "attribute_not_counted"), ("religion", "attribute_has_field")):
        body = nominee(unit, person=person(other={name: "x"}))
        (error,) = (await client.post(path, body, 422)).json()["errors"]
        assert (error["code"], error["pointer"].startswith("/person/other")) == (code, True)


async def test_nobody_goes_to_two_congresses_unless_the_plan_lets_them(client: Client, held: Json) -> None:
    first = held["named"]["xa-mot"][0]
    who = (await client.get(f"/v1/nominations/{first}")).json()["person"]["id"]
    other = held["other"]
    body = nominee(held["units"]["xa-mot"], person_id=who)
    named = await client.post(f"/v1/conferences/{other['id']}/nominations", body)
    sent = await act_on_nomination(client, named, "submission")
    [told] = [each for each in sent.json()["findings"] if each["code"] == "sent_to_two_congresses"]
    assert told["params"]["congresses"] == [CHAIN]
    there = await draw_lot(client, await compute_selection(client, other))
    await adopt_selection(client, there, "95")
    assert len(await delegates(client, other)) == 1
    here = await draw_lot(client, await compute_selection(client, held))
    [told] = [each for each in here.json()["work"]["findings"] if each["code"] == "selection_goes_elsewhere"]
    assert told["params"]["nomination"] == first
    row = (await map_places(client, here))[first]
    assert (row["outcome"], row["hold"], row["reason"]["code"]) == (
        "off",
        "elsewhere",
        "selection_left_out_held_off",
    )


async def test_after_the_freeze_a_replacement_takes_an_authority(client: Client, held: Json) -> None:
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held)), "96"
    )
    who = next(iter((await delegates(client, held)).values()))
    path = f"/v1/selections/{adopted.json()['id']}/replacements"
    body = {"delegates": [who["id"]], "reason": "Ốm"}
    refused = await client.act(path, adopted.headers["ETag"], body, 409)
    assert refused.json()["code"] == "selection_frozen"
    authority = {**body, "authority": "Công văn số 7 của Thường trực Hội đồng"}
    mended = await client.act(path, adopted.headers["ETag"], authority)
    assert mended.json()["how"] == "mended"


async def test_a_seat_that_nobody_is_left_for_is_told(client: Client, held: Json) -> None:
    adopted = await adopt_selection(
        client, await draw_lot(client, await compute_selection(client, held)), "97"
    )
    here = [row for row in (await delegates(client, held)).values() if row["unit"]["code"] == "xa-hai"]
    for one in held["named"]["xa-hai"]:
        if one not in {row["nomination"] for row in here}:
            await act_on_nomination(
                client, await client.get(f"/v1/nominations/{one}"), "withdrawal", reason="x"
            )
    body = {"delegates": [here[0]["id"]], "reason": "Ốm", "authority": "x"}
    path = f"/v1/selections/{adopted.json()['id']}/replacements"
    mended = await client.act(path, adopted.headers["ETag"], body)
    assert mended.json()["work"]["unfilled"] == [{"unit": "xa-hai", "group": "dien-hinh", "seats": 1}]
    assert "replacement_seat_unfilled" in codes(mended.json()["work"]["findings"])
    await adopt_selection(client, mended, "98")
    assert len(await delegates(client, held)) == 7


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"groups": ["dien-hinh"], "blocs": ["xa"]}, "plan_scope_twice"),
        ({"blocs": ["khong-co"]}, "plan_reference_unknown"),
        ({"units": ["xa-mot"], "split": True}, "plan_split_over_groups"),
        ({"groups": ["dien-hinh"], "by_hand": {"xa-mot": 1}}, "plan_by_hand_needs_split"),
        ({"weight": 1001}, "too_large"),
    ],
)
async def test_a_plan_cannot_mean_everything(client: Client, change: Json, code: str) -> None:
    told = scoped(WORKERS, **change)
    refused = await client.post("/v1/plans", plan("khac", targets=[told]), 422)
    assert code in codes(refused.json()["errors"])


async def test_points_come_from_the_plan(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    rows = await map_places(client, found)
    ranks = {one: rank for ids in held["named"].values() for rank, one in enumerate(ids, 1)}
    points = sum(6 - ranks[one] for one, row in rows.items() if row["outcome"] == "chosen" and ranks[one] < 6)
    assert found.json()["work"]["score"] == points
    assert held["congress"] == CHAIN


async def test_what_is_asked_of_a_unit_is_asked_of_those_to_whom_it_gave_its_seats(
    client: Client, held: Json
) -> None:
    """xa-hai gives both seats to a village of its own: its part, its ceiling and its bloc go with them."""
    unit = {"code": "thon", "name": "Thôn", "kind": "commune", "valid_from": "2020-01-01"}
    village = (await client.post("/v1/units", {**unit, "parents": {CHAIN: "xa-hai"}})).json()["id"]
    staff = {"as_of": "2020-01-01", "source": "Thử nghiệm", "figures": {"staff": 5}}
    await client.post(f"/v1/units/{village}/figures", staff)
    for one in held["named"]["xa-hai"]:
        await act_on_nomination(client, await client.get(f"/v1/nominations/{one}"), "withdrawal", reason="x")
    rows = (await client.get(f"/v1/conferences/{held['id']}/quotas")).json()
    quota = next(row["id"] for row in rows if row["unit"]["code"] == "xa-hai")
    read = await client.get(f"/v1/quotas/{quota}")
    rule = {"method": "sainte_lague", "measure": "staff"}
    await client.act(f"/v1/quotas/{quota}/distribution", read.headers["ETag"], rule)
    for gender in ("female", "male"):
        await submit_for_id(client, held, village, person=person(gender=gender, direct_worker=True))
    found = await draw_lot(client, await compute_selection(client, held))
    assert found.json()["state"] == "decided"
    states = {each["target"]: each for each in found.json()["work"]["targets"]}
    assert (states["nu/xa-hai"]["yes"], states["nu/xa-hai"]["no"]) == (1, 1)
    assert states["nu-xa-hai"]["yes"] == 1
    assert sum(states["khoi-xa"][count] for count in ("yes", "no", "unknown")) == 8


async def test_a_part_of_a_split_target_can_be_asked_about(client: Client, held: Json) -> None:
    found = await draw_lot(client, await compute_selection(client, held))
    path = f"/v1/selections/{found.json()['id']}/explanations"
    told = await client.post(path, {"target": "nu/xa-mot", "side": "least", "purpose": "x"}, 200)
    assert told.json()["cost"]["points"] <= 0


async def test_a_unit_that_ended_before_the_day_is_no_obstacle(client: Client, held: Json) -> None:
    unit = await client.get(f"/v1/units/{held['units']['xa-ba']}")
    path = f"/v1/units/{held['units']['xa-ba']}/closure"
    await client.act(path, unit.headers["ETag"], {"last": "2020-02-01"})
    found = await draw_lot(client, await compute_selection(client, held))
    assert found.json()["state"] == "decided"
    assert len(await map_places(client, found)) == 12
