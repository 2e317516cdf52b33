"""Every itinerary that a trip has had, with the document it came out of: for the story of the trip."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from travelrisk.domain.itineraries import Itinerary
from travelrisk.store.shapes import itinerary_from
from travelrisk.store.tables import itineraries, originals


class Version(NamedTuple):
    """An itinerary of a trip.

    Attributes:
        position: which itinerary of its document, from 0.
        name, media_type: of that document, as its sender gave them; None where it came without one, as when
            an answer was asked for again.
    """

    itinerary_id: int
    itinerary: Itinerary
    added_at: datetime
    position: int
    name: str | None
    media_type: str | None


def of_trip(c: Connection, trip_id: int) -> tuple[Version, ...]:
    """Return every itinerary of a trip, the oldest first."""
    table, document = itineraries.c, originals.c
    columns = (table.id, table.body, table.added_at, table.position, document.name, document.media_type)
    rows = c.execute(
        select(*columns)
        .join_from(itineraries, originals, document.sha256 == table.original, isouter=True)
        .where(table.trip_id == trip_id)
        .order_by(table.id)
    )
    return tuple(Version(number, itinerary_from(body), *rest) for number, body, *rest in rows)
