"""In a short question every word counts: what is neither understood nor known to be harmless is reported.

"LH 590 FRA NBO 12 Dec with Air Nowhere" must not be answered as if its last words were not there. In a
long text, pasted from a booking, prose stands beside the flights; there only the words that change what is
judged count, and only near a flight.
"""

import re
from collections.abc import Iterable, Iterator

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.intake import words
from travelrisk.intake.clocks import Clock
from travelrisk.intake.limits import is_question
from travelrisk.intake.tokens import Flight, Token

_NEAR_LINES = 2
_CLOSING_WORDS = 4  # "Best regards, Alice Green"
_WORD = re.compile(r"[^\W_]+")
_NON_STOP = re.compile(
    r"(?<!\w)(?:non[- ]?stop|sans escales?|sin escalas?|ohne (?:zwischen)?stopp?"
    r"|(?:stops?|escales?|escalas?)[ ]?:[ ]?0|0[ ](?:stops?|escales?|escalas?))(?!\w)",
    re.IGNORECASE,
)
_PART_OF_DAY = re.compile(
    r"(?<!\w)(?:(?:de|por|en) la (?:ma[ñn]ana|tarde|noche|madrugada)|(?:du|le) (?:matin|soir))(?!\w)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^[ ]*[0-9]{1,2}[.)]?(?=[ ]|\0)", re.MULTILINE)  # the 1 and 2 of a list
_CODE = 2
_MISTAKEN = ("O", "I", "L")  # LH 59O may mean 590; as suffixes of a flight number these letters are not used
_UNDECIDED_CLOCK = re.compile(r"(AT|UM)[ ]?([0-9]{3,4})", re.ASCII)


def strangers(text: str, rest: str, tokens: Iterable[Token], book: CarrierBook) -> Iterator[tuple[int, int]]:
    """Find the stretches of *text* that may change the answer and that nobody understood.

    Args:
        text: as it was read.
        rest: the same with everything that was used, or is known not to matter, replaced by NUL.
        tokens: what was taken from it.
        book: tells carriers, whose codes AT and UM are words as well.
    """
    taken, is_loud = tuple(tokens), text.isupper()
    for token in taken:
        written = text[token.start : token.end].strip()
        is_clock = isinstance(token, Clock) and _is_undecided(written, book, is_loud=is_loud)
        if is_clock or (isinstance(token, Flight) and token.number.endswith(_MISTAKEN)):
            yield token.start, token.end
    for pattern in (_NON_STOP, _PART_OF_DAY, _ITEM):
        rest = pattern.sub(lambda match: "\0" * len(match[0]), rest)
    near = None if is_question(text) else _lines_near_flights(text, taken)
    start = 0
    for number, line in enumerate(rest.split("\n")):
        if near is None:
            yield from _unknown(line, start, book, is_loud=is_loud)
        elif number in near:
            yield from _grave(line, start)
        start += len(line) + 1


def _is_undecided(written: str, book: CarrierBook, *, is_loud: bool) -> bool:
    """Say whether ``AT 520`` may be a flight as well as a time; ``AT 1010`` among capitals is a time."""
    match = _UNDECIDED_CLOCK.fullmatch(written)
    if match is None or not book.knows(match[1]):
        return False
    return not is_loud or len(match[2]) < len("1010")


def _unknown(line: str, offset: int, book: CarrierBook, *, is_loud: bool) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(line):
        if _is_closing(line[match.start() :], book):
            return
        word = folded(match[0])
        is_letter = len(word) <= 1 and not word.isdigit()
        is_known = is_letter or word in words.HARMLESS or word in words.WEEKDAYS
        if not is_known or (not is_loud and _is_carrier(match[0], book)):
            yield offset + match.start(), offset + match.end()


def _is_carrier(word: str, book: CarrierBook) -> bool:
    """Say whether a harmless word is written like a code: ``(UM)``; among capitals nobody could tell."""
    if len(word) != _CODE or not word.isupper() or folded(word) in words.FROM | words.TO | words.VIA:
        return False
    return book.knows(word)


def _grave(line: str, offset: int) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(line):
        if folded(match[0]).startswith(words.GRAVE):
            yield offset + match.start(), offset + match.end()


def _is_closing(line: str, book: CarrierBook) -> bool:
    """Say whether a line is a greeting or a signature: ``Merci, Bob``."""
    found = [folded(match[0]) for match in _WORD.finditer(line)]
    if not found or found[0] not in words.CLOSINGS or len(found) > _CLOSING_WORDS:
        return False
    return not any(word.isdigit() or book.knows(word.upper()) for word in found[1:])


def _lines_near_flights(text: str, tokens: Iterable[Token]) -> frozenset[int]:
    flown = [text.count("\n", 0, token.start) for token in tokens if isinstance(token, Flight)]
    return frozenset(
        line for number in flown for line in range(number - _NEAR_LINES, number + _NEAR_LINES + 1)
    )
