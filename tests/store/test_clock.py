"""The clock of the database server: for workers on several machines, whatever theirs say."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from travelrisk.store import clock as clocks
from travelrisk.store.clock import ServerClock, clock_for
from travelrisk.store.database import engine_for

WRONG = datetime(2031, 1, 1, tzinfo=UTC)


def wrong() -> datetime:
    return WRONG


@pytest.mark.threat(50)
def test_where_there_is_a_server_its_clock_counts(engine: Engine) -> None:
    told = clock_for(engine, wrong)()
    if engine.dialect.name == "sqlite":
        assert told == WRONG
    else:
        assert told.utcoffset() == timedelta(0)
        assert abs(told - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.postgres
def test_a_server_that_cannot_be_asked_any_more_is_counted_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "sqlite":
        engine = engine_for("postgresql://nobody@127.0.0.1:1/nowhere")
        assert ServerClock(engine, wrong)() == WRONG
        return
    clock = ServerClock(engine, wrong)
    first = clock()
    monkeypatch.setattr(clocks, "_ASKED_EVERY_S", 0.0)
    monkeypatch.setattr(clock, "_engine", engine_for("postgresql://nobody@127.0.0.1:1/nowhere"))
    again = clock()
    assert first <= again <= first + timedelta(seconds=10)
