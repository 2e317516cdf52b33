"""schema.org flight reservations: JSON-LD and microdata, in mails, web pages and files.

Source: schema.org FlightReservation and Flight, and Google's `operatedBy`, which is where the operating
carrier stands; the defects that are put up with are those of real mails (a missing comma, a list in
`reservationFor`, an operator hidden in the airline's name).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import airport_code, bare_number, carrier_code, flight_number
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Locator, Status, Traveller
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside.doubts import is_called_otherwise
from travelrisk.intake.beside.holds import as_held
from travelrisk.intake.beside.prose import Prose
from travelrisk.intake.beside.remarks import Remarks
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.lines.text import FreeText
from travelrisk.intake.merging.folding import fold_text, in_language
from travelrisk.intake.pages.fields import flights_within, unread_fields
from travelrisk.intake.pages.parties import listed, operating_of, party_of, seller_of, split_operator, text_of
from travelrisk.intake.pages.reserved import reservation_status, status_word
from travelrisk.intake.pages.webpages import DAMAGED, Node, nodes_of, types_of, webpage
from travelrisk.intake.passes.evidence import evidence_in
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.words.clocks import dated_clock
from travelrisk.intake.words.names import traveller_named

_RESERVATION, _FLIGHT = "FlightReservation", "Flight"
_STOP_FIELD = re.compile(r"stop|layover|^via$", re.IGNORECASE)
_NO_STOPS = {"0", "nonstop", "direct"}
_CODE_IN_BRACKETS = re.compile(r"\(([A-Z]{3})\)")
_NO_RESERVATION = "This JSON holds no schema.org FlightReservation: paste the flights as text"


class Found(NamedTuple):
    """The bookings in structured data, and what of it could not be read."""

    drafts: tuple[Draft, ...]
    unread: tuple[str, ...]


class Structured:
    """Reads web pages and JSON files with schema.org data; a page without any is read as its text."""

    name = "structured"

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self._text = FreeText(atlas, book)
        self._prose = Prose(atlas, book)
        self._remarks = Remarks(atlas, book)

    def accepts(self, document: Document) -> bool:
        """Say whether this is HTML or JSON."""
        return form_of(document) in {Form.HTML, Form.JSON}

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a page or a JSON file."""
        form = form_of(document)
        content = decode(document.content)
        if form is Form.HTML:
            yield self.read_page(content, document.context_date)
            return
        nodes = nodes_of(content)
        found = reservations(nodes, self._atlas, self._book, content.count(f'"{_RESERVATION}"'))
        if not found.drafts and not found.unread:
            yield refused(form.value, _NO_RESERVATION)
            return
        yield reading_of(
            form.value, found.drafts, found.unread, "The JSON holds a reservation without flights"
        )

    def read_page(self, html: str, context: date | None = None) -> Reading:
        """Read a web page: structured data first, the visible text beside or instead of it."""
        page = webpage(html)
        found = reservations(page.nodes, self._atlas, self._book, page.announced)
        if not found.drafts:
            reading = self._text.read_text(page.text, context=context)
            return reading_of(
                Form.HTML.value, reading.drafts, (*found.unread, *reading.unread), reading.reason
            )
        drafts, unread = fold_text(found.drafts, page.text, self._text)
        drafts = tuple(replace(each, segments=as_held(page.text, each.segments)) for each in drafts)
        flights = [segment for draft in drafts for segment in draft.segments]
        doubts = (*self._prose.doubts(page.text, flights), *self._remarks.among(page.text, flights))
        spoken = in_language(drafts, [page.language])
        return reading_of(Form.HTML.value, spoken, (*found.unread, *unread, *doubts), "")


_Tables = tuple[Atlas, CarrierBook]


@dataclass(slots=True)
class _Booking:
    segments: dict[DraftSegment, None] = field(default_factory=dict)
    travellers: dict[Traveller, None] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)


def reservations(
    nodes: Iterable[Node], atlas: Atlas, book: CarrierBook, announced: int = 0, issued: date | None = None
) -> Found:
    """Make one draft for each record locator among the nodes.

    Args:
        nodes: of a document, in its order.
        atlas: tells whether an airport's name and code are of one place.
        book: tells which fields name another carrier.
        announced: how often the document speaks of flight reservations; fewer found: some are broken.
        issued: the date the document bears.
    """
    bookings: dict[str, _Booking] = {}
    known = list(nodes)
    reserved = [node for node in known if _RESERVATION in types_of(node)]
    for node in reserved:
        code = _first_text(node, "reservationNumber", "reservationId")
        _add(node, bookings.setdefault(code, _Booking()), (atlas, book), issued)
    drafts = [
        Draft(
            tuple(booking.segments),
            tuple(booking.travellers),
            (Locator(code),) if code else (),
            issued,
            tuple(booking.unread),
        )
        for code, booking in bookings.items()
    ]
    kept = tuple(draft for draft in drafts if draft.segments)
    booked = [flight for node in reserved for flight in listed(node.get("reservationFor"))]
    strays = (_stray(flight) for flight in flights_within(known) if flight not in booked)
    unread = [line for draft in drafts if not draft.segments for line in draft.unread]
    unread.extend(dict.fromkeys(strays))
    if len(reserved) < announced:
        unread.append(
            f"{announced - len(reserved)} of {announced} flight reservations in the data cannot be read"
        )
    elif any(DAMAGED in types_of(node) for node in known):
        unread.append("Part of the reservation data is damaged")
    return Found(kept, tuple(unread))


