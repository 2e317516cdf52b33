"""Making the tables and bringing them up to date, from the migrations that ship with the package."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, Connection, Engine, inspect, text

from travelrisk.domain.errors import StoreError
from travelrisk.store.database import engine_for, in_memory, parsed_url, reading, serialise
from travelrisk.store.troubles import named, plain_errors

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0039"  # the newest revision; known without loading Alembic, which takes a tenth of a second
_LOCK: Final = 0x7452_0003
_PATIENCE_S: Final = 10.0


def upgrade(url: str, secrets: Sequence[str] = ()) -> None:
    """Make an absent SQLite file, and bring the tables up to date; harmless when repeated.

    A new file appears under its name only when it is complete, so that nobody opens half a database.

    Args:
        url: where the database is.
        secrets: what opens it where it is encrypted, as for ``engine_for``.

    Raises:
        StoreError: the folder is missing, the database cannot be reached or written, or a newer version made
        it.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() != "sqlite":
        _migrate(url, secrets)
        return
    if in_memory(parsed):
        raise StoreError("a database in memory is gone when it is closed: give a file, sqlite:///FILE")
    path = Path(parsed.database or "")
    if path.exists():
        with plain_errors(parsed):
            _switch_to_wal(path)
        _migrate(url, secrets)
    else:
        _create(parsed, path)


def is_current(engine: Engine) -> bool:
    """Say whether the tables are those of this version.

    Raises:
        StoreError: the database cannot be opened.
    """
    with reading(engine) as connection:
        return _revisions(connection) == [HEAD]


def ensure(url: str) -> None:
    """Make an absent SQLite file; refuse any other database whose tables are not those of this version.

    Raises:
        StoreError: what is missing, and which command mends it.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        upgrade(url)
    else:
        check(url)


def check(url: str) -> None:
    """Refuse a database that is not there, or whose tables are not those of this version; make nothing.

    Raises:
        StoreError: what is missing, and which command mends it.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite" and not in_memory(parsed):
        _folder_of(Path(parsed.database or ""))
    with _engine(url) as engine:
        if not is_current(engine):
            raise StoreError(
                f"{named(parsed)} does not have the tables of this version: run travelrisk db upgrade"
            )


def alembic_config(connection: Connection) -> "Config":
    """Return what Alembic's commands need to work on this connection, from any folder."""
    from alembic.config import Config  # noqa: PLC0415 - only migrations need Alembic, and it is slow to load

    config = Config()
    config.set_main_option("script_location", "travelrisk.store:migrations")
    config.attributes["connection"] = connection
    return config


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction for migrations: no time limit, foreign keys not enforced.

    SQLite's batch mode copies a table and drops the old one; with foreign keys enforced that deletes the rows
    that point at it. The keys can only be switched off before the transaction, and are checked at its end.

    Raises:
        StoreError: rows point at nothing afterwards; everything is undone.
    """
    with plain_errors(engine.url), engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not is_sqlite:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            serialise(connection, _LOCK)
            yield connection
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise StoreError("the migration would leave rows that point at nothing; it was undone")


def _migrate(url: str, secrets: Sequence[str] = ()) -> None:
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    from travelrisk.store import segments  # noqa: PLC0415 - only a migration reads what is stored

    with _engine(url, secrets) as engine, migrating(engine) as connection:
        if _revisions(connection) == [HEAD]:
            return
        try:
            command.upgrade(alembic_config(connection), "head")
        except CommandError:
            raise StoreError(
                f"{named(engine.url)} was made by a newer version: install that version of travelrisk"
            ) from None
        segments.fill(connection)  # an older version stored itineraries that no index finds


def _revisions(connection: Connection) -> list[str]:
    if not inspect(connection).has_table("alembic_version"):
        return []
    return list(connection.scalars(text("SELECT version_num FROM alembic_version")))


def _create(url: URL, path: Path) -> None:
    folder = _folder_of(path)
    try:
        with tempfile.TemporaryDirectory(prefix=".travelrisk-new-", dir=folder) as apart:
            draft = Path(apart) / path.name
            draft.touch(
                mode=0o600
            )  # itineraries say who is where when: nobody else on this machine reads them
            with plain_errors(url):
                _switch_to_wal(draft)
            _migrate(str(URL.create("sqlite", database=str(draft))))
            _place(draft, path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"{named(url)} cannot be created ({reason}): let this user write in {folder}"
        ) from None


def _folder_of(path: Path) -> Path:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise StoreError(
            f"the folder {folder} does not exist: create it, or set another place in TRAVELRISK_DATABASE_URL"
        )
    return folder


def _place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # somebody else was faster, and theirs is as good
    except OSError:
        draft.rename(path)  # a file system without hard links


def _switch_to_wal(path: Path) -> None:
    # Switching ignores the busy timeout, so that it has to be tried again here.
    give_up_at = time.monotonic() + _PATIENCE_S
    while True:
        connection = sqlite3.connect(path, timeout=_PATIENCE_S)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()


@contextmanager
def _engine(url: str, secrets: Sequence[str] = ()) -> Iterator[Engine]:
    engine = engine_for(url, secrets=secrets)
    try:
        yield engine
    finally:
        engine.dispose()
