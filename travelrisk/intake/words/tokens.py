"""Free text becomes tokens: flights, dates, times, operators, record locators and the words that join them.

Each grammar looks only at what the ones before it left (taken text is replaced by NUL), the surest first.
Whatever nobody took and still looks like a flight is the business of leftovers.py.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.domain.itineraries import Traveller
from travelrisk.domain.places import Atlas
from travelrisk.intake.decoding import blotted, matches
from travelrisk.intake.limits import is_question
from travelrisk.intake.words import words
from travelrisk.intake.words.clocks import Clock, bare_clocks, spoken_clocks
from travelrisk.intake.words.moments import Found, dates_in
from travelrisk.intake.words.names import traveller_named
from travelrisk.intake.words.noise import MAIL_HEADER, NOISE, ZONE
from travelrisk.intake.words.relatives import is_relative, joined, relative_days
from travelrisk.intake.words.spelled import spelled
from travelrisk.intake.words.spots import Spot, SpotFinder

_NEAR = 200  # characters between a flight and the place or date that shows it is one

PERSON = re.compile(
    r"(?<![\w/])[A-Z][A-Z' -]{0,38}/[A-Z][A-Z' -]{0,38}?[ ]?"
    r"(?:MSTR|MISS|PROF|MRS|MR|MS|DR|MME|MLLE|SRTA|SRA|SR)(?![\w/])"
)
_BOOKING = re.compile(
    rf"(?<!\w)(?P<label>{words.any_of(words.LOCATOR_LABELS)})(?![^\W\d_]+\b)"  # not CONF in CONFIRMADO
    r"[ ]?(?:no\.?|nr\.?|is|est|es|#|:|=|-)*[ ]*(?-i:(?P<code>[A-Z0-9]{5,8}))(?!\w)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r",[ ]?(?P<code>(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{6})(?!\w)")
_OPERATED = re.compile(
    rf"\(?(?<!\w)(?<!\bs'){words.any_of(words.OPERATED_BY)}"
    r"(?!\w)[ ]?[:/-]?[ ]*(?:\n[ ]*)?(?P<words>[^\0\n;]*)",
    re.IGNORECASE,
)
_OPERATOR_ENDS = re.compile(
    rf"[ ,(-]+{words.any_of(words.BACK)}\b.*|[,]?[ ]+(?:on|le|el|am|the|den|em|at|dep\.?|from)[ ]*\Z"
    r"|[ ]+\(?[A-Z]{3}[ ]?[-/>→][ ]?[A-Z]{3}\b.*|\.[ ]+[A-Z].*|[ ]+\*",
    re.IGNORECASE | re.DOTALL,
)
_FLIGHT = re.compile(
    r"(?<![\w@#&-])(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})(?P<apart>[ ]?[-#]?[ ]?)"
    r"(?![0-9][A-Z][ ]?[0-9]{2})0*(?P<number>[1-9][0-9]{0,3})(?P<suffix>[A-Z]?)(?!\w|[:.][0-9])",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r",[0-9]{3}(?![0-9])")
_NAMED_FLIGHT = re.compile(
    r"(?<![\w@#&-])(?P<name>(?:[^\W\d_][\w.'&-]*[ ]){1,4})(?P<number>[1-9][0-9]{1,3})(?!\w|[:.][0-9])"
)
_OPEN_TICKET = re.compile(r"(?<!\w)(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?OPEN(?!\w)")
_RESERVATIONS = {"booking", "reservation", "reserva", "confirmation", "conf", "ref", "dossier"}
_ICAO = 3
_DAYS, _MONTHS = 31, 12
_SHORT = 3


class Flight(NamedTuple):
    """A flight designator."""

    start: int
    end: int
    carrier: str
    number: str


OPEN = "OPEN"
"""Stands for the number of a flight that is still to be chosen."""


class Operator(NamedTuple):
    """The words after "operated by"."""

    start: int
    end: int
    words: str


class Booking(NamedTuple):
    """A record locator."""

    start: int
    end: int
    code: str


class Person(NamedTuple):
    """A traveller."""

    start: int
    end: int
    traveller: Traveller


class Joint(StrEnum):
    """What joins the others, or parts them."""

    BACK = "back"
    ROUND = "round"
    ARRIVES = "arrives"
    COMMA = "comma"
    LINE = "line"


class Mark(NamedTuple):
    """A joining word or sign."""

    start: int
    end: int
    joint: Joint


Token = Flight | Spot | Found | Clock | Operator | Booking | Person | Mark

_MARKS = (
    (Joint.ROUND, re.compile(rf"(?<!\w){words.any_of(words.ROUND)}(?!\w)", re.IGNORECASE)),
    (Joint.BACK, re.compile(rf"(?<!\w){words.any_of(words.BACK)}(?!\w)", re.IGNORECASE)),
    (Joint.ARRIVES, re.compile(rf"(?<!\w){words.any_of(words.ARRIVES)}(?!\w)", re.IGNORECASE)),
    (
        Joint.COMMA,
        re.compile(r"[,;]|\.(?=[ \n]|\Z)|[ ](?:and|then|und|et|y|puis|luego)(?=[ ])", re.IGNORECASE),
    ),
    (Joint.LINE, re.compile(r"\n")),
)


class Lexed(NamedTuple):
    """The tokens in the order of the text, and the text with everything taken replaced by NUL."""

    tokens: tuple[Token, ...]
    rest: str


class Lexer:
    """Takes a text apart, with the tables that tell airports and carriers from other words."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self._spots = SpotFinder(atlas)

    def tokens(self, text: str, *, is_dated: bool = False) -> Lexed:
        """Take plain text apart; where the day is known from elsewhere, "tomorrow" says nothing."""
        sheet = _Sheet(text)
        sheet.blot(MAIL_HEADER)
        sheet.blot(NOISE)
        sheet.take(Person(at.start(), at.end(), traveller_named(at[0])) for at in PERSON.finditer(sheet.rest))
        sheet.take(self._bookings(sheet.rest))
        sheet.take(dates_in(sheet.rest, first_is_day=_order_of(sheet.rest)))
        if not is_dated:
            sheet.take(relative_days(sheet.rest))
        sheet.take(spoken_clocks(sheet.rest))
        sheet.blot(ZONE)
        sheet.take(self._operators(sheet.rest))
        sheet.take(self._flights(sheet.rest))
        sheet.take(self._named_flights(sheet.rest))
        near = _Nearness(token for token in sheet.tokens if isinstance(token, Flight | Found))
        has_flight = any(isinstance(token, Flight) for token in sheet.tokens)
        sheet.take(self._spots.explicit(sheet.rest, near, has_flight=has_flight))
        sheet.take(_marks(sheet.rest, _MARKS[:2]))
        sheet.take(self._spots.scattered(sheet.rest, near))
        sheet.take(bare_clocks(sheet.rest))
        sheet.take(_marks(sheet.rest, _MARKS[2:]))
        tokens = sorted(_with_days(sheet.tokens, text), key=lambda token: token.start)
        return Lexed(tuple(map(self._with_cities, tokens)), sheet.rest)

    def _with_cities(self, token: Token) -> Token:
        if not isinstance(token, Spot) or not token.code:
            return token
        found = self._atlas.candidates(token.code)
        return token._replace(cities=frozenset(folded(airport.city) for airport in found))

    def _bookings(self, text: str) -> Iterator[Booking]:
        """Find the record locators; behind a mere "reservation" a flight may stand as well: LH590."""
        for match in _BOOKING.finditer(text):
            flight = _FLIGHT.fullmatch(match["code"])
            may_fly = flight and len(flight["carrier"]) < _ICAO and self._book.knows(flight["carrier"])
            if not (may_fly and folded(match["label"]) in _RESERVATIONS):
                yield Booking(match.start(), match.end(), match["code"])
                yield from self._more_bookings(text, match.end())

    def _more_bookings(self, text: str, position: int) -> Iterator[Booking]:
        """Find the locators behind one: ``conf #ABC123, DEF456``."""
        while match := _ANOTHER.match(text, position):
            flight = _FLIGHT.fullmatch(match["code"])
            if flight and self._book.knows(flight["carrier"]):
                return
            yield Booking(match.start(), match.end(), match["code"])
            position = match.end()

    def _operators(self, text: str) -> Iterator[Operator]:
        for match in _OPERATED.finditer(text):
            written = self._operator_words(match["words"])
            yield Operator(
                match.start(), match.start("words") + len(written), written.strip(" /-*.,()") or "?"
            )

    def _operator_words(self, written: str) -> str:
        written = _OPERATOR_ENDS.split(written, maxsplit=1)[0]
        name, comma, after = written.partition(",")
        following, _, _ = after.partition(",")
        if comma and _FLIGHT.fullmatch(following.strip()):  # AIR FRANCE, AF 1343
            return f"{name},{following}"
        for match in matches(_FLIGHT, name, lambda match: self._book.knows(match["carrier"])):
            if name[match.end() :].strip(" )"):
                return name[: match.start()]  # more follows: the next flight begins here
        return name

    def _flights(self, text: str) -> Iterator[Flight]:
        for match in matches(_FLIGHT, text, self._may_fly):
            number = match["number"] + match["suffix"].upper()
            yield Flight(match.start(), match.end(), match["carrier"].upper(), number)
        for each in spelled(text, self._book):
            yield Flight(*each)
        for match in _OPEN_TICKET.finditer(text):
            if self._book.knows(match["carrier"]):
                yield Flight(match.start(), match.end(), match["carrier"], OPEN)

    def _named_flights(self, text: str) -> Iterator[Flight]:
        """Find ``Kenya Airways 101``: the whole name of one carrier before a number."""
        for match in _NAMED_FLIGHT.finditer(text):
            for word in re.finditer(r"[^ ]+", match["name"]):
                name = match["name"][word.start() :].strip()
                wanted = folded(name)
                called = [each for each in self._book.named(name, date.max) if folded(each.name) == wanted]
                is_word = wanted in words.EVERYDAY_CARRIERS and not name[0].isupper()
                if len(called) == 1 and not is_word:
                    yield Flight(match.start() + word.start(), match.end(), called[0].code, match["number"])
                    break

    def _may_fly(self, match: re.Match[str]) -> bool:
        """Say whether this is a known carrier and a number, and not words such as "at 1010"."""
        carrier, is_apart = match["carrier"], match["apart"] != ""
        word = carrier.lower()
        if word in words.NOT_A_CARRIER or word in words.MONTHS or not self._book.knows(carrier):
            return False
        line = match.string.rfind("\n", 0, match.start()) + 1
        begins_line = not match.string[line : match.start()].strip()
        if len(carrier) == _ICAO and is_apart:
            # ETH is an airport too, and UNO a word; at the beginning, before a number too short for a time,
            # both are carriers.
            is_other = bool(self._atlas.candidates(carrier)) or word in words.LITTLE
            return carrier.isupper() and (not is_other or (begins_line and len(match["number"]) <= _SHORT))
        if _is_count(match):
            return False
        if word not in words.ORDINARY_PAIRS or not is_apart:
            return True
        if word in {"at", "um"}:
            return begins_line
        is_short = len(match["number"]) < _SHORT
        return carrier.isupper() or not is_short or (begins_line and not carrier.islower())


