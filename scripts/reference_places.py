"""Airports and cities: what the two lists say, settled to one row a code."""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import reference_corrections as corrections
from reference_lists import Place, spelled

EARTH_RADIUS_KM = 6371.0088
SAME_PLACE_KM = 20.0  # two lists that are farther apart speak of two places, or one is wrong
SAME_FIELD_KM = 5.0  # a field without an IATA code this near to an airport is that airport
NO_CITY = re.compile(r"\b(?:Airport|Air Base|Air Force Station)$")


@dataclass(frozen=True, slots=True)
class Airport:
    """A row of airports.csv, with what is needed to make cities.csv out of it."""

    iata: str
    icao: str
    name: str
    city: str
    city_codes: tuple[str, ...]
    country: str
    latitude: float
    longitude: float
    zone: str
    scheduled: bool
    rank: float = 0.0

    def row(self) -> dict[str, str]:
        """Return the row by its column names."""
        return {
            "iata": self.iata,
            "icao": self.icao,
            "name": self.name,
            "city": self.city,
            "city_code": self.city_codes[0] if self.city_codes else "",
            "country": self.country,
            "latitude": f"{self.latitude:.4f}",
            "longitude": f"{self.longitude:.4f}",
            "zone": self.zone,
            "scheduled": "yes" if self.scheduled else "no",
            "former_iata": corrections.FORMER_IATA.get(self.iata, ""),
        }


@dataclass(frozen=True, slots=True)
class City:
    """A row of cities.csv: a city code and the scheduled airports it stands for, largest first."""

    code: str
    name: str
    country: str
    airports: tuple[str, ...]

    def row(self) -> dict[str, str]:
        """Return the row by its column names."""
        return {
            "code": self.code,
            "name": self.name,
            "country": self.country,
            "airports": " ".join(self.airports),
        }


def airports(known: Iterable[Place], other: Iterable[Place]) -> list[Airport]:
    """Return the airports of both lists, each IATA and each ICAO code once, sorted by code.

    Args:
        known: OpenTravelData, whose word goes first.
        other: airportsdata, which fills gaps and adds fields without an IATA code.

    Raises:
        ValueError: an airport came out in another country than the corrections expect.
    """
    known, other = list(known), list(other)
    theirs = {place.iata: place for place in other if place.iata}
    ours = {place.iata: place for place in known if _is_airport(place)}
    elsewhere = _held_by_others(known, ours)
    codes = {code for code, place in ours.items() if place.rank or place.icao or code in theirs}
    codes |= {code for code, place in theirs.items() if elsewhere.get(code, place.country) == place.country}
    coded = _each_icao_once(_settled(ours.get(code), theirs.get(code)) for code in sorted(codes))
    _check_countries(coded)
    return sorted([*coded, *_fields(other, coded)], key=lambda each: (each.iata or each.icao, each.icao))


def cities(known: Iterable[Place], table: Iterable[Airport]) -> list[City]:
    """Return the city codes that stand for anything but the one airport of the same code."""
    members: dict[str, list[Airport]] = defaultdict(list)
    for airport in table:
        for code in airport.city_codes if airport.scheduled else ():
            members[code].append(airport)
    named = {place.iata: place for place in reversed(list(known)) if "C" in place.kinds}
    return [
        _city(code, named.get(code), found)
        for code, found in sorted(members.items())
        if [airport.iata for airport in found] != [code]
    ]


