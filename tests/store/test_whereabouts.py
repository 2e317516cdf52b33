"""The index finds all whom reading everybody finds, of one's own office, as their trips stand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine

from tests.factories import AIRPORTS, CARRIERS
from tests.store.samples import NOON
from tests.travel import World
from travelrisk.domain.concentration import flights_of
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.whereabouts import LINGERS, Span, at, leaving, spells
from travelrisk.store import cancellations, segments, trips, whereabouts
from travelrisk.store.database import reading, writing

WORLD = World(AIRPORTS[:11], CARRIERS[:6])
OFFICES = ("Nairobi", "Geneva")
DAY = timedelta(days=1)


@pytest.fixture
def everybody(engine: Engine) -> dict[int, Itinerary]:
    """Store journeys of two offices, some changed, some cancelled; return those of Nairobi that stand."""
    random, standing = Random(7), {}  # noqa: S311 - a world that can be made again
    with writing(engine) as c:
        for number in range(160):
            office = OFFICES[number % 2]
            trip = trips.new_trip(c, contact="", language="en", at=NOON, office=office)
            for _ in range(1 + (number % 5 == 0)):
                itinerary = WORLD.itinerary(random)
                newest = trips.add_itinerary(c, trip.id, itinerary, original=None, position=0, at=NOON)
            if number % 7 == 0:
                cancellations.begin(c, trip.id, NOON)
                segments.withdraw(c, trip.id, newest)
            elif office == "Nairobi":
                standing[trip.id] = itinerary
    return standing


def windows() -> Iterator[Span]:
    begins = datetime(2026, 11, 1, tzinfo=UTC)
    for number in range(12):
        since = begins + timedelta(days=13 * number, hours=5 * number)
        yield Span(since, since + timedelta(hours=(1, 24, 168)[number % 3]))


def test_the_index_finds_everybody_at_a_place(engine: Engine, everybody: dict[int, Itinerary]) -> None:
    hits = 0
    with reading(engine) as c:
        for window in windows():
            for places in (frozenset({"ADD"}), frozenset({"LHR", "LGW"})):
                known = whereabouts.touching(
                    c,
                    "Nairobi",
                    kinds=["airport"],
                    codes=places,
                    first=window.since.date() - LINGERS - 2 * DAY,
                    last=window.until.date(),
                )
                found = {each.trip.id for each in known if at(spells(each.itinerary), places, window)}
                wanted = {
                    trip for trip, itinerary in everybody.items() if at(spells(itinerary), places, window)
                }
                assert found == wanted
                hits += len(wanted)
    assert hits > 50


def test_the_index_finds_everybody_who_leaves(engine: Engine, everybody: dict[int, Itinerary]) -> None:
    hits = 0
    with reading(engine) as c:
        for window in windows():
            first, last = window.since.date(), window.until.date()
            known = whereabouts.touching(c, "Nairobi", kinds=[""], codes=[""], first=first, last=last)
            found = {each.trip.id for each in known if leaving(spells(each.itinerary), window)}
            wanted = {trip for trip, itinerary in everybody.items() if leaving(spells(itinerary), window)}
            assert found == wanted
            hits += len(wanted)
    assert hits > 20


def test_the_index_finds_who_may_share_a_flight(engine: Engine, everybody: dict[int, Itinerary]) -> None:
    every = {key for each in everybody.values() for segment in each.segments for key in flights_of(segment)}
    with reading(engine) as c:
        for key in sorted(every)[:30]:
            found = {each.trip.id for each in whereabouts.sharing(c, "Nairobi", {key})}
            assert found == {
                trip
                for trip, itinerary in everybody.items()
                if any(key in flights_of(segment) for segment in itinerary.segments)
            }


def test_what_another_office_has_is_not_there(engine: Engine, everybody: dict[int, Itinerary]) -> None:
    with reading(engine) as c:
        assert whereabouts.of_trips(c, "Geneva", everybody) == ()
        assert {each.trip.id for each in whereabouts.of_trips(c, "Nairobi", everybody)} == set(everybody)
        assert whereabouts.sharing(c, "", {"2026-12-12 ETH FRA-ADD"}) == ()


def test_only_the_newest_itinerary_of_a_trip_counts(engine: Engine) -> None:
    random = Random(3)  # noqa: S311 - as above
    one = WORLD.itinerary(random)
    with writing(engine) as c:
        trip = trips.new_trip(c, contact="", language="en", at=NOON, office="Nairobi")
        trips.add_itinerary(c, trip.id, one, original=None, position=0, at=NOON)
        newer = replace(one, segments=one.segments[:1])
        number = trips.add_itinerary(c, trip.id, newer, original=None, position=0, at=NOON)
    with reading(engine) as c:
        (found,) = whereabouts.of_trips(c, "Nairobi", [trip.id])
    assert (found.itinerary_id, found.itinerary) == (number, newer)
