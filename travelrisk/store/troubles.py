"""What the database drivers complain about, in plain words: what happened, and what to do about it.

Messages of the drivers are not passed on: PostgreSQL quotes the values of a refused row, and a value may be
somebody's address. For the same reason the original error is not kept as the cause.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from travelrisk.domain.errors import StoreError

_OUTDATED: Final = "does not have the tables this version of travelrisk needs: run travelrisk db upgrade"
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "is locked: another program has been writing for too long. Try again; if it stays,"
    " look for the program that keeps the file open",
    sqlite3.SQLITE_LOCKED: "is locked by this program itself: try again",
    sqlite3.SQLITE_READONLY: "cannot be written: give this user the right to write the file and its folder",
    sqlite3.SQLITE_IOERR: "could not be read or written by the disk: look at the disk, then try again",
    sqlite3.SQLITE_CORRUPT: "is damaged: stop the service, keep the file, and restore the newest backup",
    sqlite3.SQLITE_FULL: "could not be written, the disk is full: make room, then try again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that its folder exists and this user may write there",
    sqlite3.SQLITE_NOTADB: "is not an SQLite database: check the path in TRAVELRISK_DATABASE_URL",
    sqlite3.SQLITE_PERM: "may not be opened by this user: look at the rights of the file and its folder",
}
_POSTGRES: Final = {
    "42P01": _OUTDATED,
    "42703": _OUTDATED,
    "55P03": "is busy: another transaction kept a lock for too long. Try again",
    "57014": "took too long to answer: try again, and look at what else it is doing",
    "53100": "has a full disk: make room, then try again",
    "42501": "does not allow this to the user in TRAVELRISK_DATABASE_URL: grant the right, or use another",
    "25006": "was only opened for reading",
    "28P01": "refuses the password: check TRAVELRISK_DATABASE_URL",
    "3D000": "does not exist: create it, or check TRAVELRISK_DATABASE_URL",
}
_RAISED_BY_TRIGGER: Final = "P0001"
_COLLISIONS: Final = {"40001", "40P01"}


class CollisionError(StoreError):
    """Two transactions got in each other's way and this one was undone: begin again from the start."""


@contextmanager
def plain_errors(url: URL) -> Iterator[None]:
    """Turn whatever SQLAlchemy or a driver raises inside into a StoreError without values and passwords."""
    try:
        yield
    except DBAPIError as error:
        raise in_plain_words(url, error.orig) from None
    except sqlite3.Error as error:
        raise in_plain_words(url, error) from None
    except PoolTimeoutError:
        raise StoreError(f"{named(url)} has no free connection: try again in a moment") from None
    except SQLAlchemyError as error:
        raise StoreError(f"{named(url)} could not be asked ({type(error).__name__})") from None


def named(url: URL) -> str:
    """Name a database for people; user, password and options of the URL stay out."""
    if url.get_backend_name() == "sqlite":
        return f"the database {url.database or ':memory:'}"
    return f"the database {url.database or 'of this user'} on {url.host or 'this machine'}"


def in_plain_words(url: URL, error: BaseException | None) -> StoreError:
    """Return the StoreError that says what *error* of a driver means for whoever runs the service."""
    if isinstance(error, sqlite3.Error):
        return StoreError(f"{named(url)} {_of_sqlite(error)}")
    state = getattr(error, "sqlstate", None)
    if state in _COLLISIONS:
        return CollisionError(f"{named(url)} undid this transaction in favour of another one: try again")
    return StoreError(f"{named(url)} {_of_postgres(error, state)}")


def _of_sqlite(error: sqlite3.Error) -> str:
    # Errors of the driver itself have no code; the low byte is the family of SQLite's code.
    family = getattr(error, "sqlite_errorcode", 0) & 0xFF
    text = str(error)
    if "no such table" in text or "no such column" in text or "has no column" in text:
        return _OUTDATED
    if family == sqlite3.SQLITE_CONSTRAINT:
        return f"refused a row: {text}"  # names tables and columns, or is the sentence of a trigger
    return _SQLITE.get(family, f"could not do what was asked ({type(error).__name__}, code {family})")


def _of_postgres(error: Any, state: str | None) -> str:  # noqa: ANN401 - psycopg need not be installed
    if state is None:
        return "cannot be reached: check that PostgreSQL runs and that TRAVELRISK_DATABASE_URL is right"
    if state == _RAISED_BY_TRIGGER:
        return f"refused a row: {error.diag.message_primary}"
    if state.startswith("23"):
        return f"refused a row: {error.diag.constraint_name or error.diag.column_name or 'a constraint'}"
    if state.startswith(("08", "57P")):
        return "broke off the connection: check that PostgreSQL runs, then try again"
    return _POSTGRES.get(state, f"could not do what was asked ({type(error).__name__}, SQLSTATE {state})")
