"""Trips by the ids that programs know them by.

Revision: 0033.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "external_trips",
        sa.Column("office", sa.Text(), primary_key=True),
        sa.Column("system", sa.Text(), primary_key=True),
        sa.Column("external_id", sa.Text(), primary_key=True),
        sa.Column("trip_id", _WHOLE, sa.ForeignKey("trips.id"), nullable=False, unique=True),
        sa.Column("sent_sha256", sa.Text(), nullable=False),
        sa.Column("revision", _WHOLE, nullable=False),
        sa.Column("sent_at", _INSTANT, nullable=False),
        sa.CheckConstraint("office <> ''", name="office_named"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget by which ids programs know trips."""
    op.drop_table("external_trips")
