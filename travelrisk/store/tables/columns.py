"""What every table is made of: the naming convention, and the types of columns both databases share."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.schema import SchemaItem

STATES: Final = ("queued", "leased", "sent", "superseded", "dead", "hold")

METADATA: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


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


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """Return a check that a column holds one of *words*."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


WHOLE: Final = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER PRIMARY KEY counts up by itself


def delivery() -> tuple[SchemaItem, ...]:
    """Return what every table of letters has: the letter as it will be sent, and how far it has come."""
    return (
        Column("letter", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("recipient", Text, nullable=False),
        Column("message_id", Text, nullable=False, unique=True),
        Column("body", LargeBinary, nullable=False),
        Column("body_sha256", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", WHOLE, nullable=False),
        Column("ambiguous", WHOLE, nullable=False),
        Column("queued_at", Instant, nullable=False),
        Column("next_at", Instant, nullable=False),
        Column("lease_owner", Text),
        Column("lease_until", Instant),
        Column("data_started_at", Instant),
        Column("settled_at", Instant),
        Column("last_reply", Text, nullable=False),
        one_of("state", STATES),
    )
