"""Letters that came back, warnings that reached nobody, letters about them, and second addresses.

Revision: 0009. New tables and one added column: no table is copied, so nothing that was sent can be lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables and add the column."""
    op.add_column("trips", sa.Column("second_contact", sa.Text(), nullable=True))
    _bounces()
    _undelivered()
    _unit_letters()


def downgrade() -> None:
    """Drop the tables and the column."""
    for table in ("unit_letters", "undelivered", "bounces"):
        op.drop_table(table)
    op.drop_column("trips", "second_contact")


def _bounces() -> None:
    op.create_table(
        "bounces",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("letter_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("is_permanent", _WHOLE, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "letter_id", name="pk_bounces"),
        sqlite_strict=True,
    )


def _undelivered() -> None:
    op.create_table(
        "undelivered",
        sa.Column("advisory_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("outbox_id", _WHOLE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_at", _INSTANT, nullable=False),
        sa.Column("second_id", _WHOLE, nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.Column("told_at", _INSTANT, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('dead', 'hold', 'bounced', 'unsent')", name=op.f("ck_undelivered_reason")
        ),
        sa.ForeignKeyConstraint(["advisory_id"], ["advisories.id"], name="fk_undelivered_advisory_id"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_undelivered_outbox_id"),
        sa.ForeignKeyConstraint(["second_id"], ["outbox.id"], name="fk_undelivered_second_id"),
        sa.PrimaryKeyConstraint("advisory_id", name="pk_undelivered"),
        sqlite_strict=True,
    )


def _unit_letters() -> None:
    op.create_table(
        "unit_letters",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("advisory_id", _WHOLE, nullable=False),
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
            name=op.f("ck_unit_letters_state"),
        ),
        sa.ForeignKeyConstraint(
            ["advisory_id"], ["undelivered.advisory_id"], name="fk_unit_letters_advisory_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unit_letters"),
        sa.UniqueConstraint("advisory_id", "recipient", name="uq_unit_letters_advisory_id_recipient"),
        sa.UniqueConstraint("message_id", name="uq_unit_letters_message_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_unit_letters_state_next_at", "unit_letters", ["state", "next_at"], unique=False)