def distance_km(one: Place | Airport, two: Place | Airport) -> float:
    """Return the great circle between two places on the sphere of the mean radius."""
    north, south = math.radians(one.latitude), math.radians(two.latitude)
    apart = math.radians(two.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(apart / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if c.isalnum())


def _is_airport(place: Place) -> bool:
    return "A" in place.kinds or place.iata in corrections.KEPT_WITHOUT_RUNWAY


def _held_by_others(known: Iterable[Place], ours: Mapping[str, Place]) -> dict[str, str]:
    """Return the countries of the codes that OpenTravelData gives to a station or a port.

    The other list often keeps such a code with an airport of long ago in another country; an
    unknown code is asked about, a wrong country would be judged.
    """
    kept = ours.keys() | corrections.KEPT_AGAINST_OPENTRAVELDATA
    return {place.iata: place.country for place in known if place.iata not in kept}


def _settled(known: Place | None, other: Place | None) -> Airport:
    if known is None or other is None:
        only = known or other
        if only is None:
            raise ValueError("a code that neither list holds")
        return _airport(only, only)
    if known.country == other.country and distance_km(known, other) <= SAME_PLACE_KM:
        return _airport(known, other)
    moved = known.iata in corrections.PLACE_FROM_AIRPORTSDATA
    if moved or (known.is_coarse and not known.rank and _same_airport(known, other)):
        taken = replace(other, rank=known.rank, city_codes=known.city_codes, country=known.country)
        return _airport(taken, known if moved else other)
    return _airport(known, known if distance_km(known, other) > SAME_PLACE_KM else other)


def _same_airport(known: Place, other: Place) -> bool:
    """Tell a place misplaced by one of the lists from a namesake of its town."""
    if known.country != other.country:
        return False
    if known.icao and known.icao == other.icao:
        return True
    return _folded(NO_CITY.sub("", known.name)) == _folded(NO_CITY.sub("", other.name))


def _airport(place: Place, second: Place) -> Airport:
    """Return the airport as *place* has it, its gaps filled from *second*, its corrections applied."""
    code = place.iata
    codes, city = corrections.CITY.get(code, (place.city_codes or (code,), _city_name(place, second)))
    zone = corrections.OFFICIAL_ZONE.get(place.country, place.zone)
    return Airport(
        iata=code,
        icao=_icao(place, second),
        name=corrections.NAME.get(code, place.name),
        city=city,
        city_codes=codes,
        country=corrections.COUNTRY.get(code, place.country),
        latitude=place.latitude,
        longitude=place.longitude,
        zone=corrections.ZONE.get(code or place.icao, zone),
        scheduled=code in corrections.SCHEDULED or (place.rank > 0 and code not in corrections.NOT_SCHEDULED),
        rank=place.rank,
    )


def _icao(place: Place, second: Place) -> str:
    if place.country in corrections.ICAO_FROM_AIRPORTSDATA and second.icao:
        return second.icao
    return place.icao or second.icao


def _city_name(place: Place, second: Place) -> str:
    """Return the city both lists name, else the first of *place*."""
    agreed = {_folded(city) for city in second.cities}
    for city in place.cities:
        if _folded(city) in agreed:
            return city
    first = next(iter(place.cities), "")
    if first and not NO_CITY.search(first):
        return first
    return next(iter(second.cities), "") or NO_CITY.sub("", first or place.name).strip()


def _each_icao_once(table: Iterable[Airport]) -> list[Airport]:
    """Return the airports, an ICAO code left only with the largest of those that share it."""
    found = list(table)
    holder = {airport.icao: airport.iata for airport in sorted(found, key=lambda each: each.rank)}
    return [each if holder[each.icao] == each.iata else replace(each, icao="") for each in found]


def _check_countries(table: Iterable[Airport]) -> None:
    countries = {airport.iata: airport.country for airport in table}
    wrong = {
        code: countries.get(code)
        for code, expected in corrections.COUNTRY_EXPECTED.items()
        if countries.get(code, expected) != expected
    }
    if wrong:
        raise ValueError(f"countries other than expected: {wrong}")


def _fields(other: Iterable[Place], coded: Iterable[Airport]) -> list[Airport]:
    """Return the fields without an IATA code, in the countries where missions land on them."""
    near: dict[str, list[Airport]] = defaultdict(list)
    for airport in coded:
        near[airport.country].append(airport)
    taken = {airport.icao for airports in near.values() for airport in airports}
    return [
        _field(place)
        for place in other
        if not place.iata
        and place.icao
        and place.icao not in taken
        and place.country in corrections.FIELD_COUNTRIES
        and all(distance_km(place, airport) > SAME_FIELD_KM for airport in near[place.country])
    ]


def _field(place: Place) -> Airport:
    known_as = corrections.FIELD_PLACE.get(place.icao)
    name = f"{known_as} Airport" if known_as else place.name
    city = known_as or next(iter(place.cities), "") or NO_CITY.sub("", place.name).strip()
    airport = _airport(place, place)
    return replace(airport, name=name, city=city, city_codes=())


def _city(code: str, place: Place | None, found: Iterable[Airport]) -> City:
    largest_first = sorted(found, key=lambda airport: (-airport.rank, airport.iata))
    largest = largest_first[0]
    name, country = corrections.CITY_CODE_NAME.get(
        code,
        (spelled(place.country, place.name), place.country) if place else (largest.city, largest.country),
    )
    return City(code, name, country, tuple(airport.iata for airport in largest_first))
