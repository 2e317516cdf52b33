"""Counts for a monitoring program, each by one query over the whole of a table."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, exists, func, select, type_coerce

from travelrisk.store.tables import (
    Instant,
    advisories,
    cancellations,
    feed_fetches,
    itineraries,
    rescreenings,
)

_JUDGED: Final = exists().where(
    advisories.c.trip_id == itineraries.c.trip_id, advisories.c.itinerary_id >= itineraries.c.id
)
_OFF: Final = exists().where(
    cancellations.c.trip_id == itineraries.c.trip_id, cancellations.c.taken_back_at.is_(None)
)


def screenings(c: Connection) -> dict[str, int]:
    """Return how many advisories were ever recorded, by verdict."""
    verdict = advisories.c.verdict
    return {row[0]: row[1] for row in c.execute(select(verdict, func.count()).group_by(verdict))}


def fetched(c: Connection) -> dict[str, datetime]:
    """Return when each public source gave its last good answer."""
    newest = type_coerce(func.max(feed_fetches.c.at), Instant)
    good = select(feed_fetches.c.feed, newest).where(feed_fetches.c.outcome == "good")
    return {row[0]: row[1] for row in c.execute(good.group_by(feed_fetches.c.feed))}


def waiting(c: Connection) -> dict[str, int]:
    """Return how much work waits for a worker, by kind."""
    unjudged = select(func.count()).select_from(itineraries).where(~_JUDGED, ~_OFF)
    again = select(func.count()).select_from(rescreenings).where(rescreenings.c.finished_at.is_(None))
    return {"judge": c.scalar(unjudged) or 0, "rescreen": c.scalar(again) or 0}
