"""The least that must stand before a row of any table can: a small congress of fictional units, in plain SQL.

Statements are written with the names below (``$north``), each of which stands for an identifier.
"""

from string import Template

import asyncpg

from db.embedded import Embedded
from db.embedded.places import PORT
from db.session import APPLICATION_ROLE

_THINGS = (
    *("plan", "draft", "published", "province", "north", "south", "congress", "fair", "north_fair"),
    *("run", "first", "second", "quota", "spare", "decision", "collective", "report", "file"),
    *("an", "binh", "chi", "dung", "em", "giang", "new", "other"),
)
IDS = {name: f"'00000000-0000-7000-8000-{n:012x}'" for n, name in enumerate(_THINGS, 1)}

GROUND = """
INSERT INTO congress VALUES ('thu-nghiem', 'Đại hội thử nghiệm');
INSERT INTO plan VALUES ($plan, 'Kế hoạch thử nghiệm', 'Hội đồng thử nghiệm', NULL, now());
INSERT INTO plan_congress VALUES ($plan, 'thu-nghiem');
INSERT INTO plan_version (id, plan, n, state, body, digest, created_at, published_at, version)
    VALUES ($published, $plan, 1, 'published', '{}', 'd', now(), now(), 1),
           ($draft, $plan, 2, 'draft', '{}', 'd', now(), NULL, 1);
INSERT INTO unit SELECT id, 'commune', '[2020-01-01,)', now(), 1
    FROM unnest(ARRAY[$province, $north, $south]::uuid[]) AS id;
INSERT INTO unit_name VALUES ($north, $north, 'Xã Thử Bắc', 'xa thu bac', '[2020-01-01,2025-07-01)');
INSERT INTO unit_code VALUES ($north, 'local', 'bac', $north, '[2020-01-01,2025-07-01)');
INSERT INTO unit_link VALUES ($north, 'thu-nghiem', $north, $province, '[2020-01-01,2025-07-01)');
INSERT INTO succession VALUES ($new, 'merger', '2025-07-01', '');
INSERT INTO staff_report VALUES ($report, $north, '2025-01-01', 1, 'unit', false, now(), now());
INSERT INTO conference (id, congress, plan_version, unit, tier, state, as_of, form, terms, created_at, version)
    VALUES ($fair, 'thu-nghiem', $published, $province, 'province', 'planned', '2025-01-01', 'delegate', '{}', now(), 1),
           ($north_fair, 'thu-nghiem', $published, $north, 'upper', 'cancelled', '2025-01-01', 'delegate', '{}', now(), 1);
INSERT INTO seat_group (conference, "group", position, name, seats, maximum, listed, filled_by, counts_as)
    VALUES ($fair, 'exemplars', 0, 'Điển hình', 7, NULL, 0, 'units', 'exemplar'),
           ($fair, 'guests', 1, 'Khách mời', NULL, 2, 0, 'invitation', 'guest');
INSERT INTO snapshot VALUES ('s', 'test/1', '{}', now());
INSERT INTO run (id, kind, state, subject, snapshot, engine, actor, attempts, created_at)
    VALUES ($run, 'allocation', 'done', $first, 's', 'test', 'local', 1, now());
INSERT INTO allocation (id, conference, n, state, run, snapshot, stages, findings, created_at, version)
    VALUES ($first, $fair, 1, 'decided', $run, 's', '[]', '[]', now(), 1),
           ($second, $fair, 2, 'decided', $run, 's', '[]', '[]', now(), 1);
INSERT INTO allocation_seat
    (allocation, unit, "group", bloc, position, measure, weight, made_up, quota, floor, computed, adjustment, seats)
    SELECT id, $north, 'exemplars', '', 0, 'staff', '1', false, '2', 0, 2, 0, 2
    FROM unnest(ARRAY[$first, $second]::uuid[]) AS id;
INSERT INTO allocation_target VALUES ($first, $north, 'women', 0, 1.5, 1, false);
INSERT INTO quota (id, conference, unit, "group", source, document, seats, nominee_limit, taken, nominated,
                   excess_taken, excess_nominated, created_at, version)
    VALUES ($quota, $fair, $north, 'exemplars', 'received', '{}', 2, 3, 0, 0, 0, 0, now(), 1),
           ($spare, $fair, $south, 'exemplars', 'received', '{}', 2, 3, 0, 0, 0, 0, now(), 1);
INSERT INTO collective VALUES ($collective, $north, 'Tổ thử nghiệm', NULL, now());
INSERT INTO person SELECT id, 'Người thử nghiệm', 'nguoi thu nghiem', 1980, NULL, now(), 1
    FROM unnest(ARRAY[$an, $binh, $chi, $dung, $em, $giang]::uuid[]) AS id;
"""

ACTS = """
CREATE FUNCTION nominate(unit uuid, quota uuid, person uuid, state text) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO nomination (id, conference, unit, "group", quota, person, state, honours, notice, purpose, created_at, version)
    VALUES (gen_random_uuid(), $fair, unit, 'exemplars', quota, person, state, '[]', 'n', 'p', now(), 1) RETURNING id
$$;
CREATE FUNCTION invite("group" text, person uuid, reply text) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO invitation (id, conference, "group", person, basis, reply, notice, purpose, created_at, version)
    VALUES (gen_random_uuid(), $fair, "group", person, 'b', reply, 'n', 'p', now(), 1) RETURNING id
$$
"""
"""Two acts of many columns in short; they run in the role of who calls them."""


def said(sql: str) -> str:
    """The statement with every name replaced."""
    return Template(sql).substitute(IDS)


async def lay(server: Embedded, database: str) -> None:
    """Put the ground into a migrated, empty database."""
    superuser = await connect(server, database, None)
    await superuser.execute(said(ACTS.replace("$$", "$$$$")))
    await superuser.close()
    application = await connect(server, database)
    await application.execute(said(GROUND))
    await application.close()


async def connect(server: Embedded, database: str, role: str | None = APPLICATION_ROLE) -> asyncpg.Connection:
    """A bare connection in a role; with ``None`` as the superuser."""
    settings = {"timezone": "UTC"} | ({"role": role} if role else {})
    return await asyncpg.connect(
        host=str(server.socket), port=PORT, user="postgres", database=database, server_settings=settings
    )
