"""When journeys begin, and how those that may have a flight on a day are found."""

from datetime import UTC, date, datetime

from travelrisk.domain.itineraries import Moment
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips.departures import earliest
from travelrisk.services.trips.receiving import receive
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


def test_what_may_depart_on_a_day_has_begun_by_then_and_is_not_over(app: Application) -> None:
    there_and_back = arrive(app, "ET707 FRA ADD 12 Dec", "ET706 ADD FRA 20 Dec")
    other = arrive(app, "ET707 FRA ADD 13 Dec")
    undated = arrive(app, "ET707 FRA ADD 13 Dec", "ET706 ADD FRA")
    found = {}
    with reading(app.engine) as c:
        for day in range(11, 24):
            found[day] = segments.departing(c, DAY.replace(day=day))
    on_the_way = [there_and_back, undated]
    assert found[11] == []
    assert found[12] == [there_and_back]
    assert found[13] == [there_and_back, other, undated]
    assert found[16] == found[20] == on_the_way
    assert found[23] == [undated], "nobody knows when it goes back"


def test_what_begins_within_some_days_is_found_once(app: Application) -> None:
    there_and_back = arrive(app, "ET707 FRA ADD 12 Dec", "ET706 ADD FRA 20 Dec")
    other = arrive(app, "ET707 FRA ADD 13 Dec")
    with reading(app.engine) as c:
        for first, last, wanted in ((12, 31, [there_and_back, other]), (13, 31, [other]), (14, 31, [])):
            days = DAY.replace(day=first), DAY.replace(day=last)
            assert sorted(c.scalars(segments.beginning(*days))) == wanted


def test_a_flight_of_which_only_the_day_is_known_may_leave_when_that_day_begins_there() -> None:
    utc = datetime(2026, 12, 11, 11, tzinfo=UTC)
    assert earliest(Moment(DAY, zone="Pacific/Auckland"), DAY) == utc
    assert earliest(Moment(DAY), DAY) == datetime(2026, 12, 12, tzinfo=UTC)
    assert earliest(Moment(DAY, utc=utc), DAY) == utc
