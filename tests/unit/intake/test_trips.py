"""However a calendar is parted into trips: no flight is lost, and nobody is left abroad by the parting."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.tables import ATLAS
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.intake.calendars.trips import trips_of

places = st.sampled_from(["FRA", "NBO", "LHR", "LGW", "QQQ", ""])
days = st.one_of(
    st.none(), st.integers(0, 60).map(lambda days: date(2026, 12, 12) + timedelta(days=days * 3))
)


def _flight(number: int, origin: str, destination: str, day: date | None) -> Draft:
    departs = DraftTime(day.year, day.month, day.day) if day else DraftTime()
    segment = DraftSegment("ET", str(number), origin=origin, destination=destination, departs=departs)
    return Draft((segment,), unread=(f"line {number}",))


@given(st.lists(st.tuples(places, places, days), min_size=1, max_size=8))
def test_no_flight_is_lost_and_every_trip_but_the_last_ends_where_it_began(
    flights: list[tuple[str, str, date | None]],
) -> None:
    drafts = [_flight(number, *flight) for number, flight in enumerate(flights, 100)]
    trips = trips_of(drafts, ATLAS)
    parted = Counter(segment.marketing_number for trip in trips for segment in trip.segments)
    assert parted == Counter(segment.marketing_number for draft in drafts for segment in draft.segments)
    lines = {line for draft in drafts for line in draft.unread}
    assert all(set(trip.unread) == lines for trip in trips)
    for trip in trips[:-1]:
        first, last = trip.segments[0].origin, trip.segments[-1].destination
        assert first == last or {first, last} == {"LHR", "LGW"}  # two airports of one city


def test_a_year_of_missions_is_as_many_trips() -> None:
    begins = [date(2026, 12, 12) + timedelta(days=60 * number) for number in range(4)]
    pairs = [
        (_flight(1, "FRA", "NBO", day), _flight(2, "NBO", "FRA", day + timedelta(days=30))) for day in begins
    ]
    assert [len(trip.segments) for trip in trips_of([each for pair in pairs for each in pair], ATLAS)] == [
        2
    ] * 4
