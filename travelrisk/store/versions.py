"""Every itinerary that a trip has had, with the document it came out of, and many at once by their ids."""

from collections.abc import Sequence
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


def several(c: Connection, ids: Sequence[int]) -> dict[int, Itinerary]:
    """Return the itineraries with these ids, some hundreds at most; one that is not there is left out."""
    query = select(itineraries.c.id, itineraries.c.body).where(itineraries.c.id.in_(ids))
    return {row[0]: itinerary_from(row[1]) for row in c.execute(query)}
