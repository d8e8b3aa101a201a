"""The audit trail is appended to, and never changed.

Revision ID: 0103
Revises: 0102
"""

from migrations.scripts import run_scripts, undo_scripts

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

SCRIPTS = ("audit",)


def upgrade() -> None:
    """Its triggers."""
    run_scripts(*SCRIPTS)


def downgrade() -> None:
    """Without them: the trail is a table like others."""
    undo_scripts(*SCRIPTS)
