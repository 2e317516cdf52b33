"""The access log keeps who was shown which trip, and not what was looked for."""

from datetime import timedelta

from sqlalchemy import Engine

from tests.store.samples import NOON
from travelrisk.domain.people import Viewer
from travelrisk.store import lookups, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.lookups import Lookup


def test_a_look_is_noted_at_each_trip_that_was_shown(engine: Engine) -> None:
    later = NOON + timedelta(hours=1)
    with writing(engine) as c:
        shown, hidden = (
            trips.new_trip(c, contact=f"{name}@example.org", language="en", at=NOON, office="UNIT-X").id
            for name in ("erin", "frank")
        )
        lookups.note(c, Viewer("p-unit", "UNIT-X"), "search", [shown, shown], NOON)
        lookups.note(c, Viewer("key:7", "UNIT-X"), "api", [shown], later)
        lookups.note(c, Viewer("p-unit", "UNIT-X"), "search", [], NOON)
    with reading(engine) as c:
        assert lookups.of_trip(c, shown) == (
            Lookup(later, "key:7", "UNIT-X", "api"),
            Lookup(NOON, "p-unit", "UNIT-X", "search"),
        )
        assert lookups.of_trip(c, hidden) == ()
