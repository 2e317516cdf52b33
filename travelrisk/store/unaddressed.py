"""Warnings for which there is no address: tasks of ``undelivered`` without a letter, from a moment on.

Of one trip the newest counts, which takes the place of those before.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, type_coerce, update

from travelrisk.store.bounces import returned
from travelrisk.store.tables import (
    Instant,
    advisories,
    cancellations,
    outbox,
    touches,
    trips,
    undelivered,
    unit_letters,
    unreleased,
)

UNADDRESSED: Final = "unaddressed"
"""Why nobody got a warning that had no address to go to."""

_NO_DAY: Final = date.min.isoformat()  # of a booking without flights
_newer, _task, _letter = advisories.alias("newer"), undelivered.alias("task"), outbox.alias("letter")
# As OUTDATED, which is about letters: the trip is off, or has a newer verdict, or a newer answer that a
# letter or a task tells of; or the second address has taken the letter of this very one.
MOOT: Final = or_(
    exists()
    .where(cancellations.c.trip_id == advisories.c.trip_id, cancellations.c.taken_back_at.is_(None))
    .correlate(advisories),
    exists()
    .where(
        _newer.c.trip_id == advisories.c.trip_id,
        _newer.c.id > advisories.c.id,
        or_(
            _newer.c.verdict != advisories.c.verdict,
            exists().where(_task.c.advisory_id == _newer.c.id).correlate(_newer),
            exists().where(_letter.c.advisory_id == _newer.c.id).correlate(_newer),
        ),
    )
    .correlate(advisories),
    exists()
    .where(_letter.c.advisory_id == advisories.c.id, _letter.c.state == "sent", ~returned("trip", _letter))
    .correlate(advisories),
)
"""What makes nobody's task of one any more; a condition on its advisory."""


def is_open(now: datetime) -> ColumnElement[bool]:
    """Return the condition that one is somebody's task; on the task with its advisory."""
    untold = and_(undelivered.c.told_at.is_(None), undelivered.c.over_at.is_(None))
    return and_(undelivered.c.outbox_id.is_(None), undelivered.c.found_at <= now, untold, ~MOOT)


def add(c: Connection, found: Iterable[tuple[int, datetime]]) -> None:
    """Keep warnings for which there is no address, by the ids of their advisories, each from a moment on.

    Call it in the transaction that records the advisories.
    """
    rows = [{"advisory_id": number, "reason": UNADDRESSED, "found_at": since} for number, since in found]
    if rows:
        c.execute(insert(undelivered), rows)


def with_second_address(c: Connection, now: datetime) -> tuple[int, ...]:
    """Return the advisories of the open ones whose trip has a second address that was not written to."""
    query = (
        select(advisories.c.id)
        .join(undelivered, undelivered.c.advisory_id == advisories.c.id)
        .join(trips, trips.c.id == advisories.c.trip_id)
        .where(is_open(now), undelivered.c.second_id.is_(None), trips.c.second_contact.is_not(None))
    )
    return tuple(c.scalars(query.order_by(advisories.c.id)))


def begin_those_of_batch(c: Connection, batch_id: int, at: datetime) -> None:
    """Let none of a batch wait any longer for somebody to release it."""
    mine = (
        select(advisories.c.id)
        .join(unreleased, unreleased.c.trip_id == advisories.c.trip_id)
        .where(unreleased.c.batch_id == batch_id)
    )
    later = (undelivered.c.reason == UNADDRESSED, undelivered.c.found_at > at)
    c.execute(update(undelivered).where(*later, undelivered.c.advisory_id.in_(mine)).values(found_at=at))


class Unannounced(NamedTuple):
    """One of which the travel unit had no letter: whose, since when, and the local day on which they leave.

    *first_day* is None where it is not known.
    """

    advisory_id: int
    office: str
    found_at: datetime
    first_day: date | None


def unannounced(c: Connection, now: datetime) -> tuple[Unannounced, ...]:
    """Return the open ones that are of a journey ahead, whoever leaves first comes first."""
    had = exists().where(unit_letters.c.advisory_id == undelivered.c.advisory_id).correlate(undelivered)
    query = (
        select(advisories.c.id, trips.c.office, undelivered.c.found_at, touches.c.first_day)
        .select_from(undelivered)
        .join(advisories, advisories.c.id == undelivered.c.advisory_id)
        .join(trips, trips.c.id == advisories.c.trip_id)
        .join(touches, and_(touches.c.itinerary_id == advisories.c.itinerary_id, touches.c.kind == ""))
        .where(is_open(now), ~had)
        .order_by(func.nullif(touches.c.first_day, _NO_DAY).nulls_last(), advisories.c.id)
    )
    return tuple(Unannounced(*row[:-1], _known(row[-1])) for row in c.execute(query))


def announced_at(c: Connection) -> dict[str, datetime]:
    """Return when the travel unit was last written to about some of an office, by office."""
    last = type_coerce(func.max(unit_letters.c.queued_at), Instant)
    query = (
        select(trips.c.office, last)
        .select_from(unit_letters)
        .join(undelivered, undelivered.c.advisory_id == unit_letters.c.advisory_id)
        .join(advisories, advisories.c.id == undelivered.c.advisory_id)
        .join(trips, trips.c.id == advisories.c.trip_id)
        .where(undelivered.c.reason == UNADDRESSED)
        .group_by(trips.c.office)
    )
    return {row[0]: row[1] for row in c.execute(query)}


def _known(day: str) -> date | None:
    found = date.fromisoformat(day)
    return found if found.year not in {date.min.year, date.max.year} else None
