"""Countries, airports and cities, and the Atlas that finds them by code or by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from travelrisk.domain.codes import airport_code, country_code, folded
from travelrisk.domain.texts import Texts

_AIRPORT_WORDS = frozenset(
    {"international", "intl", "airport", "aeroport", "aeropuerto", "aeroporto", "flughafen"}
)

_SHORT = {"uk": "GB", "england": "GB", "scotland": "GB", "usa": "US", "uae": "AE"}


@dataclass(frozen=True, slots=True)
class Country:
    """A country or area: ISO 3166-1 alpha-2 code (and XK) with its name in three languages."""

    code: str
    names: Texts

    def is_called(self, name: str) -> bool:
        """Say whether this is its name in one of our languages, its code, or what people write for it."""
        wanted = folded(name)
        code = _SHORT.get(wanted) or country_code(name)
        return code == self.code or wanted in {folded(each) for each in self.names}


@dataclass(frozen=True, slots=True)
class Airport:
    """An airport. Coordinates in degrees, north and east positive; *zone* is an IANA name.

    *closed* is the first day on which no passengers fly from it any more.
    """

    iata: str
    icao: str
    name: str
    city: str
    city_code: str
    country: Country
    latitude: float
    longitude: float
    zone: str
    scheduled: bool = True
    former_iata: str = ""
    closed: date | None = None

    @property
    def code(self) -> str:
        """The code people use: IATA, or ICAO where there is no IATA code (field strips)."""
        return self.iata or self.icao


@dataclass(frozen=True, slots=True)
class City:
    """A city code (LON) and the codes of the airports it may stand for."""

    code: str
    name: str
    country: str
    airports: tuple[str, ...]


class Atlas:
    """Finds airports, cities and countries; built once from reference data and never changed.

    Args:
        city_names: country code and city, as the airports have it -> its names in other languages.
        exonyms: the same -> its names in languages that nothing here is written in; found, and never shown.
    """

    def __init__(
        self,
        countries: Iterable[Country],
        airports: Iterable[Airport],
        cities: Iterable[City],
        city_names: Mapping[tuple[str, str], Texts] = MappingProxyType({}),
        exonyms: Mapping[tuple[str, str], Iterable[str]] = MappingProxyType({}),
    ) -> None:
        self._countries = {country.code: country for country in countries}
        self._cities = {city.code: city for city in cities}
        self._airports: dict[str, Airport] = {}
        self._by_name: dict[str, list[Airport]] = defaultdict(list)
        self._in_country: dict[str, set[str]] = defaultdict(set)
        known = tuple(airports)
        for airport in known:
            self._add(airport)
        for airport in known:
            if airport.former_iata:
                self._airports.setdefault(airport.former_iata, airport)
        for city in self._cities.values():
            self._add_name(folded(city.name), self.candidates_of(city))
        told = {city: (names.fr, names.es) for city, names in city_names.items()}
        for (country, english), more in (*told.items(), *exonyms.items()):
            there = [each for each in self._by_name.get(folded(english), ()) if each.country.code == country]
            for name in set(map(folded, more)):
                self._add_name(name, there)

    def _add(self, airport: Airport) -> None:
        self._in_country[airport.country.code].add(airport.code)
        if airport.icao:
            self._airports.setdefault(airport.icao, airport)
        if airport.iata:
            self._airports[airport.iata] = airport
        city, name = folded(airport.city), folded(airport.name)
        for each in {city, name, _bare(name), _bare(f"{city} {name}")}:
            self._add_name(each, (airport,))

    def _add_name(self, name: str, airports: Iterable[Airport]) -> None:
        found = self._by_name[name]
        found.extend(each for each in airports if name and each not in found)

    def __len__(self) -> int:
        return len(set(self._airports.values()))

    @property
    def countries(self) -> tuple[Country, ...]:
        """Every country or area."""
        return tuple(self._countries.values())

    def country(self, code: str) -> Country | None:
        """Return the country with this alpha-2 code."""
        return self._countries.get(country_code(code) or "")

    def airport(self, code: str) -> Airport | None:
        """Return the airport with this IATA, ICAO or former IATA code; None for any other code."""
        return self._airports.get(airport_code(code) or "")

    def airports_in(self, country: str) -> frozenset[str]:
        """Return the codes of all airports in the country with this alpha-2 code."""
        return frozenset(self._in_country.get(country, ()))

    def located(self, letters: str) -> tuple[Airport, ...]:
        """Return the airports whose location indicators begin so."""
        return tuple(each for each in set(self._airports.values()) if each.icao.startswith(letters))

    def city(self, code: str) -> City | None:
        """Return the city with this code, also where an airport bears the same code."""
        return self._cities.get(airport_code(code) or "")

    def candidates(self, code: str) -> tuple[Airport, ...]:
        """Return every airport a code may mean: one for an airport, several for a city, none if unknown."""
        airport = self.airport(code)
        if airport is not None:
            return (airport,)
        city = self.city(code)
        return self.candidates_of(city) if city else ()

    def candidates_of(self, city: City) -> tuple[Airport, ...]:
        """Return the airports of a city, as far as they are in the Atlas."""
        found = (self._airports.get(each) for each in city.airports)
        return tuple(each for each in found if each is not None)

    def instead_of(self, closed: Airport) -> tuple[Airport, ...]:
        """Return the airports of its city that passengers fly from since an airport was closed."""
        city = self.city(closed.city_code)
        found = self.candidates_of(city) if city else self.candidates(closed.city_code)
        return tuple(each for each in found if each.scheduled and not each.closed)

    def named(self, name: str) -> tuple[Airport, ...]:
        """Return the airports whose city or own name, or both, is *name*, case and accents aside.

        Cities are known by their names in other languages too.

        ``International`` and ``Airport`` may be left out. Where any of them has scheduled flights, those
        without are left out: nobody books a seat to a field strip by the name of the capital.
        """
        found = self._by_name.get(folded(name)) or self._by_name.get(_bare(folded(name)), [])
        return tuple(each for each in found if each.scheduled) or tuple(found)


def _bare(name: str) -> str:
    """Return a folded name without the words that say that it is an airport."""
    return " ".join(word for word in name.split() if word not in _AIRPORT_WORDS)
