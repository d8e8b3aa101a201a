"""Ten thousand conferences of one plan, and as many of another, laid in SQL as no client could."""

from uuid import UUID

import asyncpg

MANY = 10_000

LAY = """
SET session_replication_role = replica;  -- no triggers: the rows are as triggers would leave them
CREATE TEMPORARY TABLE laid AS SELECT n, gen_random_uuid() AS unit, gen_random_uuid() AS conference,
    CASE WHEN n <= {many} THEN '{version}'::uuid ELSE '{other}'::uuid END AS plan_version,
    CASE WHEN n <= {many} THEN 'vi-du-a' ELSE 'vi-du-b' END AS congress,
    CASE WHEN n <= {many} THEN '{council}'::uuid ELSE '{neighbour}'::uuid END AS above,
    CASE n % 3 WHEN 0 THEN 'commune' WHEN 1 THEN 'enterprise' ELSE 'department' END AS kind,
    CASE WHEN n % 4 = 0 THEN date '2030-04-01' + n % 50 END AS met_on
    FROM generate_series(1, 2 * {many}) AS n;
INSERT INTO unit SELECT unit, kind, '[2020-01-01,)', now(), 1 FROM laid;
INSERT INTO unit_above SELECT unit, congress, above, '(,)' FROM laid;
INSERT INTO conference (id, congress, plan_version, unit, tier, state, as_of, form, facts, given, listed,
        excess, held_on, created_at, version)
    SELECT conference, congress, plan_version, unit, 'xa',
        CASE WHEN met_on IS NULL THEN 'planned' ELSE 'held' END, '2030-01-01', 'delegate',
        json_build_object('code', 'u' || n, 'kind', kind, 'name', 'Đơn vị ' || n), 0, 0, 0, met_on, now(), 1
    FROM laid;
INSERT INTO conference_step (conference, step, kind, due, done_on, during)
    SELECT conference, 'ke-hoach', 'plan', date '2030-01-31',
        CASE WHEN n % 5 < 3 THEN date '2030-01-10' + n % 40 END, '(,)'::daterange FROM laid
    UNION ALL SELECT conference, 'meeting', 'meeting', date '2030-06-30', met_on, '(,)' FROM laid
    UNION ALL SELECT conference, 'bao-cao', 'report', NULL, NULL, daterange(NULL, met_on) FROM laid
    UNION ALL SELECT conference, 'bao-cao', 'report', met_on + 10,
        CASE WHEN n % 8 = 0 THEN met_on + n % 20 END, daterange(met_on, NULL)
        FROM laid WHERE met_on IS NOT NULL;
SET session_replication_role = DEFAULT;
ANALYZE;
"""


async def lay_conferences(
    connection: asyncpg.Connection, *, version: UUID, other: UUID, council: UUID, neighbour: UUID
) -> None:
    """Lay the conferences of a plan's version under a council, and others under its neighbour."""
    script = LAY.format(many=MANY, version=version, other=other, council=council, neighbour=neighbour)
    await connection.execute(script)
