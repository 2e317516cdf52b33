"""What came out of a document: which itinerary of it went into which trip, and when."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from travelrisk.store.tables import itineraries


class Arrival(NamedTuple):
    """An itinerary that came out of a document; *position* counts from 0 within it."""

    trip_id: int
    itinerary_id: int
    position: int
    content_sha256: str
    added_at: datetime


def of_document(c: Connection, original: str, positions: range | None = None) -> tuple[Arrival, ...]:
    """Return what came out of the document with this SHA-256, by position, the newest reading last.

    Args:
        c: connection.
        original: SHA-256 of the document.
        positions: only what came from there; a table of ten thousand rows is asked for piece by piece.
    """
    wanted = itineraries.c.original == original
    if positions is not None:
        wanted &= itineraries.c.position.between(positions.start, positions.stop - 1)
    return _arrivals(c, wanted)


def same_content(c: Connection, content_sha256: str) -> tuple[Arrival, ...]:
    """Return every itinerary whose content is exactly this, the oldest first within a position."""
    return _arrivals(c, itineraries.c.content_sha256 == content_sha256)


def _arrivals(c: Connection, wanted: ColumnElement[bool]) -> tuple[Arrival, ...]:
    columns = (
        itineraries.c.trip_id,
        itineraries.c.id,
        itineraries.c.position,
        itineraries.c.content_sha256,
        itineraries.c.added_at,
    )
    rows = c.execute(select(*columns).where(wanted).order_by(itineraries.c.position, itineraries.c.id))
    return tuple(Arrival(*row) for row in rows)
