"""In a short question every word counts: what is neither understood nor known to be harmless is reported.

"LH 590 FRA NBO 12 Dec with Air Nowhere" must not be answered as if its last words were not there. In a
long text, pasted from a booking, prose stands beside the flights; there only the words that change what is
judged count, and only near a flight.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside import phrases
from travelrisk.intake.decoding import blotted
from travelrisk.intake.limits import is_question
from travelrisk.intake.words import words
from travelrisk.intake.words.clocks import Clock
from travelrisk.intake.words.moments import Found
from travelrisk.intake.words.spots import Spot
from travelrisk.intake.words.tokens import Flight, Token

_NEAR_LINES = 2
_CLOSING_WORDS = 4  # "Best regards, Alice Green"
_WORD = re.compile(r"[^\W_]+")
_NON_STOP = re.compile(
    r"(?<!\w)(?:non[- ]?stop|sans escales?|sin escalas?|ohne (?:zwischen)?stopp?"
    r"|(?:stops?|escales?|escalas?)[ ]?:[ ]?0|0[ ](?:stops?|escales?|escalas?))(?!\w)",
    re.IGNORECASE,
)
_LOCAL_TIME = re.compile(
    r"(?<!\w)(?:local (?:time|hours?)|(?:time|hora|heure)s? local[e]?|local)(?=\W*(?:\Z|\n|\0))"
    r"|(?<!\w)(?:flight|ticket|vol|vuelo|number|pax) n[or][.:]?(?=[ ]*\0)",
    re.IGNORECASE,
)
"""Behind a time of day; and the "no" of a number, which denies a flight, and is a carrier, elsewhere."""
_TO_BE = re.compile(r"(?<!\w)(?:to be|will be) flown(?= on\b)", re.IGNORECASE)
_PART_OF_DAY = re.compile(
    r"(?<!\w)(?:(?:de|por|en) la (?:ma[ñn]ana|tarde|noche|madrugada)|(?:du|le) (?:matin|soir))(?!\w)",
    re.IGNORECASE,
)
_ITEM = re.compile(  # the 1 and 2 of a list
    rf"^[ ]*(?:[0-9]{{1,2}}[.)]?|{words.any_of(words.FLIGHT_LABELS)}[ ]?[0-9][.:)])(?=[ ]|\0)",
    re.MULTILINE | re.IGNORECASE,
)
_TERMINAL = re.compile(r"(?<!\w)T[1-9][A-Z]?(?!\w)")
_HEDGE = re.compile(
    r"(?<!\w)(?:after|before|about|around|from|until|till|vers|avant|apr[eè]s|depuis|jusqu'au|autour du|antes"
    r"|despu[eé]s|desde|hacia|hasta|alrededor|nach|vor|bis|ca|circa|approx)\.?"
    r"(?: (?:the|on|le|el|del?|dem))?[ ]+\Z",
    re.IGNORECASE,
)
_WITH = re.compile(r"(?<!\w)(?:with|by|con|por|avec|par|mit)[ ]+\Z", re.IGNORECASE)
_GREETING = re.compile(
    rf"(?<!\w){words.any_of(words.CLOSINGS)}(?!\w)(?:[^\0\n]|(?<!\0)\0(?!\0))*", re.IGNORECASE
)
"""A greeting and what follows it; a NUL alone stands for a comma."""
_NO_RETURN = re.compile(r"(?<!\w)no (?=return\b)", re.IGNORECASE)
_FOR = re.compile(r"(?<!\w)(?:for|pour|para)(?:[ ][A-ZÀ-Þ][^\W\d_A-ZÀ-Þ]+){2}(?=[.,?!]?\s*\Z)")
"""A journey is for somebody: two words with capitals, which are no carrier's and no place's."""
_UNSURE = re.compile(r"\(\?\)|(?<=[0-9])[ ]?\?(?=[ ]*[,;/A-Z])")  # LH590? FRA NBO: not the end of a question
_DANGLING = re.compile(r"(?<!\w)(et|um|at|by|on|or|ou)[^\w\0]*\Z", re.IGNORECASE)  # joins nothing: a carrier?
_LOOK_BACK = 24
_CODE = 2
_MISTAKEN = ("O", "I", "L")  # LH 59O may mean 590; as suffixes of a flight number these letters are not used
_UNDECIDED_CLOCK = re.compile(r"(AT|UM)[ ]?([0-9]{3,4})", re.ASCII | re.IGNORECASE)


def strangers(
    text: str, rest: str, tokens: Iterable[Token], atlas: Atlas, book: CarrierBook
) -> Iterator[tuple[int, int]]:
    """Find the stretches of *text* that may change the answer and that nobody understood.

    Args:
        text: as it was read.
        rest: the same with everything that was used, or is known not to matter, replaced by NUL.
        tokens: what was taken from it.
        atlas: tells places, which are no names of people.
        book: tells carriers, whose codes AT and UM are words as well.
    """
    taken, is_loud = tuple(tokens), text.isupper()
    for token in taken:
        written = text[token.start : token.end].strip()
        is_clock = isinstance(token, Clock) and _is_undecided(written, book, is_loud=is_loud)
        if is_clock or (isinstance(token, Flight) and token.number.endswith(_MISTAKEN)):
            yield token.start, token.end
    for pattern in (
        _NON_STOP,
        _LOCAL_TIME,
        _TO_BE,
        _PART_OF_DAY,
        _ITEM,
        _TERMINAL,
        *_own_names(taken, atlas, book),
    ):
        rest = pattern.sub(lambda match: "\0" * len(match[0]), rest)
    if not is_question(text):
        near = _lines_near_flights(text, taken)
        for number, (start, line) in enumerate(_lines(rest)):
            if number in near:
                yield from _grave(line, start)
        return
    yield from _vague(text, taken)
    for pattern in (phrases.CHARTER, phrases.STANDBY, phrases.UNSETTLED, _UNSURE):
        yield from (match.span() for match in pattern.finditer(text))
    dangling = _DANGLING.search(rest)
    if dangling and book.knows(dangling[1].upper()):
        yield dangling.span(1)
    rest = blotted(rest, [match.span() for match in _NO_RETURN.finditer(text)])
    people = (match for match in _FOR.finditer(rest) if _is_closing(match[0], atlas, book))
    rest = blotted(rest, [match.span() for match in people])
    rest = _blotted_before_flights(rest, taken)
    for start, line in _lines(_without_greetings(rest, atlas, book)):
        yield from _unknown(line, start, book, is_loud=is_loud)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _vague(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Find days that are not those of the flight: "after 12 Dec", "next day" without a time of arrival."""
    has_clock = any(isinstance(token, Clock) and token.at for token in tokens)
    for token in tokens:
        before = _HEDGE.search(text, max(0, token.start - _LOOK_BACK), token.start)
        if isinstance(token, Found) and before:
            yield before.start(), token.end
        if isinstance(token, Clock) and token.at is None and not has_clock:
            yield token.start, token.end


