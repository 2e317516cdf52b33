"""What every table is made of: the naming convention, and the types of columns both databases share."""

import re
from datetime import UTC, datetime
from typing import Any, Final

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
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

from travelrisk.store import keyring
from travelrisk.store.personal import ERASED, GONE

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


class Encrypted(TypeDecorator[Any]):
    """A text that stands encrypted wherever the engine has a key: nothing can be found by it.

    What is empty stays empty.

    Args:
        place: what the value is bound to: table and column, or one name for columns that are compared.
        erasable: what was erased out of it, and is about nobody, stands in clear: triggers look for it.
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text
    cache_ok = True
    findable = False
    is_binary = False

    def __init__(self, place: str, *, erasable: bool = False) -> None:
        super().__init__()
        self.place = place
        self.erasable = erasable

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any | None:  # noqa: ANN401 - text or bytes
        """Return what the driver is given."""
        return value if self._is_plain(value) else self.closed(keyring.of(dialect), value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:  # noqa: ANN401 - as above
        """Return what was written.

        Raises:
            EncryptedError: it cannot be opened.
        """
        return value if self._is_plain(value) else self.opened(keyring.of(dialect), value)

    def closed(self, ring: keyring.Keyring, value: Any) -> Any:  # noqa: ANN401 - as above
        """Encrypt a value with the key in use."""
        return ring.close_text(value, self.place, findable=self.findable)

    def opened(self, ring: keyring.Keyring, value: Any) -> Any:  # noqa: ANN401 - as above
        """Decrypt a value."""
        return ring.open_text(value, self.place, findable=self.findable)

    def renewed(self, ring: keyring.Keyring, value: Any | None) -> Any | None:  # noqa: ANN401 - as above
        """Return what is written in place of *value*, which was written in clear or with an older key."""
        return value if self._is_plain(value) else self.closed(ring, self.opened(ring, value))

    def _is_plain(self, value: Any | None) -> bool:  # noqa: ANN401 - as above
        """Say whether this is about nobody, and stands as it is: emptied, or erased."""
        if not value or self.is_binary:
            return not value
        return (self.erasable and value.startswith(ERASED)) or _ERASED_TEXT.fullmatch(value) is not None

    def coerce_compared_value(self, op: OperatorType | None, value: object) -> TypeEngine[Any]:  # noqa: ARG002 - SQLAlchemy gives it
        """Refuse what could find nothing, when the statement is built."""
        if self.findable and op in _EQUALITY:
            return self
        raise TypeError(f"{self.place} stands encrypted: it cannot be compared in the database")


class EncryptedBytes(Encrypted):
    """As ``Encrypted``, for bytes."""

    impl = LargeBinary
    cache_ok = True
    is_binary = True

    def closed(self, ring: keyring.Keyring, value: Any) -> Any:  # noqa: ANN401 - as above
        """Encrypt a value with the key in use."""
        return ring.close_bytes(bytes(value), self.place, findable=self.findable)

    def opened(self, ring: keyring.Keyring, value: Any) -> Any:  # noqa: ANN401 - as above
        """Decrypt a value."""
        return ring.open_bytes(bytes(value), self.place, findable=self.findable)


class Findable(Encrypted):
    """As ``Encrypted``, but equal texts stand as equal ones: found, joined and kept unique as a whole."""

    cache_ok = True
    findable = True


_ERASED_TEXT: Final = re.compile(rf"{GONE}[0-9]+", re.ASCII)
_EQUALITY: Final = frozenset({operators.eq, operators.ne, operators.in_op, operators.not_in_op})


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """Return a check that a column holds one of *words*."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


WHOLE: Final = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER PRIMARY KEY counts up by itself


def delivery(table: str) -> tuple[SchemaItem, ...]:
    """Return what the *table* of letters has: the letter as it will be sent, and how far it has come."""
    return (
        Column("letter", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("recipient", Findable(f"{table}.recipient"), nullable=False),
        Column("message_id", Text, nullable=False, unique=True),
        Column("body", EncryptedBytes(f"{table}.body"), nullable=False),
        Column("body_sha256", Encrypted(f"{table}.body_sha256"), nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", WHOLE, nullable=False),
        Column("ambiguous", WHOLE, nullable=False),
        Column("queued_at", Instant, nullable=False),
        Column("next_at", Instant, nullable=False),
        Column("lease_owner", Text),
        Column("lease_until", Instant),
        Column("data_started_at", Instant),
        Column("settled_at", Instant),
        Column("last_reply", Findable("reply"), nullable=False),
        one_of("state", STATES),
    )
