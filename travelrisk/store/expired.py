"""What has been kept for long enough: found here, some at a time, for the job that lets it go."""

from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, delete, exists, func, or_, select

from travelrisk.store import erasing
from travelrisk.store.tables import (
    answers,
    bounces,
    calendar_letters,
    calendars,
    cancellations,
    desk_letters,
    erasures,
    flight_letters,
    itineraries,
    lookup_trips,
    lookups,
    mails,
    notes,
    statements,
    touches,
    trips,
)

UNDATED: Final = date(date.max.year, 1, 1).isoformat()
_OWN: Final = (
    ("desk", desk_letters),
    ("flight", flight_letters),
    ("calendar", calendar_letters),
    ("answer", answers),
)


class Over(NamedTuple):
    """A trip that may be over; of one that was cancelled only its body tells when it would have been.

    Attributes:
        off_at: since when it is cancelled; None = it is not.
    """

    trip_id: int
    itinerary_id: int
    body: str
    off_at: datetime | None


def over(c: Connection, day: date, undated: datetime, past: int, limit: int) -> tuple[Over, ...]:
    """Return trips that are not erased and whose newest itinerary ended before *day*, by itinerary.

    Args:
        c: connection.
        day: the first one that is not over.
        undated: journeys without a date are over when they came in before this moment.
        past: itineraries up to this one were looked at.
        limit: how many at most.
    """
    off = and_(cancellations.c.trip_id == itineraries.c.trip_id, cancellations.c.taken_back_at.is_(None))
    ended = touches.c.last_day < day.isoformat()
    never = and_(touches.c.last_day >= UNDATED, itineraries.c.added_at < undated)
    rows = c.execute(
        select(itineraries.c.trip_id, itineraries.c.id, itineraries.c.body, cancellations.c.at)
        .join(touches, touches.c.itinerary_id == itineraries.c.id)
        .outerjoin(cancellations, off)
        .where(
            touches.c.kind == "",
            touches.c.code == "",
            itineraries.c.id > past,
            or_(ended, never),
            ~exists().where(erasures.c.trip_id == itineraries.c.trip_id),
        )
        .order_by(itineraries.c.id)
        .limit(limit)
    )
    return tuple(Over(*row) for row in rows)


def ending(c: Connection, before: datetime, limit: int) -> list[int]:
    """Return the trips that were erased before this moment and of which rows are left."""
    gone = select(erasures.c.trip_id).where(erasures.c.at <= before)
    return list(c.scalars(select(trips.c.id).where(trips.c.id.in_(gone)).order_by(trips.c.id).limit(limit)))


def forget_letters(c: Connection, before: datetime) -> int:
    """Forget the text of letters that belong to no trip and are settled or given up; return of how many."""
    total = 0
    for _, table in _OWN:
        since = func.coalesce(table.c.settled_at, table.c.queued_at)
        old = and_(since <= before, func.length(table.c.body) > 0)
        total += erasing.empty_letters(c, table, old)
    return total


def forget_lookups(c: Connection, before: datetime) -> int:
    """Forget who looked at which trip before this moment; return how many looks."""
    old = select(lookups.c.id).where(lookups.c.at <= before)
    c.execute(delete(lookup_trips).where(lookup_trips.c.lookup_id.in_(old)))
    return c.execute(delete(lookups).where(lookups.c.at <= before)).rowcount


def forget_calendars(c: Connection) -> int:
    """Close the calendars of contacts who have no trip any more; return how many."""
    has_trip = exists().where(trips.c.contact == calendars.c.contact)
    return c.execute(delete(calendars).where(~has_trip)).rowcount


def drop_mails(c: Connection, before: datetime) -> int:
    """Delete what is left of old mails that are about no trip that is left; return how many."""
    used = or_(
        exists().where(notes.c.mail_id == mails.c.id), exists().where(statements.c.mail_id == mails.c.id)
    )
    old = and_(mails.c.taken_at <= before, mails.c.content.is_(None), mails.c.trip_id.is_(None), ~used)
    ids = select(mails.c.id).where(old)
    theirs = select(answers.c.id).where(answers.c.mail_id.in_(ids))
    c.execute(delete(bounces).where(bounces.c.kind == "answer", bounces.c.letter_id.in_(theirs)))
    c.execute(delete(answers).where(answers.c.mail_id.in_(ids)))
    return c.execute(delete(mails).where(mails.c.id.in_(ids))).rowcount


def drop_letters(c: Connection, before: datetime) -> int:
    """Delete emptied letters of nobody's trip that are older than what they were about; return how many."""
    total = 0
    for kind, table in _OWN:
        if table in {answers, flight_letters}:
            continue  # go with their mail and their trip
        old = select(table.c.id).where(table.c.queued_at <= before, func.length(table.c.body) == 0)
        c.execute(delete(bounces).where(bounces.c.kind == kind, bounces.c.letter_id.in_(old)))
        total += c.execute(delete(table).where(table.c.id.in_(old))).rowcount
    return total
