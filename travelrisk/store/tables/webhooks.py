"""Addresses that are told of new answers, and every message to them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant, one_of

# The secret that signs stands in no row: it is made from that of the service, the id and the generation.
webhooks = Table(
    "webhooks",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("office", Text, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("generation", WHOLE, nullable=False),
    Column("rotated_at", Instant),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_why", Text, nullable=False),
    one_of("ended_why", ("", "removed", "gone")),
    CheckConstraint("office <> ''", name="office_named"),
    sqlite_strict=True,
)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("webhook_id", WHOLE, ForeignKey("webhooks.id"), nullable=False),
    Column("message_id", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", WHOLE, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("reply", Text, nullable=False),
    one_of("state", ("queued", "done", "dead")),
    Index(None, "state", "next_at"),
    Index(None, "webhook_id", "id"),
    sqlite_strict=True,
)
