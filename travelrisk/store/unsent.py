"""What has not reached anybody, for a person to see: how much waits and until when, and what was given up."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, exists, func, or_, select

from travelrisk.store.tables import outbox, trips
from travelrisk.store.turns import BLOCKED, WAITING

_later = outbox.alias("later")
_SENT_LATER: Final = (
    exists()
    .where(_later.c.trip_id == outbox.c.trip_id, _later.c.id > outbox.c.id, _later.c.state == "sent")
    .correlate(outbox)
)
_LOST: Final = and_(outbox.c.state.in_(("dead", "hold")), ~_SENT_LATER)
# A letter that is kept back by another one of its trip leaves after that one, whatever its own time says.
_NEXT: Final = and_(WAITING, or_(outbox.c.state == "leased", ~BLOCKED))


class Waiting(NamedTuple):
    """How many letters wait, when the next one may leave (None = none waits), and why it has not yet."""

    letters: int
    next_at: datetime | None
    reply: str


class Lost(NamedTuple):
    """A letter that was given up or put on hold, of a trip that no later letter has left for.

    Attributes:
        trip: reference of the trip.
        reply: what the mail server said, without addresses.
    """

    trip: str
    letter: str
    settled_at: datetime
    reply: str


def waiting(c: Connection) -> Waiting:
    """Return what is still to be sent."""
    number = c.scalar(select(func.count()).select_from(outbox).where(WAITING)) or 0
    columns = (outbox.c.next_at, outbox.c.last_reply)
    row = c.execute(select(*columns).where(_NEXT).order_by(outbox.c.next_at, outbox.c.id).limit(1)).first()
    return Waiting(number, row.next_at, row.last_reply) if row else Waiting(number, None, "")


def lost(c: Connection, limit: int) -> tuple[Lost, ...]:
    """Return up to *limit* letters that nobody got, the newest first."""
    rows = c.execute(
        select(trips.c.reference, outbox.c.letter, outbox.c.settled_at, outbox.c.last_reply)
        .join(trips, trips.c.id == outbox.c.trip_id)
        .where(_LOST)
        .order_by(outbox.c.settled_at.desc(), outbox.c.id.desc())
        .limit(limit)
    )
    return tuple(Lost(*row) for row in rows)


def count_lost(c: Connection) -> int:
    """Return how many letters nobody got."""
    return c.scalar(select(func.count()).select_from(outbox).where(_LOST)) or 0
