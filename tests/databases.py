"""Databases of SQLite that are ready: each is made once in a process, and copied, which is much quicker."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from travelrisk import resources
from travelrisk.services.ratings import records
from travelrisk.settings import Settings, load_settings
from travelrisk.store import schema
from travelrisk.wiring import build

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
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
