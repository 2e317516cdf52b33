"""The times that a job is due, and which of them were seen to: rows with a unique key.

A slot is named by its beginning, in UTC, which no summer time moves: the number of periods since 1970. What
counts is whether its row is there, never the distance to the last one, so that a clock that jumps or is set
back repeats nothing, and skips nothing that it comes by again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import slots

_CATCH_UP: Final = timedelta(hours=1)
_MOST: Final = 60
_KEPT: Final = timedelta(days=8)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def window(now: datetime, period: timedelta) -> list[str]:
    """Return the slot of *now* and those before it that one run makes good for, the oldest first.

    These are the slots of the last hour, but at least one before and never more than 60: whatever a job does
    is all that is due by now, so that slots that nobody saw to collapse into the next run.
    """
    number = (now - _EPOCH) // period
    before = min(max(_CATCH_UP // period, 1), _MOST - 1)
    return [_name(_EPOCH + each * period) for each in range(number - before, number + 1)]


def missing(c: Connection, job: str, wanted: Sequence[str]) -> list[str]:
    """Return those of *wanted* that nobody has seen to yet."""
    own = (slots.c.job == job) & slots.c.slot.in_(wanted)
    done = set(c.scalars(select(slots.c.slot).where(own)))
    return [each for each in wanted if each not in done]


def mark(c: Connection, job: str, done: Sequence[str], at: datetime, period: timedelta) -> None:
    """Note that these slots were seen to, and forget those so old that no clock is set back to them."""
    unless = insert_unless(c.dialect.name, slots).on_conflict_do_nothing(index_elements=["job", "slot"])
    c.execute(unless, [{"job": job, "slot": each, "at": at} for each in done])
    c.execute(delete(slots).where(slots.c.job == job, slots.c.slot < _name(at - max(_KEPT, 3 * period))))


def _name(start: datetime) -> str:
    return start.isoformat(timespec="milliseconds")
