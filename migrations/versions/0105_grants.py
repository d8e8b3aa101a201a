"""The application role may only do what it needs.

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
    """Revoke rights of the application role."""
    run_scripts("grants")


def downgrade() -> None:
    """Grant the default rights again; the table of the schema's revision remains read-only."""
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO daibieu_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM daibieu_app")
    op.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC")
