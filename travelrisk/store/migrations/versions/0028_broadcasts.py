"""What a travel unit writes to travellers that it found, the letters of it, and what was answered.

Revision: 0028.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_STATES = "'queued', 'leased', 'sent', 'superseded', 'dead', 'hold'"


# Of what is stored already no days are worked out: it is looked at too often, and never too seldom.
_ASIDES = """
    INSERT INTO asides (itinerary_id, first_day, last_day)
    SELECT id, '0001-01-01', '9999-12-31' FROM itineraries
    WHERE body LIKE '%"flown"%' OR body LIKE '%"rail"%' OR body LIKE '%"bus"%'
"""


def upgrade() -> None:
    """Make the tables, and note which itineraries hold segments that no rule judges."""
    op.create_table(
        "asides",
        sa.Column("itinerary_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_asides_itinerary_id"),
        sa.PrimaryKeyConstraint("itinerary_id", name="pk_asides"),
        sqlite_strict=True,
    )
    op.create_index("ix_asides_last_day_first_day", "asides", ["last_day", "first_day"])
    op.execute(_ASIDES)
    op.create_table(
        "broadcasts",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("asks", _WHOLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_broadcasts_author"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
        sa.UniqueConstraint("key", name="uq_broadcasts_key"),
        sqlite_strict=True,
    )
    op.create_index("ix_broadcasts_office_id", "broadcasts", ["office", "id"])
    op.create_table(
        "broadcast_trips",
        sa.Column("broadcast_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("trip_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("people", _WHOLE, nullable=False),
        sa.Column("handled_at", _INSTANT, nullable=True),
        sa.Column("handled_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name="fk_broadcast_trips_broadcast_id"),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_broadcast_trips_trip_id"),
        sa.PrimaryKeyConstraint("broadcast_id", "trip_id", name="pk_broadcast_trips"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_broadcast_trips_trip_id_broadcast_id", "broadcast_trips", ["trip_id", "broadcast_id"])
    _make_letters()
    _make_answers()


def downgrade() -> None:
    """Forget what was written, and what was answered."""
    for table in ("broadcast_answers", "broadcast_letters", "broadcast_trips", "broadcasts", "asides"):
        op.drop_table(table)


def _make_letters() -> None:
    table = "broadcast_letters"
    op.create_table(
        table,
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("broadcast_id", _WHOLE, nullable=False),
        sa.Column("trip_id", _WHOLE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=True),
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
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f(f"ck_{table}_state")),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=f"fk_{table}_broadcast_id"),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name=f"fk_{table}_trip_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("broadcast_id", "trip_id", "key", name=f"uq_{table}_broadcast_id_trip_id_key"),
        sa.UniqueConstraint("message_id", name=f"uq_{table}_message_id"),
        sa.UniqueConstraint("token_sha256", name=f"uq_{table}_token_sha256"),
        sqlite_strict=True,
    )
    op.create_index(f"ix_{table}_state_next_at", table, ["state", "next_at"])
    op.create_index(f"ix_{table}_trip_id", table, ["trip_id"])


def _make_answers() -> None:
    table = "broadcast_answers"
    op.create_table(
        table,
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("broadcast_id", _WHOLE, nullable=False),
        sa.Column("trip_id", _WHOLE, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint("answer IN ('safe', 'help')", name=op.f(f"ck_{table}_answer")),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=f"fk_{table}_broadcast_id"),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name=f"fk_{table}_trip_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sqlite_strict=True,
    )
    op.create_index(f"ix_{table}_broadcast_id_trip_id_id", table, ["broadcast_id", "trip_id", "id"])
    op.create_index(f"ix_{table}_trip_id", table, ["trip_id"])
