"""Mails that came in, answers to those without a trip, notes on trips, and what travellers stated.

Revision: 0010. New tables only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _mails()
    _answers()
    _notes()
    _statements()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("statements", "notes", "answers", "mails"):
        op.drop_table(table)


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("arrived_at", _INSTANT, nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("trip_id", _WHOLE, nullable=True),
        sa.Column("admitted_at", _INSTANT, nullable=True),
        sa.Column("attempts", _WHOLE, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'leased', 'done', 'failed')", name=op.f("ck_mails_state")),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_mails_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
        sa.UniqueConstraint("message_id", "sha256", name="uq_mails_message_id_sha256"),
        sqlite_strict=True,
    )
    op.create_index("ix_mails_state_due_at", "mails", ["state", "due_at"])
    op.create_index("ix_mails_sender_admitted_at", "mails", ["sender", "admitted_at"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("mail_id", _WHOLE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("edition", _WHOLE, nullable=True),
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
        sa.CheckConstraint(
            "state IN ('queued', 'leased', 'sent', 'superseded', 'dead', 'hold')",
            name=op.f("ck_answers_state"),
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_answers_mail_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.UniqueConstraint("key", name="uq_answers_key"),
        sa.UniqueConstraint("message_id", name="uq_answers_message_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_answers_mail_id", "answers", ["mail_id"])
    op.create_index("ix_answers_state_next_at", "answers", ["state", "next_at"])


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("trip_id", _WHOLE, nullable=False),
        sa.Column("mail_id", _WHOLE, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_notes_mail_id"),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_notes_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.UniqueConstraint("mail_id", name="uq_notes_mail_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_notes_trip_id", "notes", ["trip_id"])


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("itinerary_id", _WHOLE, nullable=False),
        sa.Column("mail_id", _WHOLE, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("segment", _WHOLE, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_statements_itinerary_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_statements_mail_id"),
        sa.PrimaryKeyConstraint("id", name="pk_statements"),
        sqlite_strict=True,
    )
    op.create_index("ix_statements_itinerary_id", "statements", ["itinerary_id"])
    op.create_index("ix_statements_mail_id", "statements", ["mail_id"])
