"""Dates and times of day as people and programs write them; nothing missing is filled in.

A general date library was tried and rejected: it guesses, and a wrong guess clears the wrong day.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftTime
from travelrisk.intake.decoding import blotted
from travelrisk.intake.words.words import ENGLISH_MONTHS, MONTHS, WEEKDAYS, any_of

_DAYS = 31
_MONTHS = 12
_MINUTES = 60
_HALF_DAY = 12
_LONGEST_FIELD = 100
_ROMAN = dict(
    zip(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), range(1, 13), strict=True)
)
_MONTH = any_of(MONTHS)
_GERMAN_DAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
"""Words of other languages, too: they count with a capital, and with a point as Germans write it."""
_WEEKDAY = (
    rf"(?:(?P<weekday>{any_of(WEEKDAYS)})(?:-feira)?[.,]?[ ]*(?:den|el|le|the)?[ ]*"
    rf"|(?P<german>(?-i:M[oi]|D[io]|Fr|S[ao]))(?:[.],?[ ]*(?=[0-9])|,?[ ](?:den[ ])?(?=[0-9]{{1,2}}[.])))?"
)
_YEAR = r"(?:20)?[0-9]{2}"
_LEFT, _RIGHT = r"(?<![\w./:+-])", r"(?!\w)"
_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"

_ISO = re.compile(
    rf"{_LEFT}{_WEEKDAY}(?P<year>20[0-9]{{2}})[-/.](?P<month>[0-9]{{1,2}})[-/.](?P<day>[0-9]{{1,2}})"
    rf"(?:(?:T|[ ])[ ]?{_CLOCK}[ ]?(?P<offset>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?(?![\w:])",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    rf"{_LEFT}(?P<year>20[0-9]{{2}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"
    r"(?:T(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?:[0-9]{2})?(?P<offset>Z)?)?(?!\w)"
)
_DAY_MONTH = re.compile(
    rf"(?<![\w.:+-]){_WEEKDAY}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|ers?|ère|os?|[.])?[ ]?"
    rf"(?:[-/]|(?:of|de|d')[ ])?[ ]?(?P<month>{_MONTH})(?![^\W\d_])[.]?"
    rf"(?:[ ]?[-/,']?[ ]?(?:de[ ]|del[ ])?(?P<year>{_YEAR})"
    rf"(?![\w:+]|[.h][0-9]|[ ](?:de la|del|du|uhr|h|hrs?|[ap]\.?m|o'clock|{_MONTH})\b))?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"(?<![\w-]){_WEEKDAY}(?P<month>{any_of(ENGLISH_MONTHS)})[.]?[ ](?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?"
    rf"(?!\w|:|[.,]?[ ]?{_MONTH}\b)(?:,?[ ](?P<year>20[0-9]{{2}})(?![\w:+]))?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    rf"{_LEFT}{_WEEKDAY}(?P<first>[0-9]{{1,2}})(?P<mark>[-/.])(?P<second>[0-9]{{1,2}})"
    r"(?:(?P=mark)(?P<year>20[0-9]{2}|[0-9]{2}))?(?![\w/:]|[.-][0-9]|[ ]?(?:uhr|hrs?|h|[ap]\.?m)\b)",
    re.IGNORECASE,
)
_DAY_ROMAN = re.compile(
    rf"{_LEFT}{_WEEKDAY}(?P<day>[0-9]{{1,2}})(?P<mark>[-./])(?P<month>{'|'.join(_ROMAN)})(?P=mark)"
    r"(?P<year>20[0-9]{2})(?![\w/:-])"
)
_DIGIT = re.compile(r"[0-9]")
_TIMES_FOLLOW = re.compile(r"[ ]+[0-9]{4}(?:[+-][0-9])?(?![\w:+])(?![ ]+[0-9]{4}\b)")


class Found(NamedTuple):
    """Something written from *start* to *end*, and what it says."""

    start: int
    end: int
    moment: DraftTime


def dates_in(text: str, *, first_is_day: bool | None = None) -> Iterator[Found]:
    """Find every date, in no order and without overlaps.

    Args:
        text: plain text.
        first_is_day: whether in ``12/11`` the first number is the day; None = not known.
    """
    if not _DIGIT.search(text):
        return  # as most lines of a mail: no date is written without one
    rest = text
    for pattern in (_ISO, _COMPACT, _DAY_ROMAN, _DAY_MONTH, _MONTH_DAY, _NUMERIC):
        read = (_found(match, text, first_is_day=first_is_day) for match in pattern.finditer(rest))
        found = [each for each in read if each]
        yield from found
        rest = blotted(rest, [(each.start, each.end) for each in found])


def whole_date(value: str) -> DraftTime | None:
    """Return the date that *value* is; None where it is none, or holds anything else besides."""
    plain = " ".join(value.split()).rstrip(".")
    found = list(dates_in(plain))
    if len(found) != 1 or plain[: found[0].start].strip() or plain[found[0].end :].strip():
        return None
    return found[0].moment


def _found(match: re.Match[str], text: str, *, first_is_day: bool | None) -> Found | None:
    moment = _numeric(match, first_is_day=first_is_day) if match.re is _NUMERIC else _named(match)
    if moment is None:
        return None
    end = match.end()
    if match.re is _DAY_MONTH and _year_is_a_time(match, text):
        end = match.start("year")
        moment = replace(moment, year=None)
    return Found(match.start(), end, replace(moment, text=text[match.start() : end].strip()))


def _year_is_a_time(match: re.Match[str], text: str) -> bool:
    """Say whether the ``2015`` of ``12DEC 2015 0605+1`` is 20:15, as reservation systems write."""
    year = match["year"]
    if year is None or len(year) != len("2026") or text[match.start("year") - 1] != " ":
        return False
    is_glued = match["day"] + match["month"] in match[0] and match["month"].isupper()
    return is_glued and int(year[2:]) < _MINUTES and bool(_TIMES_FOLLOW.match(text, match.end()))


def _named(match: re.Match[str]) -> DraftTime | None:
    month = match["month"]
    number = int(month) if month.isdecimal() else MONTHS.get(folded(month)) or _ROMAN.get(month, 0)
    return _date(match, number, int(match["day"]))


def _numeric(match: re.Match[str], *, first_is_day: bool | None) -> DraftTime | None:
    first, second = int(match["first"]), int(match["second"])
    has_points = match["mark"] == "."  # nobody writes the month first with points between
    if has_points and match["year"] is None and not match["weekday"] and len(match[0]) == len("1.2"):
        return None  # 1.2 is a number
    decided = True if has_points or second <= _MONTHS < first else first_is_day
    if first <= _MONTHS < second:
        decided = False
    day, month = (second, first) if decided is False else (first, second)
    moment = _date(match, month, day)
    is_unsure = decided is None and first != second
    return replace(moment, day_month_unsure=is_unsure) if moment else None


def _german(day: str | None) -> int | None:
    return _GERMAN_DAYS.index(day.lower()) + 1 if day else None


def _date(match: re.Match[str], month: int, day: int) -> DraftTime | None:
    if not (1 <= month <= _MONTHS and 1 <= day <= _DAYS):
        return None
    given = match.groupdict()
    year = given.get("year")
    weekday = WEEKDAYS.get(folded(given.get("weekday") or "")) or _german(given.get("german"))
    moment = DraftTime(
        year=_century(year) if year else None, month=month, day=day, weekday=weekday, text=match[0].strip()
    )
    if not given.get("hour"):
        return moment
    clock = clock_of(int(given["hour"] or 0), int(given["minute"] or 0))
    if clock is None:
        return None
    return with_offset(replace(moment, clock=clock), given.get("offset") or "")


def _century(year: str) -> int:
    return int(year) if len(year) > len("26") else 2000 + int(year)


def with_offset(moment: DraftTime, offset: str) -> DraftTime:
    """Return a moment with full date and clock as the instant its offset (``Z``, ``+03:00``) makes of it.

    With ``Z`` date and clock are not local and go; with any other offset they are the local ones as written.
    """
    if not offset:
        return moment
    written = f"{moment.year:04}-{moment.month:02}-{moment.day:02}T{moment.clock:%H:%M}{offset.upper()}"
    try:
        instant = datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return replace(moment, zone=offset)
    if offset.upper() == "Z":
        return DraftTime(instant=instant, zone="UTC", text=moment.text)
    return replace(moment, instant=instant, zone=offset)


def clock_of(hour: int, minute: int, half: str = "") -> time | None:
    """Return a time of day, or None if there is no such time.

    Args:
        hour: 0-24 without *half*, else 1-12.
        minute: 0-59.
        half: ``a``, ``p``, ``n`` (noon) or ``m`` (midnight), of a 12-hour clock; empty for 24 hours.
    """
    if half and not 1 <= hour <= _HALF_DAY:
        return None
    if half in {"a", "m"}:
        hour %= _HALF_DAY
    elif half in {"p", "n"}:
        hour = hour % _HALF_DAY + _HALF_DAY
    try:
        return time(hour, minute)
    except ValueError:
        return None


def moment_from(text: str, *, first_is_day: bool | None = None) -> DraftTime:
    """Read a field that holds a date, a time or both; what cannot be read stays as text, without a date."""
    written = " ".join(text.split())[:_LONGEST_FIELD]
    found = min(dates_in(written, first_is_day=first_is_day), default=None)
    if found is None:
        return DraftTime(text=written)
    return replace(found.moment, text=written)
