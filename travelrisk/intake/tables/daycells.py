"""Cells of a table that hold a day, a time of day, or both; what else stands in them is told.

A spreadsheet counts days from the end of 1899, and writes that count where a cell has no format.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftTime
from travelrisk.intake.decoding import blotted
from travelrisk.intake.words import words
from travelrisk.intake.words.clocks import clock_from, dated_clock, spoken_clocks
from travelrisk.intake.words.moments import dates_in

_COUNT = re.compile(r"([0-9]{5})(?:[.,]([0-9]+))?")
_FRACTION = re.compile(r"0?[.,]([0-9]{3,})")
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - counts of days are local, like all times of a table
_COUNTED = range(43_831, 54_789)  # 2020 to 2049; other numbers of five digits are no days of travel
_GLUED = re.compile(r"(20[0-9]{6})([0-9]{2})([0-9]{2})(?:[0-9]{2})?")
_POINTED = re.compile(r"([0-9]{1,2})[.]([0-9]{2})")
_POINTED_AFTER = re.compile(r"(.*[^\s,])[ ,]+([0-9]{1,2})[.]([0-9]{2})")
_END_OF_DAY = re.compile(r"(?<![0-9:.])24[:.h]?00(?::00)?(?![0-9:.])", re.IGNORECASE)
_JOINTS = " \0,;:/|@()T-\u2013"
_WORD = re.compile(r"[^\W\d_]{2,}")
_ZONE = re.compile(r"[A-Z]{1,4}T|UTC|Z")
_SAID = frozenset(words.WEEKDAYS) | frozenset(
    """so mo di mi do fr sa lu ma me je ve ju vi at
    on the of de del du le el la las am den um to a h hr hrs lt uhr local time dep arr std sta
    """.split()  # noqa: SIM905 - a table of words is read as words
)
_UNSURE = "?~\u2248"
_LEAP_YEAR = 2024


class DayCell(NamedTuple):
    """What a cell says, and the first of what was not understood of it."""

    moment: DraftTime
    rest: str = ""


@lru_cache(maxsize=4096)  # the rows of a table repeat a few days and times, so answers are kept
def day_cell(text: str, *, first_is_day: bool | None = None) -> DayCell:
    """Read a cell with a day, and the time beside it if there is one."""
    written = " ".join(text.split())
    counted = _COUNT.fullmatch(written)
    if counted and int(counted[1]) in _COUNTED:
        return DayCell(_counted(counted, written))
    plain = _GLUED.sub(r"\1T\2\3", written)
    pointed = _POINTED_AFTER.fullmatch(plain)  # a time only behind a day: 10.10 is one too
    if pointed and next(dates_in(pointed[1]), None):
        plain = f"{pointed[1]} {pointed[2]}:{pointed[3]}"
    ended, times = _END_OF_DAY.subn("00:00", plain)
    moment = dated_clock(ended, first_is_day=first_is_day)
    found = [(each.start, each.end) for each in dates_in(moment.text, first_is_day=first_is_day)]
    beside = blotted(moment.text, found)
    clock = clock_of_cell(beside) if found and moment.clock is None and moment.instant is None else None
    moment = replace(moment, clock=clock or moment.clock, text=written)
    return DayCell(next_day(moment) if times else moment, _others(beside, moment, len(found)))


def moment_of(day: str, clock: str, *, first_is_day: bool | None) -> DraftTime:
    """Return the moment in the cells of a day and of its time."""
    moment = day_cell(day, first_is_day=first_is_day).moment if day else DraftTime()
    if not clock:
        return moment
    text = f"{day} {clock}".strip()
    if is_end_of_day(clock):
        return replace(next_day(moment), text=text)
    at, zone, shift = _spoken(clock)
    if at is None:  # some agencies write date and time into the column of the time
        both = day_cell(clock, first_is_day=first_is_day).moment
        return both if both.day and both.clock and not moment.clock else moment
    return moment.at(at, zone, shift, text)


@lru_cache(maxsize=4096)
def _spoken(clock: str) -> tuple[time | None, str, int | None]:
    """Return time, zone and days later of a cell with a time."""
    spoken = clock_from(clock)
    return (clock_of_cell(clock), spoken.zone, spoken.shift) if spoken else (clock_of_cell(clock), "", None)


@lru_cache(maxsize=4096)
def time_cell(text: str) -> str:
    """Return what was not understood of a cell with a time; that none is known yet is understood."""
    is_open = folded(text) in {"tba", "tbc", "tbd", "n a", "unknown"}
    return "" if is_open else _others(text, DraftTime(), 1)


def clock_of_cell(text: str) -> time | None:
    """Return the time in a cell that holds nothing else: also ``10.10``, and a part of a day, ``0.42361``."""
    written = text.strip(_JOINTS)
    if part := _FRACTION.fullmatch(written):
        return (_FIRST_DAY + _part_of_day(part[1])).time()
    clock = clock_from(_POINTED.sub(r"\1:\2", written) if _POINTED.fullmatch(written) else written)
    return clock.at if clock else None


@lru_cache(maxsize=1024)
def is_end_of_day(text: str) -> bool:
    """Say whether a cell is 24:00, which is the first minute of the next day."""
    return bool(_END_OF_DAY.fullmatch(text.strip()))


def next_day(moment: DraftTime) -> DraftTime:
    """Return the midnight at the end of a day."""
    try:
        day = date(moment.year or _LEAP_YEAR, moment.month or 0, moment.day or 0) + timedelta(days=1)
    except ValueError:
        return moment
    year = day.year if moment.year else None
    weekday = moment.weekday % 7 + 1 if moment.weekday else None
    return replace(moment, year=year, month=day.month, day=day.day, weekday=weekday, clock=time())


def _counted(match: re.Match[str], written: str) -> DraftTime:
    moment = _FIRST_DAY + timedelta(days=int(match[1])) + _part_of_day(match[2] or "0")
    clock = moment.time() if match[2] else None
    return DraftTime(year=moment.year, month=moment.month, day=moment.day, clock=clock, text=written)


def _part_of_day(digits: str) -> timedelta:
    return timedelta(minutes=round(float(f"0.{digits}") * 24 * 60))


def _others(beside: str, moment: DraftTime, days: int) -> str:
    """Return the first words beside a day and its times, or a second day."""
    if days > 1 or any(sign in beside for sign in _UNSURE):
        return moment.text or beside
    if not days and moment.day is None:
        return ""
    left = blotted(beside, [(each.start, each.end) for each in spoken_clocks(beside)])
    said = (match[0] for match in _WORD.finditer(left))
    return next((each for each in said if folded(each) not in _SAID and not _ZONE.fullmatch(each)), "")
