"""Databases of SQLite that are ready: each is made once in a process, and copied, which is much quicker."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, LargeBinary, Text, func, insert, make_url, select, type_coerce

from travelrisk import resources
from travelrisk.services.ratings import records
from travelrisk.settings import Settings, load_settings
from travelrisk.store import keyring, schema
from travelrisk.store.database import engine_for, reading, writing
from travelrisk.store.tables import METADATA, data_keys, trips
from travelrisk.store.tables.columns import Encrypted
from travelrisk.wiring import build

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SECRET = "tests: what is personal is encrypted"  # noqa: S105 - of tests
NAME = "travelrisk.db"
"""What the service calls its database in a folder of its own."""


def put_empty(path: Path) -> None:
    """Put a database with the tables of this version and no rows."""
    path.write_bytes(_empty())


def empty_in(folder: Path) -> str:
    """Put a database with the tables of this version into a folder, and give its URL."""
    put_empty(folder / NAME)
    return f"sqlite:///{folder / NAME}"


def put_rated(path: Path) -> None:
    """Put a database with the ratings of the demonstration, published on the evening of 23 Nov 2026."""
    path.write_bytes(_rated())


def encrypted(url: str, secret: str = SECRET) -> Engine:
    """Give an engine for a database that is encrypted from now on; with an empty secret it stays in clear.

    Nothing about anybody stands in it yet. So its key is only listed, as if all had been encrypted: thousands
    of tests begin with this.
    """
    engine = engine_for(url, secrets=[secret] if secret else [])
    if secret:
        listed = {"name": keyring.of(engine.dialect).own, "begun_at": EVENING, "finished_at": EVENING}
        with writing(engine) as c:
            assert c.scalar(select(func.count()).select_from(trips)) == 0
            c.execute(insert(data_keys).values(listed))
    return engine


def as_stolen(engine: Engine) -> str:
    """Return every text and all bytes of every table as they stand there, and all of the files of SQLite."""
    found: list[str | bytes] = []
    with reading(engine) as c:
        for column in (each for table in METADATA.sorted_tables for each in table.columns):
            kind = column.type.impl_instance if isinstance(column.type, Encrypted) else column.type
            if isinstance(kind, Text | LargeBinary):
                found += c.scalars(select(type_coerce(column, kind)).where(column.is_not(None)))
    words = (each if isinstance(each, str) else each.decode("latin-1") for each in found)
    return "\n".join((*words, *(each.decode("latin-1") for each in _files(engine))))


def _files(engine: Engine) -> Iterator[bytes]:
    """Give the content of the files of an SQLite database."""
    path = Path(engine.url.database or "")
    if engine.dialect.name == "sqlite":
        yield from (each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def rate(url: str) -> None:
    """Bring the ratings of the demonstration into a database with tables and no rows, on that evening."""
    file = make_url(url).database if url.startswith("sqlite") else None
    if file:
        put_rated(Path(file))
    else:
        _import(load_settings(database_url=url))


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        schema.upgrade(f"sqlite:///{path}")
        return path.read_bytes()


@cache
def _rated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        put_empty(path)
        _import(load_settings(data_dir=Path(folder)))
        return path.read_bytes()


def _import(settings: Settings) -> None:
    built = replace(build(settings), clock=lambda: EVENING)
    demonstration = resources.data("ratings", "demonstration.toml")
    records.import_records(built, demonstration, by="bob", signed_by="charlie")
    built.engine.dispose()
