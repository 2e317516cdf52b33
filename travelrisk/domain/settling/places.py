"""Airports: by code, by city code, by a code that is no longer used, or by name; several are asked about."""

import re
from datetime import date
from functools import lru_cache

from travelrisk.domain.codes import airport_code
from travelrisk.domain.itineraries import Place, Severity
from travelrisk.domain.places import Airport, Atlas
from travelrisk.domain.settling.asking import Asked, airport_choice, ask, day_choice
from travelrisk.domain.settling.described import described

# Railway stations that sell tickets by code; what the Atlas knows as an airport is never taken for a station.
_STATIONS = frozenset({"QKL", "QPP", "XDB", "XHJ", "ZMB", "ZMU", "ZWE", "ZWS", "ZYR"})
_MOST_PARTS = 5
_MOST_CHOICES = 5
_NO_AIRLINER = re.compile(
    r"\b(?:sea ?plane|heliport|hydroport|water aero|water airport|bus station)", re.IGNORECASE
)
_BRACKETS = re.compile(r"\(([A-Z]{3,4})\)", re.ASCII)


def is_station(code: str, atlas: Atlas) -> bool:
    """Say whether a code is that of a railway station."""
    return airport_code(code) in _STATIONS and not atlas.candidates(code)


def settle_place(code: str, name: str, atlas: Atlas, asked: Asked) -> Place:
    """Find the airport of a code, or of a name where there is none; ask where it leaves several or none."""
    place = find_place(code, name, atlas)
    ask_about(place, code, name, atlas, asked)
    return place


def find_place(code: str, name: str, atlas: Atlas) -> Place:
    """Find the airport of a code, or of a name where there is none, or all that they may mean."""
    text = code.strip() or name.strip()
    found = _by_code(code, name, atlas) or named_airports(text, atlas)  # LIMA is no code, but looks like one
    return _one_or_several(text, plausible(found or named_airports(name, atlas), atlas), is_known=bool(found))


def ask_about(place: Place, code: str, name: str, atlas: Atlas, asked: Asked) -> None:
    """Ask which airport a place is, where that is not known."""
    choices = map(airport_choice, place.candidates[:_MOST_CHOICES])
    if place.airport:
        _note_former_code(code, place.airport, asked)
    elif _by_code(code, name, atlas) or named_airports(place.text, atlas):
        ask(asked, Severity.ASK, "airport_choice", place.text, choices)
    else:
        ask(asked, Severity.BLOCK, "airport_unknown", place.text, choices)


def ask_if_closed(place: Place, day: date | None, atlas: Atlas, asked: Asked) -> Place:
    """Return a place without its airport, and ask which it is, where that was closed before the day."""
    closed = place.airport and place.airport.closed
    if not (place.airport and closed and day and day >= closed):
        return place
    others = atlas.instead_of(place.airport)
    ask(asked, Severity.NOTE, "airport_closed", place.text, [day_choice(closed)])
    code = "airport_choice" if others else "airport_unknown"
    severity = Severity.ASK if others else Severity.BLOCK
    ask(asked, severity, code, place.text, map(airport_choice, others[:_MOST_CHOICES]))
    return Place(place.text, None, others)


def _by_code(code: str, name: str, atlas: Atlas) -> tuple[Airport, ...]:
    """Return what the code may mean; beside the code of a city, the name may tell which airport."""
    found = atlas.candidates(code)
    if len(found) > 1 and name:
        named = named_airports(name, atlas)
        return tuple(each for each in found if each in named) or found
    return found


@lru_cache(maxsize=4096)  # a document repeats a few places
def named_airports(name: str, atlas: Atlas) -> tuple[Airport, ...]:
    """Return the airports that a name may mean: as it stands, by a code in brackets, or part by part.

    ``Georgetown, Guyana`` is the city in that country, ``London, Heathrow`` the airport that bears both.
    """
    bracketed = _BRACKETS.findall(name)
    if bracketed and (found := atlas.candidates(bracketed[-1])):
        return found
    found = atlas.named(name) or _in_parts(name.split(",")[:_MOST_PARTS], atlas)
    return found if len(found) == 1 else described(name, found, atlas)


def plausible(found: tuple[Airport, ...], atlas: Atlas) -> tuple[Airport, ...]:
    """Return those of several airports that a ticket may mean, the most important one first.

    No airliner uses a seaplane base or a heliport. Who writes Paris means the capital that has a city code of
    its own, not a namesake abroad; but that never decides between its airports, which may be rated otherwise.
    """
    if len(found) < 2:  # noqa: PLR2004 - nothing to choose between
        return found
    served = tuple(each for each in found if not _NO_AIRLINER.search(each.name)) or found
    metro = tuple(each for each in served if _is_of_metro(each, atlas))
    countries = {each.country.code for each in metro}
    if len(metro) > 1 and len(countries) == 1:
        served = tuple(each for each in served if each in metro or each.country.code in countries)
    return tuple(sorted(served, key=lambda each: _weight(each, atlas)))


def _is_of_metro(airport: Airport, atlas: Atlas) -> bool:
    """Say whether an airport belongs to a city with a code that no airport bears: PAR, LON."""
    return bool(airport.city_code) and atlas.airport(airport.city_code) is None


def _weight(airport: Airport, atlas: Atlas) -> tuple[bool, bool, int, bool, str]:
    city = atlas.city(airport.city_code)
    codes = city.airports if city else ()
    place = codes.index(airport.code) if airport.code in codes else len(codes)
    is_main = airport.code == airport.city_code or (city is not None and city.code not in codes and not place)
    return (not is_main, not codes, place, "International" not in airport.name, airport.code)


def _in_parts(parts: list[str], atlas: Atlas) -> tuple[Airport, ...]:
    found: tuple[Airport, ...] = ()
    for part in parts:
        named = atlas.named(part)
        found = tuple(each for each in found if each in named) or found or named
    inside = tuple(each for each in found if any(each.country.is_called(part) for part in parts))
    return inside or found


def _one_or_several(text: str, found: tuple[Airport, ...], *, is_known: bool) -> Place:
    return Place(text, found[0]) if len(found) == 1 and is_known else Place(text, None, found)


def _note_former_code(code: str, airport: Airport, asked: Asked) -> None:
    former = airport_code(code)
    if former and former == airport.former_iata and former not in {airport.iata, airport.icao}:
        ask(asked, Severity.NOTE, "airport_former_code", former, [airport_choice(airport)])