def _blotted_before_flights(rest: str, tokens: Sequence[Token]) -> str:
    """Take out the "with" of "with LH590", which leads to a carrier that is known."""
    found = (
        _WITH.search(rest, max(0, token.start - _LOOK_BACK), token.start)
        for token in tokens
        if isinstance(token, Flight)
    )
    return blotted(rest, [match.span() for match in found if match])


def _own_names(tokens: Sequence[Token], atlas: Atlas, book: CarrierBook) -> Iterator[re.Pattern[str]]:
    """Yield what finds the name of the carrier of all flights, and those of their places in brackets."""
    codes = {token.carrier for token in tokens if isinstance(token, Flight)}
    carriers = [carrier for code in codes for carrier in book.find(code, date.max)]
    if len(codes) == 1 and len(carriers) == 1:  # of two flights it may say which
        yield re.compile(rf"(?<!\w){words.any_of([folded(carriers[0].name)])}(?!\w)", re.IGNORECASE)
    spots = (token.code for token in tokens if isinstance(token, Spot) and token.code)
    cities = {folded(airport.city) for code in spots for airport in atlas.candidates(code)}
    if cities:
        names = words.any_of(cities)
        yield re.compile(rf"\([ ]?{names}[ ]?\)|(?<!\w)(?:in|à|en)[ ]{names}(?!\w)", re.IGNORECASE)


def _is_undecided(written: str, book: CarrierBook, *, is_loud: bool) -> bool:
    """Say whether ``at 520`` may be a flight as well as a time; ``at 1010``, or among capitals, is a time."""
    match = _UNDECIDED_CLOCK.fullmatch(written)
    if match is None or not book.knows(match[1].upper()):
        return False
    return len(match[2]) < len("1010") or (match[1].isupper() and not is_loud)


def _unknown(line: str, offset: int, book: CarrierBook, *, is_loud: bool) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(line):
        word = folded(match[0])
        is_letter = len(word) <= 1 and not word.isdigit()
        is_known = is_letter or word in words.HARMLESS or word in words.WEEKDAYS
        if not is_known or (not is_loud and _is_carrier(match[0], book)):
            yield offset + match.start(), offset + match.end()


def _without_greetings(rest: str, atlas: Atlas, book: CarrierBook) -> str:
    """Take out greetings and signatures; they end where something of a flight stands."""

    def kept(match: re.Match[str]) -> str:
        return "\0" * len(match[0]) if _is_closing(match[0], atlas, book) else match[0]

    return _GREETING.sub(kept, rest)


def _is_carrier(word: str, book: CarrierBook) -> bool:
    """Say whether a harmless word is written like a code: ``(UM)``; among capitals nobody could tell."""
    if len(word) != _CODE or not word.isupper() or folded(word) in words.FROM | words.TO | words.VIA:
        return False
    return book.knows(word)


def _grave(line: str, offset: int) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(line):
        if folded(match[0]).startswith(words.GRAVE):
            yield offset + match.start(), offset + match.end()


def _is_closing(line: str, atlas: Atlas, book: CarrierBook) -> bool:
    """Say whether words greet or sign: ``Merci, Bob``; what may belong to a flight is no name."""
    _, *names = [folded(match[0]) for match in _WORD.finditer(line)]
    if len(names) >= _CLOSING_WORDS or book.named(" ".join(names), date.max):
        return False
    is_place = any(atlas.named(word) for word in names if word not in words.EVERYDAY)
    is_flown = any(word in words.FLYING or word.startswith(words.GRAVE) for word in names)
    is_code = any(word.isdigit() or book.knows(word.upper()) for word in names)
    return not (is_place or is_flown or is_code)


def _lines_near_flights(text: str, tokens: Iterable[Token]) -> frozenset[int]:
    flown = [text.count("\n", 0, token.start) for token in tokens if isinstance(token, Flight)]
    return frozenset(
        line for number in flown for line in range(number - _NEAR_LINES, number + _NEAR_LINES + 1)
    )
