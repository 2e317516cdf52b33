"""The string in the bar code of a boarding pass (BCBP, IATA Resolution 792), read by position.

``M1DOE/JANE            EABC123 FRAADDET 0707 346Y012A0045 100``: one name, then up to four legs, each with a
part of variable length behind it. Item 42, behind the airports, is the carrier that flies; item 19, in the
variable part, the one that sold the seat. Splitting at blanks was rejected: a locator may fill its field and
run into the airport, and a day or a seat may be padded with blanks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from travelrisk.domain.codes import carrier_code

_HEAD = 23
_LEG = 37
_NAME = slice(2, 22)
_UNIQUE = re.compile(r">[0-9A-Z ](?P<size>[0-9A-F]{2})", re.IGNORECASE)
_SIZE = re.compile(r"[0-9A-F]{2}", re.IGNORECASE)
_SIZE_AT = 35  # in a leg
_ISSUED = slice(7, 11)  # in the unique part: last digit of the year, day of the year
_MARKETING = slice(17, 20)  # in the part of a leg
_SECURITY = re.compile(r"\^.(?P<size>[0-9A-F]{2})", re.IGNORECASE)
_LEG_BEGINS = (
    r"(?P<locator>[A-Z0-9 ]{7})(?P<origin>[A-Z]{3}|[ ]{3})(?P<destination>[A-Z]{3}|[ ]{3})"
    r"(?P<carrier>[A-Z0-9]{2}[A-Z0-9 ]|[ ]{3})(?P<number>[A-Z0-9 ]{5})(?P<day>[0-9 ]{3})"
)
_FIRST = re.compile(
    rf"(?<![A-Z0-9])M(?P<legs>[1-4])(?P<name>[^\n]{{20}})(?P<ticket>[E ]){_LEG_BEGINS}", re.IGNORECASE
)
_NEXT = re.compile(_LEG_BEGINS, re.IGNORECASE)
_SQUEEZED = re.compile(
    r"(?<![A-Z0-9])M(?P<legs>[1-4])(?P<name>[A-Z][A-Z' .-]*/[A-Z' .-]{1,18}?|[A-Z/' .-]{20}) ?(?P<ticket>E| )"
    r"(?P<locator>[A-Z0-9]{5,7}) ?(?P<origin>[A-Z]{3})(?P<destination>[A-Z]{3})"
    r"(?P<carrier>[A-Z0-9]{2} |[A-Z0-9]{3})(?P<number>[0-9]{4}[A-Z]?) ?(?P<day>[0-9]{3})(?![0-9])"
    r"(?:[A-Z](?: ?[0-9]{1,3}[A-Z])? ?[0-9]{1,4}[A-Z]? ?[0-9](?P<size>[0-9A-F]{2})"
    r"|[A-Z](?![A-Z0-9])|[A-Z0-9]*)",
    re.IGNORECASE,
)
"""The same where runs of blanks have become one, as web pages and mail programs make of them."""
_BEGINS = re.compile(r"(?<![A-Z0-9])M[1-4][A-Z][A-Z' .-]{1,18}/[^\n]{0,40}?(?<![0-9])[0-9]{3,4}(?![0-9])")
_WRAPPED = re.compile(
    r"\n(?=[^\n]*(?:[0-9]{8}|[>^]))(?![^\n]*\b(?:[A-Z][A-Z0-9]|[0-9][A-Z]) ?[0-9]{1,4}[A-Z]?\b)"
    r"(?![^\n]*\b[A-Z]{3}[ /-]?[A-Z]{3})[^a-z\n]+(?=\n|\Z)"
)
"""The rest of a string that a mail program has broken: numbers of documents, and nothing like a flight.

