"""How long before departure something is due: lead times, working days, and when people are reminded.

Working days come from calendars that stand in the policy, not from a library of public holidays: an
organisation's duty station has official holidays of its own choosing, and an old answer could not be made
again once such a library had learned something. Days count back from the local date of departure.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from travelrisk.domain.errors import BadInputError

_ONE_DAY: Final = timedelta(days=1)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Travel(StrEnum):
    """What kind of journey it is, as far as lead times ask."""

    INTERNAL = "internal"
    INTERNATIONAL = "international"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose working days: which days of the week are none, and which holidays there are.

    Attributes:
        weekend: of ``WEEKDAYS``. holidays: single dates. yearly: (month, day) of those that return each year.
    """

    weekend: frozenset[str] = frozenset({"saturday", "sunday"})
    holidays: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a calendar in which no working day would ever come."""
        if unknown := sorted(self.weekend - set(WEEKDAYS)):
            raise BadInputError(f"weekend: '{unknown[0]}' is no day of the week: write {', '.join(WEEKDAYS)}")
        if self.weekend >= set(WEEKDAYS):
            raise BadInputError("weekend: leave at least one day of the week to work on")

    def is_working(self, day: date) -> bool:
        """Say whether people work on *day*."""
        return (
            WEEKDAYS[day.weekday()] not in self.weekend
            and day not in self.holidays
            and (day.month, day.day) not in self.yearly
        )


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How many days before the local day of departure an itinerary should arrive.

    Attributes:
        countries: alpha-2 codes of the destination countries it holds for; empty = all others.
        source: where the figure comes from.
        travel: the kind of journey it holds for; None = every kind.
        calendar: counts working days; None = every day counts.
    """

    days: int
    countries: tuple[str, ...] = ()
    source: str = ""
    travel: Travel | None = None
    calendar: Calendar | None = None

    def latest(self, departs: date) -> date:
        """Return the last day on which an itinerary that departs on this local date is in time."""
        if self.calendar is None:
            return departs - timedelta(days=self.days)
        day, missing = departs, self.days
        while missing:
            day -= _ONE_DAY
            missing -= self.calendar.is_working(day)
        return day

    def left(self, known: date, departs: date) -> int:
        """Return how many of the days that count are left from *known* to the day before departure."""
        ahead = (known + timedelta(days=n) for n in range((departs - known).days))
        return sum(self.calendar is None or self.calendar.is_working(day) for day in ahead)


def strictest(
    rules: Iterable[LeadTime], visited: AbstractSet[str], kinds: Iterable[Travel], departs: date
) -> LeadTime | None:
    """Return the rule that asks for an itinerary the earliest; None where no rule is about it.

    Args:
        rules: of the policy.
        visited: codes of the countries it goes to; empty = not known.
        kinds: of journey that it may be: where more than one is possible the strictest counts.
        departs: local date of the first departure.
    """
    rules = tuple(rules)
    wanted = [rule for kind in kinds for rule in _holding(rules, visited, kind)]
    return min(wanted, key=lambda rule: rule.latest(departs), default=None)


def _holding(rules: tuple[LeadTime, ...], visited: AbstractSet[str], kind: Travel) -> Iterator[LeadTime]:
    """Give the rules for a kind of journey: one that names no country is about those that no other names."""
    fitting = [rule for rule in rules if rule.travel is None or rule.travel is kind]
    special = {code for rule in fitting for code in rule.countries}
    for rule in fitting:
        if visited & set(rule.countries) if rule.countries else not visited or visited - special:
            yield rule


@dataclass(frozen=True, slots=True)
class Notices:
    """When people are told of journeys that nobody has cleared yet, and when they get their digests.

    Attributes:
        before_departure_days: the traveller is reminded so many days before departure.
        escalate_hours: whoever decides is written to so many hours before departure.
        digest_hour: from which hour on, in UTC, the digests of a day go out.
        digest_days: on whose working days.
    """

    before_departure_days: tuple[int, ...] = (7, 3, 1)
    escalate_hours: tuple[int, ...] = (72, 24)
    digest_hour: int = 6
    digest_days: Calendar = Calendar()


def steps_come(left: float, steps: Iterable[int]) -> tuple[int, ...]:
    """Return the steps that have come, the nearest first: it alone counts, those before it are over."""
    return tuple(sorted({step for step in steps if left <= step}))
