"""Times in interfaces: local, or with an offset, in one field or in two; kept as they stand."""

import re
from collections.abc import Callable
from dataclasses import replace

from travelrisk.domain.drafts import DraftTime
from travelrisk.intake.partners.source import Paths, When
from travelrisk.intake.words.moments import clock_of, moment_from, with_offset

_ISO = re.compile(
    r"(?P<year>20[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_MONTHS, _DAYS = 12, 31


def moment_at(text: Callable[[Paths], str], when: When) -> DraftTime:
    """Read a moment.

    Args:
        text: gives what stands at the first of some paths that holds anything.
        when: the paths of the moment.
    """
    written = text(when.at) or f"{text(when.day)} {text(when.clock)}".strip()
    utc, offset, zone = text(when.utc), text(when.offset), text(when.zone)
    if not written:
        return _instant(utc)
    moment = _iso(written) or moment_from(written)
    if moment.clock and moment.day and moment.instant is None:
        moment = with_offset(moment, offset)
    if moment.clock and moment.instant is None and utc:
        moment = replace(moment, instant=_instant(utc).instant)
    return replace(moment, zone=zone) if zone and not moment.zone else moment


def _iso(written: str) -> DraftTime | None:
    """Read the form that nearly all interfaces write, which needs no search for others."""
    match = _ISO.fullmatch(written)
    if match is None:
        return None
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    clock = clock_of(int(match["hour"]), int(match["minute"])) if match["hour"] else None
    is_real = 1 <= month <= _MONTHS and 1 <= day <= _DAYS and (clock or not match["hour"])
    moment = DraftTime(year=year, month=month, day=day, clock=clock, text=written)
    return with_offset(moment, match["offset"] or "") if is_real else None


def _instant(utc: str) -> DraftTime:
    """Read a time of which the field's name says that it is UTC."""
    moment = moment_from(utc) if utc else DraftTime()
    if moment.clock and moment.instant is None:
        return with_offset(moment, "Z")
    return moment if moment.instant else DraftTime()
