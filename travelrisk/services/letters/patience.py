"""How long a warning may wait to be told before somebody calls, and when its journey begins and is over."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from travelrisk.domain.itineraries import Itinerary, Moment

PATIENCE: Final = timedelta(minutes=5)
"""For each letter, however soon its journey begins: it may be leaving at this moment."""

_EAST: Final = timedelta(hours=14)  # the first place on earth where a day begins
_WEST: Final = timedelta(hours=12)
_ONE_DAY: Final = timedelta(days=1)


def due_at(queued_at: datetime, departs_at: datetime | None, hours: int) -> datetime:
    """Return when a letter that still waits becomes a task: half of the time is left for a call."""
    patience = timedelta(hours=hours)
    if departs_at is not None:
        patience = min(patience, (departs_at - queued_at) / 2)
    return queued_at + max(patience, PATIENCE)


def begins(itinerary: Itinerary) -> datetime | None:
    """Return the earliest moment at which a journey can begin; None = not known."""
    return min((each for each in map(_earliest, _moments(itinerary)) if each), default=None)


def is_over(itinerary: Itinerary, now: datetime) -> bool:
    """Say whether a journey is over for certain, so that nothing is left to tell."""
    ends = [_latest(each) for each in _moments(itinerary)]
    known = [each for each in ends if each is not None]
    return bool(known) and max(known) < now


def day_begins(day: date) -> datetime:
    """Return when a day begins somewhere on earth."""
    return datetime.combine(day, time(), UTC) - _EAST


def _moments(itinerary: Itinerary) -> list[Moment]:
    return [moment for each in itinerary.segments for moment in (each.departs, each.arrives)]


def _earliest(moment: Moment) -> datetime | None:
    return moment.utc or (day_begins(moment.day) if moment.day else None)


def _latest(moment: Moment) -> datetime | None:
    return moment.utc or (
        datetime.combine(moment.day, time(), UTC) + _ONE_DAY + _WEST if moment.day else None
    )
