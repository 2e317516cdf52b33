"""Who is booked on a flight: who was judged, by the newest booking alone; letters once for each key."""

from typing import Any

from sqlalchemy import Connection, Engine

from tests.factories import flight, settled
from tests.store.samples import NOON, POLICY, advisory, judge
from travelrisk.domain.concentration import flights_of
from travelrisk.store import advisories, audit, flights, policies, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.shapes import sha256

ADDIS = settled(flight("ET 707", "FRA ADD", "12-12 10:20"))
(KEY,) = flights_of(ADDIS.segments[0])


def _add(c: Connection, trip_id: int | None = None) -> tuple[int, int]:
    trip_id = trip_id or trips.new_trip(c, contact="", language="en", at=NOON).id
    return trip_id, trips.add_itinerary(c, trip_id, ADDIS, original=None, position=0, at=NOON)


def _judge(c: Connection, trip_id: int, itinerary_id: int) -> int:
    policies.keep(c, sha256(POLICY), "test", POLICY, NOON)
    seq = audit.append(c, kind="advisory.recorded", actor="test", at=NOON, subject=f"trip:{trip_id}", body={})
    return advisories.record(
        c,
        trip_id=trip_id,
        itinerary_id=itinerary_id,
        advisory=advisory(),
        policy_sha256=sha256(POLICY),
        audit_seq=seq,
    )


def test_only_the_newest_itinerary_that_was_judged_is_on_the_flight(engine: Engine) -> None:
    with writing(engine) as c:
        trip, number = _add(c)
        first = _judge(c, trip, number)
        _judge(c, trip, number)
        _add(c)  # nobody has judged it yet
    with reading(engine) as c:
        assert flights.booked(c, [KEY, "2026-12-12 ETH ADD-FRA"]) == {KEY: {number: first}}
        assert flights.booked(c, []) == {}
    with writing(engine) as c:
        _add(c, trip)
        assert flights.booked(c, [KEY]) == {}


def test_a_letter_of_a_key_is_written_once(engine: Engine) -> None:
    letter: dict[str, Any] = {
        "letter": "concentration",
        "language": "en",
        "recipient": "unit@example.org",
        "body": b"letter",
        "at": NOON,
    }
    with writing(engine) as c:
        about = judge(c).advisory
        written = [
            flights.queue(c, key=key, advisory_id=about, message_id=f"<{number}@example.org>", **letter)
            for number, key in enumerate(("one", "one", "two"))
        ]
    assert written == [True, False, True]
