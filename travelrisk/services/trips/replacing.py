"""A new document takes the place of what people had told us about the one before, and that is said.

What a person states is about a document. Kept against another one it could make the answer laxer than the
booking as it is now; so it no longer counts, and whoever stated it hears so. The same document sent again
changes nothing, and what was stated stands.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from travelrisk.domain.itineraries import Claim
from travelrisk.store import statements, trips
from travelrisk.store.trips import Stored


def dropped(c: Connection, journeys: Sequence[Stored]) -> Mapping[int, tuple[Claim, ...]]:
    """Return what people had told us of the version before each journey, where it no longer counts."""
    stated = statements.of_trips(c, {each.trip.id for each in journeys})
    return {each.itinerary_id: _dropped(c, each) for each in journeys if each.trip.id in stated}


def _dropped(c: Connection, journey: Stored) -> tuple[Claim, ...]:
    if statements.of_itinerary(c, journey.itinerary_id):
        return ()
    numbers = (each.itinerary_id for each in trips.history(c, journey.trip.id))
    before = max((each for each in numbers if each < journey.itinerary_id), default=None)
    kept = journey.itinerary.told  # the very same version is judged once more where that is owed
    return (
        () if before is None else tuple(each for each in trips.itinerary(c, before).told if each not in kept)
    )
