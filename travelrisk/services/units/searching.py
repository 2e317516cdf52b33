"""Trips of an office found by a name, a record locator, a reference, a flight, an airport or a day.

What was looked for is kept nowhere: it is personal itself. Bookings stand encrypted, so that those of the
office are opened; by their text alone is left out what cannot fit, and the rest is compared as people do:
without case and accents, and names in any order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from sqlalchemy import Row

from travelrisk.domain.codes import FlightNumber, flight_number, folded
from travelrisk.domain.itineraries import Itinerary, Segment
from travelrisk.domain.people import Viewer
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.units.desk import colleagues
from travelrisk.services.units.lines import Line, line
from travelrisk.store import units
from travelrisk.store.database import reading
from travelrisk.store.tables import trips
from travelrisk.store.units import Ahead

MOST: Final = 100
_PLAIN: Final = re.compile("[bfmpqvwx0-9]+")  # what is written one way only, whatever accents a name has


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; whatever is not empty must fit.

    Attributes:
        who: a name, a record locator, or the reference of a trip.
        flight: as people write it: ``ET 707``. airport: a code of an airport or a city. day: of a departure.
    """

    who: str = ""
    flight: str = ""
    airport: str = ""
    day: date | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is looked for: then nothing is found, and not everything."""
        return not (folded(self.who) or self.flight.strip() or self.airport.strip() or self.day)


def search(app: Application, viewer: Viewer, asked: Asked) -> tuple[Line, ...]:
    """Return the trips that fit, past and cancelled ones too, the newest first; note who looked.

    Raises:
        StoreError: the database cannot be read, or the look cannot be noted.
    """
    if asked.is_empty or not viewer.office:
        return ()
    codes = frozenset(each.code for each in app.atlas.candidates(asked.airport.strip().upper()))
    with reading(app.engine) as c:
        fitting = (
            each
            for each in units.newest_of(c, viewer.office, trips.c.office != "", _may_fit(asked, codes))
            if _fits(each, asked, codes)
        )
        found = tuple(islice(fitting, MOST))
        steps = units.steps(c, [each.trip.id for each in found])
        staff = colleagues(c, viewer.office)
    looked(app, viewer, Purpose.SEARCH, [each.trip.id for each in found])
    return tuple(line(app, each, steps.get(each.trip.id, ()), staff) for each in found)


def _may_fit(asked: Asked, codes: frozenset[str]) -> units.Fits:
    """Return what the stored text tells: never too little, and less than everything in most cases."""
    number = flight_number(asked.flight)
    exactly = [
        *([asked.day.isoformat()] if asked.day else ()),
        *([number.number] if number else ()),
        *(codes if len(codes) == 1 else ()),
    ]
    plain = [max(_PLAIN.findall(word), key=len, default="") for word in folded(asked.who).split()]
    reference = asked.who.strip().upper()

    def may_fit(row: Row[Any]) -> bool:
        if not all(each in row.booking for each in exactly):
            return False
        return row.reference == reference or all(each in row.booking.lower() for each in plain)

    return may_fit


def _fits(each: Ahead, asked: Asked, codes: frozenset[str]) -> bool:
    itinerary = each.itinerary
    return (
        (not folded(asked.who) or _is_who(each, asked.who))
        and (not asked.flight.strip() or _is_flown(itinerary, asked.flight))
        and (not asked.airport.strip() or bool(codes & frozenset(_airports(itinerary))))
        and (asked.day is None or any(one.departs.day == asked.day for one in itinerary.segments))
    )


def _is_who(each: Ahead, who: str) -> bool:
    if each.trip.reference == who.strip().upper():
        return True
    wanted = folded(who)
    if any(folded(one.code) == wanted for one in each.itinerary.locators):
        return True
    names = (folded(f"{one.given} {one.surname} {one.raw_name}").split() for one in each.itinerary.travellers)
    return any(
        all(any(part.startswith(word) for part in parts) for word in wanted.split()) for parts in names
    )


def _is_flown(itinerary: Itinerary, flight: str) -> bool:
    wanted = flight_number(flight)
    return wanted is not None and any(wanted in _numbers(each) for each in itinerary.segments)


def _numbers(segment: Segment) -> Iterator[FlightNumber | None]:
    """Give every number that a flight is sold or flown under, with both designators of its carriers."""
    for one in (segment.marketing, segment.operating):
        carriers = (one.carrier, *one.candidates)
        for code in (one.code, *(each for known in carriers if known for each in (known.code, known.icao))):
            yield flight_number(f"{code}{one.number}")


def _airports(itinerary: Itinerary) -> Iterator[str]:
    for each in itinerary.segments:
        for place in (each.origin, *each.stops, each.destination):
            yield from (airport.code for airport in place.possible)
