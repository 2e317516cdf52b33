"""What somebody wants to know: a flight, an airport, a city or a country, in words; and for which time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from travelrisk.domain.codes import FlightNumber, airport_code, country_code, flight_number, folded
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Airport, Country
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.domain.whereabouts import Span
from travelrisk.services.application import Application
from travelrisk.telling.names import city_name

HOURS: Final = (6, 12, 24, 48, 72, 168)
"""How far ahead is looked, as the form offers it."""

MOST_HOURS: Final = 31 * 24
LONGEST: Final = 80
_LETTERS_OF_IATA: Final = 3
_BACK: Final = timedelta(
    hours=24
)  # who asks for a flight may mean the one that left this morning, or last night


class Choice(NamedTuple):
    """One of the places that a name may mean: how it is called, and what to ask for instead."""

    name: Texts
    what: str


class UnclearError(BadInputError):
    """What was asked for may be several places; *choices* are all of them."""

    def __init__(self, text: str, choices: tuple[Choice, ...]) -> None:
        names = "; ".join(f"{each.what} ({each.name.en})" for each in choices)
        super().__init__(f"'{text}' may be several places: ask for one of {names}")
        self.choices = choices


class UnknownError(BadInputError):
    """What was asked for is not known here."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text}' is no flight, airport, city or country that is known here:"
            " write a flight as ET 707, an airport as ADD, a country by its name"
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        what: as it was typed.
        window: from when until when.
        name: what it is called; empty = anywhere.
        airports: codes of the place; None = anywhere.
        icaos, flight, day: carriers and number of a flight, and the local day on which it departs; without
            a day it is on its way at some moment of the window.
        leaving: only who departs in this time.
    """

    what: str
    window: Span
    name: Texts = Texts()
    airports: frozenset[str] | None = None
    icaos: frozenset[str] = frozenset()
    flight: FlightNumber | None = None
    day: date | None = None
    leaving: bool = False


def question(  # noqa: PLR0913 - what is asked, one for each field of a form
    app: Application,
    what: str,
    since: datetime | None,
    hours: int,
    *,
    leaving: bool = False,
    day: date | None = None,
) -> Question:
    """Understand what is asked.

    Args:
        app: the parts of the service.
        what: ``ET 707``, ``ADD``, ``Nairobi``, ``Kenya``, or several airports; empty = everybody who leaves.
        since: aware; None = now, and for a flight a day earlier.
        hours: how long from then, or from now.
        leaving: only who departs in this time.
        day: local day of departure of a flight; None = that of *since*, in UTC, where it is given.

    Raises:
        UnknownError: nothing here is called so.
        UnclearError: several places are.
        BadInputError: *hours* are too few or too many.
    """
    if not 1 <= hours <= MOST_HOURS:
        raise BadInputError(f"hours: give 1 to {MOST_HOURS}")
    begins = since or app.clock()
    window = Span(begins, begins + timedelta(hours=hours))
    text = " ".join(what.split())[:LONGEST]
    if not text:
        return Question("", window, leaving=True)
    found = flight_number(text)
    if found is not None:
        if since is None:
            window = Span(begins - _BACK, window.until)
        return _of_flight(app, text, window, found, day or (since.date() if since else None))
    name, airports = _place(app, text)
    return Question(text, window, name, frozenset(each.code for each in airports), leaving=leaving)


def _of_flight(app: Application, text: str, window: Span, flight: FlightNumber, day: date | None) -> Question:
    known = app.book.find(flight.carrier, day or window.until.date())
    icaos = frozenset(each.icao for each in known)
    if not icaos:
        raise UnknownError(text)
    name = f"{flight.carrier} {flight.number}{flight.suffix}"
    return Question(text, window, Texts(name, name, name), icaos=icaos, flight=flight, day=day)


def _place(app: Application, text: str) -> tuple[Texts, tuple[Airport, ...]]:
    """Return the airports of what is called so: by code as typed in capitals, by name, by code at last."""
    named = _country(app, text) or _several(app, text)
    if named is not None:
        return named
    found = _by_code(app, text) if text.isupper() else ()
    found = found or app.atlas.named(text) or _by_code(app, text)
    if not found:
        raise UnknownError(text)
    towns = _towns(found)
    if len(towns) > 1:
        raise UnclearError(text, tuple(_choice(each) for each in towns))
    return _called(found), found


def _country(app: Application, text: str) -> tuple[Texts, tuple[Airport, ...]] | None:
    country = (app.atlas.country(text) if country_code(text) else None) or _country_named(app, text)
    if country is None:
        return None
    found = (app.atlas.airport(code) for code in sorted(app.atlas.airports_in(country.code)))
    return country.names, tuple(each for each in found if each is not None)


def _country_named(app: Application, text: str) -> Country | None:
    return next((each for each in app.atlas.countries if each.is_called(text)), None)


def _several(app: Application, text: str) -> tuple[Texts, tuple[Airport, ...]] | None:
    """Return the airports of a list of codes: ``LHR, LGW``."""
    codes = text.replace(",", " ").split()
    found = [app.atlas.airport(code) for code in codes if airport_code(code)]
    known = [each for each in found if each is not None]
    if len(codes) < 2 or len(known) < len(codes) or not text.isupper():  # noqa: PLR2004 - one is no list
        return None
    name = ", ".join(each.code for each in known)
    return Texts(name, name, name), tuple(known)


def _by_code(app: Application, text: str) -> tuple[Airport, ...]:
    """Return the airport of a code; where that is a city's code too, all airports of the city."""
    city = app.atlas.city(text)
    whole = app.atlas.candidates_of(city) if city else ()
    return whole if len(whole) > 1 and app.atlas.airport(text) is None else app.atlas.candidates(text)


def _towns(found: Iterable[Airport]) -> list[tuple[Airport, ...]]:
    towns: dict[tuple[str, str], list[Airport]] = {}
    for each in found:
        towns.setdefault((each.country.code, folded(each.city)), []).append(each)
    return [tuple(each) for each in towns.values()]


def _choice(town: tuple[Airport, ...]) -> Choice:
    return Choice(_called(town), ", ".join(each.code for each in town))


def _called(found: tuple[Airport, ...]) -> Texts:
    first, codes = found[0], ", ".join(each.code for each in found)
    return Texts(
        *(
            f"{city_name(first, language)} ({codes}), {first.country.names.in_language(language)}"
            for language in LANGUAGES
        )
    )
