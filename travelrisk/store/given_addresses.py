"""That the desk gave a trip an address: who, when, for whom; the address itself is the trip's contact."""

import dataclasses
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, exists, func, insert, select

from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import Language
from travelrisk.store.shapes import itinerary_from
from travelrisk.store.tables import given_addresses, itineraries, trips
from travelrisk.store.trips import Trip

_TRIP: Final = tuple(trips.c[field.name] for field in dataclasses.fields(Trip))


class Given(NamedTuple):
    """An address that was given.

    Attributes:
        actor: who gave it: of the desk, or the terminal.
        language: of the letters.
        traveller: whose address it is; empty where only one travels, or nobody is named.
    """

    at: datetime
    actor: str
    language: Language
    traveller: str


def add(c: Connection, trip_id: int, given: Given) -> None:
    """Keep that an address was given; the trip is told apart from this."""
    c.execute(insert(given_addresses).values(trip_id=trip_id, **given._asdict()))


def of_trip(c: Connection, trip_id: int) -> tuple[Given, ...]:
    """Return how often a trip was given one, the first time first."""
    columns = (given_addresses.c[name] for name in Given._fields)
    mine = select(*columns).where(given_addresses.c.trip_id == trip_id).order_by(given_addresses.c.id)
    return tuple(Given(*row) for row in c.execute(mine))


def latest_of_office(
    c: Connection, office: str, *, but_not_from: str, limit: int = 300
) -> tuple[tuple[Trip, Itinerary], ...]:
    """Return the trips of an office that were given one, with their newest itineraries; the newest first.

    Args:
        c: connection.
        office: whose; an empty one is nobody's.
        but_not_from: SHA-256 of a document: what came out of it is another booking of the same document.
        limit: how many of the newest trips to look at.
    """
    if not office:
        return ()
    mine = trips.c.id.in_(select(given_addresses.c.trip_id))  # few: each trip of the office is not looked up
    own = itineraries.alias("own")
    same = exists().where(own.c.trip_id == trips.c.id, own.c.original == but_not_from)
    recent = (
        select(trips.c.id)
        .where(trips.c.office == office, mine, ~same)
        .order_by(trips.c.id.desc())
        .limit(limit)
    )
    newest = select(func.max(itineraries.c.id)).where(itineraries.c.trip_id.in_(recent))
    rows = c.execute(
        select(*_TRIP, itineraries.c.body)
        .join(itineraries, itineraries.c.trip_id == trips.c.id)
        .where(itineraries.c.id.in_(newest.group_by(itineraries.c.trip_id)))
        .order_by(trips.c.id.desc())
    )
    return tuple((Trip(*row[:-1]), itinerary_from(row[-1])) for row in rows)
