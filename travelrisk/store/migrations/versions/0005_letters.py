"""Letters to people of the desk, what they reminded of, slots of the clock, and the language of a person.

Revision: 0005. New tables and one added column: no table is copied, so nothing that was sent can be lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables and add the column."""
    op.add_column("people", sa.Column("language", sa.Text(), nullable=True))
    _desk_letters()
    _reminders()
    _slots()


def downgrade() -> None:
    """Drop the tables and the column."""
    for table in ("slots", "reminders", "desk_letters"):
        op.drop_table(table)
    op.drop_column("people", "language")


def _desk_letters() -> None:
    op.create_table(
        "desk_letters",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=True),
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
            name=op.f("ck_desk_letters_state"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_desk_letters_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_desk_letters"),
        sa.UniqueConstraint("key", name="uq_desk_letters_key"),
        sa.UniqueConstraint("message_id", name="uq_desk_letters_message_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_desk_letters_state_next_at", "desk_letters", ["state", "next_at"])
    op.create_index(
        "ix_desk_letters_thread_person_id_state", "desk_letters", ["thread", "person_id", "state"]
    )
    op.create_index(
        "uq_desk_letters_leased_thread_person_id",
        "desk_letters",
        ["thread", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("step", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reminders_person_id"),
        sa.PrimaryKeyConstraint("record", "kind", "title", "last", "step", "person_id", name="pk_reminders"),
        sqlite_strict=True,
    )


def _slots() -> None:
    op.create_table(
        "slots",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name="pk_slots"),
        sqlite_strict=True,
    )
