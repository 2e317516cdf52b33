"""What the contact of a trip wrote about it: for people of the travel unit, who read it with the trip."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, func, select

from travelrisk.store.database import insert_unless
from travelrisk.store.offices import within
from travelrisk.store.tables import notes, outbox, trips

_REPLIES: Final = (
    select(
        trips.c.reference,
        notes.c.author,
        notes.c.text,
        notes.c.at,
        func.coalesce(outbox.c.letter, ""),
        trips.c.id,
    )
    .join(trips, trips.c.id == notes.c.trip_id)
    .outerjoin(outbox, outbox.c.id == notes.c.letter_id)
)


class Note(NamedTuple):
    """A few words about a trip.

    Attributes:
        author: the address they came from.
        letter_id: the letter that they answer; None where that was not kept.
    """

    id: int
    trip_id: int
    mail_id: int
    author: str
    text: str
    at: datetime
    letter_id: int | None


class Reply(NamedTuple):
    """A note with the reference of its trip; *letter* is the name of what it answers, empty = not kept."""

    reference: str
    author: str
    text: str
    at: datetime
    letter: str
    trip_id: int


def add(  # noqa: PLR0913 - one for each column, all named
    c: Connection, *, trip_id: int, mail_id: int, author: str, text: str, at: datetime, letter_id: int | None
) -> None:
    """Keep what somebody wrote; once for each mail."""
    row = {"trip_id": trip_id, "mail_id": mail_id, "author": author, "text": text, "at": at}
    unless = insert_unless(c.dialect.name, notes).on_conflict_do_nothing(index_elements=["mail_id"])
    c.execute(unless.values(**row, letter_id=letter_id))


def of_trip(c: Connection, trip_id: int) -> tuple[Note, ...]:
    """Return the notes on a trip, the oldest first."""
    columns = (notes.c[name] for name in Note._fields)
    found = c.execute(select(*columns).where(notes.c.trip_id == trip_id).order_by(notes.c.at, notes.c.id))
    return tuple(Note(*row) for row in found)


def newest(c: Connection, limit: int, office: str | None = None) -> tuple[Reply, ...]:
    """Return the notes on the trips of an office, or of all, the newest first."""
    return _replies(
        c, _REPLIES.where(within(office)).order_by(notes.c.at.desc(), notes.c.id.desc()).limit(limit)
    )


def replies(c: Connection, trip_id: int) -> tuple[Reply, ...]:
    """Return the notes on a trip with what they answer, the oldest first."""
    return _replies(c, _REPLIES.where(notes.c.trip_id == trip_id).order_by(notes.c.at, notes.c.id))


def _replies(c: Connection, wanted: Select[Any]) -> tuple[Reply, ...]:
    return tuple(Reply(*row) for row in c.execute(wanted))
