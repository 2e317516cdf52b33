"""Who is expected where: the travellers of an office that answer a question, those with a problem first.

Each answer is noted, with the trips it shows, before anybody sees it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.concentration import flights_of, may_be_one, own_number
from travelrisk.domain.itineraries import Segment
from travelrisk.domain.people import Viewer
from travelrisk.domain.verdicts import Verdict
from travelrisk.domain.whereabouts import (
    LINGERS,
    Certainty,
    Sighting,
    Spell,
    at,
    flight_on,
    leaving,
    may_be_flown_by,
    on_flight,
    spells,
)
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import address_problem
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.whereabouts.asking import Question
from travelrisk.store import advisories, whereabouts
from travelrisk.store.database import reading
from travelrisk.store.trips import Trip
from travelrisk.store.whereabouts import Journey, Kind

MOST: Final = 2_000
"""Journeys in one answer; the page says where there are more."""

Look = Callable[[tuple[Spell, ...]], tuple[Sighting, ...]]
_Seen = tuple[Journey, tuple[Sighting, ...], tuple[Spell, ...]]

_AT_ONCE: Final = 400
_STAYS: Final = LINGERS + timedelta(days=2)  # after an arrival whose own day may not be known either


class Found(NamedTuple):
    """A journey that answers the question.

    Attributes:
        sightings: where and when, in the order of the journey.
        spells: all that the itinerary says, for the time line.
        verdict: of the newest answer on it; None = nobody has judged it yet.
    """

    trip: Trip
    journey: Journey
    sightings: tuple[Sighting, ...]
    spells: tuple[Spell, ...]
    verdict: Verdict | None

    @property
    def certainty(self) -> Certainty:
        """How sure it is: expected where any of its sightings is."""
        sure = any(each.certainty is Certainty.EXPECTED for each in self.sightings)
        return Certainty.EXPECTED if sure else Certainty.POSSIBLE

    @property
    def people(self) -> int:
        """How many travel; a booking that names nobody is one person."""
        return max(1, len(self.journey.itinerary.travellers))

    @property
    def is_reachable(self) -> bool:
        """Say whether a letter can be written to it."""
        return not address_problem(self.trip.contact)


class Answer(NamedTuple):
    """Who answers a question; *left_out* is how many journeys beyond the most were not shown."""

    question: Question
    found: tuple[Found, ...]
    left_out: int = 0

    @property
    def people(self) -> int:
        """How many travellers that are."""
        return sum(each.people for each in self.found)


def find(
    app: Application, viewer: Viewer, question: Question, purpose: Purpose = Purpose.WHEREABOUTS
) -> Answer:
    """Return who of the viewer's office answers a question; the look is noted first.

    Raises:
        StoreError: the database cannot be read, or the note cannot be written.
    """
    with reading(app.engine) as c:
        found = _found(c, viewer.office, question) if viewer.office else []
        verdicts = _verdicts(c, [each.itinerary_id for each, _, _ in found])
    every = sorted(
        (
            Found(each.trip, each, sightings, spoken, verdicts.get(each.itinerary_id))
            for each, sightings, spoken in found
        ),
        key=_urgency,
    )
    shown = tuple(every[:MOST])
    looked(app, viewer, purpose, [each.trip.id for each in shown])
    return Answer(question, shown, len(every) - len(shown))


def _found(c: Connection, office: str, question: Question) -> list[_Seen]:
    if question.flight is not None:
        return _on_flight(c, office, question)
    first, last = question.window.since.date(), question.window.until.date()
    if question.leaving:
        kind: Kind = "" if question.airports is None else "airport"
        codes = question.airports or {""}
        known = whereabouts.touching(c, office, kinds=[kind], codes=codes, first=first, last=last)
        return _seen(known, lambda spoken: leaving(spoken, question.window, question.airports))
    airports = question.airports or frozenset()
    known = whereabouts.touching(
        c, office, kinds=["airport"], codes=airports, first=first - _STAYS, last=last
    )
    return _seen(known, lambda spoken: at(spoken, airports, question.window))


def _seen(known: Iterable[Journey], look: Look) -> list[_Seen]:
    return [
        (each, sightings, spoken)
        for each in known
        for spoken in [spells(each.itinerary)]
        if (sightings := look(spoken))
    ]


def _on_flight(c: Connection, office: str, question: Question) -> list[_Seen]:
    """Return who is on a flight: under its number, and under any other number of the same aircraft.

    Where nobody of ours has the number itself it is not known which pair it flies. Then all are told whom
    the carrier may fly then under a number that nobody stated.
    """
    flight, icaos, when = question.flight, question.icaos, question.day or question.window
    if flight is None:
        return []
    kinds: tuple[Kind, ...] = ("operating", "marketing")
    first = question.day or question.window.since.date()
    last = question.day or question.window.until.date()
    known = whereabouts.touching(c, office, kinds=kinds, codes=icaos, first=first, last=last)
    found = _seen(known, lambda spoken: on_flight(spoken, icaos, flight, when))
    mine = {each.itinerary_id for each, _, _ in found}
    booked = [sighting.spell.segment for _, sightings, _ in found for sighting in sightings]
    keys = frozenset[str]().union(*map(flights_of, booked))
    if not keys:
        others = [each for each in known if each.itinerary_id not in mine]
        return [*found, *_seen(others, lambda spoken: may_be_flown_by(spoken, icaos, when))]
    others = [each for each in whereabouts.sharing(c, office, keys) if each.itinerary_id not in mine]
    return [*found, *_seen(others, lambda spoken: tuple(_together(spoken, booked)))]


def _together(spoken: Sequence[Spell], booked: Collection[Segment]) -> Iterator[Sighting]:
    """Give the flights of a journey that may be the same aircraft as any of those *booked*."""
    for segment in dict.fromkeys(each.segment for each in spoken):
        same = [each for each in booked if may_be_one(each, segment)]
        flight = flight_on(spoken, segment)
        if same and flight is not None:
            is_sure = any(_is_stated(each, segment) for each in same)
            yield Sighting(flight, Certainty.EXPECTED if is_sure else Certainty.POSSIBLE)


def _is_stated(one: Segment, other: Segment) -> bool:
    """Say whether both bookings state who flies, and number or time of departure agree."""
    if not (one.operating.basis.is_stated and other.operating.basis.is_stated):
        return False
    has_numbers = bool(own_number(one) and own_number(other))
    return has_numbers or (one.departs.utc is not None and one.departs.utc == other.departs.utc)


def _verdicts(c: Connection, ids: Sequence[int]) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    for start in range(0, len(ids), _AT_ONCE):
        newest = advisories.newest_on(c, ids[start : start + _AT_ONCE])
        found |= {number: each.advisory.verdict for number, each in newest.items()}
    return found


def _urgency(found: Found) -> tuple[bool, bool, int, str]:
    """Sort those first who cannot be written to, whose place is in doubt, whose answer is grave."""
    verdict = Verdict.REVIEW if found.verdict is None else found.verdict
    return (found.is_reachable, found.certainty is Certainty.EXPECTED, -verdict, found.trip.reference)
