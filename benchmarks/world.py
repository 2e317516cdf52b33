"""What is measured on: the demonstration's ratings, and an itinerary of two segments that is cleared."""

from datetime import UTC, date, datetime

from travelrisk import resources
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.ratings import Snapshot, snapshot_of
from travelrisk.domain.settling import settle
from travelrisk.reference import load_atlas, load_book
from travelrisk.services.ratings.recordfile import read_records

AT = datetime(2026, 11, 23, 17, 58, tzinfo=UTC)
RATINGS = resources.data("ratings", "demonstration.toml")


def snapshot() -> Snapshot:
    """Return the demonstration's ratings as edition 1."""
    return snapshot_of(1, read_records(RATINGS, load_atlas(), load_book()))


def itinerary() -> Itinerary:
    """Return Frankfurt to Nairobi and back, with the operator stated."""
    there = DraftSegment(
        marketing_code="LH",
        marketing_number="590",
        operator="Lufthansa",
        origin="FRA",
        destination="NBO",
        departs=DraftTime(2027, 3, 12),
    )
    back = DraftSegment(
        marketing_code="LH",
        marketing_number="591",
        operator="Lufthansa",
        origin="NBO",
        destination="FRA",
        departs=DraftTime(2027, 3, 20),
    )
    return settle(Draft((there, back)), load_atlas(), load_book(), date(2026, 11, 23))
