"""Trips that their travellers called off: nobody looks at them any more until that is taken back."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import cancellations

_OPEN = cancellations.c.taken_back_at.is_(None)


class Cancellation(NamedTuple):
    """When a trip was cancelled, and when that was taken back; None = it stands."""

    at: datetime
    taken_back_at: datetime | None


def begin(c: Connection, trip_id: int, at: datetime) -> bool:
    """Cancel a trip; False where it is cancelled already."""
    row = insert_unless(c.dialect.name, cancellations).values(trip_id=trip_id, at=at)
    return c.scalar(row.on_conflict_do_nothing().returning(cancellations.c.id)) is not None


def end(c: Connection, trip_id: int, at: datetime) -> bool:
    """Take it back; False where the trip is not cancelled."""
    mine = (cancellations.c.trip_id == trip_id) & _OPEN
    return c.execute(update(cancellations).where(mine).values(taken_back_at=at)).rowcount == 1


def of_trip(c: Connection, trip_id: int) -> tuple[Cancellation, ...]:
    """Return how often a trip was cancelled, the first time first."""
    columns = (cancellations.c.at, cancellations.c.taken_back_at)
    mine = select(*columns).where(cancellations.c.trip_id == trip_id).order_by(cancellations.c.id)
    return tuple(Cancellation(*row) for row in c.execute(mine))


def stands(c: Connection, trip_id: int) -> bool:
    """Say whether a trip is cancelled."""
    mine = (cancellations.c.trip_id == trip_id) & _OPEN
    return c.scalar(select(cancellations.c.id).where(mine)) is not None
