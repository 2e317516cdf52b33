"""Letters that came back: noted once for each, whichever table it stands in, and never taken away."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from travelrisk.store.database import insert_unless
from travelrisk.store.leasing import Box
from travelrisk.store.offices import within
from travelrisk.store.tables import bounces, outbox, trips

_RETURNED: Final = (
    select(
        trips.c.reference,
        outbox.c.id,
        outbox.c.letter,
        outbox.c.recipient,
        bounces.c.reply,
        bounces.c.at,
        trips.c.id,
    )
    .select_from(bounces)
    .join(outbox, outbox.c.id == bounces.c.letter_id)
    .join(trips, trips.c.id == outbox.c.trip_id)
    .where(bounces.c.kind == "trip")
)


class Sent(NamedTuple):
    """A letter that may have come back: its number, and when it was queued and last sent."""

    id: int
    state: str
    queued_at: datetime
    settled_at: datetime | None
    attempts: int


class Returned(NamedTuple):
    """A letter of a trip that came back: which one, when, and what was said, without addresses."""

    reference: str
    letter_id: int
    letter: str
    recipient: str
    reply: str
    at: datetime
    trip_id: int


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


def of_trip(c: Connection, trip_id: int) -> tuple[Returned, ...]:
    """Return the letters of a trip that came back, in the order in which they did."""
    return _returned(c, _RETURNED.where(outbox.c.trip_id == trip_id).order_by(bounces.c.at))


def newest(c: Connection, limit: int, office: str | None = None) -> tuple[Returned, ...]:
    """Return the letters of the trips of an office, or of all, that came back, the newest first."""
    mine = _RETURNED.where(within(office))
    return _returned(c, mine.order_by(bounces.c.at.desc(), bounces.c.letter_id.desc()).limit(limit))


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


def _returned(c: Connection, wanted: Select[Any]) -> tuple[Returned, ...]:
    return tuple(Returned(*row) for row in c.execute(wanted))


def _sent(c: Connection, box: Box[Any], wanted: ColumnElement[bool]) -> Sent | None:
    columns = (box.letters.c[name] for name in Sent._fields)
    row = c.execute(select(*columns).where(wanted)).first()
    return Sent(*row) if row else None