def _is_count(match: re.Match[str]) -> bool:
    """Say whether a word and a number are no flight: Danish "af #17", "la 40,000", and "788 TO 77W"."""
    is_pair = match["carrier"].lower() in words.ORDINARY_PAIRS and match["apart"] != ""
    if is_pair and match["suffix"] and len(match["number"]) < _SHORT:
        return True
    if not match["carrier"].islower() or len(match["number"]) >= _SHORT:
        return False
    return "#" in match["apart"] or bool(_THOUSANDS.match(match.string, match.end()))


class _Nearness:
    """Answers whether one of some tokens stands near a stretch of the text."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._starts = sorted(token.start for token in tokens)

    def __call__(self, start: int, end: int) -> bool:
        number = bisect_right(self._starts, start - _NEAR)
        return number < len(self._starts) and self._starts[number] < end + _NEAR


class _Sheet:
    """The text, what has been taken from it, and what is left."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.tokens: list[Token] = []

    def take(self, tokens: Iterable[Token]) -> None:
        """Keep the tokens that overlap none before them, and blot them out."""
        kept: list[Token] = []
        end = 0
        for token in sorted(tokens, key=lambda token: token.start):
            if (
                token.start >= end
                and token.end > token.start
                and "\0" not in self.rest[token.start : token.end]
            ):
                kept.append(token)
                end = token.end
        self.tokens += kept
        self.rest = blotted(self.rest, [(token.start, token.end) for token in kept])

    def blot(self, pattern: re.Pattern[str]) -> None:
        """Take out what is of no interest."""
        self.rest = blotted(self.rest, [match.span() for match in pattern.finditer(self.rest)])


