"""Copies of an SQLite database: made while others write, checked before they count, put back as a whole.

A plain copy of the file misses what still stands in its log, or tears a transaction apart. Here the driver's
own backup reads one unmoving state, under a transaction, so that it need not begin anew whenever somebody
writes. It goes in both directions: what is put back replaces the old content in one transaction, which every
open program sees as a whole or not at all.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import URL

from travelrisk.domain.errors import BadInputError, StoreError
from travelrisk.store import audit
from travelrisk.store.database import engine_for, reading
from travelrisk.store.troubles import plain_errors

_PAGES: Final = 500  # two megabytes between two looks at the progress
_PATIENCE_S: Final = 30.0

Progress = Callable[[int, int], None]
"""Is told how many pages are done, and of how many."""


class Content(NamedTuple):
    """What a copy holds: how far its audit trail goes, and how large it is."""

    seq: int
    head: str
    size: int


def make(source: Path, target: Path, progress: Progress) -> Content:
    """Copy a database while others work in it, check the copy, and give it its name.

    Raises:
        BadInputError: there is a file of this name, or it cannot be written.
        StoreError: the database cannot be read, or the copy is not whole.
    """
    if target.exists():
        raise BadInputError(f"{target} exists already: give another name; no backup is ever overwritten")
    with draft_beside(target) as draft:
        copy(source, draft, progress)
        content = check(draft)
        with plain_errors(_url(draft)), closing(sqlite3.connect(draft)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # or nobody could read it on a read-only disk
        place_new(draft, target)
    return content


def copy(source: Path, target: Path, progress: Progress = lambda _done, _all: None) -> None:
    """Copy one unmoving state of *source* over whatever is in *target*, all of it or nothing.

    Raises:
        StoreError: one of the two cannot be read, or written.
    """
    with (
        plain_errors(_url(source)),
        closing(sqlite3.connect(_read_only(source), uri=True, timeout=_PATIENCE_S)) as old,
        closing(sqlite3.connect(target, timeout=_PATIENCE_S)) as new,
    ):
        old.isolation_level = None
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on this is what is seen
        old.backup(new, pages=_PAGES, progress=lambda _status, left, all_: progress(all_ - left, all_))


def check(path: Path) -> Content:
    """Look whether a copy of our own is whole: its pages, its links between rows, its audit trail.

    Raises:
        BadInputError: it is no database of this service, or it is damaged.
        StoreError: it cannot be read.
    """
    try:
        with plain_errors(_url(path)), closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")  # as whoever opens it next expects
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            strays = connection.execute("PRAGMA foreign_key_check").fetchone()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except StoreError:
        raise BadInputError(f"{path} is damaged, and is of no use as a backup: take another one") from None
    if said != "ok" or strays is not None:
        raise BadInputError(f"{path} is damaged, and is of no use as a backup: take another one")
    if not {"audit", "alembic_version", "outbox"} <= tables:
        raise BadInputError(f"{path} is an SQLite file, but none of travelrisk: name one that backup made")
    return _trail(path)


def place_new(draft: Path, target: Path) -> None:
    """Give a finished file its name, unless the name is taken by now."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise BadInputError(f"{target} exists already: give another name") from None
    except OSError:  # a file system without hard links
        draft.rename(target)


@contextmanager
def draft_beside(target: Path) -> Iterator[Path]:
    """Give a place on the same disk that is cleared away, whatever happens."""
    try:
        with tempfile.TemporaryDirectory(prefix=".travelrisk-copy-", dir=target.absolute().parent) as apart:
            draft = Path(apart) / target.name
            draft.touch(mode=0o600)  # it says who is where when
            yield draft
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadInputError(f"{target} cannot be written ({reason}): let this user write there") from None


def _trail(path: Path) -> Content:
    engine = engine_for(str(_url(path)))
    try:
        with reading(engine) as c:
            chain = audit.verify(c)
    finally:
        engine.dispose()
    if not chain.ok:
        raise BadInputError(
            f"{path}: its audit trail is broken at entry {chain.broken_at}: take another backup, and keep"
            " this one for whoever looks into it"
        )
    return Content(chain.entries, chain.head, path.stat().st_size)


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def _url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))
