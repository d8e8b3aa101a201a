"""The second wall: policies for every table that holds a unit's data, and guards for what everybody may read.

Revision ID: 0104
Revises: 0103
"""

from migrations.scripts import run_scripts, undo_scripts

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

SCRIPTS = (
    "actor",
    "places",
    "questions",
    "policies/units",
    "policies/plans",
    "policies/runs",
    "policies/allocations",
    "policies/nominations",
    "policies/selections",
    "policies/access",
    "policies/privacy",
    "policies/guards",
)


def upgrade() -> None:
    """What is asked of who acts, and the policies that ask it."""
    run_scripts(*SCRIPTS)


def downgrade() -> None:
    """The wall down."""
    undo_scripts(*SCRIPTS)
