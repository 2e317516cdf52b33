"""Fields of structured data that nobody reads: one that may say who flies, or where, is told and not dropped.

schema.org has no field for the operator but Google's ``operatedBy``; senders write it in others of their own,
in another spelling, at the reservation instead of the flight, or as a sentence.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from travelrisk.domain.codes import folded
from travelrisk.intake import phrases, words

_READ = frozenset({"airline", "operatedBy", "provider", "carrier", "operatingFlightNumber"})
_TELLS = re.compile(r"operat|carrier|airline|disclos|codeshare|lease|itinerary", re.IGNORECASE)
_SAYS = re.compile(rf"\b(?:{words.any_of(words.OPERATED_BY)}|operat\w+)\b", re.IGNORECASE)
_SENTENCES = frozenset({"name", "description", "disambiguatingDescription", "additionalTicketText"})
_PROPERTIES = "additionalProperty"
_OFF = re.compile(r"cancel|annul|divert|postpon", re.IGNORECASE)
_DEPARTS = re.compile(r"(?!departureTime$|departureDay$)\w*departure(?:time|date|day)", re.IGNORECASE)
_NUMBER = re.compile(r"(?!flightNumber$|operatingFlightNumber$)\w*flight_?number\w*", re.IGNORECASE)
_DAY = len("2026-12-12")
_SHOWN = 160
_DEEPEST = 4


def unread_fields(
    reservation: Mapping[str, object], flight: Mapping[str, object], known: tuple[str, ...]
) -> Iterator[str]:
    """Yield each field that may name another operator, or places on the way, and is none that is read.

    Args:
        reservation: the node that books the flight.
        flight: the node of the flight.
        known: names and codes of the carriers that were read; a field that only repeats one says nothing new.
    """
    names = {folded(each) for each in known if each}
    for node, read in ((reservation, frozenset[str]()), (flight, _READ)):
        for field, value in node.items():
            said = " ".join(_texts(value))
            tells = field not in read and bool(_TELLS.search(field))
            speaks = field in _SENTENCES and bool(_SAYS.search(said))
            lists = field == _PROPERTIES and bool(_TELLS.search(said))
            if said and (tells or speaks or lists) and not _repeats(said, names):
                yield f"{field}: {said}"[:_SHOWN]
    stated = flight.get("operatedBy")
    if isinstance(stated, dict) and stated and not (stated.get("name") or stated.get("iataCode")):
        said = " ".join(_texts(stated)) or "refers to something that is not read"
        if not _repeats(said, names):
            yield f"operatedBy: {said}"[:_SHOWN]
    yield from _changes(flight)


def _changes(flight: Mapping[str, object]) -> Iterator[str]:
    """Yield the fields that give a flight another state, day or number than those that are read."""
    for field, value in flight.items():
        said = " ".join(_texts(value))
        is_off = field not in _READ and "status" in field.lower() and bool(_OFF.search(said))
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
