"""Flights, how many of our people were counted on them, and letters about too many.

Revision: 0015. Itineraries that have flights are taken out of the index, so that ``segments.fill`` enters
them anew, with their flights; one of a cancelled trip has no segments there, and stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make both tables and the column."""
    op.create_table(
        "flights",
        sa.Column("itinerary_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("flight", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_flights_itinerary_id"),
        sa.PrimaryKeyConstraint("itinerary_id", "flight", name="pk_flights"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_flights_flight_itinerary_id", "flights", ["flight", "itinerary_id"])
    op.execute("DELETE FROM touches WHERE itinerary_id IN (SELECT itinerary_id FROM segments)")
    op.execute("DELETE FROM segments")
    op.add_column("advisories", sa.Column("aboard", sa.Text(), nullable=True))
    _make_letters()


def _make_letters() -> None:
    states = "'queued', 'leased', 'sent', 'superseded', 'dead', 'hold'"
    op.create_table(
        "flight_letters",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
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
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_flight_letters_state")),
        sa.ForeignKeyConstraint(["advisory_id"], ["advisories.id"], name="fk_flight_letters_advisory_id"),
        sa.PrimaryKeyConstraint("id", name="pk_flight_letters"),
        sa.UniqueConstraint("key", name="uq_flight_letters_key"),
        sa.UniqueConstraint("message_id", name="uq_flight_letters_message_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_flight_letters_advisory_id", "flight_letters", ["advisory_id"])
    op.create_index("ix_flight_letters_state_next_at", "flight_letters", ["state", "next_at"])


def downgrade() -> None:
    """Drop the tables and the column."""
    op.drop_table("flight_letters")
    op.drop_column("advisories", "aboard")
    op.drop_table("flights")
