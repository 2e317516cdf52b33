"""When journeys begin, which of them nobody has cleared, and the look at those that leave very soon."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from travelrisk.domain.itineraries import Itinerary, Moment
from travelrisk.screening.case import is_past, legs_of
from travelrisk.services.application import Application
from travelrisk.store import open_trips, reminders, segments
from travelrisk.store.database import reading, transact
from travelrisk.store.open_trips import Upcoming

JOB: Final = "departures"
_ONE_DAY: Final = timedelta(days=1)

Rejudge = Callable[[Application, Sequence[int]], int]
"""Judges itineraries again with the newest edition, records and writes only of changes, and counts these."""


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


def look_again(app: Application, rejudge: Rejudge) -> int | None:
    """Judge again what departs today or tomorrow, once a day; return how many answers changed.

    None where the day has had its look. The day is taken when the work is done and not before: of two workers
    at once both may look, and *rejudge* records no change twice; a worker that dies half-way leaves the day
    to the next. Days are days in UTC, so that a flight far to the east is met on the eve of its local day.
    """
    today = app.clock().date()
    with reading(app.engine) as c:
        if reminders.is_taken(c, JOB, today.isoformat()):
            return None
        days = (today, today + _ONE_DAY)
        wanted = sorted({number for day in days for number in segments.departing(c, day)})
    changed = rejudge(app, wanted)
    transact(app.engine, lambda c: reminders.take_slot(c, JOB, today.isoformat(), app.clock()))
    return changed
