"""One itinerary on the table: what every rule is given, and how a rating stands on the days of a segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from travelrisk.domain.authorisations import Whose
from travelrisk.domain.concentration import Aboard
from travelrisk.domain.itineraries import Itinerary, Moment, Place, Segment
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Rating, Snapshot
from travelrisk.domain.verdicts import Verdict

_ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """The local days a segment touches, both included."""

    first: date
    last: date


class State(StrEnum):
    """How a rating stands on the days of a segment."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"


class Standing(NamedTuple):
    """A rating, and how it stands."""

    state: State
    rating: Rating


class Leg(NamedTuple):
    """A segment under judgement: its position in the itinerary, its days, and its places with their role."""

    position: int
    segment: Segment
    span: Span
    places: tuple[tuple[Place, str], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a rule may look at.

    Attributes:
        at: the aware moment of judging; nothing else knows the time.
        legs: the segments that are judged, in order of departure; those without a date come last.
        whose: whose journey it is; only authorisations ask.
        known_since: when the itinerary reached us. planned: the legs that lay ahead then.
        aboard: how many travel on each flight; None = nobody was counted.
    """

    itinerary: Itinerary
    snapshot: Snapshot
    policy: Policy
    at: datetime
    legs: tuple[Leg, ...]
    whose: Whose
    known_since: datetime
    planned: tuple[Leg, ...]
    aboard: tuple[Aboard, ...] | None = None

    def standings(self, rows: Sequence[Rating], span: Span) -> list[Standing]:
        """Return how a subject with these ratings stands on the days of *span*.

        Its worst rating, and, where any day has none, the one that ended last or begins first.
        """
        touching = [row for row in rows if touches(row, span)]
        found = [Standing(State.IN_FORCE, max(touching, key=self._gravity))] if touching else []
        if not is_covered(touching, span):
            found.append(_lapse(rows, span))
        return found

    def _gravity(self, rating: Rating) -> tuple[Verdict, str, str]:
        return (self.policy.levels[rating.level], rating.level.value, rating.id)


def legs_of(itinerary: Itinerary, today: date) -> tuple[Leg, ...]:
    """Return the segments of *itinerary* that are judged, with their days, in order of departure."""
    segments = enumerate(itinerary.segments)
    judged = [Leg(i, each, _span(each, today), _places(each)) for i, each in segments if each.is_judged]
    return tuple(sorted(judged, key=_departure))


def ahead(legs: tuple[Leg, ...], known_since: datetime, at: datetime) -> tuple[Leg, ...]:
    """Return the legs that have not been flown: whatever left since it was known is past, and no error."""
    if at == known_since:
        return legs
    return tuple(leg for leg in legs if not _is_flown(leg.segment.departs, known_since, at))


def is_past(departs: Moment, at: datetime) -> bool:
    """Say whether a flight has left by *at*, as far as its day and time are known."""
    if departs.utc is not None:
        return departs.utc < at
    # A day of grace: the local day at the airport may still be yesterday's in UTC.
    return departs.day is not None and departs.day < at.date() - _ONE_DAY


def _is_flown(departs: Moment, known_since: datetime, at: datetime) -> bool:
    return is_past(departs, at) and not is_past(departs, known_since)


def _places(segment: Segment) -> tuple[tuple[Place, str], ...]:
    ends = ((segment.origin, "origin"), (segment.destination, "destination"))
    return (*ends, *((stop, "stop") for stop in segment.stops)) if segment.stops else ends


def _span(segment: Segment, today: date) -> Span:
    first = segment.departs.day
    if first is None:  # asked about elsewhere; today only serves to show what is on record
        return Span(today, today)
    # An arrival that is not known may be past midnight.
    last = segment.arrives.day or (first + _ONE_DAY if first < date.max else first)
    return Span(first, max(first, last))


def _departure(leg: Leg) -> tuple[bool, datetime, int]:
    moment = leg.segment.departs
    if moment.utc is not None:
        return (False, moment.utc, leg.position)
    if moment.day is not None:
        return (False, datetime(moment.day.year, moment.day.month, moment.day.day, tzinfo=UTC), leg.position)
    return (True, datetime.max.replace(tzinfo=UTC), leg.position)


def touches(rating: Rating, span: Span) -> bool:
    """Say whether a rating holds on any day of *span*."""
    return rating.valid_from <= span.last and (rating.valid_until is None or rating.valid_until >= span.first)


def is_covered(rows: list[Rating], span: Span) -> bool:
    """Say whether every day of *span* has one of these ratings."""
    uncovered = span.first
    for row in sorted(rows, key=lambda each: each.valid_from):
        if row.valid_from > uncovered:
            return False
        if row.valid_until is None:
            return True
        uncovered = max(uncovered, row.valid_until + _ONE_DAY)
    return uncovered > span.last


def _lapse(rows: Sequence[Rating], span: Span) -> Standing:
    """Name the rating that ended last, or, where none had begun, the one that begins first."""
    begun = [row for row in rows if row.valid_from <= span.last]
    if begun:
        return Standing(State.EXPIRED, max(begun, key=lambda row: (row.valid_until or date.max, row.id)))
    return Standing(State.NOT_YET_VALID, min(rows, key=lambda row: (row.valid_from, row.id)))
