"""Jobs of which there is one run a slot over all workers, and how every job went.

Such a job is done at least once a slot, by one worker at a time. What it commits, it commits under its lease;
a worker that is killed leaves the slot open for another, which does the job again from its beginning. So a
job finds in the database what it did already: a letter has a key, what was forgotten is gone.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from travelrisk.domain.errors import StoreError, TravelriskError
from travelrisk.services.application import Application
from travelrisk.store import leases, slots, workers
from travelrisk.store.database import reading, transact
from travelrisk.store.leases import Lease
from travelrisk.store.workers import Run

LEASE = timedelta(seconds=60)
"""How long a worker may be silent before another takes its jobs over; it is renewed while it works."""


@dataclass(frozen=True, slots=True)
class Due:
    """A job, and whose turn it may be.

    Attributes:
        owner: name of this worker, unlike that of any other.
    """

    job: str
    period: timedelta
    owner: str


def accounted(app: Application, due: Due, do: Callable[[], str | None]) -> str | None:
    """Do a job and note how it went, for people to see; whatever it raises is noted and raised again."""
    began, clock = app.clock(), time.monotonic()

    def note(did: str, reason: str = "") -> None:
        took_ms = int((time.monotonic() - clock) * 1000)
        since = began if reason else None
        run = Run(due.job, due.owner, began, took_ms, began + due.period, did, since, reason)
        transact(app.engine, lambda c: workers.note(c, run))

    try:
        did = do()
    except Exception as error:
        with suppress(StoreError):  # a database that is gone is told by the log
            note("", str(error) if isinstance(error, TravelriskError) else type(error).__name__)
        raise
    if did is not None:
        note(did)
    return did


def in_turn(app: Application, due: Due, do: Callable[[Application], str]) -> str | None:
    """Do a job unless its slot was seen to or another worker is at it; None where there was nothing to do.

    Raises:
        LeaseLostError: another worker took it over meanwhile; what was not committed before is undone.
        TravelriskError: whatever the job raises; the slot stays open.
    """
    wanted = slots.window(app.clock(), due.period)
    with reading(app.engine) as c:
        if not slots.missing(c, due.job, wanted):
            return None
    lease = transact(app.engine, lambda c: leases.take(c, due.job, due.owner, app.clock(), LEASE))
    if lease is None:
        return None
    try:
        return _under(lease, app, due, wanted, do)
    finally:
        with suppress(StoreError):  # then it runs out
            transact(app.engine, lambda c: leases.release(c, lease))


def _under(
    lease: Lease, app: Application, due: Due, wanted: list[str], do: Callable[[Application], str]
) -> str | None:
    mine = replace(app, engine=leases.fenced(app.engine, lease))
    with reading(mine.engine) as c:  # again: the one who had the lease before has ended by now
        left = slots.missing(c, due.job, wanted)
    if not left:
        return None
    did = do(mine)
    transact(mine.engine, lambda c: slots.mark(c, due.job, left, app.clock(), due.period))
    return did
