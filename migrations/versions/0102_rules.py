"""Triggers of the tables: frozen rows, counters, the units above each unit; retention; retries; notices.

Revision ID: 0102
Revises: 0101
"""

from migrations.scripts import run_scripts, undo_scripts

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

SCRIPTS = ("frozen", "counters", "above", "retention", "retries", "notices")


def upgrade() -> None:
    """Create the functions and triggers."""
    run_scripts(*SCRIPTS)


def downgrade() -> None:
    """Drop them."""
    undo_scripts(*SCRIPTS)
