"""What the contact of a trip wrote about it: for people of the travel unit, who read it with the trip."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import notes


class Note(NamedTuple):
    """A few words about a trip; *author* is the address they came from."""

    id: int
    trip_id: int
    mail_id: int
    author: str
    text: str
    at: datetime


def add(  # noqa: PLR0913 - one for each column, all named
    c: Connection, *, trip_id: int, mail_id: int, author: str, text: str, at: datetime
) -> None:
    """Keep what somebody wrote; once for each mail."""
    row = {"trip_id": trip_id, "mail_id": mail_id, "author": author, "text": text, "at": at}
    unless = insert_unless(c.dialect.name, notes).on_conflict_do_nothing(index_elements=["mail_id"])
    c.execute(unless.values(row))


def of_trip(c: Connection, trip_id: int) -> tuple[Note, ...]:
    """Return the notes on a trip, the oldest first."""
    columns = (notes.c[name] for name in Note._fields)
    found = c.execute(select(*columns).where(notes.c.trip_id == trip_id).order_by(notes.c.at, notes.c.id))
    return tuple(Note(*row) for row in found)
