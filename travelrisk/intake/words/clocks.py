"""Times of day in free text: 10:10, 10h10, 8:45 pm, 845P, 1200N, 0605+1."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from functools import lru_cache
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftTime
from travelrisk.intake.decoding import blotted
from travelrisk.intake.words.moments import clock_of, dates_in, moment_from
from travelrisk.intake.words.words import any_of

_AT = rf"(?:\b{any_of(('at', 'a', 'a las', 'a la', 'as', 'um', 'alle', 'h'))}[ ]+)?"
_HALF = r"(?:[ ]?(?P<half>[apnm])\.?(?:m\b\.?)?(?!\w))?"
_SHIFT = r"(?:[ ]?\(?(?P<shift>[+-][0-9])(?![0-9:])(?:[ ]?(?:days?|jours?|d[ií]as?|tage?))?\)?)?"
_ZONE = r"(?:[ ]?(?P<zone>Z|UTC|GMT)\b)?"
_LEFT = r"(?<![\w.:])"

_SPOKEN = re.compile(
    rf"{_AT}{_LEFT}(?P<hour>[0-9]{{1,2}})"
    r"(?:(?:[:h]|[ ]h[ ])(?P<minute>[0-9]{2})(?::[0-9]{2})?|[ ]?h(?!\w))"
    rf"{_HALF}(?:[ ]?(?:h|hrs?|uhr))?(?![\w:]){_ZONE}{_SHIFT}",
    re.IGNORECASE,
)
_HALF_DAY = re.compile(
    rf"{_AT}{_LEFT}(?P<hour>[0-9]{{1,2}})(?:[:.](?P<minute>[0-9]{{2}}))?"
    rf"[ ]?(?P<half>[ap])\.?m\b\.?{_SHIFT}",
    re.IGNORECASE,
)
_POINTED = re.compile(
    rf"{_LEFT}(?P<hour>[0-9]{{1,2}})\.(?P<minute>[0-9]{{2}})[ ]?(?:uhr|hrs?|h)\b{_SHIFT}", re.IGNORECASE
)
_RESERVATION = re.compile(
    rf"{_LEFT}(?P<hour>[0-9]{{1,2}})(?P<minute>[0-9]{{2}})(?P<half>[APNM])(?!\w){_SHIFT}"
)
_BARE = re.compile(
    rf"(?P<at>\b{any_of(('at', 'a las', 'as', 'um', 'alle', 'a', 'etd', 'eta'))}[ ]+)?(?<![\w.:/])"
    rf"(?P<hour>[0-9]{{1,2}})(?P<minute>[0-9]{{2}})(?![\w:/.]){_ZONE}{_SHIFT}",
    re.IGNORECASE,
)
_NEXT_DAYS = ("next day", "the next day", "le lendemain", "lendemain", "al dia siguiente", "dia siguiente")
_NEXT_DAY = re.compile(rf"\b{any_of(_NEXT_DAYS)}\b", re.IGNORECASE)
_TAKEN_BEFORE = re.compile(r"\0[ ,(/-]*(?:dep\.?|arr\.?|at|-)?[ ]*\Z", re.IGNORECASE)
_LOOK_BACK = 12


class Clock(NamedTuple):
    """A time of day from *start* to *end*; *at* is None for a bare day shift (``next day``)."""

    start: int
    end: int
    at: time | None
    shift: int | None = None
    zone: str = ""


def spoken_clocks(text: str) -> Iterator[Clock]:
    """Find the times that cannot be anything else."""
    for pattern in (_HALF_DAY, _POINTED, _SPOKEN, _RESERVATION):
        found = [clock for match in pattern.finditer(text) if (clock := _clock(match))]
        yield from found
        text = blotted(text, [(clock.start, clock.end) for clock in found])
    for match in _NEXT_DAY.finditer(text):
        yield Clock(match.start(), match.end(), None, 1)


def bare_clocks(text: str) -> Iterator[Clock]:
    """Find ``2215`` and ``845``: only where they stand beside something understood, or after "at".

    Args:
        text: plain text in which what has been understood is replaced by NUL.
    """
    last = -1
    for match in _BARE.finditer(text):
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        follows = last >= 0 and not text[last : match.start()].strip(" -/,")
        if not (match["at"] or match["shift"] or follows or _TAKEN_BEFORE.search(before)):
            continue
        clock = _clock(match)
        if clock is not None:
            yield clock
            last = clock.end


def clock_from(text: str) -> Clock | None:
    """Read a cell that holds a time and nothing else; None if it is not one."""
    plain = text.strip()
    for pattern in (_HALF_DAY, _SPOKEN, _RESERVATION, _BARE):
        match = pattern.fullmatch(plain)
        if match:
            return _clock(match)
    return None


def _clock(match: re.Match[str]) -> Clock | None:
    given = match.groupdict()
    half = folded(given.get("half") or "")
    at = clock_of(int(given["hour"]), int(given.get("minute") or 0), half)
    if at is None:
        return None
    shift = given.get("shift")
    return Clock(match.start(), match.end(), at, int(shift) if shift else None, given.get("zone") or "")


@lru_cache(maxsize=4096)  # the rows of a table repeat a few days and times
def dated_clock(text: str, *, first_is_day: bool | None = None) -> DraftTime:
    """Read a field with a date, and the clock beside it if there is one: ``12-04-2026 20:40``."""
    moment = moment_from(text, first_is_day=first_is_day)
    if moment.clock is not None or moment.instant is not None:
        return moment
    found = [(each.start, each.end) for each in dates_in(moment.text)]
    clock = next((each for each in spoken_clocks(blotted(moment.text, found)) if each.at), None)
    return replace(moment, clock=clock.at, zone=clock.zone) if clock else moment
