"""A trip as the lists of the desk show it, in the language of the page."""

from datetime import date
from typing import NamedTuple

from travelrisk.domain.itineraries import Itinerary
from travelrisk.mail.undelivered import names
from travelrisk.services.trips.crowded import Crowded
from travelrisk.services.units.lines import Line
from travelrisk.telling import words as letter_words
from travelrisk.telling.foreign import foreign
from travelrisk.telling.reasons import Teller
from travelrisk.telling.segments import title
from travelrisk.web.languages import language, verdict_label
from travelrisk.web.words import speaker


class Told(NamedTuple):
    """A line of a list.

    Attributes:
        name: of the journey: flight, places, days. travellers: empty where none is named.
        verdict: its word; empty where nobody has judged it yet. label: in words.
        why: the gravest reason, with the flight it is about; empty where there is none.
        decides: who decides, in words of the policy; empty where nobody has to.
    """

    line: Line
    reference: str
    name: str
    travellers: str
    verdict: str
    label: str
    why: str
    decides: str
    departs: date | None


class Flight(NamedTuple):
    """A flight over a ceiling: its name, and how many bookings of the office are on it."""

    name: str
    bookings: int


def told(line: Line) -> Told:
    """Return a line of a list."""
    itinerary, trip = line.ahead.itinerary, line.ahead.trip
    say = letter_words.speaker(language())
    return Told(
        line=line,
        reference=trip.reference,
        name=title(itinerary, "", say, language()) if itinerary.segments else "",
        travellers=names(itinerary),
        verdict=line.verdict.word if line.verdict is not None else "",
        label=verdict_label(line.verdict) if line.verdict is not None else "",
        why=_why(line),
        decides=line.decides.in_language(language()),
        departs=line.departs,
    )


def flight_told(flight: Crowded) -> Flight:
    """Return a flight over a ceiling."""
    say = letter_words.speaker(language())
    return Flight(title(Itinerary((flight.segment,)), "", say, language()), len(flight.seats))


def _why(line: Line) -> str:
    if line.why is None:
        return ""
    say, segments = letter_words.speaker(language()), line.ahead.itinerary.segments
    text = Teller(say, language()).sentence(line.why)
    about = line.why.segment
    if about is None or not 0 <= about < len(segments) > 1:
        return text
    return speaker(language())("office_of_flight", flight=foreign(segments[about].flight), text=text)
