"""How the choices of a question are written, the same in every language."""

from collections.abc import Iterable
from datetime import date, datetime

from travelrisk.domain.carriers import Carrier
from travelrisk.domain.itineraries import Question, Severity
from travelrisk.domain.places import Airport
from travelrisk.domain.texts import day_in_words

_LONGEST_TEXT = 120  # a question quotes the document, it does not repeat it

Asked = list[Question]


def ask(asked: Asked, severity: Severity, code: str, text: str = "", choices: Iterable[str] = ()) -> None:
    """Append a question; the segment it is about is filled in when the segments have their order."""
    words = " ".join(text.split())
    short = words if len(words) <= _LONGEST_TEXT else words[: _LONGEST_TEXT - 1] + "…"
    asked.append(Question(code, severity, None, short, tuple(dict.fromkeys(choices))))


def day_choice(day: date, *, weekday: bool = False) -> str:
    """Write a date twice, in figures and in words: ``2026-11-12 (12 Nov 2026)``."""
    return f"{day.isoformat()} ({day_in_words(day, 'en', weekday=weekday)})"


def time_choice(local: datetime) -> str:
    """Write a local time: ``2026-11-12 10:20``."""
    return local.isoformat(" ", "minutes")


def carrier_choice(carrier: Carrier) -> str:
    """Write a carrier so that it cannot be mistaken: ``United Nigeria Airlines (UNA, NG)``."""
    return f"{carrier.name} ({carrier.icao}, {carrier.state.code})"


def airport_choice(airport: Airport) -> str:
    """Write an airport with its city and country: ``LHR Heathrow, London (GB)``."""
    return f"{airport.code} {airport.name}, {airport.city} ({airport.country.code})"
