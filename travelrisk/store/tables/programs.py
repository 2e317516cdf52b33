"""Programs and their keys, how often each called, and what was answered under which idempotency key."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from travelrisk.domain.programs import Kind, Sight
from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, EncryptedBytes, Instant, one_of

# Of a key there is only its HMAC, made with a secret that is not in the database.
programs = Table(
    "programs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sight", Text, nullable=False),
    Column("calls_a_day", WHOLE, nullable=False),
    Column("key_hmac", Text, nullable=False),
    Column("old_hmac", Text),
    Column("old_until", Instant),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    one_of("kind", tuple(Kind)),
    one_of("sight", tuple(Sight)),
    CheckConstraint("office <> ''", name="office_named"),
    CheckConstraint("(old_hmac IS NULL) = (old_until IS NULL)", name="old_ends"),
    sqlite_strict=True,
)

# Those of the organisation's own tokens are counted too, so that this leans on no row of programs.
program_calls = Table(
    "program_calls",
    METADATA,
    Column("program_id", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("calls", WHOLE, nullable=False),
    Index(None, "day"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# status NULL = somebody is at it since *begun_at*.
program_answers = Table(
    "program_answers",
    METADATA,
    Column("actor", Text, primary_key=True),
    Column("key_sha256", Text, primary_key=True),
    Column("request_sha256", Encrypted("program_answers.request_sha256"), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("status", WHOLE),
    Column("body", EncryptedBytes("program_answers.body")),
    CheckConstraint("(status IS NULL) = (body IS NULL)", name="answered_whole"),
    Index(None, "begun_at"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
