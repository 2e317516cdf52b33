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
    """Make the tables."""
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
    _make_letters()


def _make_letters() -> None:
    states = "'queued', 'leased', 'sent', 'superseded', 'dead', 'hold'"
    op.create_table(
        "calendar_letters",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", _WHOLE, nullable=False),
        sa.Column("ambiguous", _WHOLE, nullable=False),
        sa.Column("queued_at", _INSTANT, nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", _INSTANT, nullable=True),
        sa.Column("data_started_at", _INSTANT, nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("last_reply", sa.Text(), nullable=False),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_calendar_letters_state")),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_letters"),
        sa.UniqueConstraint("message_id", name="uq_calendar_letters_message_id"),
        sa.UniqueConstraint("token_sha256", name="uq_calendar_letters_token_sha256"),
        sqlite_strict=True,
    )
    op.create_index("ix_calendar_letters_state_next_at", "calendar_letters", ["state", "next_at"])
    op.create_index("ix_calendar_letters_recipient_queued_at", "calendar_letters", ["recipient", "queued_at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("calendar_letters")
    op.drop_table("calendars")
    op.drop_table("cancellations")
