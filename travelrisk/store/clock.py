"""The time of the database server, for when several machines work on one database.

A worker whose own clock is ahead would take letters and jobs from others that still have them. So where there
is a server, its clock counts: it is asked once a minute, and in between counted on by a clock that nobody can
set.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine, func, select

from travelrisk.domain.errors import StoreError
from travelrisk.logs import logger
from travelrisk.store.database import reading

_ASKED_EVERY_S: Final = 60.0


def clock_for(engine: Engine, own: Callable[[], datetime]) -> Callable[[], datetime]:
    """Return the clock of the database where it has one, and that of this machine, *own*, for SQLite."""
    return ServerClock(engine, own) if engine.dialect.name == "postgresql" else own


class ServerClock:
    """Tells the aware time of a PostgreSQL server; while it cannot be asked, what it would say by now."""

    def __init__(self, engine: Engine, own: Callable[[], datetime]) -> None:
        self._engine = engine
        self._own = own
        self._lock = threading.Lock()
        self._told: tuple[datetime, float] | None = None  # its time, and when it said so

    def __call__(self) -> datetime:
        """Return the time; that of this machine where the server has never answered."""
        with self._lock:
            if self._told is None or time.monotonic() - self._told[1] > _ASKED_EVERY_S:
                self._ask()
            if self._told is None:
                return self._own()
            at, when = self._told
            return at + timedelta(seconds=time.monotonic() - when)

    def _ask(self) -> None:
        try:
            with reading(self._engine) as c:
                at = c.execute(select(func.clock_timestamp())).scalar_one().astimezone(UTC)
        except StoreError as error:
            logger().warning("clock.not_told", reason=str(error))
            if self._told is not None:  # and is asked again in a minute, not by each caller
                past = timedelta(seconds=time.monotonic() - self._told[1])
                self._told = (self._told[0] + past, time.monotonic())
        else:
            self._told = (at, time.monotonic())
