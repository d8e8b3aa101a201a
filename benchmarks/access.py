"""What the second wall costs: ``python -m benchmarks.access [rounds]``.

List calls over HTTP, without a socket, on a province of 3,000 units in three tiers, each by people of narrow
and of wide reach. The other side is a copy of the same database, file by file, in which row security is
disabled and nothing else is: the same service sends it the same statements, ``set_actor`` included. Both are
asked in turn, first the one and then the other first, after calls enough that plans are settled. Goal: 15 %.

The cost is the median, over all turns, of what the one took beside the other: both of a turn meet the same
machine. It is told twice: in time that passed, and in time that the service and its backend spent on a
processor (on Linux), which other work on the machine hardly lengthens; that judges, where it is known.
"""

import asyncio
import gc
import json
import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from operator import truediv
from pathlib import Path
from statistics import fmean, median
from time import perf_counter, process_time
from uuid import UUID, uuid5

import httpx
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from api.app import create_app
from db import migration
from db.embedded import EmbeddedServer
from db.session import Database, DatabaseLimits
from domain.access import Actor, Grant, Role
from domain.quotas import QuotaDocument
from service.formats.plans import canonicalize_body
from service.settings import Settings
from service.vaults import Vault

GOAL = 1.15
WARM_UP_ROUNDS = 20
SPACE = UUID(int=7)
DISTRICTS, COMMUNES, NOMINEES = 30, 99, 40

FILL = """
INSERT INTO congress VALUES ('c', 'Đại hội thử nghiệm');
INSERT INTO plan (id, code, title, authority, council, created_at)
    VALUES ('{plan}', 'p', 'p', 'a', 'u0', now());
INSERT INTO plan_version (id, plan, n, state, body, digest, created_at, published_at, version)
    VALUES ('{plan}', '{plan}', 1, 'published', '{body}', 'access', now(), now(), 1);
INSERT INTO unit SELECT id, kind, '[2020-01-01,)', now(), 1 FROM laid;
INSERT INTO unit_link SELECT gen_random_uuid(), 'c', id, above, '[2020-01-01,)' FROM laid
    WHERE above IS NOT NULL;
INSERT INTO unit_name
    SELECT gen_random_uuid(), id, 'Đơn vị ' || n, 'don vi ' || lpad(n::text, 6, '0'), '[2020-01-01,)'
    FROM laid;
INSERT INTO unit_code SELECT gen_random_uuid(), 'local', 'u' || n, id, '[2020-01-01,)' FROM laid;
INSERT INTO conference
    (id, congress, plan_version, unit, tier, state, as_of, form, facts, given, listed, excess, created_at,
        version)
    SELECT id, 'c', '{plan}', id, kind, 'planned', '2030-01-01', 'delegate',
        json_build_object('code', 'u' || n, 'kind', kind, 'name', 'Đơn vị ' || n), 0, 0, 0, now(), 1
    FROM laid WHERE kind <> 'commune';
INSERT INTO seat_group (conference, "group", position, name, given, listed, excess, filled_by, counts_as)
    SELECT id, 'g', 0, 'g', 0, 0, 0, 'units', 'exemplar' FROM laid WHERE kind <> 'commune';
INSERT INTO quota (id, conference, unit, "group", source, document, seats, nominee_limit, taken, nominated,
        excess_taken, excess_nominated, distributed, created_at, version)
    SELECT id, above, id, 'g', 'received', '{document}', 100, 100, 0, 0, 0, 0, 0, now(), 1
    FROM laid WHERE above IS NOT NULL;
INSERT INTO person (id, name, sort_key, birth_year, created_at, version)
    SELECT gen_random_uuid(), 'Người thử nghiệm', 'nguoi thu nghiem', 1980, now(), 1
    FROM generate_series(1, {nominees});
INSERT INTO nomination (id, conference, unit, "group", quota, person, entered, state, honours, notice,
        purpose, submitted_at, created_at, version)
    SELECT gen_random_uuid(), laid.above, laid.id, 'g', laid.id, person.id, true, 'submitted', '[]', 'n',
        'p', now(), now(), 1
    FROM laid, person WHERE laid.above IS NOT NULL AND (laid.kind = 'district' OR laid.n % 10 = 0)
"""


