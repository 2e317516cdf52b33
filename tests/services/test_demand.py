"""How many itineraries a subject touches, and which: as the itineraries say it, one by one."""

from datetime import date, timedelta
from itertools import combinations, pairwise, product

import pytest

from tests.factories import ATLAS, BOOK
from tests.travel import is_ahead, journeys, world
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.ratings import Subject, SubjectKind, route_subject
from travelrisk.services.application import Application
from travelrisk.services.desk.demand import demands_of
from travelrisk.services.trips.routes import touched
from travelrisk.store import trips
from travelrisk.store.database import reading, writing

WORLD = world(ATLAS, BOOK)
SUBJECTS = (
    *(Subject(SubjectKind.CARRIER, each.icao) for each in WORLD.carriers),
    *(Subject(SubjectKind.STATE, code) for code in sorted({each.state.code for each in WORLD.carriers})),
    *(Subject(SubjectKind.AIRPORT, each.code) for each in WORLD.airports),
    *(Subject(SubjectKind.COUNTRY, code) for code in sorted({each.country.code for each in WORLD.airports})),
    *(route_subject(one.code, other.code) for one, other in combinations(WORLD.airports, 2)),
)


def _days(itinerary: Itinerary, subject: Subject, *, as_seller: bool) -> list[date]:
    """Return the days of the segments that have to do with a subject, in the plainest way."""
    days = []
    for each in itinerary.segments:
        if not each.is_judged:
            continue
        owners = each.aircraft_owner.carriers if each.aircraft_owner else ()
        flies = [*filter(None, [each.operating.carrier]), *each.operating.candidates, *owners]
        sells = [*filter(None, [each.marketing.carrier]), *each.marketing.candidates]
        ends = [place.possible for place in (each.origin, *each.stops, each.destination)]
        at_ends = [(ends[0], ends[-1]), *pairwise(ends)]
        met = {
            SubjectKind.CARRIER: {carrier.icao for carrier in (*flies, *(sells if as_seller else ()))},
            SubjectKind.STATE: {carrier.state.code for carrier in flies},
            SubjectKind.AIRPORT: {airport.code for airports in ends for airport in airports},
            SubjectKind.COUNTRY: {airport.country.code for airports in ends for airport in airports},
            SubjectKind.ROUTE: {
                route_subject(one.code, other.code).key
                for ones, others in at_ends
                for one, other in product(ones, others)
            },
        }
        if subject.key in met[subject.kind]:
            days.append(each.departs.day or date.max)
    return days


def _store(app: Application, itinerary: Itinerary) -> int:
    with writing(app.engine) as c:
        trip = trips.new_trip(c, contact="", language="en", at=app.clock())
        return trips.add_itinerary(c, trip.id, itinerary, original=None, position=0, at=app.clock())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("days", [-10, 0, 60])
def test_what_is_counted_and_what_is_found_is_what_the_itineraries_say(
    desk: Application, seed: int, days: int
) -> None:
    stored = {_store(desk, each): each for each in journeys(WORLD, seed, 60)}
    today = desk.clock().date() + timedelta(days=days)
    ahead = {number: each for number, each in stored.items() if is_ahead(each, today)}
    assert ahead
    with reading(desk.engine) as c:
        counted = demands_of(desk, c, SUBJECTS, today)
        for subject in SUBJECTS:
            flown = (_days(each, subject, as_seller=False) for each in ahead.values())
            firsts = [min(each) for each in flown if each]
            first = min(firsts, default=date.max)
            assert counted[subject] == (len(firsts), first if first < date.max else None), subject
            found = touched(desk, c, [subject], today)
            assert found == [n for n, each in ahead.items() if _days(each, subject, as_seller=True)], subject
