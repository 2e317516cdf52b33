"""Whether ``12/11`` begins with the day in a table: every row is looked at, as one may show it for all.

A day beyond 12 shows it, a weekday, and an arrival that lies beside its departure in one order only. So do
days that never go back with the day first; with the month first they would prove nothing, as that is how a
spreadsheet sorts texts.
"""

import re
from collections.abc import Sequence
from datetime import date

from travelrisk.domain.codes import folded
from travelrisk.intake.tables.columns import Columns
from travelrisk.intake.tables.daycells import day_cell
from travelrisk.intake.words.words import WEEKDAYS

_NUMERIC = re.compile(r"(?<![0-9/-])([0-9]{1,2})[/-]([0-9]{1,2})(?:[/-]((?:20)?[0-9]{2}))?(?![0-9])")
_DAYS, _MONTHS = 31, 12
_ARRIVES = range(-1, 4)  # days after the departure
_ORDERS = (True, False)
_Days = dict[bool, date | None]
_ENOUGH = 8  # different days that never go back are no accident


class _Run:
    """The days of a column one after the other."""

    def __init__(self) -> None:
        self._last = date.min
        self._goes_back = False
        self._seen: set[date] = set()

    def take(self, day: date) -> None:
        """Take the day of the next row."""
        self._goes_back |= day < self._last
        self._last = day
        if len(self._seen) < _ENOUGH:
            self._seen.add(day)

    @property
    def goes_on(self) -> bool:
        """Say whether there are many days, and none before the one above it."""
        return len(self._seen) >= _ENOUGH and not self._goes_back


class DateOrder:
    """Gathers what the rows of a table show."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._shown: set[bool] = set()
        self._by_arrivals: set[bool] = set()
        self._are_arrivals_far = False
        self._departures = {order: _Run() for order in _ORDERS}

    def look_at(self, cells: Sequence[str]) -> None:
        """Take what one row shows."""
        departs, arrives = (self._columns.cell(cells, column) for column in ("departs", "arrives"))
        if not (_NUMERIC.search(departs) or _NUMERIC.search(arrives)):
            return
        orders = (_begins_with_day(departs, cells, "departs"), _begins_with_day(arrives, cells, "arrives"))
        self._shown.update(order for order in orders if order is not None)
        left = {order: _day(departs, first_is_day=order) for order in _ORDERS}
        self._look_at_arrival(left, {order: _day(arrives, first_is_day=order) for order in _ORDERS})
        for order, day in left.items():
            if day:
                self._departures[order].take(day)

    def _look_at_arrival(self, left: _Days, came: _Days) -> None:
        told = [(order, left[order], came[order]) for order in _ORDERS]
        beside = [order for order, one, other in told if one and other and (other - one).days in _ARRIVES]
        if len(beside) == 1:
            self._by_arrivals.add(beside[0])
        elif not beside and any(one and other for _, one, other in told):
            self._are_arrivals_far = True  # days of a return, or of something else

    @property
    def first_is_day(self) -> bool | None:
        """Return the order; None where nothing shows it, or it is shown both ways."""
        shown = self._shown | (set() if self._are_arrivals_far else self._by_arrivals)
        if not shown and self._departures[True].goes_on and not self._departures[False].goes_on:
            shown |= {True}
        mapping = self._columns.mapping
        if mapping and mapping.first_is_day is not None:
            shown.add(mapping.first_is_day)
        return shown.pop() if len(shown) == 1 else None


def _day(cell: str, *, first_is_day: bool) -> date | None:
    moment = day_cell(cell, first_is_day=first_is_day).moment
    try:
        return date(moment.year or 0, moment.month or 0, moment.day or 0)
    except ValueError:
        return None


def _begins_with_day(cell: str, row: Sequence[str], column: str) -> bool | None:
    """Return what one date shows of the order: by a number beyond 12, or by the weekday that is written."""
    match = _NUMERIC.search(cell)
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if second <= _MONTHS < first <= _DAYS or first <= _MONTHS < second <= _DAYS:
        return first > _MONTHS
    beside = [cell] if column == "arrives" else [cell, *(each for each in row if folded(each) in WEEKDAYS)]
    weekdays = {WEEKDAYS[word] for each in beside for word in folded(each).split() if word in WEEKDAYS}
    if not match[3] or len(weekdays) != 1 or first == second:
        return None
    year, (weekday,) = int(match[3]) % 100 + 2000, weekdays
    fits = [_is_on(weekday, year, *pair) for pair in ((second, first), (first, second))]
    return fits[0] if sum(fits) == 1 else None


def _is_on(weekday: int, year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).isoweekday() == weekday
    except ValueError:
        return False
