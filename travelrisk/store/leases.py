"""Whose a job is: a lease with a fencing token, and an engine that undoes what is written without it.

A worker that was paused for longer than its lease does not know that another one has taken over. Asking
"is it still mine?" before writing would not help, for it may be paused after the answer. So the answer is
taken in the very transaction that writes, just before its commit, and keeps the row to its end.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine, delete, event, or_, select, update

from travelrisk.domain.errors import StoreError
from travelrisk.store.database import insert_unless
from travelrisk.store.tables import leases

_NOBODY: Final = ""


class LeaseLostError(StoreError):
    """Another worker has taken the job over; what was about to be written is undone."""


class Lease(NamedTuple):
    """A job that is ours until somebody else has a higher token."""

    name: str
    token: int


def take(c: Connection, name: str, owner: str, now: datetime, length: timedelta) -> Lease | None:
    """Take what nobody has, or what was not renewed in time; None where it is somebody's.

    An end further off than any lease lasts was written by a clock that has been set back since: it counts as
    passed, or the job would rest for as long as the clock was wrong.
    """
    taken = {"name": name, "owner": owner, "until": now + length}
    free = or_(leases.c.owner == _NOBODY, leases.c.until < now, leases.c.until > now + 2 * length)
    statement = (
        insert_unless(c.dialect.name, leases)
        .values(**taken, token=1)
        .on_conflict_do_update(
            index_elements=["name"], set_={**taken, "token": leases.c.token + 1}, where=free
        )
        .returning(leases.c.token)
    )
    token: int | None = c.scalar(statement)
    return None if token is None else Lease(name, token)


def held(c: Connection, names: Collection[str], now: datetime) -> frozenset[str]:
    """Return those of these jobs that somebody has."""
    taken = (leases.c.name.in_(names), leases.c.owner != _NOBODY, leases.c.until >= now)
    return frozenset(c.scalars(select(leases.c.name).where(*taken)))


def renew(c: Connection, owner: str, now: datetime, length: timedelta) -> int:
    """Prolong whatever is still this owner's, and return how many leases that were."""
    return c.execute(update(leases).where(leases.c.owner == owner).values(until=now + length)).rowcount


def release(c: Connection, lease: Lease) -> None:
    """Leave the job to whoever comes next."""
    mine = (leases.c.name == lease.name) & (leases.c.token == lease.token)
    c.execute(update(leases).where(mine).values(owner=_NOBODY))


def end(c: Connection, lease: Lease) -> None:
    """Forget a job that is never to be done again; whoever still has it finds it lost."""
    c.execute(delete(leases).where((leases.c.name == lease.name) & (leases.c.token == lease.token)))


def fenced(engine: Engine, lease: Lease) -> Engine:
    """Return an engine whose writing transactions fail with LeaseLostError once the lease is lost."""
    within = engine.execution_options()
    mine = (leases.c.name == lease.name) & (leases.c.token == lease.token)
    hold = update(leases).where(mine).values(token=leases.c.token)

    def committing(c: Connection) -> None:
        options = c.get_execution_options()
        is_reading = options.get("begin") == "DEFERRED" or options.get("postgresql_readonly", False)
        if not is_reading and c.execute(hold).rowcount == 0:
            raise LeaseLostError(f"{lease.name}: another worker has taken this over; nothing was written")

    event.listen(within, "commit", committing)
    return within
