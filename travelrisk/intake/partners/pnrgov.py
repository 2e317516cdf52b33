"""PNRGOV: bookings as airlines report them to governments, in EDIFACT.

The flight in front of the bookings is the one that is reported, and no itinerary. What follows ABI or SAC in
a booking is its history. Names, flights, states and locators are read; all else, of which much is private,
is passed over, except words about who operates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import airport_code, bare_number
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Locator, Status, Traveller
from travelrisk.domain.places import Atlas
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.limits import CHUNK_DRAFTS
from travelrisk.intake.partners.edifact import Part, parts_of, text_before
from travelrisk.intake.partners.statuses import status_of
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.words import words
from travelrisk.intake.words.moments import clock_of
from travelrisk.intake.words.names import traveller_named

_HISTORY = {"ABI", "SAC"}
_DAY = re.compile(r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{2})")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?P<minute>[0-9]{2})")
_FLIGHT = re.compile(r"TVL[+][0-9]{6}")
_SAYS = re.compile(rf"\b(?:{words.any_of(words.OPERATED_BY)}|d/?b/?a)\b", re.IGNORECASE)
_NOTHING = "The message holds no booking: a reported flight alone is no itinerary"
_NO_END = "The message is cut off: its last part (UNT) does not come"
_MOST_BOOKINGS = 2000  # an aircraft holds fewer
_OPEN = "OPEN"
_SHOWN = 160


@dataclass(slots=True)
class _Booking:
    """A booking while it is read."""

    segments: list[DraftSegment] = field(default_factory=list)
    travellers: dict[Traveller, None] = field(default_factory=dict)
    locators: dict[Locator, None] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    is_past: bool = False

    def draft(self) -> Draft:
        return Draft(
            tuple(self.segments), tuple(self.travellers), tuple(self.locators), None, tuple(self.unread)
        )


class Pnrgov:
    """Reads PNRGOV messages."""

    name = Form.EDIFACT.value

    def __init__(self, _atlas: Atlas, _book: CarrierBook) -> None:
        """Take the tables that every reader is given; the codes here need none."""

    def accepts(self, document: Document) -> bool:
        """Say whether this is EDIFACT."""
        return form_of(document) is Form.EDIFACT

    def read(self, document: Document) -> Iterator[Reading]:
        """Read an interchange; one reading for some hundred bookings."""
        text = decode(document.content)
        parts = parts_of(text)
        count = sum(part.tag == "SRC" for part in parts)
        if count > _MOST_BOOKINGS:
            many = f"The message holds {count} bookings; up to {_MOST_BOOKINGS} are read"
            yield refused(self.name, f"{many}: send it in parts")
            return
        bookings = list(_bookings(parts))
        drafts = [each.draft() for each in bookings if each.segments]
        unread = text_before(text)
        unread += [line for each in bookings if not each.segments for line in each.unread]
        begun, ended = (sum(part.tag == tag for part in parts) for tag in ("UNH", "UNT"))
        if ended < max(begun, 1) and drafts:
            unread.append(_NO_END)
        lost = len(_FLIGHT.findall(text)) - sum(part.tag == "TVL" for part in parts)
        if lost > 0:
            unread.append(f"{lost} flights (TVL) stand in the message where none can be read")
        for start in range(0, max(1, len(drafts)), CHUNK_DRAFTS):
            chunk = tuple(drafts[start : start + CHUNK_DRAFTS])
            yield reading_of(self.name, chunk, tuple(unread if not start else ()), _NOTHING)


def _bookings(parts: list[Part]) -> Iterator[_Booking]:
    """Take the message apart at SRC, where each booking begins; some leave it out and begin with RCI."""
    booking: _Booking | None = None
    for part in parts:
        if part.tag == "SRC" or (part.tag == "RCI" and booking is None):
            if booking:
                yield booking
            booking = _Booking()
        if part.tag in {"UNT", "UNZ", "UNH"}:
            if booking:
                yield booking
            booking = None
        if booking:
            _take(part, booking)
    if booking:
        yield booking


def _take(part: Part, booking: _Booking) -> None:
    booking.is_past |= part.tag in _HISTORY
    if booking.is_past:
        return
    if part.tag == "TVL":
        _take_flight(part, booking)
    elif part.tag == "RCI":
        booking.locators |= dict.fromkeys(_locators(part))
    elif part.tag == "TIF":
        booking.travellers |= dict.fromkeys(_travellers(part))
    elif part.tag in {"IFT", "SSR"} and _SAYS.search(part.text):
        booking.unread[part.text[:_SHOWN]] = None
    elif booking.segments:
        booking.segments[-1] = _with_detail(part, booking)


def _take_flight(part: Part, booking: _Booking) -> None:
    """Take a flight; without places, its number is the operator's of the flight before."""
    segment = _segment(part)
    has_places = bool(segment.origin or segment.destination)
    if not has_places and segment.marketing_number and booking.segments:
        booking.segments[-1] = replace(booking.segments[-1], operating_number=segment.marketing_number)
    elif has_places and (segment.marketing_code or segment.departs.day):
        booking.segments.append(segment)
        if not bare_number(segment.marketing_number) and segment.status is not Status.OPEN:
            booking.unread[f"{segment.source}: no flight number"] = None
    elif any(component for element in part.elements for component in element):
        booking.unread[part.text[:_SHOWN]] = None


