"""A route as a person writes it, ``FRA ADD NBO`` or ``Frankfurt Nairobi``, as airports and as a sketch."""

import re
from collections.abc import Sequence
from itertools import pairwise

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Airport, Atlas
from travelrisk.domain.texts import Language
from travelrisk.picture.sketch import Area, Leg, Place, Sketch
from travelrisk.telling.names import city_name

_BETWEEN = re.compile(r"[\s,;/>\u2192\u2013\u2014-]+")
_LONGEST = 6  # words of a name
_MOST = 40  # places: nobody reads a map of more


def airports_of(text: str, atlas: Atlas) -> tuple[Airport, ...]:
    """Return the airports that *text* names by codes or names of cities, in its order.

    Of the airports of one city it is the one that bears the code of the city: Frankfurt is FRA, and not Hahn.

    Raises:
        BadInputError: a word is neither, a name is that of several airports, or there are fewer than two
            places or more than 40.
    """
    words = [word for word in _BETWEEN.split(text) if word]
    found: list[Airport] = []
    while words:
        airport, count = _first(words, atlas)
        found.append(airport)
        words = words[count:]
    if not 2 <= len(found) <= _MOST:  # noqa: PLR2004 - a route has two ends
        raise BadInputError(f"{text!r}: name from 2 to {_MOST} places, such as FRA ADD NBO")
    return tuple(found)


def _first(words: Sequence[str], atlas: Atlas) -> tuple[Airport, int]:
    """Return the airport that the first words name, and how many they are; the longest name counts."""
    for count in range(min(_LONGEST, len(words)), 0, -1):
        name = " ".join(words[:count])
        # in capitals a word is a code first, else a name: Ufa is a city, UFA a code
        ways = (atlas.candidates, atlas.named) if name.isupper() else (atlas.named, atlas.candidates)
        found = next((meant for way in ways if (meant := way(name))), ())
        if len({each.city_code for each in found}) == 1:  # Paris is in Texas too
            found = tuple(each for each in found if each.code == each.city_code) or found
        if len(found) == 1:
            return found[0], count
        if found:
            choices = ", ".join(f"{each.code} {each.name}" for each in found)
            raise BadInputError(f"{name} may be {choices}: give the code of one")
    raise BadInputError(f"{words[0]} is neither the code of an airport nor the name of a city that is known")


def sketch_of(airports: Sequence[Airport], language: Language, areas: tuple[Area, ...] = ()) -> Sketch:
    """Return a route over airports, with the airspaces to show beside it."""
    places = {
        each.code: Place(each.code, city_name(each, language), each.longitude, each.latitude)
        for each in airports
    }
    codes = [each.code for each in airports]
    legs = tuple(Leg(one, other) for one, other in pairwise(codes))
    return Sketch(tuple(places.values()), legs, areas)
