"""What a travel unit writes to the travellers that it found, the letters of it, and what was answered."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, Instant, delivery, one_of

# Itineraries with segments that no rule judges, and somebody may be on: flown ones, rail and bus.
# Its days are those of the whole itinerary; where one is not known, any day may be.
asides = Table(
    "asides",
    METADATA,
    Column("itinerary_id", WHOLE, ForeignKey("itineraries.id"), primary_key=True, autoincrement=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Index(None, "last_day", "first_day"),
    sqlite_strict=True,
)

# What was written, once for each form that was confirmed; the body holds it in up to three languages.
broadcasts = Table(
    "broadcasts",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("office", Text, nullable=False),
    Column("author", Text, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),  # until then "I am safe" may be answered
    Column("asks", WHOLE, nullable=False),  # 1 = it asks whether they are safe
    Column("body", Text, nullable=False),
    Index(None, "office", "id"),
    sqlite_strict=True,
)

# To exactly whom; *handled* is that somebody of the unit has reached them in another way.
broadcast_trips = Table(
    "broadcast_trips",
    METADATA,
    Column("broadcast_id", WHOLE, ForeignKey("broadcasts.id"), primary_key=True, autoincrement=False),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), primary_key=True, autoincrement=False),
    Column("people", WHOLE, nullable=False),
    Column("handled_at", Instant),
    Column("handled_by", Encrypted("broadcast_trips.handled_by")),
    Column("note", Encrypted("broadcast_trips.note")),
    Index(None, "trip_id", "broadcast_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# To the travellers, and to the unit where one of them asks for help. Of the token only its hash.
broadcast_letters = Table(
    "broadcast_letters",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("broadcast_id", WHOLE, ForeignKey("broadcasts.id"), nullable=False),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("token_sha256", Text, unique=True),
    *delivery("broadcast_letters"),
    UniqueConstraint("broadcast_id", "trip_id", "key"),
    Index(None, "state", "next_at"),
    Index(None, "trip_id"),
    sqlite_strict=True,
)

broadcast_answers = Table(
    "broadcast_answers",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("broadcast_id", WHOLE, ForeignKey("broadcasts.id"), nullable=False),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False),
    Column("answer", Text, nullable=False),
    Column("note", Encrypted("broadcast_answers.note"), nullable=False),
    Column("at", Instant, nullable=False),
    one_of("answer", ("safe", "help")),
    Index(None, "broadcast_id", "trip_id", "id"),
    Index(None, "trip_id"),
    sqlite_strict=True,
)
