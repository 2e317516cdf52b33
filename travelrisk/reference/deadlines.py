"""The part of the policy about time: calendars, lead times, reminders, digests."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from travelrisk.domain.deadlines import Calendar, LeadTime, Notices, Travel
from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.reference.parts import Part, VerdictWord

_DEFAULT = Notices()


class CalendarPart(Part):
    """``[calendars.NAME]``: weekend and holidays; ``"12-25"`` is a holiday of every year."""

    weekend: frozenset[str] = Calendar().weekend
    holidays: tuple[date | Annotated[str, Field(pattern=r"^\d\d-\d\d$")], ...] = ()

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        self.calendar()
        return self

    def calendar(self) -> Calendar:
        """Return it as the judgement counts with it."""
        days = {day for day in self.holidays if isinstance(day, date)}
        yearly = (date.fromisoformat(f"2000-{day}") for day in self.holidays if isinstance(day, str))
        try:
            return Calendar(self.weekend, frozenset(days), frozenset((day.month, day.day) for day in yearly))
        except BadInputError as error:
            raise ValueError(str(error)) from error


class _LeadRule(Part):
    """``[[lead_time.rules]]``; a row that is not active is checked and not used."""

    days: int | None = Field(None, ge=0, le=365)
    working_days: int | None = Field(None, ge=1, le=260)
    calendar: str = ""
    countries: tuple[str, ...] = ()
    travel: Travel | None = None
    active: bool = True
    source: str = ""

    @model_validator(mode="after")
    def _counts_one_kind_of_days(self) -> Self:
        if (self.days is None) == (self.working_days is None):
            raise ValueError("write either days or working_days")
        if bool(self.calendar) != (self.working_days is not None):
            raise ValueError("working_days need a calendar, and a calendar is of no use without them")
        return self


class LeadTimePart(Part):
    """``[lead_time]``."""

    late: VerdictWord
    rules: tuple[_LeadRule, ...]


class RemindersPart(Part):
    """``[reminders]``; an empty list = nobody is reminded."""

    before_departure_days: tuple[Annotated[int, Field(ge=0, le=90)], ...] = _DEFAULT.before_departure_days
    escalate_hours: tuple[Annotated[int, Field(ge=1, le=24 * 30)], ...] = _DEFAULT.escalate_hours


class DigestsPart(Part):
    """``[digests]``."""

    hour_utc: int = Field(_DEFAULT.digest_hour, ge=0, le=23)
    calendar: str = ""


def check_countries(part: LeadTimePart, known: Collection[str]) -> None:
    """Refuse a code that no country has: its row would hold for nobody. Old policies are read without this.

    Raises:
        ConfigurationError: which row, and which code.
    """
    for number, row in enumerate(part.rules, 1):
        if unknown := [code for code in row.countries if code not in known]:
            raise ConfigurationError(
                f"lead_time.rules.{number}.countries: '{unknown[0]}' is no country: write two letters, as ID"
            )


def lead_times_of(part: LeadTimePart, calendars: Mapping[str, CalendarPart]) -> tuple[LeadTime, ...]:
    """Return the lead times that are switched on.

    Raises:
        ConfigurationError: a row names a calendar that is not described; one that is switched off too.
    """
    return tuple(_lead_times(part, calendars))


def _lead_times(part: LeadTimePart, calendars: Mapping[str, CalendarPart]) -> Iterator[LeadTime]:
    for number, row in enumerate(part.rules, 1):
        calendar = _calendar(calendars, row.calendar, f"lead_time.rules.{number}.calendar")
        days = row.days if row.working_days is None else row.working_days
        if row.active and days is not None:
            yield LeadTime(days, row.countries, row.source, row.travel, calendar)


def notices_of(
    reminders: RemindersPart, digests: DigestsPart, calendars: Mapping[str, CalendarPart]
) -> Notices:
    """Return when people are reminded, and when they get their digests.

    Raises:
        ConfigurationError: as ``lead_times_of``.
    """
    return Notices(
        before_departure_days=reminders.before_departure_days,
        escalate_hours=reminders.escalate_hours,
        digest_hour=digests.hour_utc,
        digest_days=_calendar(calendars, digests.calendar, "digests.calendar") or _DEFAULT.digest_days,
    )


def _calendar(calendars: Mapping[str, CalendarPart], name: str, where: str) -> Calendar | None:
    if name and name not in calendars:
        raise ConfigurationError(f"{where}: there is no table [calendars.{name}]: write one, or leave it out")
    return calendars[name].calendar() if name else None
