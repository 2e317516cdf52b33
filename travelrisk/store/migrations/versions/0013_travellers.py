"""Trips that are cancelled, and calendars of all trips of a contact.

Revision: 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "cancellations",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("trip_id", _WHOLE, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("taken_back_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_cancellations_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cancellations"),
        sqlite_strict=True,
    )
    op.create_index("ix_cancellations_trip_id", "cancellations", ["trip_id"], unique=False)
    op.create_index(
        "uq_cancellations_open_trip_id",
        "cancellations",
        ["trip_id"],
        unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"),
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )
    op.create_table(
        "calendars",
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("contact", name="pk_calendars"),
        sa.UniqueConstraint("token_sha256", name="uq_calendars_token_sha256"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("calendars")
    op.drop_table("cancellations")
