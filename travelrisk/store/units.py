"""The trips of an office as its desk works on them: those ahead with their newest answers, and each step.

Each list is one statement, however long it is.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, insert, or_, select

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.verdicts import Verdict
from travelrisk.store.offices import within
from travelrisk.store.shapes import advisory_from, itinerary_from
from travelrisk.store.tables import advisories, desk_steps, itineraries, touches, trips
from travelrisk.store.trips import Trip

Fits = Callable[[Row[Any]], bool]
"""Looks at a row before it is taken apart: reference, and *booking* and *answer* as they are stored."""

OPEN: Final = (Verdict.REVIEW.word, Verdict.NOT_CLEARED.word)
HELD: Final = ("on_hold", "no_ticket")
TICKETS: Final = (*HELD, "ticketed")
"""What may be said of the ticket of a trip; the newest of them holds."""

_TRIP: Final = tuple(trips.c[field.name] for field in dataclasses.fields(Trip))
_later, _newer = itineraries.alias("later"), advisories.alias("newer")
_before, _next = advisories.alias("before"), desk_steps.alias("next")
_NEWEST_ITINERARY: Final = ~exists().where(
    _later.c.trip_id == itineraries.c.trip_id, _later.c.id > itineraries.c.id
)
_NEWEST_ADVISORY: Final = ~exists().where(
    _newer.c.itinerary_id == advisories.c.itinerary_id, _newer.c.id > advisories.c.id
)
# Of the answers before the newest, the last with which a ticket could be bought.
_LAST_GOOD: Final = (
    select(func.max(_before.c.id))
    .where(
        _before.c.trip_id == trips.c.id,
        _before.c.verdict.not_in(OPEN),
        or_(advisories.c.id.is_(None), _before.c.id < advisories.c.id),
    )
    .correlate(trips, advisories)
    .scalar_subquery()
)


class Ahead(NamedTuple):
    """A trip that is not over, with its newest itinerary and the answer on that.

    Attributes:
        advisory: None where nobody has judged it yet.
        first_day: local day of its first flight; far ahead where that is not known.
        cleared_by: id of the last answer before this one with which it could be ticketed; None = never.
    """

    trip: Trip
    itinerary: Itinerary
    added_at: datetime
    advisory: Advisory | None
    first_day: str
    cleared_by: int | None


class Step(NamedTuple):
    """One thing that the desk did with a trip; *kind* is one of ``STEPS``."""

    id: int
    trip_id: int
    at: datetime
    actor: str
    kind: str
    assignee: str | None
    text: str


class Good(NamedTuple):
    """An answer with which a trip could be ticketed, and the booking it was given on."""

    advisory: Advisory
    itinerary: Itinerary


def open_ahead(c: Connection, office: str, since: date, limit: int) -> tuple[Ahead, ...]:
    """Return the trips of an office that must not be ticketed; the next to leave comes first.

    Args:
        c: connection.
        office: whose.
        since: trips that ended before this local day are over.
        limit: how many at most.
    """
    held = exists().where(
        desk_steps.c.trip_id == trips.c.id,
        desk_steps.c.kind.in_(HELD),
        ~exists().where(
            _next.c.trip_id == desk_steps.c.trip_id, _next.c.kind.in_(TICKETS), _next.c.id > desk_steps.c.id
        ),
    )
    is_open = or_(advisories.c.id.is_(None), advisories.c.verdict.in_(OPEN), held)
    return tuple(_ahead(c, _of(office, since).where(is_open).limit(limit)))


def late_ahead(c: Connection, office: str, since: date, code: str, limit: int) -> tuple[Ahead, ...]:
    """Return the trips of an office whose newest answer has a finding of this kind: ``lead_time.late``."""
    judged = _of(office, since).where(advisories.c.id.is_not(None))
    return tuple(islice(_ahead(c, judged, lambda row: f'"{code}' in row.answer), limit))


def newest_of(
    c: Connection, office: str, wanted: ColumnElement[bool], may_fit: Fits = lambda _row: True
) -> Iterator[Ahead]:
    """Give the trips of an office, past ones too, whose newest booking fits; the newest trip first.

    Args:
        c: connection.
        office: whose.
        wanted: what the database can tell, in which bookings stand encrypted.
        may_fit: looks at what is stored before it is taken apart; never too little fits.
    """
    query = _newest(office).outerjoin(touches, _is_itself()).where(wanted)
    return _ahead(c, query.order_by(trips.c.id.desc()), may_fit)


def is_trip(trip_id: int) -> ColumnElement[bool]:
    """Return the condition of one trip, for ``newest_of``."""
    return trips.c.id == trip_id


def goods(c: Connection, advisory_ids: Sequence[int]) -> dict[int, Good]:
    """Return these answers with the bookings they were given on, by id; some hundreds at most."""
    query = select(advisories.c.id, advisories.c.body, itineraries.c.body)
    query = query.join(itineraries, itineraries.c.id == advisories.c.itinerary_id)
    found = c.execute(query.where(advisories.c.id.in_(advisory_ids))) if advisory_ids else ()
    return {row[0]: Good(advisory_from(row[1]), itinerary_from(row[2])) for row in found}


def add_step(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    trip_id: int,
    at: datetime,
    actor: str,
    kind: str,
    text: str,
    assignee: str | None = None,
) -> int:
    """Keep a step and return its id."""
    row = {"trip_id": trip_id, "at": at, "actor": actor, "kind": kind, "text": text, "assignee": assignee}
    number: int = c.execute(insert(desk_steps).values(**row).returning(desk_steps.c.id)).scalar_one()
    return number


def steps(c: Connection, trip_ids: Sequence[int]) -> dict[int, tuple[Step, ...]]:
    """Return what the desk did with each of these trips, the oldest step first; some hundreds at most."""
    mine = select(*(desk_steps.c[name] for name in Step._fields)).where(desk_steps.c.trip_id.in_(trip_ids))
    found: dict[int, tuple[Step, ...]] = {}
    for row in c.execute(mine.order_by(desk_steps.c.id)) if trip_ids else ():
        step = Step(*row)
        found[step.trip_id] = (*found.get(step.trip_id, ()), step)
    return found


def _is_itself() -> ColumnElement[bool]:
    return and_(touches.c.itinerary_id == itineraries.c.id, touches.c.kind == "", touches.c.code == "")


def _newest(office: str) -> Select[Any]:
    return (
        select(
            *_TRIP,
            itineraries.c.body.label("booking"),
            itineraries.c.added_at,
            advisories.c.body.label("answer"),
            touches.c.first_day,
            _LAST_GOOD,
        )
        .select_from(trips)
        .join(itineraries, itineraries.c.trip_id == trips.c.id)
        .outerjoin(advisories, and_(advisories.c.itinerary_id == itineraries.c.id, _NEWEST_ADVISORY))
        .where(within(office), _NEWEST_ITINERARY)
    )


def _of(office: str, since: date) -> Select[Any]:
    ahead = _newest(office).join(touches, _is_itself()).where(touches.c.last_day >= since.isoformat())
    return ahead.order_by(touches.c.first_day, trips.c.id)


def _ahead(c: Connection, wanted: Select[Any], may_fit: Fits = lambda _row: True) -> Iterator[Ahead]:
    for row in c.execute(wanted):
        if not may_fit(row):
            continue
        *trip, body, added_at, advisory, first_day, cleared_by = row
        answer = None if advisory is None else advisory_from(advisory)
        yield Ahead(Trip(*trip), itinerary_from(body), added_at, answer, first_day or "", cleared_by)
