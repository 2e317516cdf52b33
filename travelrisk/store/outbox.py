"""The letters of trips: written with the verdict, and outdated by a newer one.

In order for each trip, and never a verdict that a newer one has replaced; how a letter is taken, sent and
accounted for stands in ``leasing``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.texts import Language
from travelrisk.store.audit import Word
from travelrisk.store.leasing import NEVER, Box, new_row
from travelrisk.store.shapes import sha256
from travelrisk.store.tables import advisories, outbox
from travelrisk.store.turns import BLOCKED, OUTDATED
from travelrisk.store.unreleased import KEPT_BACK

# Whole statements stand here where they run for each itinerary: building one takes longer than running it.
_INSERT: Final = insert(outbox).returning(outbox.c.id)
_INSERT_ALL: Final = insert(outbox)
_WITHDRAW: Final = (
    update(outbox)
    .where(outbox.c.trip_id.in_(bindparam("trips", expanding=True)), outbox.c.state == "queued", OUTDATED)
    .values(state="superseded", settled_at=bindparam("now"))
)
# Kept back by their trip whatever they are due; this only keeps them out of the way of those that are not.
_PUT_BACK: Final = (
    update(outbox)
    .where(outbox.c.trip_id.in_(bindparam("trips", expanding=True)), outbox.c.state == "queued", KEPT_BACK)
    .values(next_at=NEVER)
)


class Leased(NamedTuple):
    """A letter that is ours to send until the lease ends.

    Attributes:
        attempts: how often it was claimed, this time included.
        ambiguous: how many earlier attempts may have reached the recipient.
    """

    id: int
    trip_id: int
    advisory_id: int
    letter: str
    language: Language
    recipient: str
    message_id: str
    body: bytes
    attempts: int
    ambiguous: int
    queued_at: datetime

    @property
    def called(self) -> str:
        """What the audit trail and the log call it."""
        return f"letter:{self.id}"

    @property
    def cause(self) -> dict[str, Word]:
        """The advisory that it tells of."""
        return {"advisory": self.advisory_id}


BOX: Final = Box(
    "trip", outbox, Leased, Leased._fields, blocked=BLOCKED, outdated=OUTDATED, kept_back=KEPT_BACK
)
claim: Final = BOX.claim
start_body: Final = BOX.start_body
mark_sent: Final = BOX.mark_sent
retry: Final = BOX.retry
mark_dead: Final = BOX.mark_dead
counts: Final = BOX.counts
oldest_due: Final = BOX.oldest_due
oldest_unsent: Final = BOX.oldest_unsent


class Sending(NamedTuple):
    """Where a letter stands; *settled_at* is when it was sent, superseded, given up or held."""

    id: int
    advisory_id: int
    letter: str
    language: Language
    recipient: str
    message_id: str
    state: str
    attempts: int
    ambiguous: int
    queued_at: datetime
    next_at: datetime
    settled_at: datetime | None
    last_reply: str


_OF_TRIPS: Final = (
    select(outbox.c.trip_id, *(outbox.c[name] for name in Sending._fields))
    .where(outbox.c.trip_id.in_(bindparam("trips", expanding=True)))
    .order_by(outbox.c.id)
)


class Written(NamedTuple):
    """A finished letter of a trip, and the advisory that it tells of."""

    trip_id: int
    advisory_id: int
    letter: str
    language: Language
    recipient: str
    message_id: str
    body: bytes


def plain_name(letter: str) -> str:
    """Return the name of a letter; that of a repetition has its number after it, as ``review.2``."""
    return letter.partition(".")[0]


def queue(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    trip_id: int,
    advisory_id: int,
    letter: str,
    language: Language,
    recipient: str,
    message_id: str,
    body: bytes,
    at: datetime,
) -> int:
    """Queue a finished letter and return its id; waiting letters that it outdates are superseded.

    Call it in the transaction that records the advisory. One letter of one name goes to one recipient per
    advisory.
    """
    written = Written(trip_id, advisory_id, letter, language, recipient, message_id, body)
    number: int = c.execute(_INSERT, _row(written, at)).scalar_one()
    c.execute(_WITHDRAW, {"trips": [trip_id], "now": at})
    c.execute(_PUT_BACK, {"trips": [trip_id]})
    return number


def queue_all(c: Connection, written: Sequence[Written], at: datetime) -> None:
    """Queue finished letters, as ``queue`` does: one of each trip, some hundreds at most."""
    if written:
        c.execute(_INSERT_ALL, [_row(each, at) for each in written])
        trips = [each.trip_id for each in written]
        c.execute(_WITHDRAW, {"trips": trips, "now": at})
        c.execute(_PUT_BACK, {"trips": trips})


def supersede(c: Connection, trip_ids: Sequence[int], keep_advisory_ids: Sequence[int], at: datetime) -> int:
    """Withdraw the waiting letters of all other advisories of these trips; return how many there were.

    A letter that is leased right now is looked at again by its worker, in ``start_body``.
    """
    if not trip_ids:
        return 0
    others = and_(
        outbox.c.trip_id.in_(trip_ids),
        outbox.c.advisory_id.not_in(keep_advisory_ids),
        outbox.c.state == "queued",
    )
    return BOX.settle(c, others, "superseded", at)


def withdraw(c: Connection, trip_id: int, at: datetime) -> int:
    """Withdraw all waiting letters of a trip that was cancelled, and return how many there were.

    One that is leased right now is looked at again by its worker, as above.
    """
    waiting = and_(outbox.c.trip_id == trip_id, outbox.c.state == "queued")
    return BOX.settle(c, waiting, "superseded", at)


class Letter(NamedTuple):
    """Which letter a Message-ID names, of which trip, and the itinerary that it tells of."""

    id: int
    trip_id: int
    itinerary_id: int


def by_message_id(c: Connection, message_ids: Sequence[str]) -> Letter | None:
    """Return the first letter of ours among *message_ids*; None where none is one of a trip."""
    columns = (outbox.c.message_id, outbox.c.id, outbox.c.trip_id, advisories.c.itinerary_id)
    wanted = select(*columns).join(advisories, advisories.c.id == outbox.c.advisory_id)
    found = {
        row[0]: Letter(*row[1:]) for row in c.execute(wanted.where(outbox.c.message_id.in_(message_ids)))
    }
    return next((found[each] for each in message_ids if each in found), None)


def of_trip(c: Connection, trip_id: int) -> tuple[Sending, ...]:
    """Return the letters of a trip, the oldest first."""
    return of_trips(c, [trip_id])[trip_id]


def of_trips(c: Connection, trip_ids: Sequence[int]) -> dict[int, tuple[Sending, ...]]:
    """Return the letters of each of these trips, the oldest first; some hundreds of trips at most."""
    found: dict[int, list[Sending]] = {each: [] for each in trip_ids}
    for trip_id, *row in c.execute(_OF_TRIPS, {"trips": trip_ids}) if trip_ids else ():
        found[trip_id].append(Sending(*row))
    return {each: tuple(letters) for each, letters in found.items()}


def _row(written: Written, at: datetime) -> dict[str, Any]:
    columns = written._asdict()
    ids = {name: columns.pop(name) for name in ("trip_id", "advisory_id")}
    return ids | new_row(**columns, at=at)


def last_said(c: Connection, trip_id: int) -> Row[Any] | None:
    """Return the row of the last letter of a trip that states its newest verdict, whatever became of it."""
    mine = select(outbox).where(outbox.c.trip_id == trip_id, outbox.c.state != "superseded", ~OUTDATED)
    return c.execute(mine.order_by(outbox.c.id.desc()).limit(1)).first()


def next_name(c: Connection, advisory_id: int, letter: str) -> str:
    """Return the name of the next repetition of a letter."""
    name = plain_name(letter)
    mine = select(func.count()).where(
        outbox.c.advisory_id == advisory_id,
        or_(outbox.c.letter == name, outbox.c.letter.like(f"{name}.%")),
    )
    return f"{name}.{(c.scalar(mine) or 0) + 1}"


def first_of(c: Connection, advisory_id: int, letter: str) -> bytes:
    """Return a letter of an advisory as it was first written, whichever of its repetitions is named.

    Raises:
        BadInputError: it was changed since it was written.
    """
    mine = and_(outbox.c.advisory_id == advisory_id, outbox.c.letter == plain_name(letter))
    row = c.execute(select(outbox).where(mine).order_by(outbox.c.id).limit(1)).one()
    if sha256(row.body) != row.body_sha256:
        raise BadInputError("the letter was changed after it was written: screen the trip again")
    return bytes(row.body)


def body(c: Connection, letter_id: int) -> bytes:
    """Return a letter as it was, or will be, sent.

    Raises:
        NotFoundError: there is none with this number.
    """
    found = c.scalar(select(outbox.c.body).where(outbox.c.id == letter_id))
    if found is None:
        raise NotFoundError(f"there is no letter {letter_id}: travelrisk letters list TR-... names them")
    return bytes(found)
