"""The second access check: policies for tables with a unit's data, and guards for tables open to all readers.

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
    """Create the functions and views about the actor, and the policies that use them."""
    run_scripts(*SCRIPTS)


def downgrade() -> None:
    """Drop the policies, functions and views."""
    undo_scripts(*SCRIPTS)
