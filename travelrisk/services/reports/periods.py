"""The days a report is about, and the steps in which it counts them. All days are those of UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Literal

from travelrisk.domain.errors import BadInputError
from travelrisk.store.reports import Span

Step = Literal["day", "week", "month"]

_ONE_DAY: Final = timedelta(days=1)
_MOST_DAYS: Final = 31
_MOST_BY_WEEK: Final = 120
_LONGEST: Final = 3 * 366
_QUARTER: Final = 3


class Named(StrEnum):
    """The periods that have a name."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from *first* to *last*, both included.

    Raises:
        BadInputError: they are the wrong way round, or more than three years.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a period that cannot be reported on."""
        if self.last < self.first:
            raise BadInputError(f"the period ends on {self.last}, before it begins: give a later last day")
        if (self.last - self.first).days >= _LONGEST:
            raise BadInputError("the period is longer than three years: give a later first day")

    @property
    def step(self) -> Step:
        """How long the parts are in which it is counted."""
        days = (self.last - self.first).days + 1
        return "day" if days <= _MOST_DAYS else "week" if days <= _MOST_BY_WEEK else "month"

    def span(self, office: str | None = None) -> Span:
        """Return its moments, from the first one to the one after the last, for the database."""
        since = datetime.combine(self.first, time.min, UTC)
        return Span(since, datetime.combine(self.last + _ONE_DAY, time.min, UTC), office)

    def start_of(self, day: date) -> date:
        """Return the first day of the part in which a day lies; of a week it is the Monday."""
        if self.step == "day":
            return day
        return day - timedelta(days=day.weekday()) if self.step == "week" else day.replace(day=1)

    def starts(self) -> Iterator[date]:
        """Give the first days of its parts."""
        days = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        yield from dict.fromkeys(map(self.start_of, days))


def named(name: Named, today: date) -> Period:
    """Return the period that a name means today; one that is not over yet ends today."""
    month = today.replace(day=1)
    if name is Named.LAST_MONTH:
        last = month - _ONE_DAY
        return Period(last.replace(day=1), last)
    if name is Named.QUARTER:
        month = month.replace(month=(today.month - 1) // _QUARTER * _QUARTER + 1)
    if name is Named.YEAR:
        month = month.replace(month=1)
    return Period(month, today)
