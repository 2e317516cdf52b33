"""Trips by the ids that programs know them by."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, Findable, Instant

# What was sent last is known by its hash: the same again is nothing new.
external_trips = Table(
    "external_trips",
    METADATA,
    Column("office", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("external_id", Findable("external_trips.external_id"), primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False, unique=True),
    Column("sent_sha256", Encrypted("external_trips.sent_sha256"), nullable=False),
    Column("revision", WHOLE, nullable=False),
    Column("sent_at", Instant, nullable=False),
    CheckConstraint("office <> ''", name="office_named"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
