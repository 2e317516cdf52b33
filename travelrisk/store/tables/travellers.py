"""What a traveller decides on the page of a trip: that it is off, and whether there is a calendar of all."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from travelrisk.store.tables.columns import METADATA, WHOLE, Findable, Instant, delivery

# A trip is cancelled as long as it has a row that nobody has taken back.
cancellations = Table(
    "cancellations",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("taken_back_at", Instant),
    Index(
        "uq_cancellations_open_trip_id",
        "trip_id",
        unique=True,
        sqlite_where=text("taken_back_at IS NULL"),
        postgresql_where=text("taken_back_at IS NULL"),
    ),
    sqlite_strict=True,
)

# One a contact: of the token only its hash, for it is known to whoever got it by mail.
calendars = Table(
    "calendars",
    METADATA,
    Column("contact", Findable("contact"), primary_key=True),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    sqlite_strict=True,
)

# The letters with such a token. Not in the outbox: what tells no answer makes up for no warning there.
calendar_letters = Table(
    "calendar_letters",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("token_sha256", Text, nullable=False, unique=True),
    *delivery("calendar_letters"),
    Index(None, "state", "next_at"),
    Index(None, "recipient", "queued_at"),
    sqlite_strict=True,
)
