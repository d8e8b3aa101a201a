"""Somebody on the machine, or with SQL of their own, who goes around the service."""

import asyncio
import os
import stat
import subprocess
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from attacks.outcomes import Findings
from attacks.target import Target, find_database
from db.session import Database
from domain.access import Actor
from tests.access.forbidden_statements import FORBIDDEN, REFUSED
from tests.local_service import find_processes

NOBODY = 65_534


def connect_as_another_user(target: Target, findings: Findings) -> None:
    """The embedded database belongs to no shared account, and lets nobody in but who started it."""
    socket = Path(str(make_url(find_database(target.served)).query["host"]))
    mode = stat.S_IMODE(socket.stat().st_mode)
    findings.expect(mode == 0o700, f"the folder of the socket has the mode {mode:o}")
    postgres = Path(f"/proc/{find_processes(target.served.process.pid)['postgres']}").stat().st_uid
    findings.expect(postgres != NOBODY and os.geteuid() in (0, postgres), f"it runs as user {postgres}")
    rules = (target.served.data / "postgres").rglob("pg_hba.conf")
    trusting = [line for each in rules for line in each.read_text().splitlines() if line.endswith("trust")]
    findings.expect(trusting == [], f"pg_hba.conf: {trusting}")
    if os.geteuid() != 0:  # only root can become somebody else
        return
    for user in (NOBODY, 12_345):
        for folder in (socket, target.served.data / "postgres"):
            tried = subprocess.run(
                ["ls", folder], user=user, group=user, extra_groups=[], capture_output=True
            )
            findings.expect(tried.returncode != 0, f"user {user} reads {folder}")


def run_sql(target: Target, findings: Findings) -> None:
    """Statements of one's own in the service's role, in the database that it serves."""
    asyncio.run(_run_statements(target, findings))


async def _run_statements(target: Target, findings: Findings) -> None:
    database = Database(find_database(target.served))
    units = target.world["units"]
    for statement in [*FORBIDDEN, "CREATE TEMP TABLE allocation (state text)", "CREATE TABLE x (y int)"]:
        said = "done"
        try:
            async with database.transaction(Actor.for_command_line()) as session:
                await (await session.connection()).execute(text(statement.format(**units)))
                await session.rollback()
        except DBAPIError as error:
            said = str(error.orig)
        refused = any(each in said for each in REFUSED.split("|"))
        findings.expect(refused, f"{' '.join(statement.split())[:80]}: {said[:100]}")
    await database.close()
