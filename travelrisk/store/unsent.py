"""What has not reached anybody, for a person to see: how much waits and until when, and what was given up."""

from collections import Counter
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from travelrisk.store import answers as mail
from travelrisk.store import desk_letters as desk
from travelrisk.store import outbox as trip
from travelrisk.store.leasing import Box
from travelrisk.store.tables import answers, desk_letters, outbox, trips

BOXES: Final[tuple[Box[trip.Leased], Box[mail.Leased], Box[desk.Leased]]] = (trip.BOX, mail.BOX, desk.BOX)
"""Wherever letters wait; what a traveller waits for goes first."""

_LOST: Final = ("dead", "hold")
_later, _later_desk = outbox.alias("later"), desk_letters.alias("later")
_TRIPS_LOST: Final = and_(
    outbox.c.state.in_(_LOST),
    ~exists()
    .where(_later.c.trip_id == outbox.c.trip_id, _later.c.id > outbox.c.id, _later.c.state == "sent")
    .correlate(outbox),
)
_DESK_LOST: Final = and_(
    desk_letters.c.state.in_(_LOST),
    ~exists()
    .where(
        _later_desk.c.thread == desk_letters.c.thread,
        _later_desk.c.person_id == desk_letters.c.person_id,
        _later_desk.c.id > desk_letters.c.id,
        _later_desk.c.state == "sent",
    )
    .correlate(desk_letters),
)
# Nothing makes up for an answer: whoever asked waits for it.
_ANSWERS_LOST: Final = answers.c.state.in_(_LOST)


class Waiting(NamedTuple):
    """How many letters wait, when the next one may leave (None = none waits), and why it has not yet."""

    letters: int
    next_at: datetime | None
    reply: str


class Lost(NamedTuple):
    """A letter that was given up or put on hold, and that no later one has made up for.

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
    """Return how many letters, of all kinds, are in each state; every state has its number."""
    found = Counter[str]()
    for box in BOXES:
        found.update(box.counts(c))  # keeps the states without a letter, as adding would not
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
    of_trips = _newest(
        select(trips.c.reference, outbox.c.letter, outbox.c.settled_at, outbox.c.last_reply)
        .join(trips, trips.c.id == outbox.c.trip_id)
        .where(_TRIPS_LOST),
        outbox.c.settled_at,
        outbox.c.id,
    )
    letter = desk_letters.c
    of_desk = _newest(
        select(letter.letter, letter.settled_at, letter.last_reply, letter.person_id).where(_DESK_LOST),
        letter.settled_at,
        letter.id,
    )
    answer = answers.c
    columns = (answer.mail_id, answer.letter, answer.settled_at, answer.last_reply)
    of_mails = _newest(select(*columns).where(_ANSWERS_LOST), answer.settled_at, answer.id)
    found = [
        *(Lost(*row) for row in c.execute(of_trips.limit(limit))),
        *(Lost(f"mail {row[0]}", *row[1:]) for row in c.execute(of_mails.limit(limit))),
        *(Lost("", *row) for row in c.execute(of_desk.limit(limit))),
    ]
    return tuple(sorted(found, key=lambda each: each.settled_at, reverse=True)[:limit])


def count_lost(c: Connection) -> int:
    """Return how many letters nobody got."""
    found = ((outbox, _TRIPS_LOST), (answers, _ANSWERS_LOST), (desk_letters, _DESK_LOST))
    return sum(c.scalar(select(func.count()).select_from(table).where(are)) or 0 for table, are in found)


def _waiting(c: Connection, box: Box[Any]) -> Waiting:
    table = box.letters
    number = c.scalar(select(func.count()).select_from(table).where(box.waiting)) or 0
    # A letter that is kept back by another one leaves after that one, whatever its own time says.
    next_one = and_(box.waiting, or_(table.c.state == "leased", ~box.blocked))
    columns = select(table.c.next_at, table.c.last_reply).where(next_one)
    row = c.execute(columns.order_by(table.c.next_at, table.c.id).limit(1)).first()
    return Waiting(number, row.next_at, row.last_reply) if row else Waiting(number, None, "")


def _newest(query: Select[Any], *by: ColumnElement[Any]) -> Select[Any]:
    return query.order_by(*(each.desc() for each in by))
