"""Flights with more of our people than a ceiling of the policy allows, each with its bookings.

Found from the newest answers, by the ceilings of today: nothing is judged here. Who travels is not told, and
whoever books for one office sees of the others how many bookings they have aboard, for that is what counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.concentration import Broken, flights_of, may_be_one
from travelrisk.domain.itineraries import Segment
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.effect import GRACE
from travelrisk.services.application import Application
from travelrisk.store import advisories, flights, trips
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.database import reading
from travelrisk.store.trips import Stored

_AT_ONCE: Final = 200


class Seat(NamedTuple):
    """A booking on a flight: its trip, the office that travels, its flight, and its answer."""

    trip_id: int
    trip: str
    office: str
    flight: str
    verdict: Verdict


class Crowded(NamedTuple):
    """A flight over a ceiling: as the booking with the most people aboard has it, and the bookings on it.

    Attributes:
        seats: those that whoever looks may see. others: how many there are besides.
    """

    segment: Segment
    broken: tuple[Broken, ...]
    seats: tuple[Seat, ...]
    others: int = 0


def crowded(app: Application, office: str | None = None) -> tuple[Crowded, ...]:
    """Return the upcoming flights over a ceiling, the first to depart first.

    Args:
        app: the parts of the service.
        office: of whoever looks, as for ``store.offices.within``: flights without a booking of theirs are
            none of their concern.
    """
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
        company = _company(c, [each.segment for each in found])
    with_seats = (_with_seats(each, company, office) for each in found)
    mine = (each for each in with_seats if office is None or each.seats)
    return tuple(sorted(mine, key=lambda each: min(flights_of(each.segment))))


class _Over(NamedTuple):
    segment: Segment
    broken: tuple[Broken, ...]


class _Company(NamedTuple):
    """All bookings on the flights that were found: by flight, and with their newest answers."""

    booked: Mapping[str, Mapping[int, int]]
    journeys: Mapping[int, Stored]
    judged: Mapping[int, StoredAdvisory]


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


def _company(c: Connection, segments: Sequence[Segment]) -> _Company:
    booked = flights.booked(c, frozenset().union(*map(flights_of, segments)))
    journeys = {each.itinerary_id: each for each in _newest(c, frozenset().union(*booked.values()))}
    judged = {
        number: answer
        for some in _batches(journeys)
        for number, answer in advisories.newest_on(c, some).items()
    }
    return _Company(booked, journeys, judged)


def _with_seats(flight: _Over, company: _Company, office: str | None) -> Crowded:
    seats = tuple(_seats(flight.segment, company))
    mine = tuple(each for each in seats if office is None or (office and each.office == office))
    return Crowded(flight.segment, flight.broken, mine, len(seats) - len(mine))


def _seats(segment: Segment, company: _Company) -> Iterator[Seat]:
    ids = frozenset().union(*(company.booked.get(each, {}) for each in flights_of(segment)))
    for number in sorted(ids & company.judged.keys()):
        trip, _, itinerary, _ = company.journeys[number]
        same = next((each for each in itinerary.segments if may_be_one(segment, each)), None)
        if same is not None:
            verdict = company.judged[number].advisory.verdict
            yield Seat(trip.id, trip.reference, trip.office, same.flight, verdict)


def _newest(c: Connection, ids: Iterable[int]) -> Iterator[Stored]:
    for some in _batches(ids):
        yield from trips.newest_among(c, some)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    wanted = sorted(ids)
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
