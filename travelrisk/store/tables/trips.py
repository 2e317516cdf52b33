"""The trail, editions and their records, documents, trips, advisories and letters."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from travelrisk.domain.verdicts import Verdict
from travelrisk.store.tables.columns import (
    METADATA,
    WHOLE,
    Encrypted,
    EncryptedBytes,
    Findable,
    Instant,
    delivery,
    one_of,
)

_VERDICTS = tuple(verdict.word for verdict in Verdict)

audit = Table(
    "audit",
    METADATA,
    Column("seq", WHOLE, primary_key=True, autoincrement=False),
    Column("prev_hash", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    sqlite_strict=True,
)

editions = Table(
    "editions",
    METADATA,
    Column("number", WHOLE, primary_key=True, autoincrement=False),
    Column("published_at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("audit_seq", WHOLE, ForeignKey("audit.seq"), nullable=False, unique=True),
    sqlite_strict=True,
)

# Ratings, cautions, known services, authorisations, airspaces: one table, because an id names one row of all.
records = Table(
    "records",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("opened_in", WHOLE, ForeignKey("editions.number"), nullable=False),
    Column("closed_in", WHOLE, ForeignKey("editions.number")),
    one_of("record", ("rating", "caution", "service", "authorisation", "airspace")),
    CheckConstraint("closed_in > opened_in", name="closed_after_opened"),
    Index(None, "subject"),
    sqlite_strict=True,
)

originals = Table(
    "originals",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("content", EncryptedBytes("originals.content"), nullable=False),
    Column("name", Encrypted("originals.name"), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
    sqlite_strict=True,
)

policies = Table(
    "policies",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
    sqlite_strict=True,
)

trips = Table(
    "trips",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("token", Encrypted("trips.token"), nullable=False),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("contact", Findable("contact"), nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("office", Text, nullable=False, index=True),
    # Where a warning goes that the first one did not take; NULL = nowhere.
    Column("second_contact", Findable("trips.second_contact")),
    sqlite_strict=True,
)

itineraries = Table(
    "itineraries",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False, index=True),
    Column("original", Text, ForeignKey("originals.sha256")),
    Column("position", WHOLE, nullable=False),
    Column("content_sha256", Findable("itineraries.content_sha256"), nullable=False, index=True),
    Column("body", Encrypted("itineraries.body", erasable=True), nullable=False),
    Column("added_at", Instant, nullable=False, index=True),
    # The same reading of the same place in the same file arrives once, whoever sends it again.
    UniqueConstraint("original", "position", "content_sha256"),
    sqlite_strict=True,
)

# The inverted index: of each trip the newest itinerary only, one row for each carrier, airport and pair that
# it may touch, however often. No name, no locator. Its index holds the whole row: nothing else is counted.
touches = Table(
    "touches",
    METADATA,
    Column("itinerary_id", WHOLE, ForeignKey("itineraries.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Index(None, "kind", "code", "last_day", "first_day", "itinerary_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Who flies a pair, as the segments of the same itineraries say it.
segments = Table(
    "segments",
    METADATA,
    Column("itinerary_id", WHOLE, ForeignKey("itineraries.id"), primary_key=True),
    Column("seq", WHOLE, primary_key=True, autoincrement=False),
    Column("first_day", Text, nullable=False),
    Column("operating", Text, nullable=False),
    Column("pair", Text, nullable=False),
    Index(None, "pair", "operating", "first_day", "itinerary_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The flights on which the same itineraries may be, to find those who travel together.
flights = Table(
    "flights",
    METADATA,
    Column("itinerary_id", WHOLE, ForeignKey("itineraries.id"), primary_key=True, autoincrement=False),
    Column("flight", Text, primary_key=True),
    Index(None, "flight", "itinerary_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

advisories = Table(
    "advisories",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False),
    Column("itinerary_id", WHOLE, ForeignKey("itineraries.id"), nullable=False, index=True),
    Column("policy_sha256", Text, ForeignKey("policies.sha256"), nullable=False),
    Column("audit_seq", WHOLE, ForeignKey("audit.seq"), nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("body", Encrypted("advisories.body", erasable=True), nullable=False),
    # How many were counted on its flights; NULL = nobody was.
    Column("aboard", Encrypted("advisories.aboard")),
    one_of("verdict", _VERDICTS),
    Index(None, "trip_id", "id"),
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False),
    Column("advisory_id", WHOLE, ForeignKey("advisories.id"), nullable=False),
    *delivery("outbox"),
    UniqueConstraint("advisory_id", "letter", "recipient"),
    Index(None, "state", "next_at"),
    Index(None, "queued_at"),
    Index(None, "trip_id", "state"),  # with trip_id alone SQLite would read all that is queued
    # The last word on "one letter of a trip at a time": a sub-query does not see a claim not yet committed.
    Index(
        "uq_outbox_leased_trip_id",
        "trip_id",
        unique=True,
        sqlite_where=text("state = 'leased'"),
        postgresql_where=text("state = 'leased'"),
    ),
    sqlite_strict=True,
)

heartbeats = Table(
    "heartbeats",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("seen_at", Instant, nullable=False),
    sqlite_strict=True,
)
