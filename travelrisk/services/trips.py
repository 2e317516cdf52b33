"""One trip as its traveller sees it: the itinerary, the newest answer, and all that happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.store import advisories, outbox, trips
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.database import reading
from travelrisk.store.outbox import Sending, plain_name
from travelrisk.store.trips import Trip

_KINDS = ("received", "judged", "letter")  # in this order, where they happen in one instant


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a trip.

    Attributes:
        kind: ``received``, ``judged`` (with *verdict* and *edition*) or ``letter`` (with *letter*, *state*).
        before: for ``judged``: the verdict until then; None = the first.
    """

    at: datetime
    kind: Literal["received", "judged", "letter"]
    verdict: Verdict | None = None
    before: Verdict | None = None
    edition: int | None = None
    letter: str = ""
    state: str = ""
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class TripView:
    """A trip with its newest itinerary and answer (None while it is being judged) and its timeline."""

    trip: Trip
    itinerary: Itinerary
    newest: StoredAdvisory | None
    entries: tuple[Entry, ...]


def view(app: Application, token: str) -> TripView:
    """Return the trip that *token* opens.

    Raises:
        NotFoundError: no trip has this token; the same answer for whatever a stranger tries.
    """
    with reading(app.engine) as c:
        trip = trips.find(c, token)
        history = trips.history(c, trip.id) if trip else ()
        if trip is None or not history:
            raise NotFoundError("there is no such trip")
        judged = advisories.of_trip(c, trip.id)
        letters = outbox.of_trip(c, trip.id)
        itinerary = trips.itinerary(c, history[-1].itinerary_id)
    received = [Entry(each.added_at, "received") for each in history]
    entries = [*received, *_judged(judged), *(_letter(each) for each in letters)]
    entries.sort(key=lambda entry: (entry.at, _KINDS.index(entry.kind)), reverse=True)
    return TripView(trip, itinerary, judged[-1] if judged else None, tuple(entries))


def _judged(stored: tuple[StoredAdvisory, ...]) -> list[Entry]:
    entries: list[Entry] = []
    before: Verdict | None = None
    for each in stored:
        advisory = each.advisory
        entries.append(Entry(advisory.at, "judged", advisory.verdict, before, advisory.edition))
        before = advisory.verdict
    return entries


def _letter(sending: Sending) -> Entry:
    at = sending.settled_at or sending.queued_at
    return Entry(
        at, "letter", letter=plain_name(sending.letter), state=sending.state, language=sending.language
    )
