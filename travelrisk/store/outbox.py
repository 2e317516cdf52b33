"""Letters on their way: written with the verdict, claimed by one worker at a time, accounted for to the end.

At least once, in order for each trip, and never a verdict that a newer one has replaced. A letter may be
doubled only where the connection broke between the final dot and the answer; such a row counts as ambiguous,
and goes again byte for byte, under the same Message-ID. A claim is committed before anything is sent.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from travelrisk.domain.texts import Language
from travelrisk.store.shapes import sha256
from travelrisk.store.tables import STATES, outbox
from travelrisk.store.turns import BLOCKED, OUTDATED, WAITING

_COLLISIONS: Final = 20
_LONGEST_REPLY: Final = 200
_FREE: Final = {"lease_owner": None, "lease_until": None, "data_started_at": None}
# Whole statements stand here where they run for each itinerary: building one takes longer than running it.
_INSERT: Final = insert(outbox).returning(outbox.c.id)
_WITHDRAW: Final = (
    update(outbox)
    .where(outbox.c.trip_id == bindparam("trip"), outbox.c.state == "queued", OUTDATED)
    .values(state="superseded", settled_at=bindparam("now"))
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


_OF_TRIP: Final = (
    select(*(outbox.c[name] for name in Sending._fields))
    .where(outbox.c.trip_id == bindparam("trip"))
    .order_by(outbox.c.id)
)


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
    row = {
        "trip_id": trip_id,
        "advisory_id": advisory_id,
        "letter": letter,
        "language": language,
        "recipient": recipient,
        "message_id": message_id,
        "body": body,
        "body_sha256": sha256(body),
        "state": "queued",
        "attempts": 0,
        "ambiguous": 0,
        "queued_at": at,
        "next_at": at,
        "last_reply": "",
    }
    number: int = c.execute(_INSERT, row).scalar_one()
    c.execute(_WITHDRAW, {"trip": trip_id, "now": at})
    return number


def supersede(c: Connection, trip_id: int, keep_advisory_id: int, at: datetime) -> int:
    """Withdraw the waiting letters of all other advisories of a trip, and return how many there were.

    A letter that is leased right now is looked at again by its worker, in ``start_body``.
    """
    others = and_(
        outbox.c.trip_id == trip_id, outbox.c.advisory_id != keep_advisory_id, outbox.c.state == "queued"
    )
    return _settle(c, others, "superseded", at)


def claim(c: Connection, *, owner: str, now: datetime, lease: timedelta) -> Leased | None:
    """Lease the letter that has been due longest; None where nothing is due.

    Letters whose lease ran out come first. A letter waits while another one of its trip is leased, or while
    an older one to the same recipient or of an older advisory is queued. One whose body does not fit its hash
    is put on hold for a person, and the next one is taken. Commit before sending.

    Args:
        c: connection in a writing transaction of its own.
        owner: name of this worker, unlike that of any other one.
        now: aware time.
        lease: longer than the longest wait for the mail server.
    """
    collisions = 0
    while collisions < _COLLISIONS:
        row = _due(c, "leased", now) or _due(c, "queued", now)
        if row is None:
            return None
        if sha256(row.body) != row.body_sha256:
            reply = "the letter was changed after it was written"
            _settle(c, outbox.c.id == row.id, "hold", now, {"last_reply": reply})
            continue
        taken = _take(c, row, owner, now, lease)
        if taken is not None:
            return taken
        collisions += 1
    return None


def start_body(c: Connection, letter_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
    """Renew the lease just before the body is sent; False where the letter must not go.

    It must not go where the lease was lost to another worker, or where a newer verdict replaced this one:
    then the letter is marked superseded. Commit before sending the body.
    """
    if _settle(c, and_(_mine(letter_id, owner), OUTDATED), "superseded", now):
        return False
    until = now + lease
    renewed = {"data_started_at": now, "lease_until": until, "next_at": until}
    return _change(c, _mine(letter_id, owner), renewed) == 1


def mark_sent(c: Connection, letter_id: int, owner: str, now: datetime, reply: str = "") -> bool:
    """Note that the mail server accepted the letter; False where the lease was lost."""
    return _settle(c, _mine(letter_id, owner), "sent", now, _replied(reply)) == 1


def retry(  # noqa: PLR0913 - who and when, then what happened, all named
    c: Connection,
    letter_id: int,
    owner: str,
    now: datetime,
    *,
    next_at: datetime,
    reply: str,
    ambiguous: bool,
) -> bool:
    """Queue the letter again, or supersede it if it is outdated; False where the lease was lost.

    Args:
        c: connection in a writing transaction.
        letter_id: the letter.
        owner: this worker.
        now: aware time.
        next_at: when to try again.
        reply: answer of the mail server, without addresses.
        ambiguous: whether the body may have arrived all the same.
    """
    count = {"ambiguous": outbox.c.ambiguous + int(ambiguous), **_replied(reply)}
    # An outdated letter may not wait: the newer one would have to wait for it.
    if _settle(c, and_(_mine(letter_id, owner), OUTDATED), "superseded", now, count):
        return True
    again = {"state": "queued", "next_at": next_at, **_FREE, **count}
    return _change(c, _mine(letter_id, owner), again) == 1


def mark_dead(c: Connection, letter_id: int, owner: str, now: datetime, reply: str) -> bool:
    """Give the letter up, for a person to look at; False where the lease was lost."""
    return _settle(c, _mine(letter_id, owner), "dead", now, _replied(reply)) == 1


def of_trip(c: Connection, trip_id: int) -> tuple[Sending, ...]:
    """Return the letters of a trip, the oldest first."""
    return tuple(Sending(*row) for row in c.execute(_OF_TRIP, {"trip": trip_id}))


def counts(c: Connection) -> dict[str, int]:
    """Return how many letters are in each state; every state has its number."""
    rows = c.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}


def oldest_due(c: Connection) -> datetime | None:
    """Return when the next letter is, or has been, due; far in the past = nobody works."""
    due: datetime | None = c.scalar(select(func.min(outbox.c.next_at)).where(WAITING))
    return due


def oldest_unsent(c: Connection) -> datetime | None:
    """Return when the oldest letter that still waits was queued, however often it was tried."""
    queued: datetime | None = c.scalar(select(func.min(outbox.c.queued_at)).where(WAITING))
    return queued


def _due(c: Connection, state: str, now: datetime) -> Row[Any] | None:
    # A lease writes its end into next_at as well, so that one index finds both kinds in order. A lease that
    # ran out is not blocked by anything: it is the one that blocks the others of its trip.
    free = true() if state == "leased" else ~BLOCKED
    return c.execute(
        select(outbox)
        .where(outbox.c.state == state, outbox.c.next_at <= now, free)
        .order_by(outbox.c.next_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=outbox)
    ).first()


def _take(c: Connection, row: Row[Any], owner: str, now: datetime, lease: timedelta) -> Leased | None:
    until = now + lease
    # A worker that fell silent after it had begun the body may have sent it.
    ambiguous = row.ambiguous + (row.data_started_at is not None)
    taken = {
        "state": "leased",
        "attempts": row.attempts + 1,
        "ambiguous": ambiguous,
        "lease_owner": owner,
        "lease_until": until,
        "next_at": until,
        "data_started_at": None,
    }
    try:
        with c.begin_nested():
            _change(c, outbox.c.id == row.id, taken)
    except IntegrityError:
        return None  # at the same moment another worker leased a letter of this trip: look again
    fields = row._asdict() | taken | {"body": bytes(row.body)}
    return Leased(**{name: fields[name] for name in Leased._fields})


def _mine(letter_id: int, owner: str) -> ColumnElement[bool]:
    return and_(outbox.c.id == letter_id, outbox.c.state == "leased", outbox.c.lease_owner == owner)


def _replied(reply: str) -> dict[str, str]:
    return {"last_reply": reply[:_LONGEST_REPLY]}


def _settle(
    c: Connection,
    wanted: ColumnElement[bool],
    state: str,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> int:
    return _change(c, wanted, {"state": state, "settled_at": now, **_FREE, **(more or {})})


def _change(c: Connection, wanted: ColumnElement[bool], values: Mapping[str, Any]) -> int:
    return c.execute(update(outbox).where(wanted).values(**values)).rowcount
