"""Other ways below the map of an answer, where any is judged better."""

from datetime import datetime

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import NOBODY, Whose
from travelrisk.domain.itineraries import Itinerary
from travelrisk.services.trips.alternatives import other_ways
from travelrisk.telling.ways import Told, ways_told
from travelrisk.web.languages import language
from travelrisk.web.parts import application


def ways_of(
    itinerary: Itinerary, advisory: Advisory, whose: Whose = NOBODY, known_since: datetime | None = None
) -> Told | None:
    """Return the better-rated ways of a judged itinerary; None where there are none."""
    app = application()
    found = other_ways(app, itinerary, advisory, whose, known_since)
    better = [each for each in found if each.others or each.unhas]
    return ways_told(better, app.policy.policy.rerouting, language()) if better else None