def without_people(text: str) -> str:
    """Return *text* without names as tickets write them: a MS or MRS in it is no carrier and no airport."""
    return PERSON.sub(" ", text)


def _order_of(text: str) -> bool | None:
    """Return whether the writer puts the day first in ``12/11``, as shown by other dates of the same text."""
    pairs = [
        (int(a), int(b)) for a, b in re.findall(r"(?<![\w./-])([0-9]{1,2})[/-]([0-9]{1,2})(?![0-9])", text)
    ]
    day_first = any(second <= _MONTHS < first <= _DAYS for first, second in pairs)
    month_first = any(first <= _MONTHS < second <= _DAYS for first, second in pairs)
    return day_first if day_first != month_first else None


def _with_days(tokens: Iterable[Token], text: str) -> Iterator[Token]:
    """Yield the tokens; in a long text "today" counts only on a line that speaks of a flight or a place."""
    found: list[Found] = []
    travels: set[int] = set()
    for token in tokens:
        if isinstance(token, Found):
            found.append(token)
            continue
        if isinstance(token, Flight | Spot) or (isinstance(token, Mark) and token.joint is Joint.BACK):
            travels.add(text.count("\n", 0, token.start))
        yield token
    is_short = is_question(text)
    for each in joined(found, text):
        if is_short or not is_relative(each.moment) or text.count("\n", 0, each.start) in travels:
            yield each


def _marks(text: str, wanted: Iterable[tuple[Joint, re.Pattern[str]]]) -> Iterator[Mark]:
    for joint, pattern in wanted:
        for match in pattern.finditer(text):
            yield Mark(match.start(), match.end(), joint)
