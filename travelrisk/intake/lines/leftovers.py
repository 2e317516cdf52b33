"""What looks like a flight and was not used: silence about it would be the dangerous failure."""

import re
from collections.abc import Iterator

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import plain
from travelrisk.domain.places import Atlas
from travelrisk.intake.decoding import matches
from travelrisk.intake.words import words

_LONGEST = 160
_MARGIN = 60
_NEAR = 200
_SHORT = 3
# \w and \d without re.ASCII on purpose: a Cyrillic A or an Arabic digit makes no flight, but it must be seen.
_DESIGNATOR = re.compile(
    r"(?<![\w@#&])(?P<code>(?=[\d_]*[^\W\d_])[^\W_]{2}|[^\W\d_]{3})(?P<apart>[ ]?[-#]?[ ]?)"
    r"(?!\d[^\W\d_][ ]?\d\d)(?P<number>\d{1,4})[^\W\d_]?(?!\w)"
)
_NUMBERED = re.compile(
    rf"(?<!\w){words.any_of(words.FLIGHT_LABELS)}[ ]?(?:no\.?|nr\.?|number|num[ée]ro|n°|#|:)*[ ]*"
    r"[0-9]{2,4}(?!\w)",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?<!\w)[A-Z]{3}(?!\w)")


def leftovers(rest: str, atlas: Atlas, book: CarrierBook, *, near_flights: bool) -> Iterator[tuple[int, int]]:
    """Find what was left over and looks like a flight or, beside flights, like an airport.

    Args:
        rest: the text with everything that was used, or is known not to matter, replaced by NUL.
        atlas: tells airports.
        book: tells carriers.
        near_flights: whether the text holds flights at all; else three capitals are just capitals.
    """
    for match in matches(_DESIGNATOR, rest, lambda match: _looks_like_a_flight(match, book)):
        yield match.span()
    for match in _NUMBERED.finditer(rest):
        yield match.span()
    if near_flights:
        yield from lone_codes(rest, atlas)


def lone_codes(rest: str, atlas: Atlas) -> Iterator[tuple[int, int]]:
    """Find three capitals that were left over and are the code of an airport."""
    for match in _CAPITALS.finditer(rest):
        word = match[0].lower()
        is_word = word in words.LITTLE or word in words.MONTHS or word in words.WEEKDAYS
        is_word |= word in words.NOT_A_CARRIER or word in words.INITIALS
        if not is_word and atlas.candidates(match[0]):
            yield match.span()


def _looks_like_a_flight(match: re.Match[str], book: CarrierBook) -> bool:
    code, is_apart = match["code"], match["apart"] != ""
    word = plain(code).lower()
    if word in words.NOT_A_CARRIER or word in words.MONTHS:
        return False
    if word in words.ORDINARY_PAIRS and is_apart:
        return code.isupper() and len(match["number"]) >= _SHORT and book.knows(code)
    if len(code) == _SHORT:
        return (not is_apart and code.isupper()) or (code.isupper() and book.knows(code))
    return not is_apart or code.upper() == code


def snippet(text: str, start: int, end: int) -> str:
    """Return the line around a stretch of the text, or as much of it as can be shown."""
    begin = text.rfind("\n", 0, start) + 1
    finish = text.find("\n", end)
    finish = len(text) if finish < 0 else finish
    if finish - begin > _LONGEST:
        begin, finish = max(begin, start - _MARGIN), min(finish, end + _MARGIN)
    return " ".join(text[begin:finish].split())
