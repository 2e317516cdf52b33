"""Departure and arrival: local time and the airport's zone are the truth, UTC is derived.

Local time is never assumed to grow: by the clock, an aircraft that crosses the date line may land before it
took off.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from travelrisk.domain.drafts import DraftTime
from travelrisk.domain.itineraries import Moment, Severity
from travelrisk.domain.settling.asking import Asked, ask, day_choice, time_choice
from travelrisk.domain.settling.clocks import (
    Oddity,
    combined,
    local_time,
    read_clock,
    usable_instant,
    zone_named,
)
from travelrisk.domain.settling.days import (
    ARRIVAL_SHIFTS,
    Hints,
    arrival_days,
    has_date,
    place_day,
    possible_days,
    spoken_day,
    words_of,
)

_LONGEST_FLIGHT = timedelta(hours=20)
_LONGEST_WITH_STOPS = timedelta(hours=36)
_LONGEST_DAYS = timedelta(days=2)


class Seen(NamedTuple):
    """A written time, the zone it belongs to, and its instant as a clock there shows it."""

    written: DraftTime
    zone: str
    there: datetime | None
    instant: datetime | None


def depart(written: DraftTime, arrives: DraftTime, zone: str, context: date, asked: Asked) -> Moment:
    """Settle a departure; *zone* is that of the airport, empty where it is not known."""
    seen = _see(written, zone)
    day: date | None
    if has_date(written):
        hints = Hints(seen.there.date() if seen.there else None, arrives)
        day = place_day(written, context, hints, asked)
    elif seen.there:
        day = seen.there.date()
    else:
        day = spoken_day(written, context, asked)
    return _moment(seen, day, asked)


def arrive(written: DraftTime, departs: Moment, zone: str, context: date, asked: Asked) -> Moment:
    """Settle an arrival: by marked day shift, by date, by weekday, or by what zones make of the clocks."""
    seen = _see(written, zone)
    day = _arrival_day(seen, departs, context, asked)
    moment = _moment(seen, day, asked, after=departs.utc)
    if moment.utc and departs.utc and moment.utc <= departs.utc:
        ask(asked, Severity.ASK, "arrives_first", words_of(written), _both(departs, moment))
    if _is_too_late(departs, moment) and not any(each.code == "arrival_day" for each in asked):
        ask(asked, Severity.ASK, "arrival_day", words_of(written))
    return moment


def _is_too_late(departs: Moment, arrives: Moment) -> bool:
    """Say whether no flight takes so long, even with stops: one of the two days is that of something else."""
    if arrives.utc and departs.utc:
        return arrives.utc - departs.utc > _LONGEST_WITH_STOPS
    return bool(arrives.day and departs.day) and arrives.day - departs.day > _LONGEST_DAYS  # type: ignore[operator]


def _both(departs: Moment, arrives: Moment) -> list[str]:
    return [f"{time_choice(each.local)} {each.zone}" for each in (departs, arrives) if each.local]


def _see(written: DraftTime, airport_zone: str) -> Seen:
    """Take the airport's zone, or the stated one where the airport is not known."""
    zone = zone_named(airport_zone) or zone_named(written.zone)
    instant = usable_instant(written.instant)
    there = local_time(instant, zone) if instant and zone else None
    return Seen(written, zone.key if zone else "", there, instant)


def _arrival_day(seen: Seen, departs: Moment, context: date, asked: Asked) -> date | None:
    written = seen.written
    if departs.day is None:
        return _lone_arrival_day(seen, context)
    if written.day_shift is not None:
        return _shifted_day(written, departs.day, asked)
    if has_date(written) or (written.weekday is not None and not seen.there):
        return _dated_arrival(written, departs.day, seen.there, asked)
    if seen.there:
        return seen.there.date()
    return _by_zones(seen, departs, asked)


def _lone_arrival_day(seen: Seen, context: date) -> date | None:
    """Place an arrival without a departure, which is asked about already, so that nothing is asked here."""
    if has_date(seen.written):
        return place_day(seen.written, context, Hints(seen.there.date() if seen.there else None), [])
    return seen.there.date() if seen.there else None


