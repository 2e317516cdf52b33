"""A table as its page shows it, what the form says of its columns, and what is read with that."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from travelrisk.domain.columns import FIELDS, OTHER, ColumnMapping, normalised
from travelrisk.domain.itineraries import Itinerary, Outcome
from travelrisk.intake.document import Document, Sample
from travelrisk.services.trips.understanding import Understood, understand
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.refusals import refusal
from travelrisk.web.focal.faults import Fault
from travelrisk.web.languages import language
from travelrisk.web.parts import application

DAYS: Final = {"day-first": True, "month-first": False}
CHOICES: Final = (*FIELDS, OTHER)
_MOST_SHOWN: Final = 20
_CELLS: Final = 3
_LONGEST: Final = 60


class Column(NamedTuple):
    """A column as the form shows it; *field* is what is chosen, empty = what its heading says."""

    place: int
    heading: str
    cells: tuple[str, ...]
    field: str


class Flight(NamedTuple):
    """A flight as it is read.

    Attributes:
        operating: empty where the table does not say it.
        is_asked: day and month may have to change places.
    """

    flight: str
    operating: str
    origin: str
    destination: str
    departs: str
    is_asked: bool


class Preview(NamedTuple):
    """What is read with a mapping.

    Attributes:
        flights: the first of them. bookings: how many there are in all.
        told: what could not be read.
        is_usable: whether it is worth saving.
    """

    flights: tuple[Flight, ...]
    bookings: int
    told: tuple[str, ...]
    is_usable: bool


def columns_of(sample: Sample, form: Mapping[str, str]) -> list[Column]:
    """Return the columns of a table with what the form says of them, or else what is known."""
    columns = []
    for place, heading in enumerate(sample.headings[: len(normalised(sample.headings))]):
        cells = [row[place] for row in sample.rows if place < len(row) and row[place].strip()]
        shown = tuple(visible(cell)[:_LONGEST] for cell in cells[:_CELLS])
        field = form.get(f"c{place}", sample.meanings[place])
        columns.append(Column(place, visible(heading)[:_LONGEST], shown, field))
    return columns


def said_in(sample: Sample, form: Mapping[str, str]) -> ColumnMapping | Fault:
    """Return what the form says of the columns of a table, or what is wrong with it."""
    names = normalised(sample.headings)
    chosen = {place: form.get(f"c{place}", "") for place in range(len(names))}
    said = {place: field for place, field in chosen.items() if field in CHOICES}
    fields = [field for field in said.values() if field != OTHER]
    twice = next((place for place, field in said.items() if fields.count(field) > 1), None)
    if twice is not None:
        return Fault(f"c{twice}", "error_column_twice")
    if not said:
        return Fault("c0", "error_no_column")
    named = tuple((names[place], field) for place, field in said.items())
    return ColumnMapping(named, DAYS.get(form.get("dates", "")), names)


def preview_of(document: Document, said: ColumnMapping) -> Preview:
    """Return what is read of a table with a mapping; nothing is stored."""
    parts = tuple(understand(application(), Document(document.content, document.name, mappings=(said,))))
    itineraries = [each for part in parts for each in part.itineraries]
    flights = [flight for each in itineraries[:_MOST_SHOWN] for flight in _flights(each)]
    is_usable = bool(itineraries) and all(part.outcome is not Outcome.UNREADABLE for part in parts)
    return Preview(tuple(flights[:_MOST_SHOWN]), len(itineraries), _told(parts), is_usable)


def _told(parts: Sequence[Understood]) -> tuple[str, ...]:
    reasons = [part.reason for part in parts if not part.itineraries]
    lines = dict.fromkeys(filter(None, [*reasons, *(line for part in parts for line in part.unread)]))
    return tuple(refusal(line, language()).text for line in lines)[:_MOST_SHOWN]


def _flights(itinerary: Itinerary) -> list[Flight]:
    asked = {each.segment for each in itinerary.questions if each.code == "day_month"}
    flights = []
    for place, segment in enumerate(itinerary.segments):
        departs, operating = segment.departs, segment.operating
        day = departs.day.isoformat() if departs.day else ""
        flight = Flight(
            foreign(segment.flight or segment.marketing.name),
            foreign(operating.code or operating.name) if operating.basis.is_stated else "",
            foreign(segment.origin.code),
            foreign(segment.destination.code),
            f"{day} {departs.local:%H:%M}" if departs.local else day,
            place in asked,
        )
        flights.append(flight)
    return flights
