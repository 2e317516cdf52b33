"""Journeys that begin soon, each with its newest advisory: those nobody has cleared, those that came late.

Found through the index of first days, so that what is past or far ahead costs nothing.
"""

import dataclasses
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, exists, select

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.verdicts import Verdict
from travelrisk.store.segments import beginning
from travelrisk.store.shapes import advisory_from, itinerary_from
from travelrisk.store.tables import advisories, itineraries, trips
from travelrisk.store.trips import Trip

OPEN: Final = frozenset({Verdict.REVIEW, Verdict.NOT_CLEARED})
"""The verdicts with which nobody should fly: somebody has to decide, or to book another flight."""

_TRIP: Final = tuple(trips.c[field.name] for field in dataclasses.fields(Trip))
_later, _newer = itineraries.alias("later"), advisories.alias("newer")


class Upcoming(NamedTuple):
    """A trip with its newest itinerary, and the newest advisory, which is about that itinerary."""

    trip: Trip
    itinerary_id: int
    itinerary: Itinerary
    advisory_id: int
    advisory: Advisory


def upcoming(
    c: Connection,
    first: date,
    last: date,
    *,
    verdicts: Collection[Verdict] = OPEN,
    since: datetime | None = None,
) -> Iterator[Upcoming]:
    """Give the trips whose first flight departs on one of these local days, both included.

    A trip whose newest itinerary has not been judged yet is left out until it has been.

    Args:
        c: connection.
        first: local day of the first departure, or later.
        last: the latest such day.
        verdicts: which of the newest advisories count.
        since: only itineraries that arrived at this moment or later.
    """
    wanted = (
        select(*_TRIP, itineraries.c.id, itineraries.c.body, advisories.c.id, advisories.c.body)
        .join(itineraries, itineraries.c.trip_id == trips.c.id)
        .join(advisories, advisories.c.itinerary_id == itineraries.c.id)
        .where(
            itineraries.c.id.in_(beginning(first, last)),
            advisories.c.verdict.in_(sorted(verdict.word for verdict in verdicts)),
            ~exists().where(_later.c.trip_id == trips.c.id, _later.c.id > itineraries.c.id),
            ~exists().where(_newer.c.trip_id == trips.c.id, _newer.c.id > advisories.c.id),
        )
        .order_by(itineraries.c.id)
    )
    if since is not None:
        wanted = wanted.where(itineraries.c.added_at >= since)
    for *trip, number, body, advisory_id, advisory in c.execute(wanted):
        yield Upcoming(Trip(*trip), number, itinerary_from(body), advisory_id, advisory_from(advisory))
