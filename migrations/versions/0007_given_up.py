"""Who was to go to a congress that was given up is free for another.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SEATED = """CREATE OR REPLACE VIEW person_seated AS
    SELECT delegate.person, conference.congress, EXISTS (
        SELECT FROM plan_version, jsonb_array_elements(plan_version.body -> 'tiers') AS listed
        WHERE plan_version.id = conference.plan_version AND listed ->> 'id' = conference.tier
            AND listed -> 'congress' = 'true'
    ) AS tier_congress
    FROM delegate JOIN conference ON conference.id = delegate.conference WHERE delegate.ended_at IS NULL"""


def upgrade() -> None:
    """A conference that was given up seats nobody."""
    op.execute("SET LOCAL ROLE daibieu_owner")
    op.execute(f"{SEATED} AND conference.state <> 'cancelled'")
    op.execute("RESET ROLE")


def downgrade() -> None:
    """As before."""
    op.execute("SET LOCAL ROLE daibieu_owner")
    op.execute(SEATED)
    op.execute("RESET ROLE")
