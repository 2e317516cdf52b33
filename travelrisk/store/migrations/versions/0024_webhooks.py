"""Addresses that are told of new answers, and every message to them.

Revision: 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "webhooks",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("generation", _WHOLE, nullable=False),
        sa.Column("rotated_at", _INSTANT),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.CheckConstraint("ended_why IN ('', 'removed', 'gone')", name="ended_why"),
        sa.CheckConstraint("office <> ''", name="office_named"),
        sqlite_strict=True,
    )
    op.create_index("ix_webhooks_office", "webhooks", ["office"])
    op.create_table(
        "deliveries",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("webhook_id", _WHOLE, sa.ForeignKey("webhooks.id"), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", _WHOLE, nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("done_at", _INSTANT),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'done', 'dead')", name="state"),
        sqlite_strict=True,
    )
    op.create_index("ix_deliveries_state_next_at", "deliveries", ["state", "next_at"])
    op.create_index("ix_deliveries_webhook_id_id", "deliveries", ["webhook_id", "id"])


def downgrade() -> None:
    """Tell nobody any more."""
    op.drop_table("deliveries")
    op.drop_table("webhooks")
