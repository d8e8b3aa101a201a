"""A list selected by the service, database and all: ``python -m benchmarks.selections``.

Nominees are frozen and sealed, selected from, and the outcome of each is stored; what the engine alone takes
over the same pool stands beside it. Ethnicity and Party membership are sealed, a box for every nominee.
"""

import asyncio
import json
import logging
import os
import random
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from api.worker import Worker
from db import migration
from db.cases import RowLock
from db.columns import new_id, now
from db.embedded import EmbeddedServer
from db.embedded.folders import PORT
from db.people import PersonKey
from db.selections import Selection
from db.session import Database
from domain.access import Actor
from domain.selection import select_list
from domain.selection.pool_snapshot import read_pool
from domain.selection.ties import assign_lots
from domain.selection.wishes import SelectionWish
from service import runs, selections
from service.clock import today
from service.conferences.case import load_case
from service.vaults import Vault, seal_values
from service.work import Work

SIZES = ((350, 3_000, 60), (500, 20_000, 200))
CHAIN, PLAN, COUNCIL, CONGRESS = "c", new_id(), new_id(), new_id()
VAULT, ACTOR = Vault(bytes(32)), Actor.for_command_line()


def build_target(name: str, attribute: str, value: str, share: str, priority: int) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "attribute": attribute,
        "values": [value],
        "share": share,
        "priority": priority,
        "groups": ["g"],
        "clause": "i",
    }


TARGETS = [
    build_target("women", "gender", "female", "2/5", 1),
    build_target("khmer", "ethnicity", "05", "1/5", 2),
    build_target("party", "party_member", "yes", "1/3", 3),
    build_target("workers", "direct_worker", "yes", "1/3", 4),
    build_target("new", "new_exemplar", "yes", "1/4", 5),
    build_target("private", "sector", "private", "1/10", 6),
]


def build_plan_body(seats: int) -> dict[str, Any]:
    group = {
        "id": "g",
        "name": "g",
        "filled_by": "units",
        "counts_as": "exemplar",
        "seats": seats,
        "clause": "i",
    }
    tier = {
        "id": "t",
        "name": "t",
        "congresses": [CHAIN],
        "kinds": ["province"],
        "congress": True,
        "seat_groups": [group],
        "targets": TARGETS,
        "selection": {"ranks": list(range(100, 0, -1)), "merit": 1, "clause": "i"},
        "clause": "i",
    }
    return {
        "format": 1,
        "id": "p",
        "title": "p",
        "authority": {"name": "a", "unit": "tinh"},
        "congresses": [{"id": CHAIN, "name": "c", "unit": "tinh"}],
        "clauses": [{"id": "i", "label": "i", "quote": "i"}],
        "tiers": [tier],
    }


async def fill_database(server: EmbeddedServer, name: str, seats: int, nominees: int, units: int) -> None:
    """A conference, its quotas, and everybody who was submitted, as plain rows."""
    draw, when = random.Random(f"{seats}/{nominees}"), now()
    connection = await asyncpg.connect(host=str(server.socket), port=PORT, user="postgres", database=name)
    facts: dict[str, Any] = {
        "code": "tinh",
        "kind": "province",
        "name": "t",
        "staff": None,
        "pilot": False,
        "figures": {},
    }
    rows: dict[str, list[tuple[Any, ...]]] = {}

    def add(table: str, **row: Any) -> None:
        rows.setdefault(table, []).append(tuple(row.values()))
        columns[table] = list(row)

    columns: dict[str, list[str]] = {}
    add("congress", id=CHAIN, name="c")
    add("plan", id=PLAN, code="p", title="p", authority="a", council="tinh", created_at=when)
    version = new_id()
    add(
        "plan_version",
        id=version,
        plan=PLAN,
        n=1,
        state="published",
        body=json.dumps(build_plan_body(seats)),
        digest=f"selections-{seats}",
        created_at=when,
        published_at=when,
        version=1,
    )
    ids = [COUNCIL, *(new_id() for _ in range(units))]
    ever = asyncpg.Range(when.date().replace(year=2020), None)
    for n, unit in enumerate(ids):
        add("unit", id=unit, kind="province" if not n else "x", during=ever, created_at=when, version=1)
        code = f"u{n}" if n else "tinh"
        add("unit_code", id=new_id(), scheme="local", code=code, unit=unit, during=ever)
        add("unit_name", id=new_id(), unit=unit, name=code, sort_key=code, during=ever)
    add(
        "conference",
        id=CONGRESS,
        congress=CHAIN,
        plan_version=version,
        unit=COUNCIL,
        tier="t",
        state="planned",
        as_of=when.date(),
        form="delegate",
        facts=json.dumps(facts),
        given=seats,
        listed=0,
        excess=0,
        created_at=when,
        version=1,
    )
    add(
        "seat_group",
        conference=CONGRESS,
        group="g",
        position=0,
        name="g",
        seats=seats,
        given=seats,
        listed=0,
        excess=0,
        filled_by="units",
        counts_as="exemplar",
    )
    for n, unit in enumerate(ids[1:]):
        held = seats // units + (n < seats % units)
        add(
            "quota",
            id=unit,
            conference=CONGRESS,
            unit=unit,
            group="g",
            source="received",
            document=json.dumps({"kind": "cv", "organ": "x", "number": "1", "dated": "2025-01-01"}),
            seats=held,
            nominee_limit=nominees,
            taken=0,
            nominated=0,
            excess_taken=0,
            excess_nominated=0,
            distributed=0,
            created_at=when,
            version=1,
        )
    for n in range(nominees):
        add_nominee(add, draw, n, ids[1 + n % units], when)
    await connection.execute("SET session_replication_role = replica")
    for table, records in rows.items():
        await connection.copy_records_to_table(table, records=records, columns=columns[table])
    await connection.execute("ANALYZE")
    await connection.close()


