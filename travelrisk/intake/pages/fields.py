"""Fields of structured data that nobody reads: one that may say who flies, or where, is told and not dropped.

schema.org has no field for the operator but Google's ``operatedBy``; senders write it in others of their own,
in another spelling, at the reservation instead of the flight, or as a sentence.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import flight_number, folded
from travelrisk.intake.beside import phrases
from travelrisk.intake.beside.doubts import carriers_called
from travelrisk.intake.words import words

_READ = frozenset({"airline", "operatedBy", "provider", "carrier", "operatingFlightNumber"})
_OLDER = frozenset({"provider", "carrier"})
"""The operator beside an airline; without one they name a carrier, and whether it flies is not said."""
_TELLS = re.compile(r"operat|carrier|airline|disclos|codeshare|lease|itinerary", re.IGNORECASE)
_SAYS = re.compile(rf"\b(?:{words.any_of(words.OPERATED_BY)}|operat\w+)\b", re.IGNORECASE)
_SENTENCES = frozenset({"name", "description", "disambiguatingDescription", "additionalTicketText"})
_PROPERTIES = "additionalProperty"
_STATES = (phrases.STANDBY, phrases.UNSETTLED)
_UNTOLD = _READ | {"reservationStatus"}
_OF_OTHERS = frozenset(
    """@context @type @id flightNumber underName reservationFor programMembershipUsed departureAirport
    ticketToken     arrivalAirport image logo""".split()  # noqa: SIM905 - a table of words is read as words
)
"""What names people, places and programmes, and may name carriers that have no part in the flight."""
_OFF = re.compile(
    r"cancel|annul|divert|postpon|wait|standby|hold|pending|expired|refused|declined", re.IGNORECASE
)
_GROUND = re.compile(r"bus|train|rail|boat|ferry|coach", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{2}")
_DESIGNATOR = re.compile(r"(?:[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?[0-9]{2,4}")
_DEPARTS = re.compile(r"(?!departureTime$|departureDay$)\w*departure(?:time|date|day)", re.IGNORECASE)
_NUMBER = re.compile(r"(?!flightNumber$|operatingFlightNumber$)\w*flight_?number\w*", re.IGNORECASE)
_DAY = len("2026-12-12")
_SHOWN = 160
_DEEPEST = 4


def unread_fields(
    reservation: Mapping[str, object],
    flight: Mapping[str, object],
    known: tuple[str, ...],
    book: CarrierBook,
) -> Iterator[str]:
    """Yield each field that may name another operator, or places on the way, and is none that is read.

    Args:
        reservation: the node that books the flight.
        flight: the node of the flight.
        known: names and codes of the carriers that were read; a field that only repeats one says nothing new.
        book: tells the names and codes of carriers, which count in whatever field they stand.
    """
    names = {folded(each) for each in known if each}
    found = (carrier for each in known if each for carrier in (*book.ever(each), *book.named(each, date.max)))
    own = {carrier.icao for carrier in found}
    for node, read in ((reservation, frozenset[str]()), (flight, _READ)):
        for field, value in node.items():
            said = " ".join(_texts(value))
            tells = field not in read and bool(_TELLS.search(field))
            speaks = field in _SENTENCES and bool(_SAYS.search(said))
            lists = field == _PROPERTIES and bool(_TELLS.search(said))
            is_read = field in read and (field not in _OLDER or "airline" in node)
            is_other = not is_read and field not in _OF_OTHERS and _names_other(value, own, book)
            is_off = field in _SENTENCES and any(each.search(said) for each in _STATES)
            if said and (tells or speaks or lists or is_other or is_off) and not _repeats(said, names):
                yield f"{field}: {said}"[:_SHOWN]
    stated = flight.get("operatedBy")
    if isinstance(stated, dict) and stated and not (stated.get("name") or stated.get("iataCode")):
        said = " ".join(_texts(stated)) or "refers to something that is not read"
        if not _repeats(said, names):
            yield f"operatedBy: {said}"[:_SHOWN]
    yield from _changes(flight)
    yield from _changes({key: each for key, each in reservation.items() if "status" in key.lower()})


def _names_other(value: object, own: set[str], book: CarrierBook) -> bool:
    """Say whether a value is the name, the code or a flight of a carrier that has no part in the flight."""
    for said in _texts(value):
        flight = flight_number(said) if _DESIGNATOR.fullmatch(said) else None
        code = flight.carrier if flight else said if said is value and _CODE.fullmatch(said) else ""
        named = (
            book.named(name, date.max)
            for name in carriers_called(said, date.max, book)
            if " " in name or folded(name) == folded(said)
        )
        if any(found and own.isdisjoint(each.icao for each in found) for found in (book.ever(code), *named)):
            return True
    return False


def _changes(flight: Mapping[str, object]) -> Iterator[str]:
    """Yield the fields that give a flight another state, day or number than those that are read."""
    for field, value in flight.items():
        said = " ".join(_texts(value))
        is_off = field not in _UNTOLD and "status" in field.lower() and bool(_OFF.search(said))
        is_off |= field == "additionalType" and bool(_GROUND.search(said))
        is_moved = bool(_DEPARTS.fullmatch(field)) and said[:_DAY] != _day_of(flight)
        is_renamed = bool(_NUMBER.fullmatch(field)) and said != flight.get("flightNumber")
        if said and (is_off or is_moved or is_renamed or phrases.CHARTER.search(said)):
            yield f"{field}: {said}"[:_SHOWN]


def _day_of(flight: Mapping[str, object]) -> str:
    return " ".join(_texts(flight.get("departureTime") or flight.get("departureDay")))[:_DAY]


def flights_within(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield every object in the data that is a flight by its fields, whatever it is called."""
    if isinstance(value, dict):
        if "flightNumber" in value or {"departureAirport", "arrivalAirport"} & value.keys():
            yield value
        value = list(value.values())
    if isinstance(value, list) and depth < _DEEPEST * 2:
        for each in value:
            yield from flights_within(each, depth + 1)


def _repeats(said: str, names: set[str]) -> bool:
    bare = folded(_SAYS.sub(" ", said)).strip(" :")
    return bare in names


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif depth < _DEEPEST and isinstance(value, Mapping):
        for field, each in value.items():
            if not field.startswith("@"):
                yield from _texts(each, depth + 1)
    elif depth < _DEEPEST and isinstance(value, list):
        for each in value:
            yield from _texts(each, depth + 1)
