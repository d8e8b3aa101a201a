"""What happens between a list's freezing and its adoption, and on lists under several hands."""

import asyncio
from typing import Any

import pytest

from db.session import Database
from domain.composition.criteria import PersonRecord
from domain.decisions import ListOrigin
from domain.selection import MAX_NODES, Nominee, Pool, PoolQuota
from service.selections.computation import SelectionRunAnswer, SelectionRunInputs, SelectionRunKind
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    MINORITY,
    OTHER,
    WOMEN,
    adopt_selection,
    compute_selection,
    congress,
    delegates,
    destroy_inputs,
    draw_lot,
    map_places,
    plan,
    submit_for_id,
)
from tests.journeys.steps import (
    Json,
    act_on_nomination,
    codes,
    decision,
    document,
    open_conference,
    person,
    receive_quota,
)


async def load(client: Client) -> Json:
    held = await congress(client, plan(targets=[{**WOMEN, "hard": True}, MINORITY], selection={"merit": 1}))
    other = await open_conference(client, held["plan"], OTHER, held["units"]["bo"], "bo")
    quota = {"unit": held["units"]["xa-mot"], "group": "dien-hinh", "seats": 1, "document": document("5")}
    await receive_quota(client, other, quota)
    return {**held, "other": other}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Nobody has points: whoever meets the targets is as good as anybody else."""
    return load


@pytest.fixture
def held(scene: Scene) -> Json:
    return scene.facts


async def approved(client: Client, found: Any) -> Any:
    path = f"/v1/selections/{found.json()['id']}"
    proposed = await client.act(f"{path}/proposal", found.headers["ETag"])
    return await client.act(f"{path}/approval", proposed.headers["ETag"])


def hand(nomination: str) -> Json:
    return {"nomination": nomination, "reason": "x"}


async def chosen_of(client: Client, found: Any) -> list[str]:
    return [one for one, row in (await map_places(client, found)).items() if row["outcome"] == "chosen"]


def test_what_an_edit_costs_is_not_told_before_the_lot_is_drawn() -> None:
    """Of three who are equal the two that happened to be met are nobody's business."""
    people = [Nominee(PersonRecord(one, "xa", "g")) for one in "abc"]
    pool = Pool([PoolQuota("xa", 2, "g")], people)
    inputs = SelectionRunInputs(pool, ListOrigin.EDITED, MAX_NODES, (pool, ("a", "b")))
    answer = SelectionRunKind().compute(inputs)
    assert isinstance(answer, SelectionRunAnswer)
    assert (answer.act, answer.result.tied) == ("require_lots", ("a", "b", "c"))
    assert (answer.result.cost, answer.result.digest, answer.result.states) == (None, None, ())
    assert answer.rows == ()


async def test_what_was_wrong_before_an_edit_is_not_said_after_it(client: Client, held: Json) -> None:
    women = held["named"]["xa-mot"][3:5]
    found = await compute_selection(client, held, drop=[hand(one) for one in women])
    assert "selection_infeasible" in codes(found.json()["work"]["findings"])
    path = f"/v1/selections/{found.json()['id']}"
    edited = await client.act(f"{path}/edits", found.headers["ETag"], {"pin": [hand(women[0])]})
    edited = await draw_lot(client, edited)
    assert (edited.json()["state"], edited.json()["work"]["findings"]) == ("decided", [])


async def test_edits_are_checked_together_with_those_before(client: Client, held: Json) -> None:
    """xa-hai has two seats."""
    first, second, third = held["named"]["xa-hai"]
    found = await draw_lot(client, await compute_selection(client, held, pin=[hand(first), hand(second)]))
    path = f"/v1/selections/{found.json()['id']}/edits"
    refused = await client.act(path, found.headers["ETag"], {"pin": [hand(third)]}, 409)
    assert codes(refused.json()["errors"]) == ["selection_seated_over_seats"]


async def test_a_person_is_dropped_wherever_named(client: Client, held: Json) -> None:
    first = held["named"]["xa-mot"][0]
    who = (await client.get(f"/v1/nominations/{first}")).json()["person"]["id"]
    second = await submit_for_id(client, held, held["units"]["xa-hai"], person_id=who)
    found = await draw_lot(client, await compute_selection(client, held, drop=[hand(first), hand(second)]))
    rows = await map_places(client, found)
    assert [rows[one]["outcome"] for one in (first, second) if one in rows] == ["off"]