def add_nominee(add: Any, draw: random.Random, n: int, unit: UUID, when: Any) -> None:
    """One nominee, with what is stated in the open and what is sealed."""
    who, key_id = new_id(), new_id()
    add("person", id=who, name=f"N {n}", sort_key=f"n {n}", birth_year=1980, created_at=when, version=1)
    woman = draw.random() < 0.3
    values = {
        "gender": "female" if woman else "male",
        "direct_worker": "yes" if draw.random() < (0.5 if woman else 0.2) else "no",
        "new_exemplar": "yes" if draw.random() < 0.2 else "no",
        "sector": draw.choice(["private", "state", "collective"]),
    }
    for attribute, value in values.items():
        add("person_attribute", person=who, attribute=attribute, value=value)
    kept = PersonKey(id=key_id, wrapped=b"", master="")
    key = VAULT.create_key(kept)
    sealed = {"ethnicity": draw.choice(["01", "01", "01", "05"]), "party_member": draw.choice(["yes", "no"])}
    add("person_key", id=key_id, wrapped=kept.wrapped, master=kept.master, created_at=when)
    add(
        "person_sealed",
        person=who,
        key_id=key_id,
        sealed=seal_values(key, who, sealed),
    )
    add(
        "nomination",
        id=new_id(),
        conference=CONGRESS,
        unit=unit,
        group="g",
        quota=unit,
        person=who,
        entered=True,
        state="submitted",
        rank=1 + n // 60,
        merit=str(40 * n + draw.randrange(40)),
        honours="[]",
        notice="n",
        purpose="p",
        submitted_at=when,
        created_at=when,
        version=1,
    )


async def measure_stages(database: Database) -> dict[str, float]:
    """Seconds of each stage of one selection, and of the engine alone."""
    times: dict[str, float] = {}
    began = perf_counter()
    async with database.transaction(ACTOR) as session:
        work = Work(session, ACTOR, VAULT, today())
        case = await load_case(work, CONGRESS, lock=RowLock.CHANGE)
        selection = await selections.prepare_selection(work, case, SelectionWish())
    times["freeze"] = perf_counter() - began
    began = perf_counter()
    await Worker(database, VAULT).process_run(selection.run)
    times["run"] = perf_counter() - began
    async with database.transaction(ACTOR) as session:
        row = await session.get_one(Selection, selection.id)
        assert row.state == "decided", row.state
        content = await runs.unseal_snapshot(Work(session, ACTOR, VAULT, today()), row.snapshot)
    pool = assign_lots(read_pool(content), row.lots)
    began = perf_counter()
    select_list(pool)
    times["engine alone"] = perf_counter() - began
    return times


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    os.environ["OMP_NUM_THREADS"] = "1"
    memory = Path("/dev/shm")
    print(f"{'seats':>6} {'of':>7} {'units':>6}  {'freeze':>8} {'run':>8} {'engine':>8}")
    with (
        tempfile.TemporaryDirectory(
            dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True
        ) as folder,
        EmbeddedServer.start(Path(folder), fast=True) as server,
    ):
        for seats, nominees, units in SIZES:
            name = f"pool_{nominees}"
            server.create_database(name)
            migration.upgrade_database(server.build_url(name))
            times = asyncio.run(_measure_size(server, name, seats, nominees, units))
            shown = " ".join(f"{times[stage]:7.2f}s" for stage in ("freeze", "run", "engine alone"))
            print(f"{seats:6} {nominees:7} {units:6}  {shown}")


async def _measure_size(
    server: EmbeddedServer, name: str, seats: int, nominees: int, units: int
) -> dict[str, float]:
    await fill_database(server, name, seats, nominees, units)
    database = Database(server.build_url(name))
    try:
        await measure_stages(database)  # the engine's libraries are loaded by the first
        return await measure_stages(database)
    finally:
        await database.close()


if __name__ == "__main__":
    main()
