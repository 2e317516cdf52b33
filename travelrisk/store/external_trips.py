"""Trips as programs of an office find them: by reference, or by an id of their own.

What was sent last under an id is known by its hash.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, select, update

from travelrisk.store import trips
from travelrisk.store.database import insert_unless
from travelrisk.store.tables import external_trips
from travelrisk.store.tables import trips as table
from travelrisk.store.trips import Trip
from travelrisk.store.troubles import CollisionError


class Name(NamedTuple):
    """What a program calls a trip of its office: the system that it has the id from, and the id there."""

    office: str
    system: str
    external_id: str


class Sent(NamedTuple):
    """What was sent last under a name, and which time that was; *revision* counts from 1."""

    trip_id: int
    sent_sha256: str
    revision: int


def of_office(c: Connection, reference: str, office: str) -> Trip | None:
    """Return the trip with this reference if it is one of an office; case does not matter."""
    mine = (table.c.reference == reference.strip().upper()) & (table.c.office == office)
    number = c.scalar(select(table.c.id).where(mine)) if office else None
    return None if number is None else trips.by_id(c, number)


def find(c: Connection, name: Name, *, alone: bool = False) -> Sent | None:
    """Return what was sent last under a name; *alone*, nobody sends anything under it until this ends."""
    query = select(*(external_trips.c[each] for each in Sent._fields)).where(_named(name))
    row = c.execute(query.with_for_update() if alone else query).one_or_none()
    return Sent(*row) if row else None


def name_of(c: Connection, trip_id: int) -> Name | None:
    """Return what programs call a trip, if any does."""
    columns = (external_trips.c[each] for each in Name._fields)
    row = c.execute(select(*columns).where(external_trips.c.trip_id == trip_id)).one_or_none()
    return Name(*row) if row else None


def add(c: Connection, name: Name, sent: Sent, at: datetime) -> None:
    """Give a trip a name.

    Raises:
        CollisionError: somebody gave the name a moment ago; ``transact`` begins again, and finds it.
    """
    row = insert_unless(c.dialect.name, external_trips).values(**name._asdict(), **sent._asdict(), sent_at=at)
    if c.execute(row.on_conflict_do_nothing().returning(external_trips.c.trip_id)).one_or_none() is None:
        raise CollisionError("the trip was given this name by somebody else: send it again")


def change(c: Connection, name: Name, sent: Sent, at: datetime) -> None:
    """Note what was sent now."""
    c.execute(update(external_trips).where(_named(name)).values(**sent._asdict(), sent_at=at))


def _named(name: Name) -> ColumnElement[bool]:
    return and_(*(external_trips.c[field] == value for field, value in name._asdict().items()))
