"""What makes stored journeys be judged again: rows that are claimed with a lease, and worked off in order.

Each is written in the transaction of what causes it. A worker that is killed leaves a lease that ends;
whoever takes the row then goes on behind the last itinerary that was done. Each claim has a token of its own,
so that a worker that was only asleep finds its token old, and writes nothing.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Update, delete, exists, func, or_, select, update

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import itineraries
from travelrisk.store.tables import rescreenings as table


class Cause(StrEnum):
    """Why journeys are judged again."""

    EDITION = "edition"
    DAY = "day"
    RULES = "rules"
    SOURCE = "source"
    CLOCK = "clock"


class Claimed(NamedTuple):
    """A row that is ours to work on until the lease ends.

    Attributes:
        key: the number of the edition, the day, what the rules are known by, which source has become what, or
            the entry of the audit trail by which somebody answered for the clock.
        past: itineraries up to this id have been judged.
    """

    id: int
    cause: Cause
    key: str
    past: int
    token: int
    owner: str

    @property
    def called(self) -> str:
        """What the audit trail and the log call it: ``edition:12``."""
        return f"{self.cause}:{self.key}"


class Progress(NamedTuple):
    """How far one of them has come; *finished_at* is None while there is more to do."""

    cause: Cause
    key: str
    queued_at: datetime
    screened: int
    changed: int
    letters: int
    finished_at: datetime | None


_PROGRESS: Final = tuple(table.c[name] for name in Progress._fields)
_FREE: Final = {"lease_owner": None, "lease_until": None}


def add(c: Connection, cause: Cause, key: str, at: datetime) -> bool:
    """Ask for journeys to be judged again; False where that was asked for before."""
    row = {
        "cause": cause.value,
        "key": key,
        "queued_at": at,
        **dict.fromkeys(("past", "screened", "changed", "letters", "token"), 0),
    }
    unless = insert_unless(c.dialect.name, table).on_conflict_do_nothing(index_elements=["cause", "key"])
    return c.execute(unless.values(row).returning(table.c.id)).first() is not None


def claim(c: Connection, *, owner: str, now: datetime, lease: timedelta) -> Claimed | None:
    """Lease the oldest row with something left to do that nobody holds; None where there is none."""
    until = table.c.lease_until
    free = or_(until.is_(None), until <= now, until > now + 2 * lease)  # the last: a clock that was set back
    row = c.execute(
        select(table)
        .where(table.c.finished_at.is_(None), free)
        .order_by(table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    token = row.token + 1
    taken = update(table).where(table.c.id == row.id)
    c.execute(taken.values(token=token, lease_owner=owner, lease_until=now + lease))
    return Claimed(row.id, Cause(row.cause), row.key, row.past, token, owner)


def advance(  # noqa: PLR0913 - what was done, all named
    c: Connection, claimed: Claimed, *, past: int, screened: int, changed: int, letters: int, until: datetime
) -> bool:
    """Note what was done, and renew the lease; False where it was lost: then write nothing else either."""
    done = {
        "past": past,
        "screened": table.c.screened + screened,
        "changed": table.c.changed + changed,
        "letters": table.c.letters + letters,
        "lease_until": until,
    }
    return c.execute(_mine(claimed).values(done)).rowcount == 1


def finish(c: Connection, claimed: Claimed, at: datetime) -> bool:
    """Note that everything was done; False where the lease was lost."""
    return c.execute(_mine(claimed).values(finished_at=at, **_FREE)).rowcount == 1


def release(c: Connection, claimed: Claimed) -> None:
    """Let another worker go on."""
    c.execute(_mine(claimed).values(_FREE))


def day_before(c: Connection, day: date) -> date | None:
    """Return the last day before *day* that began with a look at what ends; None where there is none."""
    earlier = (table.c.cause == Cause.DAY.value) & (table.c.key < day.isoformat())
    found = c.scalar(select(func.max(table.c.key)).where(earlier))
    return date.fromisoformat(found) if found else None


def latest(c: Connection, cause: Cause) -> Progress | None:
    """Return what was asked for last."""
    row = c.execute(
        select(*_PROGRESS).where(table.c.cause == cause.value).order_by(table.c.id.desc()).limit(1)
    ).first()
    return _progress(row) if row else None


def keys(c: Connection, cause: Cause) -> tuple[str, ...]:
    """Return everything of a cause that was ever asked for, in that order."""
    return tuple(c.scalars(select(table.c.key).where(table.c.cause == cause.value).order_by(table.c.id)))


def of(c: Connection, cause: Cause, key: str) -> Progress | None:
    """Return how far one of them has come."""
    row = c.execute(select(*_PROGRESS).where(table.c.cause == cause.value, table.c.key == key)).first()
    return _progress(row) if row else None


def unfinished(c: Connection) -> tuple[Progress, ...]:
    """Return those with something left to do, the oldest first."""
    rows = c.execute(select(*_PROGRESS).where(table.c.finished_at.is_(None)).order_by(table.c.id))
    return tuple(_progress(row) for row in rows)


def oldest_unfinished(c: Connection) -> datetime | None:
    """Return when the oldest of those with something left to do was asked for; None without any journey."""
    left = (table.c.finished_at.is_(None), exists().where(itineraries.c.id > 0))
    asked: datetime | None = c.scalar(select(func.min(table.c.queued_at)).where(*left))
    return asked


def is_unfinished(c: Connection, cause: Cause) -> bool:
    """Say whether anything of a cause is left to do."""
    left = select(table.c.id).where(table.c.finished_at.is_(None), table.c.cause == cause.value)
    return c.execute(left.limit(1)).first() is not None


def forget_days_after(c: Connection, day: date) -> None:
    """Forget days that a clock began too early, so that each is begun when it comes."""
    c.execute(delete(table).where(table.c.cause == Cause.DAY.value, table.c.key > day.isoformat()))


def _mine(claimed: Claimed) -> Update:
    held = (table.c.lease_owner == claimed.owner) & (table.c.token == claimed.token)
    return update(table).where(table.c.id == claimed.id, held)


def _progress(row: Row[Any]) -> Progress:
    return Progress(**{**row._asdict(), "cause": Cause(row.cause)})
