"""The day that a document means: missing years, weekdays that disagree, and ``12/11`` read both ways.

Without a year it is the nearest such day on or after the context date, within eleven months; what lies in the
twelfth month may as well be some weeks past, and only a weekday can tell (reference: itinerary intake, year).
"""

from datetime import date, timedelta
from typing import NamedTuple

from travelrisk.domain.drafts import DraftTime
from travelrisk.domain.itineraries import Severity
from travelrisk.domain.settling.asking import Asked, ask, day_choice

_YEARS = range(1950, 2101)  # what lies outside is a slip, and would overflow sums with dates
_WINDOW_MONTHS = 11
_LONGEST_AHEAD = timedelta(days=366)
_LONGEST_PAST = timedelta(days=31)
ARRIVAL_SHIFTS = range(-1, 4)  # days from departure to arrival: across the date line, and with long stops


class Hints(NamedTuple):
    """What else speaks for a day: the local day of a stated instant, and the date of arrival."""

    instant_day: date | None = None
    arrival: DraftTime = DraftTime()


def real_day(year: int, month: int, day: int) -> date | None:
    """Return the date, or None where the calendar has no such day or the year is no year of travel."""
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def has_date(written: DraftTime) -> bool:
    """Say whether day and month are written, with or without a year."""
    return written.month is not None and written.day is not None


def words_of(written: DraftTime) -> str:
    """Return the words of the document, or the figures where a reader kept none."""
    figures = [str(each) for each in (written.day, written.month, written.year) if each is not None]
    return written.text or "/".join(figures) or (f"{written.clock:%H:%M}" if written.clock else "?")


def place_day(written: DraftTime, context: date, hints: Hints, asked: Asked) -> date | None:
    """Return the day that *written* means as seen from *context*, asking where more than one fits."""
    possible = possible_days(written, context)
    if hints.instant_day and hints.instant_day in possible_days(written, hints.instant_day):
        possible = [hints.instant_day]
    fitting = [day for day in possible if written.weekday in {None, day.isoweekday()}]
    if not fitting:
        return _misfit(written, possible, asked)
    if len(fitting) > 1:
        fitting = [day for day in fitting if arrival_days(hints.arrival, day)] or fitting
    if len(fitting) > 1:
        return _undecided(written, fitting, asked)
    counted = _counted(written, context)
    if counted and counted != fitting[0]:
        ask(asked, Severity.ASK, "date_in_words", words_of(written), map(day_choice, (fitting[0], counted)))
    if fitting[0] < context:
        ask(asked, Severity.NOTE, "date_past", words_of(written), [day_choice(fitting[0])])
    return fitting[0]


def spoken_day(written: DraftTime, context: date, asked: Asked) -> date | None:
    """Return the day of "today" or "demain", said as it was taken; any other words are asked about."""
    day = _counted(written, context)
    if day:
        ask(asked, Severity.NOTE, "date_counted", written.text, [day_choice(day, weekday=True)])
    elif written.text:
        ask(asked, Severity.BLOCK, "date_in_words", written.text)
    else:
        ask(asked, Severity.BLOCK, "date_missing")
    return day


def possible_days(written: DraftTime, context: date) -> list[date]:
    """Return every day that *written* can mean, as written first; weekdays are not looked at."""
    days = [
        day for month, day_of in _orders(written) for day in _in_order(written.year, month, day_of, context)
    ]
    return list(dict.fromkeys(days))


def arrival_days(written: DraftTime, departure: date) -> list[date]:
    """Return the days around *departure* that agree with what is stated of the arrival."""
    span = (departure + timedelta(days=shift) for shift in ARRIVAL_SHIFTS)
    orders = _orders(written)
    return [
        day
        for day in span
        if written.year in {None, day.year}
        and (not orders or (day.month, day.day) in orders)
        and written.weekday in {None, day.isoweekday()}
    ]


def _counted(written: DraftTime, context: date) -> date | None:
    return None if written.ahead is None else context + timedelta(days=written.ahead)


def _orders(written: DraftTime) -> list[tuple[int, int]]:
    if written.month is None or written.day is None:
        return []
    swapped = [(written.day, written.month)] if written.day_month_unsure else []
    return [(written.month, written.day), *swapped]


def _in_order(year: int | None, month: int, day: int, context: date) -> list[date]:
    if year is not None:
        return [found] if (found := real_day(year, month, day)) else []
    around = (real_day(context.year + shift, month, day) for shift in (-1, 0, 1))
    near = [found for found in around if found and -_LONGEST_PAST <= found - context <= _LONGEST_AHEAD]
    return [found for found in near if _is_in_window(found, context)] or near


def _is_in_window(day: date, context: date) -> bool:
    months = (day.year - context.year) * 12 + day.month - context.month
    return day >= context and (months, day.day) <= (_WINDOW_MONTHS, context.day)


def _misfit(written: DraftTime, possible: list[date], asked: Asked) -> date | None:
    if not possible:
        ask(asked, Severity.BLOCK, "date_unplaced", words_of(written))
        return None
    shown = possible[0]
    closest = min(
        (shown + timedelta(days=shift) for shift in range(-3, 4)),
        key=lambda day: (day.isoweekday() != written.weekday, abs(day - shown)),
    )
    choices = [day_choice(day, weekday=True) for day in (*possible, closest)]
    ask(asked, Severity.ASK, "weekday", words_of(written), choices)
    return shown


def _undecided(written: DraftTime, fitting: list[date], asked: Asked) -> date | None:
    """Ask which day is meant; showing the first reading is no answer, the question forbids a clearance."""
    choices = [day_choice(day) for day in fitting]
    readings = {(day.month, day.day) for day in fitting}
    if len(readings) < len(fitting):  # the year is open too
        ask(asked, Severity.BLOCK, "date_unplaced", words_of(written), choices)
        return None
    ask(asked, Severity.ASK, "day_month", words_of(written), choices)
    return fitting[0]
