"""A database with tables, made anew for each test, on SQLite and on PostgreSQL, and encrypted."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.databases import encrypted


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give an engine for a database with empty tables; a test that takes it runs on both databases."""
    engine = encrypted(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def in_clear(database_url: str) -> Iterator[Engine]:
    """Give an engine for a database as it was before anything was encrypted, for older versions of it."""
    engine = encrypted(database_url, "")
    yield engine
    engine.dispose()
