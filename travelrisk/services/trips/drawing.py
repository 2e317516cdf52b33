"""The picture of a judged itinerary, drawn by what was known when it was judged."""

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.ratings import Snapshot
from travelrisk.domain.texts import Language
from travelrisk.picture.journey import Drawn, draw
from travelrisk.services.application import Application
from travelrisk.store import ratings
from travelrisk.store.database import reading


def drawn(app: Application, itinerary: Itinerary, advisory: Advisory, language: Language) -> Drawn | None:
    """Return the picture of an itinerary with the same facts as a list.

    None where no flight has two airports that are known: there is nothing to draw, and the answer says why.

    Raises:
        StoreError: the database cannot be read.
    """
    snapshot = _snapshot(app, advisory.edition)
    return draw(itinerary, advisory, snapshot, app.policy.policy, language)


def _snapshot(app: Application, edition: int) -> Snapshot:
    with reading(app.engine) as c:
        newest = app.shelf.newest(c)
        return newest if newest.edition == edition else ratings.snapshot(c, edition)
