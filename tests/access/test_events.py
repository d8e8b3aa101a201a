"""Events: told of what a reader may read now, and of nothing else."""

from itertools import product

import pytest
from sqlalchemy import text

from db.session import Database, fetch_rows
from domain.access import Access, Actor, Role
from domain.acts import Act
from domain.events import FEED_ACTS, EventSubject
from tests.access.world import OWN, PLACES
from tests.client import Client
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json

READERS = [f"{role}@{place}" for role, place in product(Role, ("tinh", "huyen", "huyen-ben", "xa", "bo"))]
PREPARING = {(kind, act) for kind, told in FEED_ACTS.items() for act in told.preparing}


async def read_events(client: Client, reader: str, chain: str, **query: int) -> Json:
    """An answer about a chain."""
    read = await client.get("/v1/events", params={"chain": chain, **query}, headers=as_reader(reader))
    answer: Json = read.json()
    return answer


def as_reader(reader: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {reader}"}


async def may_read(client: Client, reader: str, path: str) -> bool:
    answer = await client.http.get(path, headers=as_reader(reader))
    return answer.status_code == 200


@pytest.mark.parametrize("reader", READERS)
async def test_an_event_is_told_to_those_who_may_read_its_subject(
    client: Client, database: Database, scene: Scene, reader: str
) -> None:
    chain = scene.facts["general"]
    told = await read_events(client, reader, chain, limit=200)
    found = {(each["subject_kind"], each["act"], each["subject"]) for each in told["events"]}
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        query = "SELECT DISTINCT subject_kind, act, subject FROM audit_event WHERE chain = :chain"
        recorded = {tuple(row) for row in await fetch_rows(session, text(query), {"chain": chain})}
    readable = {
        (kind, act, subject)
        for kind, act, subject in recorded
        if kind in set(EventSubject)
        and act in FEED_ACTS[EventSubject(kind)].acts | FEED_ACTS[EventSubject(kind)].preparing
        and await may_read(client, reader, f"/v1/{kind}s/{subject}")
    }
    beyond = {each for each in readable - found if (each[0], each[1]) not in PREPARING}
    assert found <= readable
    assert not beyond, "told of all that may be read"
    assert all(set(each) == {"n", "at", "act", "subject_kind", "subject", "path"} for each in told["events"])


async def test_steps_before_an_adoption_are_told_at_and_above_the_conference(
    client: Client, scene: Scene
) -> None:
    chain, allocation = scene.facts["general"], scene.facts["ids"]["above"]["allocation_id"]
    for reader, wanted in (
        ("auditor@tinh", {"allocation_proposed", "allocation_approved", "allocation_adopted"}),
        ("unit_officer@huyen", {"allocation_adopted"}),
        ("auditor@bo", set()),
    ):
        told = (await read_events(client, reader, chain, limit=200))["events"]
        assert {each["act"] for each in told if each["subject"] == allocation} == wanted, reader


async def test_drafts_are_never_told(client: Client, scene: Scene) -> None:
    for place in PLACES.values():
        told = await read_events(client, f"standing_council@{place}", scene.facts["general"], limit=200)
        acts = {each["act"] for each in told["events"]}
        subjects = {each["subject"] for each in told["events"]}
        assert not acts & {"nomination_drafted", "plan_drafted", "plan_amended", "selection_computed"}
        assert not subjects & {ids.get("draft_id") for ids in scene.facts["ids"].values()}


async def test_parts_put_together_are_the_whole(client: Client, scene: Scene) -> None:
    chain, reader = scene.facts["general"], "standing_council@huyen"
    whole = await read_events(client, reader, chain, limit=200)
    parts: list[Json] = []
    after, more = 0, True
    while more:
        part = await read_events(client, reader, chain, limit=1, after=after)
        assert part["after"] >= after
        parts, after, more = [*parts, *part["events"]], part["after"], part["more"]
    assert (parts, after) == (whole["events"], whole["after"])
    assert len(whole["events"]) > 5
    last = await read_events(client, reader, chain, after=after)
    assert last == {"events": [], "after": after, "more": False}


async def test_units_are_in_the_chain_of_the_service(client: Client, scene: Scene) -> None:
    unit = scene.facts["ids"][OWN]["unit_id"]
    read = await client.get(f"/v1/units/{unit}", headers=as_reader("standing_council@tinh"))
    renamed = await client.http.post(
        f"/v1/units/{unit}/names",
        json={"name": "Đơn vị mới", "first": "2031-01-01"},
        headers={
            **as_reader("standing_council@tinh"),
            "If-Match": read.headers["ETag"],
            "Idempotency-Key": "r",
        },
    )
    assert renamed.status_code < 300, renamed.text
    for reader, wanted in (("auditor@huyen", True), ("auditor@xa", True), ("auditor@huyen-ben", False)):
        told = (await read_events(client, reader, "house", limit=200))["events"]
        acts = [each["act"] for each in told if each["subject"] == unit]
        assert (acts == ["unit_renamed"]) is wanted, reader


@pytest.mark.parametrize("chain", ["refusals", "x", "0" * 36, "'; --"])
async def test_other_chains_are_not_found(client: Client, chain: str) -> None:
    answer = await client.get(
        "/v1/events", 404, params={"chain": chain}, headers=as_reader("standing_council@tinh")
    )
    assert answer.json()["code"] == "plan_not_found"


async def test_a_draft_of_another_council_is_not_found(client: Client, scene: Scene) -> None:
    chain = scene.facts["ids"]["beside"]["plan_id"]
    await client.get("/v1/events", 404, params={"chain": chain}, headers=as_reader("auditor@huyen"))


async def test_the_database_tells_the_same_acts(database: Database) -> None:
    """The list in ``migrations/sql/events.sql`` is that of ``domain/events.py``."""
    query = text("SELECT is_feed_act(:kind, :act)")
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        for kind, act in product((*EventSubject, "person", "service_key"), Act):
            told = FEED_ACTS.get(EventSubject(kind)) if kind in set(EventSubject) else None
            wanted = told is not None and act in told.acts | told.preparing
            ((found,),) = await fetch_rows(session, query, {"kind": str(kind), "act": str(act)})
            assert found is wanted, (kind, act)


def test_what_is_told_is_read_with_a_scope() -> None:
    assert {told.access for told in FEED_ACTS.values()} <= {each for each in Access if each.endswith(":read")}
