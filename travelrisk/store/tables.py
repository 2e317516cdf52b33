"""Every table, in the order in which they lean on one another.

SQLite's tables are STRICT, so each column is an INTEGER, a TEXT or a BLOB there. What is looked up has a
column; the rest of a value stands in ``body`` as canonical JSON (see ``shapes``). The triggers that keep
tables append-only are listed in ``triggers``.
"""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from travelrisk.domain.verdicts import Verdict

METADATA: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
STATES: Final = ("queued", "leased", "sent", "superseded", "dead", "hold")


class Instant(TypeDecorator[datetime]):
    """An aware time in UTC; naive ones are refused. SQLite keeps text of fixed width, so that it sorts."""

    impl = DateTime(timezone=True).with_variant(Text(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Return what the driver is given."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be kept")
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy gives it
        """Return the time in UTC."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


_WHOLE = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER PRIMARY KEY counts up by itself
_VERDICTS = tuple(verdict.word for verdict in Verdict)

audit = Table(
    "audit",
    METADATA,
    Column("seq", _WHOLE, primary_key=True, autoincrement=False),
    Column("prev_hash", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    sqlite_strict=True,
)

editions = Table(
    "editions",
    METADATA,
    Column("number", _WHOLE, primary_key=True, autoincrement=False),
    Column("published_at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("audit_seq", _WHOLE, ForeignKey("audit.seq"), nullable=False, unique=True),
    sqlite_strict=True,
)

# Ratings, cautions and known services: one table, because an id names one row among all three.
records = Table(
    "records",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("opened_in", _WHOLE, ForeignKey("editions.number"), nullable=False),
    Column("closed_in", _WHOLE, ForeignKey("editions.number")),
    _one_of("record", ("rating", "caution", "service")),
    CheckConstraint("closed_in > opened_in", name="closed_after_opened"),
    Index(None, "subject"),
    sqlite_strict=True,
)

originals = Table(
    "originals",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
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
    Column("id", _WHOLE, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("token", Text, nullable=False),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("contact", Text, nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    sqlite_strict=True,
)

itineraries = Table(
    "itineraries",
    METADATA,
    Column("id", _WHOLE, primary_key=True),
    Column("trip_id", _WHOLE, ForeignKey("trips.id"), nullable=False, index=True),
    Column("original", Text, ForeignKey("originals.sha256")),
    Column("position", _WHOLE, nullable=False),
    Column("content_sha256", Text, nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    # The same reading of the same place in the same file arrives once, whoever sends it again.
    UniqueConstraint("original", "position", "content_sha256"),
    sqlite_strict=True,
)

advisories = Table(
    "advisories",
    METADATA,
    Column("id", _WHOLE, primary_key=True),
    Column("trip_id", _WHOLE, ForeignKey("trips.id"), nullable=False),
    Column("itinerary_id", _WHOLE, ForeignKey("itineraries.id"), nullable=False, index=True),
    Column("policy_sha256", Text, ForeignKey("policies.sha256"), nullable=False),
    Column("audit_seq", _WHOLE, ForeignKey("audit.seq"), nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("body", Text, nullable=False),
    _one_of("verdict", _VERDICTS),
    Index(None, "trip_id", "id"),
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", _WHOLE, primary_key=True),
    Column("trip_id", _WHOLE, ForeignKey("trips.id"), nullable=False),
    Column("advisory_id", _WHOLE, ForeignKey("advisories.id"), nullable=False),
    Column("letter", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
    Column("body_sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", _WHOLE, nullable=False),
    Column("ambiguous", _WHOLE, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("data_started_at", Instant),
    Column("settled_at", Instant),
    Column("last_reply", Text, nullable=False),
    _one_of("state", STATES),
    UniqueConstraint("advisory_id", "letter", "recipient"),
    Index(None, "state", "next_at"),
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
