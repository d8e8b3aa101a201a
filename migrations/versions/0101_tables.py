"""The roles and every table, with its constraints and indexes.

Revision ID: 0101
Revises: nothing; 0001 to 0006 were never released (docs/decisions/0014-a-released-migration-stays.md)
"""

from alembic import op

from migrations.scripts import run_scripts, undo_scripts

revision = "0101"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "tables/units",
    "tables/people",
    "tables/plans",
    "tables/access",
    "tables/runs",
    "tables/conferences",
    "tables/papers",
    "tables/allocations",
    "tables/nominations",
    "tables/votes",
    "tables/check_ins",
    "tables/difficulties",
    "tables/selections",
    "tables/lots",
    "tables/privacy",
    "tables/audit",
)


def upgrade() -> None:
    """Create the roles and the tables in an empty database."""
    run_scripts("roles", role=None)
    run_scripts(*TABLES)


def downgrade() -> None:
    """Drop the tables. The roles remain: they belong to the whole server."""
    undo_scripts(*TABLES)
    op.execute(
        "ALTER DEFAULT PRIVILEGES FOR ROLE daibieu_owner IN SCHEMA public"
        " REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM daibieu_app"
    )
