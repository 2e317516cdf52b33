"""Who looked at whose trips, and why; what was erased; and drafts that outlive their documents."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, Instant, one_of

CAUSES: Final = ("request", "retention", "end")

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

# The one thing that lets the triggers of append-only tables give way, and only for what this row names: a
# trip, or documents (no trip). It works while it is unfinished, and no transaction can be committed that
# leaves it so: the 0 points at a row that cannot exist, and is looked for at the end.
erasures = Table(
    "erasures",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("trip_id", WHOLE, index=True),  # no foreign key: it outlives the trip
    Column("cause", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("audit_seq", WHOLE, ForeignKey("audit.seq"), nullable=False, unique=True),
    Column(
        "unfinished",
        WHOLE,
        ForeignKey("erasures.id", deferrable=True, initially="DEFERRED"),
    ),
    one_of("cause", CAUSES),
    CheckConstraint("id > 0", name="id_counts"),
    CheckConstraint("unfinished = 0", name="unfinished"),
    sqlite_strict=True,
)

# A document goes soon after it was read; this is what answers and corrections are put into from then on.
drafts = Table(
    "drafts",
    METADATA,
    Column("itinerary_id", WHOLE, ForeignKey("itineraries.id"), primary_key=True, autoincrement=False),
    Column("body", Encrypted("drafts.body"), nullable=False),
    sqlite_strict=True,
)
