"""Which other carriers were seen on a pair, and which ways instead of a trip's own are judged better.

That is what an exception is asked about before it is asked for. Carriers come from the itineraries that
passed through here: that says that somebody flew with them or meant to, and nothing about seats, days or
prices.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.authorisations import Whose
from travelrisk.domain.carriers import Carrier
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.alternatives import Ways
from travelrisk.screening.case import Span
from travelrisk.screening.lifting import on_record
from travelrisk.services.application import Application
from travelrisk.services.trips.alternatives import other_ways
from travelrisk.store import advisories, segments, trips
from travelrisk.store.database import reading


class Alternative(NamedTuple):
    """A carrier that needs no exception on a pair.

    Attributes:
        verdict: cleared, or conditional.
        itineraries: in how many it was seen there. last_seen: the latest day; None where none had a date.
    """

    carrier: Carrier
    verdict: Verdict
    itineraries: int
    last_seen: date | None


def ways_of_trip(app: Application, reference: str) -> tuple[Ways, ...]:
    """Return the better-rated ways for the newest itinerary of a trip that whoever asks was shown.

    Raises:
        NotFoundError: there is no such trip.
    """
    with reading(app.engine) as c:
        trip = trips.by_reference(c, reference)
        if trip is None:
            raise NotFoundError(f"there is no trip {reference}")
        newest = advisories.newest(c, trip.id)
        itinerary = trips.itinerary(c, newest.itinerary_id) if newest else None
    if newest is None or itinerary is None:
        return ()
    found = other_ways(app, itinerary, newest.advisory, Whose(trip.reference, trip.office))
    return tuple(each for each in found if each.others or each.unhas)


def seen_on(app: Application, route: str, span: Span, but_not: str = "") -> tuple[Alternative, ...]:
    """Return ``alternatives`` to a carrier, read by itself."""
    with reading(app.engine) as c:
        return alternatives(app, c, route, span, but_not)


def alternatives(
    app: Application, c: Connection, route: str, span: Span, but_not: str = ""
) -> tuple[Alternative, ...]:
    """Return the carriers seen on a pair that need no exception in these days, the most often seen first.

    Args:
        app: the parts of the service.
        c: connection.
        route: a pair in alphabetical order; empty = nothing can be said.
        span: first and last day.
        but_not: the ICAO designator that an exception is asked for.
    """
    found = []
    for seen in segments.seen_on(c, route) if route else ():
        known = app.book.find(seen.operating, span.first)
        carrier = next((each for each in known if each.icao == seen.operating), None)
        if carrier is None or carrier.icao == but_not:
            continue
        verdict = on_record(carrier, route, span, app.shelf.newest(c), app.policy.policy).verdict
        if verdict <= Verdict.CONDITIONAL:
            found.append(Alternative(carrier, verdict, seen.itineraries, seen.last_day))
    return tuple(sorted(found, key=lambda each: (-each.itineraries, each.verdict, each.carrier.icao)))
