"""The access log: who looked at whose trips, when and why."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, insert, select

from travelrisk.domain.people import Viewer
from travelrisk.store.tables import lookup_trips, lookups

_AT_ONCE: Final = 400  # rows in one statement; SQLite takes a few thousand values


class Lookup(NamedTuple):
    """One look at a trip."""

    at: datetime
    actor: str
    office: str
    purpose: str


def note(c: Connection, viewer: Viewer, purpose: str, trip_ids: Collection[int], at: datetime) -> None:
    """Note that *viewer* was shown these trips; a look that found nothing is noted too."""
    row = {"at": at, "actor": viewer.actor, "office": viewer.office, "purpose": purpose}
    number = c.execute(insert(lookups).values(**row).returning(lookups.c.id)).scalar_one()
    shown = sorted(set(trip_ids))
    for start in range(0, len(shown), _AT_ONCE):
        rows = [{"lookup_id": number, "trip_id": each} for each in shown[start : start + _AT_ONCE]]
        c.execute(insert(lookup_trips), rows)


def busiest(c: Connection, since: datetime, more_than: int) -> dict[str, int]:
    """Return who was shown more different trips than these since a moment, and how many."""
    count = func.count(lookup_trips.c.trip_id.distinct())
    recent = select(lookups.c.actor, count).join(lookup_trips, lookup_trips.c.lookup_id == lookups.c.id)
    rows = c.execute(recent.where(lookups.c.at >= since).group_by(lookups.c.actor).having(count > more_than))
    return {row[0]: row[1] for row in rows}


def lately(c: Connection, viewer: Viewer, purpose: str, since: datetime) -> frozenset[int]:
    """Return the trips that *viewer* was shown for this purpose since a moment, and that are noted."""
    mine = (lookups.c.actor == viewer.actor, lookups.c.office == viewer.office, lookups.c.purpose == purpose)
    query = select(lookup_trips.c.trip_id).join(lookups, lookups.c.id == lookup_trips.c.lookup_id)
    return frozenset(c.scalars(query.where(*mine, lookups.c.at > since)))


def of_trip(c: Connection, trip_id: int) -> tuple[Lookup, ...]:
    """Return who was shown a trip, the newest look first."""
    mine = select(lookups.c.at, lookups.c.actor, lookups.c.office, lookups.c.purpose).join(
        lookup_trips, lookup_trips.c.lookup_id == lookups.c.id
    )
    found = c.execute(mine.where(lookup_trips.c.trip_id == trip_id).order_by(lookups.c.id.desc()))
    return tuple(Lookup(*row) for row in found)