Where blanks at its end were trimmed a string says it is longer than it is, and the next line is another one.
"""
_PROSE = re.compile(r"\s\S*[a-z]")
_NUMBER = re.compile(r"0*([0-9]{0,5})([A-Z]?)")
_DAYS = 366
_CUT = re.compile(r".{24}(?:[A-Z](?:[0-9 ]{3}[A-Z ])?(?:[0-9]{4}[A-Z0-9 ]?)?[0-9]?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Leg:
    """One flight of a pass; what the string leaves blank is empty.

    Attributes:
        operating: item 42, an IATA or ICAO designator.
        marketing: item 19; empty where the string does not have it.
        number: without leading zeros, with its suffix.
        day: of the year, 1 to 366; None where blank.
    """

    locator: str
    origin: str
    destination: str
    operating: str
    number: str
    day: int | None
    marketing: str = ""

    @property
    def shown(self) -> str:
        """The flight as a person would write it."""
        pair = f"{self.origin or '???'}-{self.destination or '???'}"
        day = f"day {self.day:03} of the year" if self.day else ""
        return " ".join(filter(None, (self.operating, self.number, pair, day)))


@dataclass(frozen=True, slots=True)
class Pass:
    """A boarding pass as its string has it.

    Attributes:
        announced: how many legs it says it has; more than *legs* where it is cut.
        issued: last digit of the year and day of the year; None where not said.
    """

    name: str
    legs: tuple[Leg, ...]
    announced: int
    issued: tuple[int, int] | None = None


class Found(NamedTuple):
    """A pass, and where in a text its string stands; None for one that is cut or damaged."""

    start: int
    end: int
    boarding: Pass | None


def pass_of(code: str) -> Pass | None:
    """Return the boarding pass that a whole bar code holds, or None if it holds something else."""
    found = next(passes_in(code.strip("\r\n\0\t ")), None)
    return found.boarding if found and found.start == 0 else None


def passes_in(text: str) -> Iterator[Found]:
    """Yield every pass whose string stands in a text, and every string that only begins like one."""
    position = 0
    for match in _candidates(text):
        boarding, end = _read(text, match) if match.start() >= position else (None, 0)
        if boarding:
            yield from _damaged(text, position, match.start())
            yield Found(match.start(), end, boarding)
            position = end
    yield from _damaged(text, position, len(text))


def _candidates(text: str) -> list[re.Match[str]]:
    """Return the strings that may be passes in their order; of two at one place the whole one comes first."""
    found = (*_FIRST.finditer(text), *_SQUEEZED.finditer(text))
    return sorted(found, key=lambda match: (match.start(), match.re is _SQUEEZED))


def _damaged(text: str, start: int, end: int) -> Iterator[Found]:
    for match in _BEGINS.finditer(text, start, end):
        yield Found(match.start(), match.end(), None)


def _read(text: str, match: re.Match[str]) -> tuple[Pass | None, int]:
    """Return the pass that begins with a match, and where in the text its string ends."""
    first = _leg(match)
    if first is None:
        return None, 0
    name, announced = " ".join(match["name"].split()), int(match["legs"])
    if match.re is _SQUEEZED:
        size = int(match["size"] or "0", 16)
        line_end = _line_end(text, match.end())
        prose = None if name.islower() else _PROSE.search(text, match.end(), line_end)
        return Pass(name, (first,), announced), min(
            match.end() + size, prose.start() if prose else line_end, line_end
        )
    end = _line_end(text, match.end())
    legs, issued, length = _legs(text[match.start() : end], first, announced)
    while length > end - match.start() and (more := _WRAPPED.match(text, end)):
        end = more.end()
        legs, issued, length = _legs(text[match.start() : end].replace("\n", ""), first, announced)
        length += text.count("\n", match.start(), end)
    return Pass(name, legs, announced, issued), min(match.start() + length, end)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _legs(line: str, first: Leg, announced: int) -> tuple[tuple[Leg, ...], tuple[int, int] | None, int]:
    """Read the variable part of the first leg, then the other legs with theirs.

    Returns:
        The legs, the date of issue, and where the string ends: beyond the line where it is cut or wrapped.
    """
    legs: list[Leg] = []
    start, leg = _HEAD, first
    issued = None
    while True:
        variable, end = _variable(line, start)
        if not legs:
            issued, variable = _unique(variable)
        legs.append(_with_seller(leg, variable))
        match = _NEXT.match(line, end) if len(legs) < announced else None
        following = _leg(match) if match else None
        if following is None:
            security = _SECURITY.match(line, end)
            end += 4 + int(security["size"], 16) if security else 0
            return tuple(legs), issued, end
        start, leg = end, following


def _variable(line: str, start: int) -> tuple[str, int]:
    """Return the variable part of the leg that begins at *start*, and where it ends."""
    size = _SIZE.fullmatch(line[start + _SIZE_AT : start + _LEG])
    if size is None:
        return "", min(len(line), start + _cut(line[start:]))
    end = start + _LEG + int(size[0], 16)
    return line[start + _LEG : end], end


def _cut(leg: str) -> int:
    """Return how much of a leg without a size there is: a pass before check-in ends after cabin or day."""
    match = _CUT.match(leg)
    return match.end() if match else len(leg)


def _unique(variable: str) -> tuple[tuple[int, int] | None, str]:
    """Return the date of issue, and what stands behind the part that only the first leg has."""
    match = _UNIQUE.match(variable)
    if match is None:
        return None, ""  # the airline's own use begins at once
    end = match.end() + int(match["size"], 16)
    written = variable[:end][_ISSUED]
    day = int(written[1:]) if len(written) == _ISSUED.stop - _ISSUED.start and written.isdecimal() else 0
    return (int(written[0]), day) if 0 < day <= _DAYS else None, variable[end:]


def _with_seller(leg: Leg, variable: str) -> Leg:
    size = _SIZE.match(variable)
    part = variable[: 2 + int(size[0], 16)] if size else ""
    seller = carrier_code(part[_MARKETING]) or ""
    return replace(leg, marketing=seller)


def _leg(match: re.Match[str]) -> Leg | None:
    """Return the leg that a match holds; None where airports, number and day show that it is none."""
    given = {name: (value or "").strip().upper() for name, value in match.groupdict().items()}
    number = _NUMBER.fullmatch(given["number"])
    is_day = not given["day"] or (given["day"].isdecimal() and int(given["day"]) <= _DAYS)
    is_carrier = not given["carrier"] or carrier_code(given["carrier"]) is not None
    ends = (given["origin"], given["destination"])
    if not (number and is_day and is_carrier and any(ends)):
        return None
    if not (number[1] or (all(ends) and given["carrier"] and given["day"])):
        return None  # letters among blanks are no flight
    day = int(given["day"] or 0) or None
    return Leg(given["locator"], *ends, given["carrier"], number[1] + number[2] if number[1] else "", day)
