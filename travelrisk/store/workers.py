"""Which workers are there, and how each job went last."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, case, delete, func, select

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import runs, workers

_FORGOTTEN_AFTER: Final = timedelta(days=1)
_LONGEST: Final = 300


class Seen(NamedTuple):
    """A worker, since when it works, and when it was last seen."""

    name: str
    started_at: datetime
    seen_at: datetime


class Run(NamedTuple):
    """How a job went last.

    Attributes:
        next_at: when it is due again.
        did: what it did, in a few words; of the last run that went well.
        failing_since: when it began to fail; None = it went well. reason: why it failed.
    """

    job: str
    worker: str
    began_at: datetime
    took_ms: int
    next_at: datetime
    did: str
    failing_since: datetime | None = None
    reason: str = ""


def beat(c: Connection, name: str, started_at: datetime, at: datetime) -> None:
    """Note that a worker is there, and forget those that have not been for a day."""
    row = {"name": name, "started_at": started_at, "seen_at": at}
    statement = insert_unless(c.dialect.name, workers).values(row)
    c.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"seen_at": at}))
    c.execute(delete(workers).where(workers.c.seen_at < at - _FORGOTTEN_AFTER))


def leave(c: Connection, name: str) -> None:
    """Note that a worker has ended in order."""
    c.execute(delete(workers).where(workers.c.name == name))


def seen(c: Connection) -> tuple[Seen, ...]:
    """Return the workers, the one seen last first."""
    found = c.execute(select(workers).order_by(workers.c.seen_at.desc(), workers.c.name))
    return tuple(Seen(*row) for row in found)


def note(c: Connection, run: Run) -> None:
    """Note how a job went; where it failed before too, since when stays."""
    row = {**run._asdict(), "did": run.did[:_LONGEST], "reason": run.reason[:_LONGEST]}
    statement = insert_unless(c.dialect.name, runs).values(row)
    new = statement.excluded
    since = case(
        (new.failing_since.is_(None), None), else_=func.coalesce(runs.c.failing_since, new.failing_since)
    )
    did = case((new.failing_since.is_(None), new.did), else_=runs.c.did)
    changed = {name: new[name] for name in row} | {"failing_since": since, "did": did}
    c.execute(statement.on_conflict_do_update(index_elements=["job"], set_=changed))


def last_runs(c: Connection) -> tuple[Run, ...]:
    """Return how each job went last, by name."""
    return tuple(Run(*row) for row in c.execute(select(runs).order_by(runs.c.job)))
