"""A table between two steps of an import: one a person, for whoever brought it, and for a day."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from tests.store.samples import NOON
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Person
from travelrisk.store import people, uploads
from travelrisk.store.database import engine_for, reading, writing
from travelrisk.store.tables import uploads as table

ALMOST = uploads.KEPT_FOR - timedelta(microseconds=1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Give a database with two people."""
    engine = engine_for(database_url)
    with writing(engine) as c:
        for name in ("alice", "bob"):
            people.add(c, Person(name, name.title(), f"{name}@example.org", frozenset()), at=NOON)
    yield engine
    engine.dispose()


def rows(engine: Engine) -> int:
    with reading(engine) as c:
        return c.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_comes_back_to_the_byte_and_to_nobody_else(engine: Engine) -> None:
    content = bytes(range(256))
    with writing(engine) as c:
        sha256 = uploads.keep(c, "alice", "t.csv", content, NOON)
    with reading(engine) as c:
        kept = uploads.load(c, "alice", sha256, NOON + ALMOST)
        assert (kept.name, kept.content, kept.until) == ("t.csv", content, NOON + uploads.KEPT_FOR)
        assert uploads.of_person(c, "bob", NOON) is None
        for person, number in (("bob", sha256), ("alice", "0" * 64)):
            with pytest.raises(NotFoundError, match="bring it in again"):
                uploads.load(c, person, number, NOON)


def test_the_next_file_of_a_person_takes_the_place_of_the_last_one(engine: Engine) -> None:
    with writing(engine) as c:
        first = uploads.keep(c, "alice", "one.csv", b"one", NOON)
        uploads.keep(c, "alice", "two.csv", b"two", NOON)
        uploads.keep(c, "bob", "one.csv", b"one", NOON)
        with pytest.raises(NotFoundError):
            uploads.load(c, "alice", first, NOON)
        assert uploads.load(c, "bob", first, NOON).name == "one.csv"
    assert rows(engine) == 2


def test_after_its_time_a_file_is_gone_and_then_forgotten(engine: Engine) -> None:
    with writing(engine) as c:
        sha256 = uploads.keep(c, "alice", "t.csv", b"one", NOON)
        with pytest.raises(NotFoundError):
            uploads.load(c, "alice", sha256, NOON + uploads.KEPT_FOR)
        assert uploads.forget_old(c, NOON + ALMOST) == 0
        uploads.keep(c, "bob", "t.csv", b"two", NOON + uploads.KEPT_FOR)
    assert rows(engine) == 1


def test_a_file_that_was_decided_on_is_forgotten(engine: Engine) -> None:
    with writing(engine) as c:
        uploads.keep(c, "alice", "t.csv", b"one", NOON)
        uploads.forget(c, "alice")
    assert rows(engine) == 0
