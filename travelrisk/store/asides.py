"""Itineraries with segments that no rule judges, and somebody may be on: flown ones, rail and bus.

The inverted index of ``segments`` knows what is judged, and nothing else; who asks where somebody is must
find these too. They are few. A row stays when its trip is changed or cancelled: whoever reads it asks for the
newest.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, insert

from travelrisk.domain.itineraries import Itinerary, Status
from travelrisk.store.tables import asides


class Days(NamedTuple):
    """From which day to which one; where one is not known, any day may be."""

    first: date
    last: date


def days_of(itinerary: Itinerary) -> Days | None:
    """Return the days of an itinerary that holds such a segment; None = the index knows all of it."""
    moved = [each for each in itinerary.segments if each.status is not Status.CANCELLED]
    if all(each.is_judged for each in moved):
        return None
    days = [each.departs.day for each in moved] + [each.arrives.day or each.departs.day for each in moved]
    known = [each for each in days if each is not None]
    return Days(min(known), max(known)) if len(known) == len(days) else Days(date.min, date.max)


def index(c: Connection, itinerary_id: int, itinerary: Itinerary) -> None:
    """Let an itinerary be found, in the transaction that adds it."""
    days = days_of(itinerary)
    if days is not None:
        row = {"first_day": days.first.isoformat(), "last_day": days.last.isoformat()}
        c.execute(insert(asides).values(itinerary_id=itinerary_id, **row))
