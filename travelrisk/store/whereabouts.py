"""Which journeys of an office may answer a question about whereabouts: found by the index.

The index tells too many rather than too few; ``domain.whereabouts`` decides. It does not know what is touched
by flights that were flown already, nor by rail and bus: journeys with such segments stand in ``asides``.
"""

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple, TypeVar

from sqlalchemy import Connection, and_, bindparam, exists, or_, select

from travelrisk.domain.itineraries import Itinerary
from travelrisk.store.shapes import itinerary_from
from travelrisk.store.tables import asides, cancellations, flights, itineraries, touches, trips
from travelrisk.store.trips import Trip

Kind = Literal["operating", "marketing", "airport", ""]
Value = TypeVar("Value", str, int)

_AT_ONCE: Final = 400  # codes or ids in one query; SQLite takes a few thousand values
_ZONES: Final = timedelta(days=1)  # a local day may be another one in UTC
_FAR_AHEAD: Final = date.max.isoformat()  # the last day of a journey with a flight without a day

_TRIP: Final = tuple(trips.c[field.name] for field in dataclasses.fields(Trip))
_later = itineraries.alias("later")
_IS_NEWEST: Final = ~exists().where(_later.c.trip_id == itineraries.c.trip_id, _later.c.id > itineraries.c.id)
_STANDS: Final = ~exists().where(
    cancellations.c.trip_id == trips.c.id, cancellations.c.taken_back_at.is_(None)
)
_IDS: Final = (
    select(touches.c.itinerary_id)
    .join(itineraries, itineraries.c.id == touches.c.itinerary_id)
    .join(trips, trips.c.id == itineraries.c.trip_id)
    .where(trips.c.office == bindparam("office"), touches.c.last_day >= bindparam("first"))
)
_ASIDE: Final = (
    select(asides.c.itinerary_id)
    .join(itineraries, itineraries.c.id == asides.c.itinerary_id)
    .join(trips, trips.c.id == itineraries.c.trip_id)
    .where(
        trips.c.office == bindparam("office"),
        asides.c.last_day >= bindparam("first"),
        asides.c.first_day <= bindparam("last"),
    )
)


class Journey(NamedTuple):
    """A trip with its newest itinerary."""

    trip: Trip
    itinerary_id: int
    itinerary: Itinerary


def touching(  # noqa: PLR0913 - whose, what, and when
    c: Connection, office: str, *, kinds: Sequence[Kind], codes: Collection[str], first: date, last: date
) -> tuple[Journey, ...]:
    """Return the journeys of an office that may touch any of these codes from one day to another.

    Args:
        c: connection.
        office: whose trips they are.
        kinds: of touches; the empty kind, with an empty code, stands for the journey itself.
        codes: of carriers or airports.
        first: day, in UTC.
        last: day, in UTC, included.
    """
    values = {"office": office, "first": (first - _ZONES).isoformat()}
    begun = or_(touches.c.first_day <= (last + _ZONES).isoformat(), touches.c.last_day == _FAR_AHEAD)
    found = set(c.scalars(_ASIDE, {**values, "last": (last + _ZONES).isoformat()}))
    for some in _batches(sorted(codes)):
        wanted = and_(touches.c.kind.in_(kinds), touches.c.code.in_(some), begun)
        found.update(c.scalars(_IDS.where(wanted), values))
    return _journeys(c, office, sorted(found))


def sharing(c: Connection, office: str, keys: Collection[str]) -> tuple[Journey, ...]:
    """Return the journeys of an office that may be on any of these physical flights."""
    found: set[int] = set()
    for some in _batches(sorted(keys)):
        found.update(c.scalars(select(flights.c.itinerary_id).where(flights.c.flight.in_(some))))
    return _journeys(c, office, sorted(found))


def of_trips(c: Connection, office: str, trip_ids: Collection[int]) -> tuple[Journey, ...]:
    """Return these trips of an office, as they stand; those of others are not there."""
    found: list[int] = []
    for some in _batches(sorted(trip_ids)):
        found += c.scalars(select(itineraries.c.id).where(itineraries.c.trip_id.in_(some), _IS_NEWEST))
    return _journeys(c, office, found)


def _journeys(c: Connection, office: str, ids: Sequence[int]) -> tuple[Journey, ...]:
    return tuple(journey for some in _batches(ids) for journey in _loaded(c, office, some))


def _loaded(c: Connection, office: str, ids: Sequence[int]) -> Iterator[Journey]:
    query = (
        select(*_TRIP, itineraries.c.id, itineraries.c.body)
        .join(itineraries, itineraries.c.trip_id == trips.c.id)
        .where(itineraries.c.id.in_(ids), trips.c.office == office, _IS_NEWEST, _STANDS)
        .order_by(trips.c.id)
    )
    for *trip, number, body in c.execute(query):
        yield Journey(Trip(*trip), number, itinerary_from(body))


def _batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
