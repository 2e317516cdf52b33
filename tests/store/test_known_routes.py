"""Known routes: what tables said is kept and replaced as a whole, and what itineraries show is counted."""

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.factories import flight, settled
from tests.store.samples import NOON
from travelrisk.domain.errors import StoreError
from travelrisk.store import known_routes, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.known_routes import Flown, Loaded

SOME = [
    Loaded("ADD", "FRA", "DLH", "a table", date(2026, 1, 1)),
    Loaded("ADD", "FRA", "ETH", "a table"),
    Loaded("FRA", "NBO", "DLH", "another"),
]


def test_routes_are_kept_by_their_ends_and_replaced_as_a_whole(engine: Engine) -> None:
    with writing(engine) as c:
        known_routes.replace_all(c, SOME)
    with reading(engine) as c:
        assert known_routes.loaded(c) == SOME
        assert known_routes.loaded(c, {"ADD"}) == SOME[:2]
        assert known_routes.loaded(c, {"NBO", "ADD"}) == SOME
        assert known_routes.loaded(c, {"IST"}) == []
    with writing(engine) as c:
        known_routes.replace_all(c, SOME[2:])
    with reading(engine) as c:
        assert known_routes.loaded(c) == SOME[2:]
    with writing(engine) as c:
        known_routes.replace_all(c, [])
        assert known_routes.loaded(c) == []


def test_a_pair_stands_in_its_order_only(engine: Engine) -> None:
    with pytest.raises(StoreError, match="in_order"), writing(engine) as c:
        known_routes.replace_all(c, [Loaded("FRA", "ADD", "ETH")])


def test_what_itineraries_show_is_counted_by_pair_and_carrier(engine: Engine) -> None:
    booked = (
        flight("ET 707", "FRA ADD", "12-12"),
        flight("ET 706", "ADD FRA", "12-20"),
        flight("ET 300", "ADD NBO", "12-14"),
    )
    with writing(engine) as c:
        for several in (booked, booked[:1]):
            itinerary = settled(several)
            trip = trips.new_trip(c, contact="", language="en", at=NOON)
            trips.add_itinerary(c, trip.id, itinerary, original=None, position=0, at=NOON)
    with reading(engine) as c:
        assert known_routes.seen(c, ["FRA"]) == [Flown("ADD", "FRA", "ETH", 2, date(2026, 12, 20))]
        assert [each.other for each in known_routes.seen(c)] == ["FRA", "NBO"]
        assert known_routes.seen(c, ["RA"]) == known_routes.seen(c, ["F%"]) == []