GROUP = {"id": "g", "name": "g", "filled_by": "units", "counts_as": "exemplar", "clause": "i"}
PLAN = {
    "format": 1,
    "id": "p",
    "title": "p",
    "authority": {"name": "a", "unit": "u0"},
    "congresses": [{"id": "c", "name": "Đại hội thử nghiệm", "unit": "u0"}],
    "clauses": [{"id": "i", "label": "I", "quote": "Kế hoạch thử nghiệm"}],
    "tiers": [
        {
            "id": kind,
            "name": kind,
            "congresses": ["c"],
            "kinds": [kind],
            "attendance": {"form": "delegate", "clause": "i"},
            "seat_groups": [GROUP],
            "clause": "i",
        }
        for kind in ("province", "district")
    ],
}
"""The plan of all conferences: one group that units fill, in two tiers."""
DOCUMENT = QuotaDocument("cong-van", "a", "1", date(2030, 1, 1))


def build_id(n: int) -> UUID:
    return uuid5(SPACE, str(n))


def build_units_table() -> str:
    """Units in four tiers: (n, id, kind, above)."""
    rows = [f"(0, '{build_id(0)}'::uuid, 'province', NULL::uuid)"]
    for district in range(1, DISTRICTS + 1):
        rows.append(f"({district}, '{build_id(district)}', 'district', '{build_id(0)}')")
        for commune in range(COMMUNES):
            n = DISTRICTS + 1 + (district - 1) * COMMUNES + commune
            rows.append(f"({n}, '{build_id(n)}', 'commune', '{build_id(district)}')")
    return f"CREATE TABLE laid (n, id, kind, above) AS VALUES {', '.join(rows)}"


async def fill_database(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(build_units_table()))
        body = json.dumps(canonicalize_body(PLAN), ensure_ascii=False)
        document = json.dumps(DOCUMENT.plain())
        fill = FILL.format(plan=UUID(int=1), nominees=NOMINEES, body=body, document=document)
        for statement in fill.split(";\n"):
            await connection.exec_driver_sql(statement)
        await connection.execute(text("DROP TABLE laid"))
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


