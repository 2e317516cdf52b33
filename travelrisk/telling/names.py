"""Names and dates that stand in English in tables and findings, in the language of the reader.

The tables hold places as their airports are called; people know cities by the names of their own language.
What has no name of its own in a language keeps the one it has.
"""

import re
from datetime import date

from travelrisk.domain.places import Airport
from travelrisk.domain.texts import Language, day_in_words
from travelrisk.reference import load_atlas, load_city_names
from travelrisk.screening.explain import without_kind

_DAY = re.compile(r"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}) \((?P<words>[^()]*)\)")
_NAMED = re.compile(
    r".+ \((?P<code>[A-Z0-9]{3,4})\)", re.ASCII
)  # as findings have it: Addis Ababa Bole (ADD)
_CHOICE = re.compile(r"(?P<code>[A-Z0-9]{3,4}) .+ \([A-Z]{2}\)", re.ASCII)  # LHR Heathrow, London (GB)


def city_name(airport: Airport, language: Language) -> str:
    """Return the city of an airport as *language* has it; the airport's own name where it has no city."""
    names = load_city_names().get((airport.country.code, airport.city))
    return names.in_language(language) if names else airport.city or airport.name


def told(text: str, language: Language) -> str:
    """Return a name or a choice with its city and its date as *language* has them.

    Understood are the forms in which findings and questions write them: ``Frankfurt (FRA)``,
    ``LHR Heathrow, London (GB)`` and ``2026-11-12 (12 Nov 2026)``. Codes and figures never change.
    """
    if language == "en":
        return text
    match = _NAMED.fullmatch(text) or _CHOICE.fullmatch(text)
    airport = load_atlas().airport(match["code"]) if match else None
    if airport is not None:
        return _retold(text, airport, language)
    return _DAY.sub(lambda found: _day(found, language), text)


def _retold(text: str, airport: Airport, language: Language) -> str:
    """Put the city's name in, and leave out the English word that stands before the name already."""
    city = re.compile(rf"(?<!\w){re.escape(airport.city or airport.name)}(?!\w)")
    name = city.sub(lambda _: city_name(airport, language), without_kind(text))
    return " ".join(name.split())


def _day(found: re.Match[str], language: Language) -> str:
    try:
        day = date.fromisoformat(found["iso"])
    except ValueError:
        return found[0]
    return f"{found['iso']} ({day_in_words(day, language, weekday=found['words'][:1].isalpha())})"
