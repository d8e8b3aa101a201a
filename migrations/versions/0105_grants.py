"""What the application role need not do, it may not.

Revision ID: 0105
Revises: 0104
"""

from alembic import op

from migrations.scripts import run_scripts

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Less for the application role."""
    run_scripts("grants")


def downgrade() -> None:
    """Every table and function as it is by default; where the schema stands is still only read."""
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO daibieu_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM daibieu_app")
    op.execute("GRANT EXECUTE ON FUNCTION count_nominations, unit_above_renew TO PUBLIC")
