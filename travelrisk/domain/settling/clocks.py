"""Clocks and zones: a local time at a place becomes an instant, also where a clock jumps or runs twice."""

from datetime import UTC, date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from travelrisk.domain.itineraries import Place

_YEARS = range(1950, 2101)
_LONGEST_NAME = 64


class Oddity(Enum):
    """What a clock did at that time: nothing special, jumped over it, or showed it twice."""

    NONE = "none"
    GAP = "gap"
    TWICE = "twice"


class Reading(NamedTuple):
    """A local time on a wall clock. Where the clock jumped over it, *local* is moved forward with the clock.

    Attributes:
        local: naive local time.
        utc: the instant; the earlier one where the clock showed the time twice.
        later: the later instant there, else the same as *utc*.
    """

    local: datetime
    utc: datetime
    later: datetime
    oddity: Oddity


def zone_named(name: str) -> ZoneInfo | None:
    """Return the IANA zone called *name*, or None: any text may stand in a document."""
    return _zone(name) if len(name) <= _LONGEST_NAME else None


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the name of a folder is an OS error
        return None


def zone_of(place: Place) -> str:
    """Return the zone of a place, also of an undecided one whose airports all keep the same time."""
    zones = {airport.zone for airport in place.possible}
    return zones.pop() if len(zones) == 1 else ""


def combined(day: date, clock: time) -> datetime:
    """Put a day and a clock together, to the minute."""
    return datetime.combine(day, clock.replace(second=0, microsecond=0, tzinfo=None, fold=0))


def read_clock(local: datetime, zone: ZoneInfo) -> Reading:
    """Find the instant when a clock in *zone* shows *local*."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return Reading(local, first, first, Oddity.NONE)
    if first < second:
        return Reading(local, first, second, Oddity.TWICE)
    shifted = local_time(first, zone)
    return Reading(shifted, first, first, Oddity.GAP)


def local_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock in *zone* shows at *instant*, to the minute."""
    return instant.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None, fold=0)


def usable_instant(instant: datetime | None) -> datetime | None:
    """Return the instant in UTC; None where there is none, or none that travel could have."""
    if instant is None or instant.tzinfo is None or instant.year not in _YEARS:
        return None
    return instant.astimezone(UTC)