async def disable_row_security(url: str) -> None:
    """Take the second wall down."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        query = "SELECT relname FROM pg_class WHERE relrowsecurity"
        for table in [*(await connection.execute(text(query))).scalars()]:
            await connection.execute(text(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'))
    await engine.dispose()


@dataclass(frozen=True, slots=True)
class MeasuredService:
    """The service over one of the two databases, and the process of the server that works for it."""

    http: httpx.AsyncClient
    backend: Path

    async def asked(self, path: str, who: str) -> tuple[float, float]:
        """How long an answer takes: seconds that pass, and seconds on a processor."""
        began, busy = perf_counter(), self.busy()
        answer = await self.http.get(path, headers={"x-who": who})
        took = perf_counter() - began, self.busy() - busy
        assert answer.status_code == 200, answer.text
        return took

    def busy(self) -> float:
        """Seconds that the service and its backend have spent on a processor; none where nobody says."""
        if not self.backend.exists():
            return 0.0
        return process_time() + int(self.backend.read_text().split()[0]) / 1e9


@asynccontextmanager
async def serve_database(url: str, who: Callable[[str], Actor]) -> AsyncIterator[MeasuredService]:
    database = Database(url, DatabaseLimits(connections=1))
    app = create_app(Settings(), database, Vault(bytes(32)), lambda request: who(request.headers["x-who"]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench") as http:
        async with database.transaction() as session:
            found = await (await session.connection()).execute(text("SELECT pg_backend_pid()"))
        yield MeasuredService(http, Path(f"/proc/{found.scalar_one()}/schedstat"))
    await database.close()


PEOPLE = {
    "commune's officer": Actor("o", "o", (Grant(Role.UNIT_OFFICER, build_id(DISTRICTS + 10), "c"),)),
    "district's council": Actor("d", "d", (Grant(Role.STANDING_COUNCIL, build_id(1), "c"),)),
    "province's council": Actor("p", "p", (Grant(Role.STANDING_COUNCIL, build_id(0), "c"),)),
    "whole house": Actor("h", "h", (Grant(Role.STANDING_COUNCIL), Grant(Role.UNIT_OFFICER))),
}
LISTS = {
    "units": "/v1/units?on=2030-06-01",
    "conferences": "/v1/conferences",
    "nominations": "/v1/conferences/{}/nominations",
    "quotas": "/v1/conferences/{}/quotas",
}


async def measure_lists(on: str, off: str, rounds: int) -> Mapping[str, float]:
    """Each list by each person → what it costs as a ratio."""
    found = {}
    print(f"{'list':12} {'by':20} {'off':>8} {'on':>8} {'passed':>8} {'busy':>8}")
    async with (
        serve_database(on, PEOPLE.__getitem__) as walled,
        serve_database(off, PEOPLE.__getitem__) as bare,
    ):
        for name, path in LISTS.items():
            for who in PEOPLE:
                address = path.format(build_id(0 if who in ("province's council", "whole house") else 1))
                turns = [
                    await time_turn(bare, walled, address, who, first=n % 2)
                    for n in range(-WARM_UP_ROUNDS, rounds)
                ]
                passed = summarize_turns([each for each, _ in turns[WARM_UP_ROUNDS:]])
                busy = summarize_turns([each for _, each in turns[WARM_UP_ROUNDS:]]) or passed
                assert passed is not None
                assert busy is not None
                found[f"{name} by {who}"] = busy[2]
                costs = "".join(f"{each[2] - 1:+9.1%}" for each in (passed, busy))
                print(f"{name:12} {who:20} {passed[0]:6.2f}ms {passed[1]:6.2f}ms{costs}", flush=True)
    return found


OffAndOn = tuple[float, float]


async def time_turn(
    bare: MeasuredService, walled: MeasuredService, path: str, who: str, *, first: int
) -> tuple[OffAndOn, OffAndOn]:
    """One call on each side → (off, on) in seconds that passed, and on a processor."""
    sides = (bare, walled) if first else (walled, bare)
    took = {side: await side.asked(path, who) for side in sides}
    (off, off_busy), (on, on_busy) = took[bare], took[walled]
    return (off, on), (off_busy, on_busy)


def summarize_turns(turns: Sequence[OffAndOn]) -> tuple[float, float, float] | None:
    """(median off, median on, both in milliseconds; median of the ratios), where something was measured."""
    known = [(off * 1e3, on * 1e3) for off, on in turns if off and on]
    if not known:
        return None
    offs, ons = zip(*known, strict=True)
    return median(offs), median(ons), median(map(truediv, ons, offs))


def main() -> None:
    """Print the table; exit status 1 beyond the goal."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    memory = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(
            dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True
        ) as folder,
        EmbeddedServer.start(Path(folder), fast=True) as server,
    ):
        server.create_database("walled")
        migration.upgrade_database(server.build_url("walled"))
        asyncio.run(fill_database(server.build_url("walled")))
        server.create_database("bare", template="walled")
        asyncio.run(disable_row_security(server.build_url("bare")))
        gc.freeze()
        found = asyncio.run(measure_lists(server.build_url("walled"), server.build_url("bare"), rounds))
    worst = max(found, key=lambda name: found[name])
    beyond = [name for name, ratio in found.items() if ratio > GOAL]
    whole = fmean(found.values())
    print(f"on average {whole - 1:+.1%}; worst {found[worst] - 1:+.1%}, {worst}; goal {GOAL - 1:+.0%} each")
    print(f"beyond the goal: {', '.join(beyond) or 'none'}")
    raise SystemExit(bool(beyond))


if __name__ == "__main__":
    main()