async def test_a_list_is_not_adopted_over_a_nomination_that_was_sent_anew(client: Client, held: Json) -> None:
    """Who was chosen as a woman is a man by now: the list was proven for others."""
    ready = await approved(client, await draw_lot(client, await compute_selection(client, held)))
    one = next(iter(await chosen_of(client, ready)))
    here = await act_on_nomination(client, await client.get(f"/v1/nominations/{one}"), "return", reason="x")
    draft = {"group": "dien-hinh", "person": person(gender="male"), "notice": "1", "purpose": "p"}
    changed = await client.put(f"/v1/nominations/{one}", draft, here.headers["ETag"])
    await act_on_nomination(client, changed, "submission")
    path = f"/v1/selections/{ready.json()['id']}/adoption"
    refused = await client.act(path, ready.headers["ETag"], decision("9"), 409)
    assert [(e["code"], e["params"]) for e in refused.json()["errors"]] == [
        ("selection_nominee_changed", {"nomination": one})
    ]


async def test_nobody_who_was_accepted_since_loses_the_seat_in_silence(client: Client, held: Json) -> None:
    ready = await approved(client, await draw_lot(client, await compute_selection(client, held)))
    rows = await map_places(client, ready)
    left_out = next(one for one, row in rows.items() if row["outcome"] != "chosen")
    await act_on_nomination(client, await client.get(f"/v1/nominations/{left_out}"), "acceptance")
    path = f"/v1/selections/{ready.json()['id']}/adoption"
    refused = await client.act(path, ready.headers["ETag"], decision("9"), 409)
    assert [(e["code"], e["params"]) for e in refused.json()["errors"]] == [
        ("selection_accepted_since", {"nomination": left_out})
    ]
    assert (await client.get(f"/v1/nominations/{left_out}")).json()["state"] == "accepted"
    because = {"reason": "request", "source_document": "Đơn số 2"}
    await client.post(f"/v1/people/{rows[left_out]['person']}/erasure", because)
    await client.act(path, ready.headers["ETag"], decision("9"))


async def test_a_list_is_not_adopted_over_another_representative(client: Client, held: Json) -> None:
    told = {"collective": "Tập thể thử nghiệm", "person": person(gender="female")}
    one = await submit_for_id(client, held, held["units"]["xa-hai"], **told)
    found = await draw_lot(client, await compute_selection(client, held, pin=[hand(one)]))
    ready = await approved(client, found)
    here = await client.get(f"/v1/nominations/{one}")
    body = {"person": person(gender="male"), "reason": "Ốm"}
    await client.act(f"/v1/nominations/{one}/representative", here.headers["ETag"], body)
    path = f"/v1/selections/{ready.json()['id']}/adoption"
    refused = await client.act(path, ready.headers["ETag"], decision("9"), 409)
    assert codes(refused.json()["errors"]) == ["selection_nominee_changed"]


async def test_nobody_is_adopted_for_two_congresses(client: Client, held: Json) -> None:
    first = held["named"]["xa-mot"][0]
    who = (await client.get(f"/v1/nominations/{first}")).json()["person"]["id"]
    other = held["other"]
    await submit_for_id(client, other, held["units"]["xa-mot"], person_id=who)
    there = await draw_lot(client, await compute_selection(client, other))
    here = await approved(
        client, await draw_lot(client, await compute_selection(client, held, pin=[hand(first)]))
    )
    await adopt_selection(client, there, "95")
    path = f"/v1/selections/{here.json()['id']}/adoption"
    refused = await client.act(path, here.headers["ETag"], decision("96"), 409)
    assert codes(refused.json()["errors"]) == ["selection_seated_elsewhere"]


async def test_a_congress_that_was_given_up_bars_nobody(client: Client, held: Json) -> None:
    first = held["named"]["xa-mot"][0]
    who = (await client.get(f"/v1/nominations/{first}")).json()["person"]["id"]
    other = held["other"]
    await submit_for_id(client, other, held["units"]["xa-mot"], person_id=who)
    await adopt_selection(client, await draw_lot(client, await compute_selection(client, other)), "95")
    given_up = await client.get(f"/v1/conferences/{other['id']}")
    path = f"/v1/conferences/{other['id']}/cancellation"
    await client.act(path, given_up.headers["ETag"], {"reason": "Thử nghiệm"})
    found = await draw_lot(client, await compute_selection(client, held, pin=[hand(first)]))
    assert first in await chosen_of(client, found)


