"""Lots are announced before their seed can be known, and neither announcements nor draws are changed.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

HELD = """EXISTS (
    SELECT FROM selection_held s WHERE s.selection = lot_announcement.selection
        AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)
)"""
SEEN = f"""((SELECT actor_flag('reach')) OR {HELD} OR EXISTS (
    SELECT FROM allocation o WHERE o.id = lot_announcement.allocation
))"""
ADDED = f"""((SELECT actor_flag('reach')) OR {HELD} OR EXISTS (
    SELECT FROM allocation_place p WHERE p.allocation = lot_announcement.allocation AND (
        (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)
        OR (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_below m)
    )
))"""


def upgrade() -> None:
    """The table of announcements, its policies, and draws that stay as they were recorded."""
    op.execute("SET LOCAL ROLE daibieu_owner")
    op.create_table(
        "lot_announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("allocation", sa.Uuid(), nullable=True),
        sa.Column("selection", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("tied_digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("announced_by", sa.Text(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(allocation IS NULL) <> (selection IS NULL)", name=op.f("lot_announced_for_one")
        ),
        sa.CheckConstraint("digits BETWEEN 3 AND 40", name=op.f("lot_digits_in_bounds")),
        sa.CheckConstraint(
            "drawn_on > (announced_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date",
            name=op.f("lot_announced_beforehand"),
        ),
        sa.ForeignKeyConstraint(
            ["allocation"], ["allocation.id"], name=op.f("lot_announcement_allocation_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.id"], name=op.f("lot_announcement_conference_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["selection"], ["selection.id"], name=op.f("lot_announcement_selection_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("lot_announcement_pkey")),
        sa.UniqueConstraint("conference", "stage", "tied_digest", name="lot_announced_already"),
    )
    op.create_index(op.f("lot_announcement_allocation_idx"), "lot_announcement", ["allocation"])
    op.execute("ALTER TABLE lot_announcement ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY lot_announcement_seen ON lot_announcement FOR SELECT USING {SEEN}")
    op.execute(f"CREATE POLICY lot_announcement_added ON lot_announcement FOR INSERT WITH CHECK {ADDED}")
    for table in ("lot_announcement", "settlement"):
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM daibieu_app")
    op.execute("RESET ROLE")


def downgrade() -> None:
    """Draws can be changed again, and nothing is announced."""
    op.execute("GRANT UPDATE, DELETE ON settlement TO daibieu_app")
    op.drop_table("lot_announcement")
