"""Running the SQL of a migration, which is in files of ``sql/``, and undoing it."""

import re
from pathlib import Path

from alembic import op
from sqlalchemy import text

FOLDER = Path(__file__).parent / "sql"
UNDONE = {
    r"CREATE POLICY (\w+) ON (\w+)": "DROP POLICY {} ON {}",
    r"ALTER TABLE (\w+) ENABLE ROW LEVEL SECURITY": "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
    r"CREATE VIEW (\w+)": "DROP VIEW {}",
    r"CREATE FUNCTION (\w+)": "DROP FUNCTION {} CASCADE",  # drops its triggers too
    r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)\s[^;]*?\sON (\w+)": "DROP TRIGGER IF EXISTS {} ON {}",
    r"CREATE TABLE (\w+)": "DROP TABLE {}",
    r"CREATE TYPE (\w+)": "DROP TYPE {}",
}
"""Beginning of a statement that creates an object → the statement that drops it, in the order of dropping."""


def run_scripts(*names: str, role: str | None = "daibieu_owner") -> None:
    """Run scripts in their order as ``role``, which owns what they create; ``None``: the migrating role."""
    if role is not None:
        op.execute(text(f"SET LOCAL ROLE {role}"))
    for name in names:
        _send_script(_read_script(name))
    if role is not None:
        op.execute(text("RESET ROLE"))


def undo_scripts(*names: str) -> None:
    """Drop the objects that scripts created, the last one first."""
    created = "\n".join(_read_script(name) for name in names)
    for pattern, drop in UNDONE.items():
        for found in reversed(re.findall(rf"^{pattern}", created, re.MULTILINE)):
            words = (found,) if isinstance(found, str) else found
            op.execute(text(drop.format(*words)))


def _read_script(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _send_script(script: str) -> None:
    """Send all statements together and unchanged, in the current transaction."""
    connection = op.get_bind().connection.dbapi_connection
    if connection is None:
        raise RuntimeError("the connection is closed")
    connection.run_async(lambda driver: driver.execute(script))
