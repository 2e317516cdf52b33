"""Engines and transactions: SQLite made fit for a service, PostgreSQL with limits on waiting.

SQLite's driver is told not to begin transactions: left alone it loses updates silently, and its newer mode
fails at once instead of waiting. So each transaction begins here, IMMEDIATE for writers and DEFERRED for
readers. WAL is switched on when the file is made (see ``schema``) and only verified on connecting, because
switching does not wait for other programs.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    StaticPool,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.sql.schema import Table

from travelrisk.domain.errors import StoreError
from travelrisk.store import keyring
from travelrisk.store.keyring import Keyring
from travelrisk.store.tables import data_keys
from travelrisk.store.troubles import CollisionError, named, plain_errors

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Answer = TypeVar("Answer")

_PATIENCE_S: Final = 10.0
_TRIES: Final = 5
_IN_MEMORY: Final = {None, "", ":memory:"}
_KEYS: Final = select(data_keys.c.name, data_keys.c.finished_at).order_by(data_keys.c.id.desc())
_SETTINGS: Final = (
    "foreign_keys=ON",
    "synchronous=FULL",  # a lost "sent" is a second letter, a lost advisory is a lost warning
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "recursive_triggers=ON",  # otherwise INSERT OR REPLACE deletes rows behind the back of their triggers
)


def engine_for(url: str, *, secrets: Sequence[str] = (), patience_s: float = _PATIENCE_S) -> Engine:
    """Return an engine for ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``; nothing is opened yet.

    Args:
        url: where the database is.
        secrets: what the keys are made from that open what is personal; see ``keyring.Keyring``.
        patience_s: how long to wait for a lock of somebody else, in seconds.

    Raises:
        StoreError: the URL cannot be read, names another kind of database, or psycopg is missing.
    """
    parsed = parsed_url(url)
    make = _sqlite_engine if parsed.get_backend_name() == "sqlite" else _postgres_engine
    engine = make(parsed, patience_s)
    _give_keys(engine, Keyring(secrets))
    return engine


def parsed_url(url: str) -> URL:
    """Take the URL of a database apart.

    Raises:
        StoreError: it cannot be read, or is neither SQLite nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None  # the error itself quotes the URL, with its password
    scheme = parsed.drivername.partition("+")[0] if parsed is not None else ""
    if parsed is None or scheme not in {"sqlite", "postgres", "postgresql"}:
        raise StoreError(
            "the database URL cannot be used: write sqlite:///FILE or postgresql://USER@HOST/NAME"
            " in TRAVELRISK_DATABASE_URL"
        )
    return parsed.set(drivername="sqlite" if scheme == "sqlite" else "postgresql+psycopg")


def in_memory(url: URL) -> bool:
    """Say whether this is an SQLite database without a file."""
    return url.get_backend_name() == "sqlite" and url.database in _IN_MEMORY


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that may write; commit at the end, undo everything on an error.

    Raises:
        StoreError: the database is missing, locked, outdated, or refuses a row.
        CollisionError: two transactions got in each other's way; ``transact`` tries again by itself.
    """
    with plain_errors(engine.url), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one unmoving state of the database and cannot write.

    Raises:
        StoreError: as ``writing``.
    """
    options: dict[str, Any] = {"begin": "DEFERRED"}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with plain_errors(engine.url), engine.connect() as plain:
        connection = plain.execution_options(**options)
        with connection.begin():
            yield connection


def transact(engine: Engine, work: Callable[[Connection], Answer]) -> Answer:
    """Do *work* in a writing transaction, from the beginning again where another transaction got in its way.

    Raises:
        StoreError: as ``writing``; CollisionError after five tries.
    """
    for past in range(1, _TRIES):
        try:
            with writing(engine) as connection:
                return work(connection)
        except CollisionError:
            time.sleep(random.uniform(0.005, 0.02) * 2**past)  # noqa: S311 - spreads rivals, hides nothing
    with writing(engine) as connection:
        return work(connection)


def serialise(connection: Connection, lock: int, *, shared: bool = False) -> None:
    """Wait until no other transaction holds *lock*, and keep it to the end of this one.

    SQLite needs none: there is never more than one writer.
    """
    if connection.dialect.name == "postgresql":
        take = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        connection.execute(select(take(lock)))


def insert_unless(dialect: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """Return an INSERT of the database's own dialect, which knows ON CONFLICT."""
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - only its own engine needs it

    return postgresql.insert(table)


def learn_keys(connection: Connection, ring: Keyring) -> None:
    """Tell a keyring which keys the database is encrypted with, and whether all of it is."""
    there = inspect(connection).has_table(data_keys.name)  # or an older version made the tables
    found = connection.execute(_KEYS).all() if there else ()
    ring.in_use = tuple(row.name for row in found)
    ring.is_whole = any(row.finished_at for row in found)


def _give_keys(engine: Engine, ring: Keyring) -> None:
    """Let each transaction begin with the key that the database is written with, until that is our own."""
    keyring.give(engine.dialect, ring)

    def begun(connection: Connection) -> None:
        if not ring.is_settled:
            learn_keys(connection, ring)

    event.listen(engine, "begin", begun)


def _sqlite_engine(url: URL, patience_s: float) -> Engine:
    memory = in_memory(url)
    # A file is opened for each transaction and never shared over a fork; memory lives only in its one
    # connection.
    pool: dict[str, Any] = {"poolclass": StaticPool if memory else NullPool}
    connect = {"timeout": patience_s, "check_same_thread": not memory}
    engine = create_engine(url, connect_args=connect, hide_parameters=True, **pool)

    def opening(*_: object) -> None:
        if not memory and not Path(url.database or "").is_file():
            raise StoreError(
                f"{named(url)} does not exist: run travelrisk db upgrade, which makes it; or check the path"
            )

    def opened(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we begin, not the driver
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        _verify(connection, url)

    def begun(connection: Connection) -> None:
        kind = connection.get_execution_options().get("begin", "IMMEDIATE")
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if kind == 'DEFERRED' else 'OFF'}")
        connection.exec_driver_sql(f"BEGIN {kind}")

    event.listen(engine, "do_connect", opening)
    event.listen(engine, "connect", opened)
    event.listen(engine, "begin", begun)
    return engine


def _verify(connection: sqlite3.Connection, url: URL) -> None:
    # A PRAGMA that is refused raises nothing; only the word it answers tells.
    journal = "memory" if in_memory(url) else "wal"
    for setting, wanted in (("journal_mode", journal), ("foreign_keys", 1), ("synchronous", 2)):
        answer = connection.execute(f"PRAGMA {setting}").fetchone()[0]
        if answer != wanted:
            raise StoreError(
                f"{named(url)} is not set up for a service ({setting} is {answer}, not {wanted}):"
                " run travelrisk db upgrade, and keep the file on a local disk"
            )


def _postgres_engine(url: URL, patience_s: float) -> Engine:
    milliseconds = int(patience_s * 1000)
    settings = {
        "lock_timeout": milliseconds,
        "statement_timeout": 30_000,
        "idle_in_transaction_session_timeout": 60_000,
        "synchronous_commit": "on",
        "timezone": "UTC",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    own = url.query.get("options", "")
    connect = {
        "connect_timeout": 5,
        "tcp_user_timeout": 5_000,
        "application_name": "travelrisk",
        "options": f"{options} {own if isinstance(own, str) else ' '.join(own)}".strip(),
    }
    try:
        return create_engine(
            url.difference_update_query(["options"]),
            connect_args=connect,
            hide_parameters=True,
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            pool_timeout=patience_s,
        )
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs psycopg: pip install 'travelrisk[postgres]'") from None
