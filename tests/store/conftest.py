"""A database with tables, made anew for each test, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from travelrisk.store.database import engine_for


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give an engine for a database with empty tables; a test that takes it runs on both databases."""
    engine = engine_for(database_url)
    yield engine
    engine.dispose()
