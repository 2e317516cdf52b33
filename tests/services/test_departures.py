"""The look at what departs today or tomorrow: each journey, once a day, whatever the clock does."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.services.conftest import Clock
from travelrisk.domain.errors import StoreError
from travelrisk.domain.itineraries import Moment
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.departures import earliest, look_again
from travelrisk.services.receiving import receive
from travelrisk.store import segments, trips
from travelrisk.store.database import reading

DAY = date(2026, 12, 12)


def arrive(app: Application, *flights: str) -> int:
    """Receive a booking, and return the id of its itinerary."""
    lines = "\n".join(f"{flight} operated by Ethiopian Airlines" for flight in flights)
    (received,) = receive(app, Document(lines.encode()))
    assert received.trip is not None
    with reading(app.engine) as c:
        return trips.history(c, received.trip.id)[-1].itinerary_id


def test_what_departs_on_a_day_is_found_by_any_of_its_flights(app: Application) -> None:
    there_and_back = arrive(app, "ET707 FRA ADD 12 Dec", "ET706 ADD FRA 20 Dec")
    other = arrive(app, "ET707 FRA ADD 13 Dec")
    with reading(app.engine) as c:
        assert segments.departing(c, DAY) == [there_and_back]
        assert segments.departing(c, DAY + timedelta(days=8)) == [there_and_back]
        assert segments.departing(c, DAY + timedelta(days=1)) == [other]
        assert segments.departing(c, DAY + timedelta(days=2)) == []
        begin = segments.beginning(DAY, DAY + timedelta(days=30))
        assert set(c.scalars(begin)) == {there_and_back, other}
        later = segments.beginning(DAY + timedelta(days=8), DAY + timedelta(days=30))
        assert c.scalars(later).first() is None, "it has begun by then"


def test_they_are_found_through_the_index(app: Application) -> None:
    is_sqlite = app.engine.dialect.name == "sqlite"
    with app.engine.connect() as c:
        if not is_sqlite:  # PostgreSQL reads a small table from end to end, unless it is told not to
            c.execute(text("SET enable_seqscan = off"))
        wanted = "SELECT itinerary_id FROM segments WHERE first_day = '2026-12-12'"
        plan = c.execute(text(" ".join(("EXPLAIN", *["QUERY PLAN"] * is_sqlite, wanted)))).all()
    assert "ix_segments_first_day" in str(plan)


def test_each_is_looked_at_on_the_day_before_and_on_the_day(app: Application, clock: Clock) -> None:
    one = arrive(app, "ET707 FRA ADD 12 Dec", "ET706 ADD FRA 13 Dec")
    looks = []

    def look(_app: Application, ids: Sequence[int]) -> int:
        looks.append((clock.at.date(), list(ids)))
        return len(ids)

    clock.at = datetime(2026, 12, 9, 22, tzinfo=UTC)
    for _ in range(24 * 6):
        look_again(app, look)
        clock.pass_by(hours=1)
    found = {day.day: ids for day, ids in looks}
    assert len(found) == len(looks), "once a day"
    assert found == {9: [], 10: [], 11: [one], 12: [one], 13: [one], 14: [], 15: []}


def test_a_look_that_fails_leaves_the_day_to_the_next(app: Application, clock: Clock) -> None:
    arrive(app, "ET707 FRA ADD 12 Dec")
    clock.at = datetime(2026, 12, 11, 0, 5, tzinfo=UTC)

    def fails(_app: Application, _ids: Sequence[int]) -> int:
        raise StoreError("the power went")

    with pytest.raises(StoreError):
        look_again(app, fails)
    assert look_again(app, lambda _app, ids: len(ids)) == 1
    assert look_again(app, fails) is None, "the day has had its look"
    clock.pass_by(days=-1)
    assert look_again(app, lambda _app, ids: len(ids)) == 0, "a clock that is set back skips no day"


def test_a_flight_of_which_only_the_day_is_known_may_leave_when_that_day_begins_there() -> None:
    utc = datetime(2026, 12, 11, 11, tzinfo=UTC)
    assert earliest(Moment(DAY, zone="Pacific/Auckland"), DAY) == utc
    assert earliest(Moment(DAY), DAY) == datetime(2026, 12, 12, tzinfo=UTC)
    assert earliest(Moment(DAY, utc=utc), DAY) == utc