async def test_who_was_erased_is_not_chosen(client: Client, held: Json) -> None:
    ready = await approved(client, await draw_lot(client, await compute_selection(client, held)))
    rows = await map_places(client, ready)
    (one, row) = next((one, row) for one, row in rows.items() if row["outcome"] == "chosen")
    because = {"reason": "request", "source_document": "Đơn số 1"}
    await client.post(f"/v1/people/{row['person']}/erasure", because)
    path = f"/v1/selections/{ready.json()['id']}/adoption"
    refused = await client.act(path, ready.headers["ETag"], decision("9"), 409)
    assert [(e["code"], e["params"]) for e in refused.json()["errors"]] == [
        ("selection_nominee_gone", {"nomination": one})
    ]
    again = await compute_selection(client, held)
    if again.json()["state"] != "infeasible":
        row = (await map_places(client, await draw_lot(client, again)))[one]
        assert (row["outcome"], row["hold"]) == ("off", "ineligible")


async def test_a_lot_over_what_was_erased_leads_to_a_failed_run_and_not_to_one_that_hangs(
    client: Client, held: Json, database: Database
) -> None:
    found = await compute_selection(client, held)
    somebody = (await client.get(f"/v1/nominations/{held['named']['xa-hai'][0]}")).json()["person"]["id"]
    await destroy_inputs(database, somebody)
    after = await draw_lot(client, found)
    assert after.json()["state"] == "failed"
    run = (await client.get(f"/v1/runs/{after.json()['work']['run']}")).json()
    assert run["problem"]["code"] == "snapshot_erased"


async def test_points_beyond_all_bounds_are_said_of_whom(client: Client, held: Json) -> None:
    one = await submit_for_id(client, held, held["units"]["xa-hai"], merit="1000000001.5")
    refused = await compute_selection(client, held, 409)
    assert [(e["code"], e["params"]["nominee"]) for e in refused.json()["errors"]] == [
        ("selection_score_out_of_range", one)
    ]


async def at_once(client: Client, ready: Any, one: str, act: str, **body: Any) -> list[int]:
    """The statuses of an adoption and of an act on somebody on the list, sent together."""
    here = await client.get(f"/v1/nominations/{one}")
    answers = await asyncio.gather(
        client.http.post(
            f"/v1/selections/{ready.json()['id']}/adoption",
            json=decision("200"),
            headers={"Idempotency-Key": f"race-a-{one}", "If-Match": ready.headers["ETag"]},
        ),
        client.http.post(
            f"/v1/nominations/{one}/{act}",
            json=body or None,
            headers={"Idempotency-Key": f"race-b-{one}", "If-Match": here.headers["ETag"]},
        ),
    )
    return [each.status_code for each in answers]


async def test_a_withdrawal_and_an_adoption_at_once_end_in_one_of_both(client: Client, held: Json) -> None:
    for number in range(3):
        ready = await approved(client, await draw_lot(client, await compute_selection(client, held)))
        one = (await chosen_of(client, ready))[number]
        statuses = await at_once(client, ready, one, "withdrawal", reason="x")
        assert sorted(statuses) in ([201, 409], [201, 412])
        state = (await client.get(f"/v1/nominations/{one}")).json()["state"]
        assert (state == "accepted") == (one in await delegates(client, held))
        if statuses[0] == 201:
            return


async def test_an_acceptance_and_an_adoption_at_once_do_not_wait_for_each_other(
    client: Client, held: Json
) -> None:
    """Both want the conference and the nomination: in one order, so that neither is given up."""
    ready = await approved(client, await draw_lot(client, await compute_selection(client, held)))
    rows = await map_places(client, ready)
    one = next(each for each, row in rows.items() if (row["outcome"], row["hold"]) == ("chosen", "free"))
    adopted, accepted = await at_once(client, ready, one, "acceptance")
    assert (adopted, accepted) in ((201, 201), (201, 409), (201, 412))
    assert one in await delegates(client, held)
