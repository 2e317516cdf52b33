"""Whether a certificate still holds, asked of its trip as it is now."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.verdicts import Verdict

_LATEST_ZONE: Final = timedelta(
    days=1
)  # somewhere the last day of a journey ends half a day after it does in UTC


class Standing(StrEnum):
    """What a certificate is worth now."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def standing(
    *, is_newest: bool, newest: Verdict | None, is_cancelled: bool, last_day: date | None, today: date
) -> Standing:
    """Return what a certificate is worth.

    Withdrawn: the trip was called off, or its newest answer clears it no longer. Superseded: there is a newer
    answer or a newer booking, and a certificate of that is wanted. Expired: the journey is over. What is
    withdrawn stays so when the journey is over.

    Args:
        is_newest: whether the certificate's answer is the newest one, on the newest booking.
        newest: the newest verdict; None while a newer booking waits for its first.
        is_cancelled: whether the trip is off.
        last_day: of the journey; None = not known.
        today: in UTC.
    """
    if is_cancelled or (newest is not None and not is_clearing(newest)):
        return Standing.WITHDRAWN
    if not is_newest:
        return Standing.SUPERSEDED
    if last_day is None or last_day + _LATEST_ZONE < today:
        return Standing.EXPIRED
    return Standing.VALID


def is_clearing(verdict: Verdict) -> bool:
    """Say whether a verdict lets people fly, be it under conditions."""
    return verdict <= Verdict.CONDITIONAL


def last_day(itinerary: Itinerary) -> date | None:
    """Return the last day of a journey at its places; None where a judged flight has no date."""
    flown = [each for each in itinerary.segments if each.is_judged]
    return max(_known(each.arrives.day or each.departs.day for each in flown), default=None)


def _known(days: Iterable[date | None]) -> list[date]:
    found = list(days)
    return [each for each in found if each is not None] if None not in found else []
