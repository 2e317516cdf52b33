"""Segment lines of reservation systems: number, carrier, flight, class, date, pair, status, times.

Amadeus, Sabre, Apollo, Galileo and Worldspan keep this order. They differ in where the weekday stands and in
how a day shift is marked, but no mark means two things in one place, so one grammar reads them all, also a
line that was pasted from one system into another. One expression a system was rejected: a loose one for Sabre
takes the latest check-in of an Amadeus line for its departure.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from typing import NamedTuple

from travelrisk.domain.drafts import DraftTime
from travelrisk.intake.words.moments import clock_of
from travelrisk.intake.words.states import CLASSES

STATUS = {code: status for status, codes in CLASSES.items() for code in codes.split()}

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LETTERS = "MTWQFJS"  # Monday first; Q is Thursday, J Saturday
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DATE = rf"(?P<day>[0-9]{{1,2}})(?P<month>{'|'.join(MONTHS)})"
_WEEKDAY = rf"(?P<weekday>[1-7{_LETTERS}]|(?:{'|'.join(_DAYS)})(?=[ *]))"
_TIME = r"(?:[0-9]{1,2}:[0-9]{2}|[0-9]{3,4}|[0-9]{1,2}(?=[APNM]))(?:[AP]M?|[NM]|(?![0-9A-Z]))"
_NO_AIRCRAFT = r"(?:[0-9]{3,4}[APNM]|[0-9]{4}(?![0-9A-Z]))"  # 738 may be 07:38 or a Boeing
_TERMINAL = r"[A-Z0-9]{1,2}[ ]"

HEAD = re.compile(
    rf"""(?<![\w/*+-])
    (?:[0-9]{{1,2}}[ ]{{0,2}}[.)]?\s{{0,3}})?
    (?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z](?<![A-Z]{{2}}[ ]..))[ ]{{0,2}}  # KQ 1O1 is no flight of 1O
    (?:(?P<number>[0-9]{{1,4}})|OPEN)
    (?P<suffix>[A-Z](?=[ ][A-Z][ ]{{0,2}}[0-9]))?\s{{0,3}}(?:[A-Z][ ]?[A-Z]?)?\s{{0,3}}
    (?:{_DATE}(?P<year>[0-9]{{2}}(?![0-9]))?)?
    [ ]{{0,2}}[*]?\s{{0,3}}(?:{_WEEKDAY}[ ]{{0,2}}[*]?\s{{0,3}})?
    (?P<origin>[A-Z]{{3}})[ ]?(?P<destination>[A-Z]{{3}})[ ]{{0,2}}[*]?\s{{0,3}}
    (?:[0-9]/[0-9]\s{{0,3}})?
    (?P<before>[A-Z]{{2}}/)?(?P<status>FLWN|[A-Z]{{2}})
    (?:(?:[ ]?[0-9]{{1,2}})?(?![\w:])|[0-9](?=[0-9]{{3,4}}[APNM]))""",
    re.VERBOSE | re.ASCII,
)
"""What no other line has: everything down to the status. An open ticket may be without a date."""

_TIMES = re.compile(
    rf"""[\s*]{{0,4}}
    (?:{_TIME}[ ]{{0,2}}  # the latest check-in
      (?=[ ]{_TERMINAL}{_TIME}[ ]{{0,2}}{_TIME}|{_TIME}[ ]{{0,2}}{_NO_AIRCRAFT}))?
    (?:[ ]{{0,2}}{_TERMINAL})?
    (?P<departs>{_TIME})[ ]{{0,2}}
    (?P<before>[#*+-]|[0-9](?=[0-9]{{4}}))?
    (?P<arrives>{_TIME})
    (?P<after>[|+¥#-][0-9]?|[ ][+¥#][0-9]?|[ ]-[0-9]|[0-9](?![0-9A-Z]))?
    (?:[ ]{{0,2}}{_DATE}(?:[ ]{_WEEKDAY}(?!\w))?)?""",
    re.VERBOSE | re.ASCII,
)
_WITHOUT_BLANKS = re.compile(
    rf"(?<!\w)[0-9]{{0,2}}(?:[A-Z][A-Z0-9]|[0-9][A-Z])[0-9]{{1,4}}[A-Z]{{0,2}}{_DATE}[1-7{_LETTERS}]?[A-Z]{{6}}\w*",
    re.ASCII,
)
_PAIR = re.compile(
    rf"(?<![\w/*])(?P<departs>{'|'.join(_DAYS)})(?:/(?P<arrives>{'|'.join(_DAYS)}))?(?![\w/*])"
)
_BEFORE = {"#": 1, "*": 2, "+": 1, "-": -1}
_LIKE_A_TIME = re.compile(r"(?<![\w/*])(?:[0-9]{3,4}[APNM]|[0-9]{4})(?!\w)")


class Times(NamedTuple):
    """Departure and arrival of a segment, where they end, and whether all of it was understood."""

    departs: DraftTime
    arrives: DraftTime
    end: int
    is_clear: bool = True


def heads(text: str) -> Iterator[re.Match[str]]:
    """Yield the beginning of each segment, down to its status; *text* is in capitals."""
    return (head for head in HEAD.finditer(text) if head["day"] or not head["number"])


def like_segments(text: str) -> Iterator[re.Match[str]]:
    """Find what is written like a segment with no blank in it, which nobody else takes for one."""
    return _WITHOUT_BLANKS.finditer(text)


def times_of(text: str, head: re.Match[str], end: int) -> Times:
    """Read the times behind a head, and the weekdays, which fix the year and confirm the day shift.

    Args:
        text: in capitals.
        head: of the segment.
        end: where the next one begins.
    """
    match = _TIMES.match(text, head.end(), end)
    done = match.end() if match else head.end()
    line = text.find("\n", done, end)
    pair = None if head["weekday"] else _PAIR.search(text, done, end if line < 0 else line)
    departs = replace(_day(head), weekday=_weekday(head) or (_number(pair["departs"]) if pair else None))
    if match is None:
        return Times(
            departs, DraftTime(), done, not _LIKE_A_TIME.search(text, done, end if line < 0 else line)
        )
    first, last = clock(match["departs"]), clock(match["arrives"])
    arrives = replace(
        _day(match),
        clock=last,
        weekday=_weekday(match) or (_number(pair["arrives"]) if pair else None),
        day_shift=_shift(match),
        text=" ".join(match[0][match.start("arrives") - match.start() :].split()),
    )
    return Times(replace(departs, clock=first), arrives, done, first is not None and last is not None)


def clock(written: str) -> time | None:
    """Read ``805P``, ``1200N``, ``12M``, ``845`` or ``0020``; None where there is no such time."""
    digits = "".join(each for each in written if each.isdigit())
    half = written.removesuffix("M")[-1:] if written[-2:] in {"AM", "PM"} else written[-1:]
    hour, minute = (digits[:-2], digits[-2:]) if len(digits) > len("12") else (digits, "0")
    return clock_of(int(hour), int(minute), "" if half.isdigit() else half.lower())


def _day(match: re.Match[str]) -> DraftTime:
    given = match.groupdict()
    if not given["day"]:
        return DraftTime()
    year = given.get("year")
    return DraftTime(
        year=2000 + int(year) if year else None,
        month=MONTHS.index(given["month"]) + 1,
        day=int(given["day"]),
        text=given["day"] + given["month"] + (year or ""),
    )


def _weekday(match: re.Match[str]) -> int | None:
    written = match["weekday"]
    if not written or written.isdigit():
        return int(written) if written else None
    return _LETTERS.index(written) + 1 if written in _LETTERS else _number(written)


def _number(day: str | None) -> int | None:
    return _DAYS.index(day) + 1 if day else None


def _shift(match: re.Match[str]) -> int | None:
    """Return the days that a mark before the arrival (Galileo) or behind it (all others) adds."""
    before, after = match["before"], (match["after"] or "").strip()
    if before:
        return _BEFORE.get(before) or int(before)
    if not after:
        return None
    sign = -1 if after[0] == "-" else 1
    return sign * int(after.lstrip("|+¥#-") or 1)
