"""What a travel unit wrote to travellers: once for each confirmed form; its letters, and what was answered.

Nothing outdates such a letter: whom it goes to was decided when it was written.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    false,
    func,
    insert,
    select,
    type_coerce,
    update,
)

from travelrisk.domain.texts import Language
from travelrisk.store.audit import Word
from travelrisk.store.bounces import returned
from travelrisk.store.database import insert_unless
from travelrisk.store.leasing import Box, new_row
from travelrisk.store.shapes import sha256
from travelrisk.store.tables import (
    Instant,
    broadcast_answers,
    broadcast_letters,
    broadcast_trips,
    broadcasts,
)

AnswerWord = Literal["safe", "help"]
LETTER: Final = "broadcast"
HELP: Final = "help"
_LOST: Final = ("dead", "hold")


class Leased(NamedTuple):
    """A letter that is ours to send until the lease ends."""

    id: int
    broadcast_id: int
    letter: str
    recipient: str
    message_id: str
    body: bytes
    attempts: int
    ambiguous: int
    queued_at: datetime

    @property
    def called(self) -> str:
        """What the audit trail and the log call it."""
        return f"broadcast_letter:{self.id}"

    @property
    def cause(self) -> dict[str, Word]:
        """What it is a letter of."""
        return {"broadcast": self.broadcast_id}


BOX: Final = Box("people", broadcast_letters, Leased, Leased._fields, blocked=false(), outdated=false())


class Broadcast(NamedTuple):
    """What was written; *body* holds subject and text in each language, as JSON."""

    id: int
    office: str
    author: str
    at: datetime
    expires_at: datetime
    asks: int
    body: str


class Written(NamedTuple):
    """A finished letter of a broadcast.

    Attributes:
        key: what it is for; of each trip there is one letter of each key.
        token_sha256: of the token in it; None where it has none.
    """

    trip_id: int
    key: str
    token_sha256: str | None
    letter: str
    language: Language
    recipient: str
    message_id: str
    body: bytes


class Asked(NamedTuple):
    """Which broadcast and trip a token is for, and until when it may be answered."""

    broadcast_id: int
    trip_id: int
    expires_at: datetime


class Given(NamedTuple):
    """An answer of a traveller."""

    id: int
    trip_id: int
    answer: AnswerWord
    note: str
    at: datetime


class Reached(NamedTuple):
    """How far a broadcast has come with one trip.

    Attributes:
        letter: state of its newest letter; empty = nobody could be written to.
        returned: whether that letter came back.
        handled_at: when somebody of the unit noted that they were reached.
    """

    trip_id: int
    people: int
    letter: str
    returned: bool
    turns: int
    handled_at: datetime | None
    handled_by: str
    note: str


class OfTrip(NamedTuple):
    """A letter of a broadcast, for the story of its trip."""

    state: str
    language: Language
    at: datetime
    body: str


def add(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    key: str,
    office: str,
    author: str,
    at: datetime,
    expires_at: datetime,
    asks: bool,
    body: str,
) -> int | None:
    """Add a broadcast and return its id; None where the form of this key was confirmed before."""
    row = {
        "key": key,
        "office": office,
        "author": author,
        "at": at,
        "expires_at": expires_at,
        "asks": int(asks),
        "body": body,
    }
    unless = insert_unless(c.dialect.name, broadcasts).on_conflict_do_nothing(index_elements=["key"])
    number: int | None = c.scalar(unless.values(**row).returning(broadcasts.c.id))
    return number


def by_key(c: Connection, office: str, key: str) -> int | None:
    """Return the broadcast of an office that was made of the form with this key."""
    mine = select(broadcasts.c.id).where(broadcasts.c.key == key, broadcasts.c.office == office)
    number: int | None = c.scalar(mine)
    return number


def add_trips(c: Connection, broadcast_id: int, people: Sequence[tuple[int, int]]) -> None:
    """Note to exactly whom it goes: trips, and how many travel on each."""
    rows = [{"broadcast_id": broadcast_id, "trip_id": trip, "people": number} for trip, number in people]
    if rows:
        c.execute(insert(broadcast_trips), rows)


def queue(c: Connection, broadcast_id: int, written: Written, at: datetime) -> bool:
    """Queue a finished letter; False where one of this key was ever written to this trip."""
    columns = written._asdict()
    own = {name: columns.pop(name) for name in ("trip_id", "key", "token_sha256")}
    row = {"broadcast_id": broadcast_id, **own, **new_row(**columns, at=at)}
    unless = insert_unless(c.dialect.name, broadcast_letters).values(**row)
    quiet = unless.on_conflict_do_nothing(index_elements=["broadcast_id", "trip_id", "key"])
    return c.scalar(quiet.returning(broadcast_letters.c.id)) is not None


def find(c: Connection, office: str, broadcast_id: int) -> Broadcast | None:
    """Return a broadcast of an office; those of others are not there."""
    row = c.execute(
        _broadcasts().where(broadcasts.c.id == broadcast_id, broadcasts.c.office == office)
    ).first()
    return Broadcast(*row) if row else None


def newest(c: Connection, office: str, limit: int) -> tuple[Broadcast, ...]:
    """Return the broadcasts of an office, the newest first."""
    mine = _broadcasts().where(broadcasts.c.office == office).order_by(broadcasts.c.id.desc())
    return tuple(Broadcast(*row) for row in c.execute(mine.limit(limit)))


def by_token(c: Connection, token: str) -> Asked | None:
    """Return what a token is for; the index is searched for its hash, so that the time tells nothing."""
    query = (
        select(broadcast_letters.c.broadcast_id, broadcast_letters.c.trip_id, broadcasts.c.expires_at)
        .join(broadcasts, broadcasts.c.id == broadcast_letters.c.broadcast_id)
        .where(broadcast_letters.c.token_sha256 == sha256(token.encode("utf-8", "replace")))
    )
    row = c.execute(query).first()
    return Asked(*row) if row else None


def trip_of(c: Connection, message_ids: Sequence[str]) -> int | None:
    """Return the trip of the first of our letters among *message_ids*; None where none is one of these."""
    mine = select(broadcast_letters.c.message_id, broadcast_letters.c.trip_id).where(
        broadcast_letters.c.message_id.in_(message_ids), broadcast_letters.c.letter == LETTER
    )
    found = {row[0]: row[1] for row in c.execute(mine)}
    return next((found[each] for each in message_ids if each in found), None)


def answer(c: Connection, asked: Asked, word: AnswerWord, note: str, at: datetime) -> int:
    """Keep what a traveller answers, and return its id."""
    row = {
        "broadcast_id": asked.broadcast_id,
        "trip_id": asked.trip_id,
        "answer": word,
        "note": note,
        "at": at,
    }
    number: int = c.execute(
        insert(broadcast_answers).values(**row).returning(broadcast_answers.c.id)
    ).scalar_one()
    return number


def answers(c: Connection, broadcast_id: int, trip_id: int | None = None) -> tuple[Given, ...]:
    """Return what was answered, the oldest first; of one trip where that is given."""
    columns = (broadcast_answers.c[name] for name in Given._fields)
    mine = select(*columns).where(broadcast_answers.c.broadcast_id == broadcast_id)
    if trip_id is not None:
        mine = mine.where(broadcast_answers.c.trip_id == trip_id)
    return tuple(Given(*row) for row in c.execute(mine.order_by(broadcast_answers.c.id)))


def reached(c: Connection, broadcast_id: int) -> tuple[Reached, ...]:
    """Return how far a broadcast has come with each of its trips."""
    letters = (
        select(
            broadcast_letters.c.trip_id,
            broadcast_letters.c.state,
            returned("people", broadcast_letters),
        )
        .where(broadcast_letters.c.broadcast_id == broadcast_id, broadcast_letters.c.letter == LETTER)
        .order_by(broadcast_letters.c.id)
    )
    rows = c.execute(letters).all()
    turns = Counter(row[0] for row in rows)
    latest = {row[0]: (row[1], bool(row[2])) for row in rows}
    mine = select(broadcast_trips).where(broadcast_trips.c.broadcast_id == broadcast_id)
    return tuple(
        Reached(
            row.trip_id,
            row.people,
            *latest.get(row.trip_id, ("", False)),
            turns[row.trip_id],
            row.handled_at,
            row.handled_by or "",
            row.note or "",
        )
        for row in c.execute(mine.order_by(broadcast_trips.c.trip_id))
    )


def handle(  # noqa: PLR0913 - of which, then who and what, all named
    c: Connection, broadcast_id: int, trip_id: int, *, by: str, note: str, at: datetime
) -> bool:
    """Note that somebody of the unit has reached the travellers of a trip; False where it is none of its."""
    mine = and_(broadcast_trips.c.broadcast_id == broadcast_id, broadcast_trips.c.trip_id == trip_id)
    values = {"handled_by": by, "handled_at": at, "note": note}
    return c.execute(update(broadcast_trips).where(mine).values(**values)).rowcount == 1


def letters_of_trip(c: Connection, trip_id: int) -> tuple[OfTrip, ...]:
    """Return the letters of broadcasts to the travellers of a trip, the oldest first."""
    at = type_coerce(func.coalesce(broadcast_letters.c.settled_at, broadcast_letters.c.queued_at), Instant)
    query = (
        select(
            broadcast_letters.c.state,
            broadcast_letters.c.language,
            at,
            broadcasts.c.body,
        )
        .join(broadcasts, broadcasts.c.id == broadcast_letters.c.broadcast_id)
        .where(broadcast_letters.c.trip_id == trip_id, broadcast_letters.c.letter == LETTER)
        .order_by(at, broadcast_letters.c.id)
    )
    return tuple(OfTrip(*row) for row in c.execute(query))


def answers_of_trip(c: Connection, trip_id: int) -> tuple[Given, ...]:
    """Return what was answered for a trip, the oldest first."""
    columns = (broadcast_answers.c[name] for name in Given._fields)
    mine = select(*columns).where(broadcast_answers.c.trip_id == trip_id)
    return tuple(Given(*row) for row in c.execute(mine.order_by(broadcast_answers.c.id)))


_later = broadcast_answers.alias("later")
LOST: Final[ColumnElement[bool]] = and_(
    broadcast_letters.c.state.in_(_LOST) | returned("people", broadcast_letters),
    ~exists()
    .where(
        broadcast_trips.c.broadcast_id == broadcast_letters.c.broadcast_id,
        broadcast_trips.c.trip_id == broadcast_letters.c.trip_id,
        broadcast_trips.c.handled_at.is_not(None),
    )
    .correlate(broadcast_letters),
    ~exists()
    .where(
        _later.c.broadcast_id == broadcast_letters.c.broadcast_id,
        _later.c.trip_id == broadcast_letters.c.trip_id,
        broadcast_letters.c.letter == LETTER,
    )
    .correlate(broadcast_letters),
)
"""Letters that nobody got, of trips that have not answered and that nobody has reached otherwise."""


def _broadcasts() -> Select[Any]:
    return select(*(broadcasts.c[name] for name in Broadcast._fields))
