"""Flights with more of our people than a ceiling of the policy allows, each with its bookings.

Found from the newest answers, by the ceilings of today: nothing is judged here. Who travels is not told.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.concentration import Broken, flights_of, may_be_one
from travelrisk.domain.itineraries import Segment
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.effect import GRACE
from travelrisk.services.application import Application
from travelrisk.store import advisories, flights, trips
from travelrisk.store.database import reading
from travelrisk.store.trips import Stored

_AT_ONCE = 200


class Seat(NamedTuple):
    """A booking on a flight: reference of its trip, the office that travels, its flight, and its answer."""

    trip: str
    office: str
    flight: str
    verdict: Verdict


class Crowded(NamedTuple):
    """A flight over a ceiling: as the booking with the most people aboard has it, and all bookings on it."""

    segment: Segment
    broken: tuple[Broken, ...]
    seats: tuple[Seat, ...]


def crowded(app: Application) -> tuple[Crowded, ...]:
    """Return the upcoming flights over a ceiling, the first to depart first."""
    ceilings = app.policy.policy.concentration
    if not ceilings.are_on:
        return ()
    with reading(app.engine) as c:
        over = {
            counting.itinerary_id: broken
            for counting in flights.counted(c, app.clock().date() - GRACE)
            if (broken := {each.position: tuple(ceilings.broken(each)) for each in counting.aboard})
            and any(broken.values())
        }
        found = list(_apart(_over(_newest(c, over), over)))
        return tuple(
            Crowded(each.segment, each.broken, tuple(_seats(c, each.segment)))
            for each in sorted(found, key=lambda each: min(flights_of(each.segment)))
        )


class _Over(NamedTuple):
    segment: Segment
    broken: tuple[Broken, ...]


def _over(journeys: Iterable[Stored], over: dict[int, dict[int, tuple[Broken, ...]]]) -> Iterator[_Over]:
    for journey in journeys:
        for position, broken in over[journey.itinerary_id].items():
            if broken:
                yield _Over(journey.itinerary.segments[position], broken)


def _apart(found: Iterable[_Over]) -> Iterator[_Over]:
    """Give each flight once, as whoever counts the most people on it has it."""
    known: list[_Over] = []
    for each in sorted(found, key=lambda one: -max(step.number for step in one.broken)):
        if not any(may_be_one(each.segment, other.segment) for other in known):
            known.append(each)
            yield each


def _seats(c: Connection, segment: Segment) -> Iterator[Seat]:
    rows = flights.booked(c, flights_of(segment)).values()
    journeys = list(_newest(c, frozenset().union(*rows)))
    judged = advisories.newest_on(c, [each.itinerary_id for each in journeys])
    for journey in journeys:
        same = next((each for each in journey.itinerary.segments if may_be_one(segment, each)), None)
        answer = judged.get(journey.itinerary_id)
        if same is not None and answer is not None:
            trip, verdict = journey.trip, answer.advisory.verdict
            yield Seat(trip.reference, trip.office, same.flight, verdict)


def _newest(c: Connection, ids: Iterable[int]) -> Iterator[Stored]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        yield from trips.newest_among(c, wanted[start : start + _AT_ONCE])