def _stray(flight: Node) -> str:
    """Tell a flight that no reservation books."""
    segment = _segment(flight, Status.UNKNOWN)
    return f"A {_FLIGHT} outside of a {_RESERVATION}: {segment.source}".rstrip(": ")


def _add(node: Node, booking: _Booking, tables: _Tables, issued: date | None) -> None:
    (atlas, book), evidence = tables, evidence_in(node)
    word = status_word(text_of(node.get("reservationStatus")))
    status = reservation_status(word)
    if status is None:
        booking.unread[f"Unknown status of the reservation: {word}"] = None
    flights = [each for each in listed(node.get("reservationFor")) if isinstance(each, dict)]
    for flight in flights:
        segment = evidence.confirmed(_segment(flight, status or Status.UNKNOWN), book, issued)
        if segment.origin or segment.origin_name or segment.marketing_number:
            booking.segments[segment] = None
        else:
            booking.unread[f"A {_FLIGHT} without number and places: {segment.source}".rstrip(": ")] = None
        booking.unread |= dict.fromkeys(_doubts(flight, segment, atlas))
        known = (segment.marketing_name, segment.marketing_code, segment.operator, segment.operating_code)
        booking.unread |= dict.fromkeys(unread_fields(node, flight, known, book))
    booking.unread |= dict.fromkeys(evidence.told())
    if not flights:
        booking.unread[f"A {_RESERVATION} without a flight in reservationFor"] = None
    for person in listed(node.get("underName")):
        traveller = _traveller(person)
        if traveller.raw_name or traveller.email:
            booking.travellers[traveller] = None


def _segment(flight: Node, status: Status) -> DraftSegment:
    designator = flight_number(text_of(flight.get("flightNumber")))
    airline = seller_of(flight, designator)
    code = carrier_code(airline.code) or (designator.carrier if designator else airline.code)
    seller, operator = split_operator(airline.name)
    operating = operating_of(flight, party_of(flight.get("airline")))
    origin, origin_name = _airport(flight.get("departureAirport"))
    destination, destination_name = _airport(flight.get("arrivalAirport"))
    return DraftSegment(
        marketing_code=code,
        marketing_number=_number(flight),
        marketing_name=seller,
        operator=operating.name or operator,
        operating_code=operating.code,
        operating_number=text_of(flight.get("operatingFlightNumber")),
        origin=origin,
        origin_name=origin_name,
        destination=destination,
        destination_name=destination_name,
        departs=_moment(flight.get("departureTime") or flight.get("departureDay")),
        arrives=_moment(flight.get("arrivalTime")),
        status=status,
        stops=tuple(dict.fromkeys(code for code, _ in _stops(flight) if code)),
        source=_source(flight, code, origin or origin_name, destination or destination_name),
    )


def _number(flight: Node) -> str:
    written = text_of(flight.get("flightNumber"))
    number = bare_number(written)
    designator = flight_number(written)
    if number is None and designator:
        return designator.number + designator.suffix
    return number or written


def _doubts(flight: Node, segment: DraftSegment, atlas: Atlas) -> Iterator[str]:
    """Yield what of a flight contradicts itself or was not understood."""
    airline = carrier_code(party_of(flight.get("airline")).code)
    written = text_of(flight.get("flightNumber"))
    designator = flight_number(written)
    if airline and designator and bare_number(written) is None and designator.carrier != airline:
        yield f"{written}: the flight number says {designator.carrier}, the airline says {airline}"
    ends = ((segment.origin, segment.origin_name), (segment.destination, segment.destination_name))
    for code, name in ends:
        if is_called_otherwise(code, name, atlas):
            yield f"{segment.source}: the airport is called {name}, which is not {code}"
    for code, stop in _stops(flight):
        if not code:
            yield f"{segment.source}: a stop that is not understood: {stop}".rstrip(": ")


def _stops(flight: Node) -> Iterator[tuple[str, str]]:
    """Yield code and words of each stop; schema.org has no field for them, so senders make one up."""
    values = [each for key, value in flight.items() if _STOP_FIELD.search(key) for each in listed(value)]
    for value in values:
        code, name = _airport(value)
        is_some = code or name or isinstance(value, dict)
        if is_some and name.replace("-", "").lower() not in _NO_STOPS:
            yield code, name


def _airport(value: object) -> tuple[str, str]:
    """Return code and name of an airport; a code in brackets inside the name counts."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        written = text_of(value)
        code = airport_code(written) if written.isupper() else None
        return (code, "") if code else ("", written)
    name = text_of(value.get("name"))
    code = text_of(value.get("iataCode")).upper()
    if not code:
        match = _CODE_IN_BRACKETS.search(name)
        code = match[1] if match else ""
    return code, name


def _moment(value: object) -> DraftTime:
    written = text_of(value)
    return dated_clock(written) if written else DraftTime()


def _traveller(value: object) -> Traveller:
    if not isinstance(value, dict):
        return traveller_named(text_of(value))
    email = text_of(value.get("email")).removeprefix("mailto:")
    name = text_of(value.get("name"))
    given, surname = text_of(value.get("givenName")), text_of(value.get("familyName"))
    if surname:
        return Traveller(name or f"{given} {surname}".strip(), surname, given, "", email)
    return traveller_named(name, email)


def _first_text(node: Node, *names: str) -> str:
    return next(filter(None, (text_of(node.get(name)) for name in names)), "")


def _source(flight: Node, code: str, origin: str, destination: str) -> str:
    written = text_of(flight.get("flightNumber"))
    label = written if written.upper().startswith(code) else f"{code} {written}"
    return " ".join(filter(None, (label.strip(), origin, destination, text_of(flight.get("departureTime")))))
