"""Airports: by code, by city code, by a code that is no longer used, or by name; several are asked about."""

import re

from travelrisk.domain.codes import airport_code, country_code, folded
from travelrisk.domain.itineraries import Place, Severity
from travelrisk.domain.places import Airport, Atlas
from travelrisk.domain.settling.asking import Asked, airport_choice, ask

# Railway stations that sell tickets by code; what the Atlas knows as an airport is never taken for a station.
_STATIONS = frozenset({"QKL", "QPP", "XDB", "XHJ", "ZMB", "ZMU", "ZWE", "ZWS", "ZYR"})
_MOST_PARTS = 5
_BRACKETS = re.compile(r"\(([A-Z]{3,4})\)", re.ASCII)


def is_station(code: str, atlas: Atlas) -> bool:
    """Say whether a code is that of a railway station."""
    return airport_code(code) in _STATIONS and not atlas.candidates(code)


def settle_place(code: str, name: str, atlas: Atlas, asked: Asked) -> Place:
    """Find the airport of a code, or of a name where there is none; ask where it leaves several or none."""
    text = code.strip() or name.strip()
    found = _by_code(code, name, atlas) or named_airports(text, atlas)  # LIMA is no code, but looks like one
    place = _one_or_several(text, found)
    if place.airport:
        _note_former_code(code, place.airport, asked)
    elif found:
        ask(asked, Severity.ASK, "airport_choice", text, map(airport_choice, found))
    else:
        likely = named_airports(name, atlas)
        ask(asked, Severity.BLOCK, "airport_unknown", text, map(airport_choice, likely))
        return Place(text, None, likely)
    return place


def _by_code(code: str, name: str, atlas: Atlas) -> tuple[Airport, ...]:
    """Return what the code may mean; beside the code of a city, the name may tell which airport."""
    found = atlas.candidates(code)
    if len(found) > 1 and name:
        named = named_airports(name, atlas)
        return tuple(each for each in found if each in named) or found
    return found


def named_airports(name: str, atlas: Atlas) -> tuple[Airport, ...]:
    """Return the airports that a name may mean: as it stands, by a code in brackets, or part by part.

    ``Georgetown, Guyana`` is the city in that country, ``London, Heathrow`` the airport that bears both.
    """
    bracketed = _BRACKETS.findall(name)
    if bracketed and (found := atlas.candidates(bracketed[-1])):
        return found
    return atlas.named(name) or _in_parts(name.split(",")[:_MOST_PARTS], atlas)


def _in_parts(parts: list[str], atlas: Atlas) -> tuple[Airport, ...]:
    found: tuple[Airport, ...] = ()
    for part in parts:
        named = atlas.named(part)
        found = tuple(each for each in found if each in named) or found or named
    inside = tuple(each for each in found if any(_is_in(each, part) for part in parts))
    return inside or found


def _is_in(airport: Airport, country: str) -> bool:
    names = {folded(each) for each in airport.country.names}
    return folded(country) in names or country_code(country) == airport.country.code


def _one_or_several(text: str, found: tuple[Airport, ...]) -> Place:
    return Place(text, found[0]) if len(found) == 1 else Place(text, None, found)


def _note_former_code(code: str, airport: Airport, asked: Asked) -> None:
    former = airport_code(code)
    if former and former == airport.former_iata and former not in {airport.iata, airport.icao}:
        ask(asked, Severity.NOTE, "airport_former_code", former, [airport_choice(airport)])
