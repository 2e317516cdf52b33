"""The first tables: audit, editions, records, documents, trips, itineraries, advisories, outbox.

Revision: 0001. Triggers are made afterwards, from the one list in travelrisk.store.triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_FUNCTIONS = ("append_only", "records_no_delete", "records_only_close", "records_open_newest")


def upgrade() -> None:
    """Make every table, those that others point at first."""
    _audit()
    _heartbeats()
    _originals()
    _policies()
    _trips()
    _editions()
    _itineraries()
    _advisories()
    _records()
    _outbox()


def downgrade() -> None:
    """Drop every table; triggers go with them."""
    for table in (
        "outbox",
        "records",
        "advisories",
        "itineraries",
        "editions",
        "trips",
        "policies",
        "originals",
        "heartbeats",
        "audit",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in _FUNCTIONS:
            op.execute(f"DROP FUNCTION IF EXISTS travelrisk_{function}()")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sa.UniqueConstraint("hash", name="uq_audit_hash"),
        sqlite_strict=True,
    )


def _heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
        sqlite_strict=True,
    )


def _originals() -> None:
    op.create_table(
        "originals",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("kept_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_originals"),
        sqlite_strict=True,
    )


def _policies() -> None:
    op.create_table(
        "policies",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_policies"),
        sqlite_strict=True,
    )


def _trips() -> None:
    op.create_table(
        "trips",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trips"),
        sa.UniqueConstraint("reference", name="uq_trips_reference"),
        sa.UniqueConstraint("token_sha256", name="uq_trips_token_sha256"),
        sqlite_strict=True,
    )
    op.create_index("ix_trips_contact", "trips", ["contact"])


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("number", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("published_at", _INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("audit_seq", _WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["audit_seq"], ["audit.seq"], name="fk_editions_audit_seq"),
        sa.PrimaryKeyConstraint("number", name="pk_editions"),
        sa.UniqueConstraint("audit_seq", name="uq_editions_audit_seq"),
        sqlite_strict=True,
    )


def _itineraries() -> None:
    op.create_table(
        "itineraries",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("trip_id", _WHOLE, nullable=False),
        sa.Column("original", sa.Text()),
        sa.Column("position", _WHOLE, nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["original"], ["originals.sha256"], name="fk_itineraries_original"),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_itineraries_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_itineraries"),
        sa.UniqueConstraint(
            "original", "position", "content_sha256", name="uq_itineraries_original_position_content_sha256"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_itineraries_content_sha256", "itineraries", ["content_sha256"])
    op.create_index("ix_itineraries_trip_id", "itineraries", ["trip_id"])


def _advisories() -> None:
    op.create_table(
        "advisories",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("trip_id", _WHOLE, nullable=False),
        sa.Column("itinerary_id", _WHOLE, nullable=False),
        sa.Column("policy_sha256", sa.Text(), nullable=False),
        sa.Column("audit_seq", _WHOLE, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('cleared', 'conditional', 'review', 'not_cleared')",
            name=op.f("ck_advisories_verdict"),
        ),
        sa.ForeignKeyConstraint(["audit_seq"], ["audit.seq"], name="fk_advisories_audit_seq"),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_advisories_itinerary_id"),
        sa.ForeignKeyConstraint(["policy_sha256"], ["policies.sha256"], name="fk_advisories_policy_sha256"),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_advisories_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_advisories"),
        sqlite_strict=True,
    )
    op.create_index("ix_advisories_audit_seq", "advisories", ["audit_seq"])
    op.create_index("ix_advisories_itinerary_id", "advisories", ["itinerary_id"])
    op.create_index("ix_advisories_trip_id_id", "advisories", ["trip_id", "id"])


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("opened_in", _WHOLE, nullable=False),
        sa.Column("closed_in", _WHOLE),
        sa.CheckConstraint(
            "record IN ('rating', 'caution', 'service', 'authorisation')", name=op.f("ck_records_record")
        ),
        sa.CheckConstraint("closed_in > opened_in", name=op.f("ck_records_closed_after_opened")),
        sa.ForeignKeyConstraint(["closed_in"], ["editions.number"], name="fk_records_closed_in"),
        sa.ForeignKeyConstraint(["opened_in"], ["editions.number"], name="fk_records_opened_in"),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sqlite_strict=True,
    )
    op.create_index("ix_records_subject", "records", ["subject"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("trip_id", _WHOLE, nullable=False),
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
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", _INSTANT),
        sa.Column("data_started_at", _INSTANT),
        sa.Column("settled_at", _INSTANT),
        sa.Column("last_reply", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'leased', 'sent', 'superseded', 'dead', 'hold')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(["advisory_id"], ["advisories.id"], name="fk_outbox_advisory_id"),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_outbox_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(
            "advisory_id", "letter", "recipient", name="uq_outbox_advisory_id_letter_recipient"
        ),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_outbox_state_next_at", "outbox", ["state", "next_at"])
    op.create_index("ix_outbox_trip_id_state", "outbox", ["trip_id", "state"])
    op.create_index(
        "uq_outbox_leased_trip_id",
        "outbox",
        ["trip_id"],
        unique=True,
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
