"""When journeys begin, and which of those that begin soon nobody has cleared."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from travelrisk.domain.itineraries import Itinerary, Moment
from travelrisk.screening.case import is_past, legs_of
from travelrisk.services.application import Application
from travelrisk.store import open_trips
from travelrisk.store.open_trips import Upcoming

_ONE_DAY: Final = timedelta(days=1)


class Leaving(NamedTuple):
    """A journey that has not begun, and when it does.

    Attributes:
        day: local day of the first departure. earliest: the earliest moment at which it can be, in UTC.
    """

    upcoming: Upcoming
    departs: Moment
    day: date
    earliest: datetime


def uncleared(app: Application, c: Connection, days: int) -> Iterator[Leaving]:
    """Give the journeys that begin within so many days and need a review, or are not cleared."""
    now = app.clock()
    first, last = now.date() - _ONE_DAY, now.date() + timedelta(days)
    for each in open_trips.upcoming(c, first, last):
        departs = first_departure(each.itinerary)
        if departs is not None and departs.day is not None and not is_past(departs, now):
            yield Leaving(each, departs, departs.day, earliest(departs, departs.day))


def first_departure(itinerary: Itinerary) -> Moment | None:
    """Return when the first flight leaves; None where none is left to fly, or its day is not known."""
    legs = legs_of(itinerary, date.max)
    departs = legs[0].segment.departs if legs else None
    return departs if departs is not None and departs.day is not None else None


def earliest(departs: Moment, day: date) -> datetime:
    """Return the earliest moment, in UTC, at which a flight can leave: its day begins at the airport."""
    if departs.utc is not None:
        return departs.utc
    zone = ZoneInfo(departs.zone) if departs.zone else UTC
    return datetime.combine(day, time.min, zone).astimezone(UTC)
