"""The look at what departs today or tomorrow: each journey, once a day, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from travelrisk.domain.itineraries import Moment
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.departures import earliest
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


def test_a_flight_of_which_only_the_day_is_known_may_leave_when_that_day_begins_there() -> None:
    utc = datetime(2026, 12, 11, 11, tzinfo=UTC)
    assert earliest(Moment(DAY, zone="Pacific/Auckland"), DAY) == utc
    assert earliest(Moment(DAY), DAY) == datetime(2026, 12, 12, tzinfo=UTC)
    assert earliest(Moment(DAY, utc=utc), DAY) == utc