def _shifted_day(written: DraftTime, departure: date, asked: Asked) -> date | None:
    shift = written.day_shift or 0
    if shift not in ARRIVAL_SHIFTS:
        ask(asked, Severity.ASK, "arrival_day", written.text or f"{shift:+d}")
        return None
    day = departure + timedelta(days=shift)
    stated = arrival_days(written, departure)
    if day not in stated:
        _ask_arrival_day(written, [day, *stated], asked)
    return day


def _dated_arrival(written: DraftTime, departure: date, there: datetime | None, asked: Asked) -> date | None:
    stated = arrival_days(written, departure)
    if len(stated) == 1:
        return stated[0]
    if there and there.date() in stated:
        return there.date()
    any_weekday = replace(written, weekday=None)
    choices = stated or arrival_days(any_weekday, departure) or possible_days(any_weekday, departure)
    _ask_arrival_day(written, choices, asked)
    return choices[0] if choices and has_date(written) else None


def _ask_arrival_day(written: DraftTime, days: list[date], asked: Asked) -> None:
    choices = (day_choice(day, weekday=True) for day in days)
    ask(asked, Severity.ASK, "arrival_day", words_of(written), choices)


def _by_zones(seen: Seen, departs: Moment, asked: Asked) -> date | None:
    zone, clock = zone_named(seen.zone), seen.written.clock
    if not (departs.day and departs.utc and zone and clock):
        return None
    for shift in ARRIVAL_SHIFTS:
        day = departs.day + timedelta(days=shift)
        reading = read_clock(combined(day, clock), zone)
        if timedelta() < reading.later - departs.utc < _LONGEST_FLIGHT:
            return day
    ask(asked, Severity.ASK, "arrival_day", words_of(seen.written))
    return None


def _moment(seen: Seen, day: date | None, asked: Asked, after: datetime | None = None) -> Moment:
    """Put day, clock and zone together; *after*, the departure, tells apart an hour that came twice."""
    local = _local(seen, day, asked)
    zone = zone_named(seen.zone)
    if local is None or zone is None:
        return Moment(day, local, seen.zone)
    reading = read_clock(local, zone)
    if reading.oddity is Oddity.GAP:
        ask(asked, Severity.ASK, "clock_gap", time_choice(local), [time_choice(reading.local)])
    utc = reading.utc
    if reading.oddity is Oddity.TWICE:
        utc = _which(reading.utc, reading.later, seen, after, asked)
    _compare_zones(seen, reading.local, utc, asked)
    return Moment(reading.local.date(), reading.local, seen.zone, utc)


def _which(first: datetime, second: datetime, seen: Seen, after: datetime | None, asked: Asked) -> datetime:
    minute = seen.instant.replace(second=0, microsecond=0) if seen.instant else None
    if minute is not None and minute in {first, second}:
        return minute
    if after and first <= after < second:
        return second
    ask(asked, Severity.NOTE, "clock_twice", words_of(seen.written))
    return first


def _local(seen: Seen, day: date | None, asked: Asked) -> datetime | None:
    """Return the local time as written; an instant that disagrees does not win, but is asked about."""
    clock, there = seen.written.clock, seen.there
    if day is None:
        return None
    if clock is None:
        if there and there.date() != day:
            ask(
                asked,
                Severity.ASK,
                "times_disagree",
                words_of(seen.written),
                [day_choice(day), time_choice(there)],
            )
            return None
        return there
    local = combined(day, clock)
    if there and there != local:
        ask(
            asked,
            Severity.ASK,
            "times_disagree",
            words_of(seen.written),
            [time_choice(local), time_choice(there)],
        )
    return local


def _compare_zones(seen: Seen, local: datetime, utc: datetime, asked: Asked) -> None:
    """Ask where the stated zone keeps another time than the airport; instants were compared before."""
    stated, zone = zone_named(seen.written.zone), zone_named(seen.zone)
    if seen.instant or stated is None or zone is None or local_time(utc, stated) == local:
        return
    other = local_time(read_clock(local, stated).utc, zone)
    ask(asked, Severity.ASK, "times_disagree", seen.written.zone, [time_choice(local), time_choice(other)])
