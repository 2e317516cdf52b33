"""A day of the year without a year becomes a date: day 060 is 29 February in one year and 1 March in another.

The date of issue decides, else the day the document was written or arrived. Where that leaves two days, the
date stays open and is asked for.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from travelrisk.domain.drafts import DraftTime

_AHEAD = timedelta(days=335)  # eleven months, as for dates in words
_PAST = timedelta(days=31)
_FIRST_OF_MARCH = 60
_ANY_YEAR = 2026
_DECADE = 10
_YEAR = timedelta(days=366)


def day_in_year(day: int | None, issued: tuple[int, int] | None, context: date | None) -> DraftTime:
    """Return the departure of a leg.

    Args:
        day: of the year, as the bar code has it.
        issued: last digit of the year and day of the year in which the pass was issued.
        context: when the document was written or arrived.
    """
    if day is None:
        return DraftTime()
    text = f"day {day:03} of the year"
    if context is None:
        known = _day_of(_ANY_YEAR, day) if day < _FIRST_OF_MARCH else None
        return DraftTime(month=known.month, day=known.day, text=text) if known else _open(text)
    if issued:
        return _after_issue(day, issued, context, text)
    near = [found for found in _around(day, context) if found - context >= -_PAST]
    soon = [found for found in near if timedelta() <= found - context <= _AHEAD]
    likely = soon[:1] or [found for found in near if found - context <= _YEAR]
    if len({(each.month, each.day) for each in likely}) == 1:
        return DraftTime(month=likely[0].month, day=likely[0].day, text=text)
    return _open(text)


def _after_issue(day: int, issued: tuple[int, int], context: date, text: str) -> DraftTime:
    """Return the first such day on or after the issue, of which only the end of the year is said.

    A pass of years ago is asked about: somebody sent another one than was meant, or its issuer errs.
    """
    digit, issue_day = issued
    years = range(context.year - _DECADE // 2, context.year + _DECADE // 2 + 1)
    dates = filter(None, (_day_of(year, issue_day) for year in years if year % _DECADE == digit))
    issue = min(dates, key=lambda each: abs(each - context), default=None)
    flights = (_day_of(issue.year + more, day) for more in (0, 1)) if issue else iter(())
    flight = next((each for each in flights if each and issue and each >= issue), None)
    if flight is None or not -_PAST <= flight - context <= _YEAR:
        return _open(f"{text}, issued on day {issue_day:03} of a year that ends in {digit}")
    return DraftTime(flight.year, flight.month, flight.day, text=text)


def _around(day: int, context: date) -> Iterator[date]:
    found = (_day_of(context.year + shift, day) for shift in (-1, 0, 1))
    return (each for each in found if each)


def _day_of(year: int, day: int) -> date | None:
    found = date(year, 1, 1) + timedelta(days=day - 1)
    return found if found.year == year else None


def _open(text: str) -> DraftTime:
    return DraftTime(text=text)