def _with_detail(part: Part, booking: _Booking) -> DraftSegment:
    """Return the last flight with what a part says of it: who operates (TRA), in which state it is (RPI)."""
    segment = booking.segments[-1]
    if part.tag == "TRA" and part.at(0):
        code, number = part.at(0).upper(), part.at(1)
        if segment.operating_code not in {"", code}:
            booking.unread[f"{segment.source}: TRA says {code}, TVL says {segment.operating_code}"] = None
        return replace(segment, operating_code=code, operating_number=bare_number(number) or number)
    if part.tag == "RPI":
        written = [each for element in part.elements for each in element if each.isalpha()]
        states = [status_of(each) for each in written]
        if None in states:
            booking.unread[f"{segment.source}: a state that nobody here knows: {part.text}"] = None
        return replace(segment, status=next(filter(None, states), Status.UNKNOWN))
    return segment


def _segment(part: Part) -> DraftSegment:
    number = part.at(4)
    departs = _moment(part.at(0, 0), part.at(0, 1))
    arrives = _moment(part.at(0, 2), part.at(0, 3))
    if arrives.clock and not arrives.day:  # an arrival without a day is on the day of departure
        arrives = replace(arrives, year=departs.year, month=departs.month, day=departs.day)
    origin, destination = part.at(1), part.at(2)
    return DraftSegment(
        marketing_code=part.at(3, 0).upper(),
        marketing_number=bare_number(number) or number,
        operating_code=part.at(3, 1).upper(),
        origin=airport_code(origin) or "",
        origin_name="" if airport_code(origin) else origin,
        destination=airport_code(destination) or "",
        destination_name="" if airport_code(destination) else destination,
        departs=departs,
        arrives=arrives,
        status=Status.OPEN if number.upper() == _OPEN else Status.UNKNOWN,
        source=part.text[:_SHOWN],
    )


def _moment(day: str, clock: str) -> DraftTime:
    text = f"{day} {clock}".strip()
    found, at = _DAY.fullmatch(day), _CLOCK.fullmatch(clock)
    time = clock_of(int(at["hour"]), int(at["minute"])) if at else None
    if not found:
        return DraftTime(clock=time, text=text)
    year, month, number = 2000 + int(found["year"]), int(found["month"]), int(found["day"])
    return DraftTime(year=year, month=month, day=number, clock=time, text=text)


def _locators(part: Part) -> Iterator[Locator]:
    for element in part.elements:
        owner, code = (*element, "", "")[:2]
        if code.strip():
            yield Locator(code.strip(), owner.strip())


def _travellers(part: Part) -> Iterator[Traveller]:
    surname = part.at(0)
    given = [element[0].strip() for element in part.elements[1:] if element and element[0].strip()]
    for each in given or [""]:
        yield traveller_named(f"{surname}/{each}" if each else surname)
