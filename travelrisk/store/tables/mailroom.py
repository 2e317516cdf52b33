"""Mails that came in, the answers to those that belong to no trip, and what travellers said about a trip."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

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

# Each message once. Its content is forgotten some time after it is settled: an itinerary in it is kept among
# the originals, and a message of a stranger decides nothing.
mails = Table(
    "mails",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("message_id", Text, nullable=False),  # as claimed; empty where there is none that can be used
    Column("sha256", Text, nullable=False),
    # Without the header, which grows on the way.
    Column("body_sha256", Findable("mails.body_sha256"), nullable=False),
    Column("name", Encrypted("mails.name"), nullable=False),
    Column("content", EncryptedBytes("mails.content")),
    Column("problem", Text, nullable=False),  # why it was not fetched whole; empty where it was
    Column("sender", Findable("mails.sender"), nullable=False),  # authenticated; empty for all others
    Column("arrived_at", Instant, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Encrypted("mails.reason"), nullable=False),
    Column("trip_id", WHOLE, ForeignKey("trips.id")),
    Column("admitted_at", Instant),  # since when it counts as one of its sender's answers
    Column("attempts", WHOLE, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lease_owner", Text),
    Column("settled_at", Instant),
    one_of("state", ("waiting", "leased", "done", "failed")),
    UniqueConstraint("message_id", "sha256"),
    Index(None, "state", "due_at"),
    Index(None, "sender", "admitted_at"),
    sqlite_strict=True,
)

answers = Table(
    "answers",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("mail_id", WHOLE, ForeignKey("mails.id"), nullable=False, index=True),
    Column("key", Text, nullable=False, unique=True),
    Column("edition", WHOLE),  # of the ratings that a verdict in it rests on; NULL = it holds none
    *delivery("answers"),
    Index(None, "state", "next_at"),
    sqlite_strict=True,
)

# What the contact of a trip wrote about it, for people to read.
notes = Table(
    "notes",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False, index=True),
    Column("mail_id", WHOLE, ForeignKey("mails.id"), nullable=False, unique=True),
    Column("author", Findable("notes.author"), nullable=False),
    Column("text", Encrypted("notes.text"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("letter_id", WHOLE),  # of the outbox, that it answers; NULL = was not kept
    Index(None, "at"),
    sqlite_strict=True,
)

# Answers to our questions and corrections, as a person stated them: an itinerary without an original was made
# of the one before it by these.
statements = Table(
    "statements",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("itinerary_id", WHOLE, ForeignKey("itineraries.id"), nullable=False, index=True),
    Column("mail_id", WHOLE, ForeignKey("mails.id"), index=True),  # NULL = on the page of the trip
    Column("code", Text, nullable=False),
    Column("segment", WHOLE),  # NULL = a line of the whole booking
    Column("text", Encrypted("statements.text"), nullable=False),  # the words that were in doubt
    Column("value", Encrypted("statements.value"), nullable=False),
    Column("at", Instant, nullable=False),
    # Who was signed in; empty = the traveller.
    Column("author", Encrypted("statements.author"), nullable=False),
    sqlite_strict=True,
)
