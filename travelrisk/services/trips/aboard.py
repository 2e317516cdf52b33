"""Who else is booked on the flights of a journey: those that were judged before it, by the newest bookings.

So a later booking changes nothing about an earlier one, and of two that arrive at once the second to be
judged counts the first. Whoever writes a verdict looks at ``before`` once more under the hold of the ratings:
under it nobody else judges.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.concentration import Aboard, Booking, aboard, flights_of
from travelrisk.services.application import Application
from travelrisk.store import flights, trips
from travelrisk.store.trips import Stored

_AT_ONCE: Final = 400

Before = Mapping[int, frozenset[int]]
"""By itinerary: the itineraries judged before it that may be on one of its flights."""


class Company(NamedTuple):
    """How many are on the flights of a journey, and the journeys that were counted beside it."""

    aboard: tuple[Aboard, ...]
    others: tuple[Stored, ...]


class Counted(NamedTuple):
    """The company of each journey, by itinerary, and what it was found from; none where nobody is counted."""

    companies: Mapping[int, Company]
    before: Before

    def aboard(self, itinerary_id: int) -> tuple[Aboard, ...] | None:
        """Return how many are on the flights of a journey; None where nobody was counted."""
        company = self.companies.get(itinerary_id)
        return company.aboard if company else None


def count(app: Application, c: Connection, journeys: Sequence[Stored]) -> Counted:
    """Count who is on the flights of each journey, those not judged yet in the given order."""
    ceilings = app.policy.policy.concentration
    if not ceilings.are_on:
        return Counted({}, {})
    found = before(app, c, journeys)
    stored = _stored(c, journeys, found)
    companies = {}
    for journey in journeys:
        ids = sorted(found[journey.itinerary_id] & stored.keys())
        others = tuple(stored[each] for each in ids if stored[each].trip.id != journey.trip.id)
        counted = aboard(booking(journey), [*map(booking, others)], ceilings.heads_of_office)
        companies[journey.itinerary_id] = Company(counted, others)
    return Counted(companies, found)


def before(app: Application, c: Connection, journeys: Sequence[Stored]) -> Before:
    """Return which itineraries come before each journey; nothing where the policy has no ceilings."""
    if not app.policy.policy.concentration.are_on:
        return {}
    keys = {each.itinerary_id: _flights(each) for each in journeys}
    booked = flights.booked(c, frozenset().union(*keys.values()))
    judged = {number: first for rows in booked.values() for number, first in rows.items()}
    waiting = [number for number in keys if number not in judged]
    turns = {number: (0, first) for number, first in judged.items()}
    turns |= {number: (1, turn) for turn, number in enumerate(waiting)}
    for number in waiting:
        for key in keys[number]:
            booked.setdefault(key, {})[number] = 0  # it will have been judged when the next one is
    return {
        number: frozenset(
            other for key in mine for other in booked.get(key, {}) if turns[other] < turns[number]
        )
        for number, mine in keys.items()
    }


def booking(journey: Stored) -> Booking:
    """Return a journey as it is counted."""
    return Booking(journey.itinerary, journey.trip.reference, journey.trip.contact)


def _flights(journey: Stored) -> frozenset[str]:
    return frozenset().union(*map(flights_of, journey.itinerary.segments))


def _stored(c: Connection, journeys: Sequence[Stored], found: Before) -> dict[int, Stored]:
    known = {each.itinerary_id: each for each in journeys}
    wanted = sorted(frozenset().union(*found.values()) - known.keys())
    for start in range(0, len(wanted), _AT_ONCE):
        known |= {each.itinerary_id: each for each in trips.newest_among(c, wanted[start : start + _AT_ONCE])}
    return known
