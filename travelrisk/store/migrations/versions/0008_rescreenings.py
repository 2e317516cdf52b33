"""What makes stored journeys be judged again.

Revision: 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rescreenings",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("queued_at", _INSTANT, nullable=False),
        sa.Column("past", _WHOLE, nullable=False),
        sa.Column("screened", _WHOLE, nullable=False),
        sa.Column("changed", _WHOLE, nullable=False),
        sa.Column("letters", _WHOLE, nullable=False),
        sa.Column("token", _WHOLE, nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", _INSTANT, nullable=True),
        sa.Column("finished_at", _INSTANT, nullable=True),
        sa.CheckConstraint("cause IN ('edition', 'day', 'rules')", name=op.f("ck_rescreenings_cause")),
        sa.PrimaryKeyConstraint("id", name="pk_rescreenings"),
        sa.UniqueConstraint("cause", "key", name="uq_rescreenings_cause_key"),
        sqlite_strict=True,
    )
    op.create_index("ix_rescreenings_finished_at_id", "rescreenings", ["finished_at", "id"], unique=False)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("rescreenings")
