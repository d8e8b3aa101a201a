"""The second access check: policies for tables with a unit's data, and guards for tables open to all readers.

With it what only functions of the owner do, and what is never done unrecorded.

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
    "policies/conferences",
    "policies/allocations",
    "policies/nominations",
    "policies/papers",
    "policies/votes",
    "policies/check_ins",
    "policies/difficulties",
    "policies/selections",
    "policies/access",
    "policies/privacy",
    "policies/guards",
    "authority",
    "accounts",
    "recorded",
    "events",
)


def upgrade() -> None:
    """Create the functions and views about the actor, the policies that use them, and the authority."""
    run_scripts(*SCRIPTS)


def downgrade() -> None:
    """Drop the policies, functions and views."""
    undo_scripts(*SCRIPTS)
