"""People, their sessions and delegations; proposals, signatures and steps; what the work queue remembers."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from travelrisk.domain.proposals import Status
from travelrisk.domain.signoffs import Weight
from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, EncryptedBytes, Instant, one_of

MARKS: Final = ("reviewed", "reopened")
NOTICES: Final = ("fact", "correction", "safety_report")

people = Table(
    "people",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False, unique=True),
    Column("roles", Text, nullable=False),  # in alphabetical order, a blank between them
    Column("unit", Text, nullable=False),
    Column("is_active", WHOLE, nullable=False),
    Column("is_machine", WHOLE, nullable=False),
    Column("password", Text),  # argon2id; NULL = signs in elsewhere
    Column("subject", Text, unique=True),  # issuer and subject of the organisation's own sign-in
    Column("created_at", Instant, nullable=False),
    Column("looked_at", Instant),
    Column("language", Text),  # of letters; NULL = that of the settings
    sqlite_strict=True,
)

# Passwords that an administrator made: good for choosing another one, and for nothing after their day.
given_passwords = Table(
    "given_passwords",
    METADATA,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("until", Instant, nullable=False),
    sqlite_strict=True,
)

# Roles that give power wait here for a second administrator; decided by nobody = still waiting.
role_requests = Table(
    "role_requests",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False, index=True),
    Column("roles", Text, nullable=False),
    Column("asked_by", Text, ForeignKey("people.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", Text),  # of the desk, or the terminal
    Column("decided_at", Instant),
    Column("is_granted", WHOLE),
    CheckConstraint(
        "is_granted IS NULL OR is_granted = 0 OR (decided_by IS NOT NULL AND decided_by <> asked_by"
        " AND decided_by <> person_id)",
        name="granted_by_somebody_else",
    ),
    sqlite_strict=True,
)

sessions = Table(
    "sessions",
    METADATA,
    Column("token_sha256", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False, index=True),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("note", Encrypted("sessions.note")),
    Column("note_for", Encrypted("sessions.note_for")),
    sqlite_strict=True,
)

# Attempts that failed, by hash of the address typed in: enough to slow a guesser down, and no list of people.
sign_ins = Table(
    "sign_ins",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("key_sha256", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "key_sha256", "at"),
    sqlite_strict=True,
)

delegations = Table(
    "delegations",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("focal_point", Text, ForeignKey("people.id"), nullable=False),
    Column("alternate", Text, ForeignKey("people.id"), nullable=False, index=True),
    Column("valid_from", Text, nullable=False),
    Column("valid_until", Text, nullable=False),
    Column("made_by", Text, ForeignKey("people.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("valid_until >= valid_from", name="ends_after_it_begins"),
    CheckConstraint("alternate <> focal_point", name="two_people"),
    sqlite_strict=True,
)

proposals = Table(
    "proposals",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("author", Text, ForeignKey("people.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("weight", Text, nullable=False),
    Column("is_urgent", WHOLE, nullable=False),
    Column("body", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("base_edition", WHOLE, nullable=False),
    Column("version", WHOLE, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("edition", WHOLE, ForeignKey("editions.number")),
    Column("countersign_by", Instant),
    Column("countersigned_at", Instant),
    one_of("status", tuple(status.value for status in Status)),
    one_of("weight", tuple(weight.value for weight in Weight)),
    UniqueConstraint("id", "author"),
    Index(None, "status", "updated_at"),
    sqlite_strict=True,
)

# Who signs is never who wrote it: the author stands in the row, so that a constraint can say so.
signatures = Table(
    "signatures",
    METADATA,
    Column("proposal_id", WHOLE, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("author", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("base_edition", WHOLE, nullable=False),
    Column("at", Instant, nullable=False),
    ForeignKeyConstraint(["proposal_id", "author"], ["proposals.id", "proposals.author"]),
    CheckConstraint("person_id <> author", name="signed_by_somebody_else"),
    sqlite_strict=True,
)

steps = Table(
    "steps",
    METADATA,
    Column("proposal_id", WHOLE, ForeignKey("proposals.id"), primary_key=True),
    Column("seq", WHOLE, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("move", Text, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_strict=True,
)

# How many must sign; the newest row holds, and only a published proposal makes another one.
requirements = Table(
    "requirements",
    METADATA,
    Column("number", WHOLE, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("proposal_id", WHOLE, ForeignKey("proposals.id"), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    sqlite_strict=True,
)

# Apart from the originals of itineraries: whoever may open evidence must not reach a booking by its hash.
evidence_files = Table(
    "evidence_files",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("kept_by", Text, ForeignKey("people.id"), nullable=False),
    Column("kept_at", Instant, nullable=False),
    sqlite_strict=True,
)

# What somebody decided about an item of the work queue; it opens again when its fingerprint has changed.
marks = Table(
    "marks",
    METADATA,
    Column("item", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    one_of("state", MARKS),
    sqlite_strict=True,
)

# What reached the desk from outside: facts of public feeds, corrections of airlines, safety reports.
notices = Table(
    "notices",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("received_at", Instant, nullable=False),
    one_of("kind", NOTICES),
    sqlite_strict=True,
)

# The table that somebody brought in and has not decided on yet: one a person, and for some hours only.
uploads = Table(
    "uploads",
    METADATA,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("name", Encrypted("uploads.name"), nullable=False),
    Column("content", EncryptedBytes("uploads.content"), nullable=False),
    Column("kept_at", Instant, nullable=False, index=True),
    sqlite_strict=True,
)
