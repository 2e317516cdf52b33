"""Airports in words, as itineraries print them: ``PARIS, FR (CHARLES DE GAULLE)``, ``ROME FIUMICINO``.

City, country, state and the airport's own name stand side by side, the last word often cut off. The words
choose among the airports of the city; words that fit none of them choose nothing.
"""

import re
from collections.abc import Sequence

from travelrisk.domain.codes import country_code, folded
from travelrisk.domain.places import Airport, Atlas

_MOST_CITY_WORDS = 4
_SHORTEST_CUT = 3  # letters that must be left of a word that was cut off
_IS_AIRPORT = frozenset(
    ["intl", "international", "airport", "apt", "arpt", "aeroport", "aeropuerto", "aeroporto", "flughafen"]
)
_GENERIC = _IS_AIRPORT | {"terminal", "aerogare", "the", "of", "de", "da", "do", "la", "le", "all"}
_LONG = 6  # letters of a word that is told by its consonants
_VOWELS = re.compile(r"[aeiouy]")
_TWICE = re.compile(r"(.)\1+")
_APART = re.compile(r"[,()/;-]+|\s-\s")


def described(text: str, found: tuple[Airport, ...], atlas: Atlas) -> tuple[Airport, ...]:
    """Return the airports that a description leaves.

    Args:
        text: as written.
        found: what the text as a whole may mean; empty where no table knows it.
        atlas: knows the cities with which a description begins.
    """
    words = folded(text).split()
    city, length = _city(words, atlas)
    candidates = _in_country(text, found or city)
    rest = [word for word in words[length:] if word not in _GENERIC and not _is_of_place(word, candidates)]
    if not rest:
        own = _of_that_name(words, candidates) if found and set(words) & _IS_AIRPORT else ()
        return own or candidates
    own_name = folded(_APART.split(text.strip(" )"))[-1]).split()
    by_name = [word for word in own_name if word not in _GENERIC] if len(own_name) < len(words) else rest
    for wanted in (rest, by_name):
        chosen = tuple(each for each in candidates if wanted and _bears(each, wanted))
        if chosen:
            return chosen
    return candidates if found else ()  # beside a city that is known, words that nobody knows


def _city(words: Sequence[str], atlas: Atlas) -> tuple[tuple[Airport, ...], int]:
    """Return the airports of the longest name with which the words begin, and how many words it has."""
    for length in range(min(_MOST_CITY_WORDS, len(words)), 0, -1):
        named = atlas.named(" ".join(words[:length]))
        if named:
            return named, length
    return (), 0


def _in_country(text: str, airports: tuple[Airport, ...]) -> tuple[Airport, ...]:
    """Return those in the country that a part of the text names: ``SAN JOSE, CR``, ``NEW YORK, US NY``."""
    parts = [part.strip() for part in _APART.split(text)][1:]
    words = {word for part in parts for word in (part, *part.split()[:1]) if word}
    inside = tuple(each for each in airports if any(_is_country(each, word) for word in words))
    return inside or airports


def _is_country(airport: Airport, word: str) -> bool:
    is_code = word.isupper() and country_code(word) == airport.country.code
    return is_code or folded(word) in {folded(name) for name in airport.country.names}


def _is_of_place(word: str, airports: tuple[Airport, ...]) -> bool:
    """Say whether a word only names the city, its state or the country of all the airports."""
    if len(word) <= len("ny"):
        return True
    names = (folded(f"{each.city} {' '.join(each.country.names)}").split() for each in airports)
    return bool(airports) and all(word in own for own in names)


def _bears(airport: Airport, words: Sequence[str]) -> bool:
    """Say whether an airport bears all the words in its name or as its code, the last one perhaps cut off."""
    own = {*folded(f"{airport.name} {airport.city}").split(), airport.iata.lower()}
    if "".join(words) in own:  # O HARE
        return True
    own |= {_consonants(word) for word in own}
    words = [word if word in own else _consonants(word) for word in words]
    *whole, last = words
    is_last = last in own or (len(last) >= _SHORTEST_CUT and any(word.startswith(last) for word in own))
    return is_last and all(word in own for word in whole)


def _consonants(word: str) -> str:
    """Return what is left of a long word however it is spelled: MUHAMMED and MOHAMMED."""
    if len(word) < _LONG:
        return word
    kept = word[0] + _VOWELS.sub("", word[1:])
    return _TWICE.sub(r"\1", kept)


def _of_that_name(words: Sequence[str], airports: tuple[Airport, ...]) -> tuple[Airport, ...]:
    """Return the airport that is called like its city, where the text says airport: FRANKFURT INTL."""
    if len({(each.country.code, folded(each.city)) for each in airports}) > 1:
        return ()
    wanted = {word for word in words if word not in _GENERIC and len(word) > len("ny")}
    bare = [
        each
        for each in airports
        if {word for word in folded(each.name).split() if word not in _GENERIC} == wanted
    ]
    return tuple(bare) if len(bare) == 1 else ()
