"""What has not reached anybody, for a person to see: how much waits and until when, and what was given up."""

from collections import Counter
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from travelrisk.store import answers as mail
from travelrisk.store import broadcasts, calendars, flights, unreleased
from travelrisk.store import desk_letters as desk
from travelrisk.store import outbox as trip
from travelrisk.store import unit_letters as unit
from travelrisk.store.bounces import last_word, returned
from travelrisk.store.leasing import Box
from travelrisk.store.tables import (
    Instant,
    advisories,
    answers,
    broadcast_letters,
    desk_letters,
    flight_letters,
    outbox,
    trips,
    undelivered,
    unit_letters,
)

BOXES: Final[
    tuple[
        Box[broadcasts.Leased],
        Box[trip.Leased],
        Box[unit.Leased],
        Box[flights.Leased],
        Box[mail.Leased],
        Box[desk.Leased],
        Box[calendars.Leased],
    ]
] = (
    broadcasts.BOX,
    trip.BOX,
    unit.BOX,
    flights.BOX,
    mail.BOX,
    desk.BOX,
    calendars.BOX,
)
"""Wherever letters wait; what may be about somebody in danger goes first, then what a traveller waits for."""

_LOST: Final = ("dead", "hold")
# Somebody told the traveller, or the journey is over.
_SETTLED: Final = or_(undelivered.c.told_at.is_not(None), undelivered.c.over_at.is_not(None))
_later, _later_desk = outbox.alias("later"), desk_letters.alias("later")
_TRIPS_LOST: Final = and_(
    or_(outbox.c.state.in_(_LOST), returned("trip", outbox)),
    ~exists()
    .where(
        _later.c.trip_id == outbox.c.trip_id,
        _later.c.id > outbox.c.id,
        _later.c.state == "sent",
        ~returned("trip", _later),
    )
    .correlate(outbox),
    ~exists().where(undelivered.c.advisory_id == outbox.c.advisory_id, _SETTLED).correlate(outbox),
)
_UNIT_LOST: Final = and_(
    or_(unit_letters.c.state.in_(_LOST), returned("unit", unit_letters)),
    ~exists()
    .where(undelivered.c.advisory_id == unit_letters.c.advisory_id, _SETTLED)
    .correlate(unit_letters),
)
_DESK_LOST: Final = and_(
    or_(desk_letters.c.state.in_(_LOST), returned("desk", desk_letters)),
    ~exists()
    .where(
        _later_desk.c.thread == desk_letters.c.thread,
        _later_desk.c.person_id == desk_letters.c.person_id,
        _later_desk.c.id > desk_letters.c.id,
        _later_desk.c.state == "sent",
        ~returned("desk", _later_desk),
    )
    .correlate(desk_letters),
)
_FLIGHTS_LOST: Final = or_(flight_letters.c.state.in_(_LOST), returned("flight", flight_letters))
# Nothing makes up for an answer: whoever asked waits for it.
_ANSWERS_LOST: Final = answers.c.state.in_(_LOST)


class Waiting(NamedTuple):
    """How many letters wait, when the next one may leave (None = none waits), and why it has not yet."""

    letters: int
    next_at: datetime | None
    reply: str


class Lost(NamedTuple):
    """A letter that was given up, put on hold or came back, and that no later one has made up for.

    Attributes:
        trip: reference of the trip, or ``mail 17`` where a mail was answered; empty for a letter of the desk.
        reply: what the mail server said, without addresses.
        person: id of the person of the desk; empty for a letter of a trip.
    """

    trip: str
    letter: str
    settled_at: datetime
    reply: str
    person: str = ""


def counts(c: Connection) -> dict[str, int]:
    """Return how many letters, of all kinds, are in each state; every state has its number.

    Those that wait until a person releases them are counted for themselves, under ``kept``.
    """
    found = Counter[str]()
    for box in BOXES:
        found.update(box.counts(c))  # keeps the states without a letter, as adding would not
    kept = unreleased.count_letters(c)
    found.update({"queued": -kept, "kept": kept})
    return dict(found)


def oldest_unsent(c: Connection) -> datetime | None:
    """Return when the oldest letter that still waits was queued, however often it was tried."""
    return min(filter(None, (box.oldest_unsent(c) for box in BOXES)), default=None)


def waiting(c: Connection) -> Waiting:
    """Return what is still to be sent."""
    found = [_waiting(c, box) for box in BOXES]
    due = [each for each in found if each.next_at is not None]
    first = min(due, key=lambda each: (each.next_at, each.letters), default=Waiting(0, None, ""))
    return first._replace(letters=sum(each.letters for each in found))


def lost(c: Connection, limit: int) -> tuple[Lost, ...]:
    """Return up to *limit* letters that nobody got, the newest first."""
    of_trips = _lost(outbox, "trip", trips.c.reference).join(trips, trips.c.id == outbox.c.trip_id)
    of_unit, of_flights = (
        _lost(table, kind, trips.c.reference)
        .join(advisories, advisories.c.id == table.c.advisory_id)
        .join(trips, trips.c.id == advisories.c.trip_id)
        for table, kind in ((unit_letters, "unit"), (flight_letters, "flight"))
    )
    of_broadcasts = _lost(broadcast_letters, "people", trips.c.reference).join(
        trips, trips.c.id == broadcast_letters.c.trip_id
    )
    of_mails = _lost(answers, "answer", literal("mail ") + cast(answers.c.mail_id, Text))
    of_desk = _lost(desk_letters, "desk", literal(""), desk_letters.c.person_id)
    every = (
        (of_broadcasts, broadcasts.LOST),
        (of_trips, _TRIPS_LOST),
        (of_unit, _UNIT_LOST),
        (of_flights, _FLIGHTS_LOST),
        (of_mails, _ANSWERS_LOST),
        (of_desk, _DESK_LOST),
    )
    found = [Lost(*row) for query, are in every for row in c.execute(query.where(are).limit(limit))]
    return tuple(sorted(found, key=lambda each: each.settled_at, reverse=True)[:limit])


def count_lost(c: Connection) -> int:
    """Return how many letters nobody got."""
    found = (
        (broadcast_letters, broadcasts.LOST),
        (outbox, _TRIPS_LOST),
        (unit_letters, _UNIT_LOST),
        (flight_letters, _FLIGHTS_LOST),
        (answers, _ANSWERS_LOST),
        (desk_letters, _DESK_LOST),
    )
    return sum(c.scalar(select(func.count()).select_from(table).where(are)) or 0 for table, are in found)


def _waiting(c: Connection, box: Box[Any]) -> Waiting:
    table = box.letters
    number = c.scalar(select(func.count()).select_from(table).where(box.waiting)) or 0
    # A letter that is kept back by another one leaves after that one, whatever its own time says.
    next_one = and_(box.waiting, or_(table.c.state == "leased", ~box.blocked))
    columns = select(table.c.next_at, table.c.last_reply).where(next_one)
    row = c.execute(columns.order_by(table.c.next_at, table.c.id).limit(1)).first()
    return Waiting(number, row.next_at, row.last_reply) if row else Waiting(number, None, "")


def _lost(table: Table, kind: str, trip_of: ColumnElement[str], *person: ColumnElement[str]) -> Select[Any]:
    at = func.coalesce(table.c.settled_at, table.c.queued_at)  # one that came back may be on its way again
    said = type_coerce(at, Instant)
    columns = (trip_of, table.c.letter, said, last_word(kind, table), *person)
    return select(*columns).select_from(table).order_by(said.desc(), table.c.id.desc())
