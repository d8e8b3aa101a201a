"""Events of the audit trail are only added, and never changed.

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
    """Create the triggers."""
    run_scripts(*SCRIPTS)


def downgrade() -> None:
    """Drop them: the audit trail is then an ordinary table."""
    undo_scripts(*SCRIPTS)
