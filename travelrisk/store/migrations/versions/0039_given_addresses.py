"""Addresses that the desk gave trips whose bookings have none.

Revision: 0039.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "given_addresses",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("trip_id", _WHOLE, sa.ForeignKey("trips.id"), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("traveller", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("ix_given_addresses_trip_id", "given_addresses", ["trip_id"], unique=False)


def downgrade() -> None:
    """Forget who gave addresses; the trips keep them."""
    op.drop_table("given_addresses")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION IF EXISTS travelrisk_given_addresses_erased_only()")
