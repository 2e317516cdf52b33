"""What the flights of a booking account for: their carriers, airports with their cities, numbers and days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.codes import bare_number, folded
from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.operators import read_operator
from travelrisk.domain.places import Airport, Atlas
from travelrisk.domain.settling.places import named_airports


@dataclass(frozen=True, slots=True)
class Accounted:
    """What is known of a journey.

    Attributes:
        carriers: ICAO designators of sellers and operators.
        operators: folded words of operators, known or not.
        airports: codes of the airports and of their cities.
        cities: folded names of the places, as the flights and the Atlas write them.
        flights: carrier code and bare number.
        days: month and day of departures and arrivals.
        day: a day of travel, on which names of carriers are looked up.
    """

    carriers: frozenset[str]
    operators: tuple[str, ...]
    airports: frozenset[str]
    cities: frozenset[str]
    flights: frozenset[tuple[str, str]]
    days: frozenset[tuple[int, int]]
    day: date

    def has_carrier(self, found: Iterable[Carrier]) -> bool:
        """Say whether one of some carriers sells or flies one of the flights."""
        return any(carrier.icao in self.carriers for carrier in found)

    def has_place(self, found: Iterable[Airport]) -> bool:
        """Say whether one of some airports, or its city, is on the way."""
        return any(
            {each.code, each.iata, each.city_code} & self.airports or folded(each.city) in self.cities
            for each in found
        )

    def has_airport(self, found: Iterable[Airport]) -> bool:
        """Say whether one of the airports that a code may mean is on the way; another of its city is not."""
        return any({each.code, each.iata} & self.airports for each in found)

    def is_part_of_a_place(self, name: str) -> bool:
        """Say whether a name is only a part of how a place is written: MUNICH FRANZ JOSEF STRAUSS."""
        return any(f" {folded(name)} " in f" {each} " for each in self.cities)

    def has_operator(self, sentence: str) -> bool:
        """Say whether a sentence names the operator that a flight has."""
        written = f" {folded(sentence)} "
        return any(f" {name} " in written for name in self.operators)


def accounted(flights: Sequence[DraftSegment], atlas: Atlas, book: CarrierBook) -> Accounted:
    """Return what some flights account for; each line of a text asks anew."""
    return _accounted(tuple(flights), atlas, book)


@lru_cache(maxsize=8)
def _accounted(flights: tuple[DraftSegment, ...], atlas: Atlas, book: CarrierBook) -> Accounted:
    day = day_of(flights)
    spots = [airport for flight in flights for airport in _airports(flight, atlas)]
    words = (name for each in flights for name in (each.origin_name, each.destination_name, *each.stops))
    codes = (
        code for each in flights for code in (each.marketing_code, each.operating_code, each.operator) if code
    )
    names = (name for each in flights for name in (each.marketing_name, *_names(each.operator)))
    carriers = [*(book.find(code, day) for code in codes), *(book.named(name, day) for name in names)]
    return Accounted(
        frozenset(carrier.icao for found in carriers for carrier in found),
        tuple(
            filter(None, (folded(name) for each in flights for name in (each.operator, each.operating_code)))
        ),
        frozenset(code for each in spots for code in (each.code, each.iata, each.city_code) if code),
        frozenset(filter(None, [*(folded(each.city) for each in spots), *map(folded, words)])),
        frozenset(pair for each in flights for pair in _numbers(each)),
        frozenset(day for each in flights for day in (*_days(each.departs), *_days(each.arrives))),
        day,
    )


def day_of(flights: Sequence[DraftSegment]) -> date:
    """Return a day of travel; without one, a day on which only those exist that still do."""
    for flight in flights:
        moment = flight.departs
        if moment.instant:
            return moment.instant.date()
        if moment.year and moment.month and moment.day:
            try:
                return date(moment.year, moment.month, moment.day)
            except ValueError:
                continue
    return date.max


def _names(operator: str) -> Iterator[str]:
    """Yield who flies and under which brand, where the words say both: ``CityJet on behalf of KLM``."""
    said = read_operator(operator)
    yield from (operator, said.name, said.brand)


def _airports(flight: DraftSegment, atlas: Atlas) -> Iterable[Airport]:
    for code in (flight.origin, flight.destination, *flight.stops):
        yield from atlas.candidates(code)
    for name in (flight.origin_name, flight.destination_name, *flight.stops):
        yield from named_airports(name, atlas)


def _numbers(flight: DraftSegment) -> Iterable[tuple[str, str]]:
    yield flight.marketing_code, bare_number(flight.marketing_number) or ""
    yield flight.operating_code, bare_number(flight.operating_number) or ""


def _days(moment: DraftTime) -> Iterable[tuple[int, int]]:
    if moment.instant:
        yield moment.instant.month, moment.instant.day
    if moment.month and moment.day:
        yield moment.month, moment.day
        if moment.day_month_unsure:
            yield moment.day, moment.month
