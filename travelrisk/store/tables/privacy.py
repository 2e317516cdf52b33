"""Who looked at whose trips, and why."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant

# What somebody looked for is not kept: a name or a locator that was searched is personal itself.
lookups = Table(
    "lookups",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    CheckConstraint("purpose <> ''", name="purpose_named"),
    Index(None, "actor", "at"),
    Index(None, "at"),
    sqlite_strict=True,
)

lookup_trips = Table(
    "lookup_trips",
    METADATA,
    Column("lookup_id", WHOLE, ForeignKey("lookups.id"), primary_key=True, autoincrement=False),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), primary_key=True, autoincrement=False),
    Index(None, "trip_id", "lookup_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
