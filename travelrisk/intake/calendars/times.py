"""When an event is, beside what its text says of times."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.intake.beside.remarks import is_named
from travelrisk.intake.calendars.vcalendar import Event
from travelrisk.intake.lines.matching import is_same_day
from travelrisk.intake.words.moments import dates_in

_SHOWN = 160
_DATED = re.compile(
    r"^\W*(?:date|day|flight date|travel date|depart\w*|date de d[ée]part|d[ée]part|fecha(?: de salida)?"
    r"|salida|abflug\w*|datum|when|quand|cu[áa]ndo)\b",
    re.IGNORECASE,
)


def day_of(event: Event) -> date:
    """Return the day of an event; without one, a day on which only those carriers exist that still do."""
    moment = event.starts
    if moment.instant:
        return moment.instant.date()
    try:
        return date(moment.year or 0, moment.month or 0, moment.day or 0)
    except ValueError:
        return date.max


def other_days(text: str, event: Event, flights: Sequence[DraftSegment]) -> Iterator[str]:
    """Yield the lines about the flight, or about its date, that name no day on which the event is."""
    for line in text.split("\n"):
        days = [day for found in dates_in(line) for day in _readings(found.moment)]
        is_about_it = _DATED.search(line) or any(is_named(line, flight) for flight in flights)
        if (
            is_about_it
            and days
            and not any(is_same_day(day, each) for day in days for each in (event.starts, event.ends))
        ):
            yield " ".join(line.split())[:_SHOWN]


def _readings(day: DraftTime) -> Iterator[DraftTime]:
    """Yield a day, and the other one that 12/11 may be."""
    yield day
    if day.day_month_unsure:
        yield replace(day, day=day.month, month=day.day)


def timed(draft: Draft, event: Event) -> Draft:
    """Give the first segment the event's start and the last one its end, beside the times of the text."""
    if not draft.segments:
        return draft
    segments = list(draft.segments)
    segments[0] = replace(segments[0], departs=_both(segments[0].departs, event.starts))
    segments[-1] = replace(segments[-1], arrives=_both(segments[-1].arrives, event.ends))
    return replace(draft, segments=tuple(segments))


def _both(written: DraftTime, stated: DraftTime) -> DraftTime:
    """Return what the text says beside the event's instant, or the event's time where the text has none."""
    if written.clock is None or not (stated.instant or written.day):
        return stated if stated.instant or stated.day else written
    if not stated.instant:
        return written
    if written.day is None or written.day_month_unsure:  # the instant has the day, the text has the clock
        return replace(stated, clock=written.clock, zone="")
    return replace(written, instant=stated.instant)


def clock_alone(written: DraftTime) -> DraftTime:
    """Return the time of day alone."""
    return DraftTime(clock=written.clock, text=written.text) if written.clock else DraftTime()
