"""The trips of an office: found among others, made its own where they are nobody's, and those of no other."""

from collections.abc import Collection
from dataclasses import fields, replace
from typing import Final

from sqlalchemy import Connection, select, update

from travelrisk.domain.itineraries import Itinerary
from travelrisk.store.shapes import itinerary_from
from travelrisk.store.tables import itineraries, trips
from travelrisk.store.trips import Trip

_TRIP: Final = tuple(trips.c[each.name] for each in fields(Trip))


def own(c: Connection, office: str, trip_ids: Collection[int]) -> dict[int, Trip]:
    """Return those of some hundred trips that are this office's, by id; those of others are not there."""
    mine = select(*_TRIP).where(trips.c.id.in_(trip_ids), trips.c.office == office)
    return {row[0]: Trip(*row) for row in c.execute(mine)} if trip_ids else {}


def journeys(c: Connection, ids: Collection[int]) -> dict[int, Itinerary]:
    """Return these itineraries by id; some hundreds at most."""
    query = select(itineraries.c.id, itineraries.c.body).where(itineraries.c.id.in_(ids))
    return {row[0]: itinerary_from(row[1]) for row in c.execute(query)} if ids else {}


def adopt(c: Connection, trip: Trip, office: str) -> Trip:
    """Make a trip an office's own that was nobody's; it was no other office's."""
    c.execute(update(trips).where(trips.c.id == trip.id, trips.c.office == "").values(office=office))
    return replace(trip, office=office)


def offices_of(c: Connection, trip_ids: Collection[int]) -> dict[int, str]:
    """Return the office of each of some hundred trips."""
    rows = c.execute(select(trips.c.id, trips.c.office).where(trips.c.id.in_(trip_ids))) if trip_ids else ()
    return {row[0]: row[1] for row in rows}
