"""Letters that came back: noted once for each, whichever table it stands in, and never taken away."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, func, select

from travelrisk.store.database import insert_unless
from travelrisk.store.leasing import Box
from travelrisk.store.tables import bounces


class Sent(NamedTuple):
    """A letter that may have come back: its number, and when it was queued and last sent."""

    id: int
    state: str
    queued_at: datetime
    settled_at: datetime | None
    attempts: int


def returned(kind: str, letters: FromClause) -> ColumnElement[bool]:
    """Return the condition that a letter of a table came back; an alias of the table will do."""
    return letters.c.id.in_(select(bounces.c.letter_id).where(bounces.c.kind == kind))


def last_word(kind: str, letters: FromClause) -> ColumnElement[str]:
    """Return what was said of a letter last: why it came back, or the mail server's answer."""
    why = select(bounces.c.reply).where(bounces.c.kind == kind, bounces.c.letter_id == letters.c.id)
    return func.coalesce(why.correlate(letters).scalar_subquery(), letters.c.last_reply)


def by_number(c: Connection, box: Box[Any], number: int) -> Sent | None:
    """Return the letter with this number."""
    return _sent(c, box, box.letters.c.id == number)


def by_message_id(c: Connection, box: Box[Any], message_id: str) -> Sent | None:
    """Return the letter with this Message-ID, which nobody knows but who had the letter in hand."""
    return _sent(c, box, box.letters.c.message_id == message_id)


def replies(c: Connection, box: Box[Any], trip_id: int) -> dict[int, str]:
    """Return why letters of a trip came back, by the number of the letter."""
    letters = box.letters.c
    mine = select(letters.id, bounces.c.reply).join(bounces, bounces.c.letter_id == letters.id)
    rows = c.execute(mine.where(letters.trip_id == trip_id, bounces.c.kind == box.kind))
    return {row[0]: row[1] for row in rows}


def note(  # noqa: PLR0913 - one for each column, all named
    c: Connection, *, kind: str, letter_id: int, reply: str, is_permanent: bool, at: datetime
) -> bool:
    """Note that a letter came back; False where that is known."""
    row = {
        "kind": kind,
        "letter_id": letter_id,
        "reply": reply,
        "is_permanent": int(is_permanent),
        "at": at,
    }
    unless = insert_unless(c.dialect.name, bounces).values(row).on_conflict_do_nothing()
    return c.execute(unless.returning(bounces.c.letter_id)).first() is not None


def _sent(c: Connection, box: Box[Any], wanted: ColumnElement[bool]) -> Sent | None:
    columns = (box.letters.c[name] for name in Sent._fields)
    row = c.execute(select(*columns).where(wanted)).first()
    return Sent(*row) if row else None
