"""How a letter is taken, sent and accounted for, whatever it is about: the life of one row.

At least once, in order, and never what has been outdated. A letter may be doubled only where the connection
broke between the final dot and the answer; such a row counts as ambiguous, and goes again byte for byte,
under the same Message-ID. A claim is committed before anything is sent.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, false, func, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from travelrisk.store.audit import Word
from travelrisk.store.keyring import AlteredError
from travelrisk.store.shapes import sha256
from travelrisk.store.tables import STATES

NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When a letter is due that is kept back: out of the way of those that are due some time."""

_COLLISIONS: Final = 20
_MOST_LEASES: Final = 2  # no lease and no pause between two attempts is longer
_LONGEST_REPLY: Final = 200
_FREE: Final = {"lease_owner": None, "lease_until": None, "data_started_at": None}


class Claimed(Protocol):
    """What a worker must know of any letter that it has leased."""

    @property
    def id(self) -> int:
        """Its number, in its own table."""

    @property
    def letter(self) -> str:
        """Its name."""

    @property
    def recipient(self) -> str:
        """The address it goes to."""

    @property
    def body(self) -> bytes:
        """The whole message."""

    @property
    def attempts(self) -> int:
        """How often it was claimed, this time included."""

    @property
    def queued_at(self) -> datetime:
        """Since when it waits."""

    @property
    def called(self) -> str:
        """What the audit trail and the log call it."""

    @property
    def cause(self) -> dict[str, Word]:
        """What made somebody write it, for the audit trail."""


L_co = TypeVar("L_co", bound=Claimed, covariant=True)


class Box(Generic[L_co]):
    """A table of letters, and whose turn it is there.

    Args:
        kind: its name in return paths and in the table of bounces: at most six small letters.
        letters: the table; it has the columns of ``tables.columns.delivery``.
        leased: makes of the named columns what a worker is given.
        fields: the names of these columns.
        blocked: another letter must go first.
        outdated: what the letter says no longer holds.
        kept_back: a person has to release the letter first.
    """

    def __init__(  # noqa: PLR0913 - a table and whose turn it is there, the last ones by name
        self,
        kind: str,
        letters: Table,
        leased: Callable[..., L_co],
        fields: tuple[str, ...],
        *,
        blocked: ColumnElement[bool],
        outdated: ColumnElement[bool],
        kept_back: ColumnElement[bool] | None = None,
    ) -> None:
        self.kind = kind
        self.letters = letters
        self.blocked = blocked
        self._kept_back = false() if kept_back is None else kept_back
        self._leased = leased
        self._fields = fields
        self._outdated = outdated

    def claim(self, c: Connection, *, owner: str, now: datetime, lease: timedelta) -> L_co | None:
        """Lease the letter that has been due longest; None where nothing is due.

        Letters whose lease ran out come first. A letter that is blocked waits. One whose body does not fit
        its hash is put on hold for a person, and the next one is taken. Commit before sending.

        Args:
            c: connection in a writing transaction of its own.
            owner: name of this worker, unlike that of any other one.
            now: aware time.
            lease: longer than the longest wait for the mail server.
        """
        collisions = 0
        while collisions < _COLLISIONS:
            try:
                row = self._next(c, self.letters, now, lease)
            except AlteredError:
                row = self._next(c, self.letters.c.id, now, lease)
            if row is None:
                return None
            if "body" not in row._fields or sha256(row.body) != row.body_sha256:
                reply = "the letter was changed after it was written"
                self.settle(c, self.letters.c.id == row.id, "hold", now, {"last_reply": reply})
                continue
            taken = self._take(c, row, owner, now, lease)
            if taken is not None:
                return taken
            collisions += 1
        return None

    def start_body(self, c: Connection, letter_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
        """Renew the lease just before the body is sent; False where the letter must not go.

        It must not go where the lease was lost to another worker, or where it is outdated: then it is marked
        superseded. Commit before sending the body.
        """
        mine = self._mine(letter_id, owner)
        if self.settle(c, and_(mine, self._outdated), "superseded", now):
            return False
        until = now + lease
        renewed = {"data_started_at": now, "lease_until": until, "next_at": until}
        return self._change(c, mine, renewed) == 1

    def mark_sent(self, c: Connection, letter_id: int, owner: str, now: datetime, reply: str = "") -> bool:
        """Note that the mail server accepted the letter; False where the lease was lost."""
        return self.settle(c, self._mine(letter_id, owner), "sent", now, _replied(reply)) == 1

    def retry(  # noqa: PLR0913 - who and when, then what happened, all named
        self,
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
        mine = self._mine(letter_id, owner)
        count = {"ambiguous": self.letters.c.ambiguous + int(ambiguous), **_replied(reply)}
        # An outdated letter may not wait: the newer one would have to wait for it.
        if self.settle(c, and_(mine, self._outdated), "superseded", now, count):
            return True
        return self._change(c, mine, {"state": "queued", "next_at": next_at, **_FREE, **count}) == 1

    def mark_dead(self, c: Connection, letter_id: int, owner: str, now: datetime, reply: str) -> bool:
        """Give the letter up, for a person to look at; False where the lease was lost."""
        return self.settle(c, self._mine(letter_id, owner), "dead", now, _replied(reply)) == 1

    def counts(self, c: Connection) -> dict[str, int]:
        """Return how many letters are in each state; every state has its number."""
        state = self.letters.c.state
        rows = c.execute(select(state, func.count()).group_by(state))
        return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}

    def oldest_due(self, c: Connection) -> datetime | None:
        """Return when the next letter is, or has been, due; far in the past = nobody works."""
        due: datetime | None = c.scalar(select(func.min(self.letters.c.next_at)).where(self.waiting))
        return due

    def oldest_unsent(self, c: Connection) -> datetime | None:
        """Return when the oldest letter that still waits was queued, however often it was tried."""
        queued: datetime | None = c.scalar(select(func.min(self.letters.c.queued_at)).where(self.waiting))
        return queued

    @property
    def waiting(self) -> ColumnElement[bool]:
        """The letters that are still to be sent, as far as it is for a worker to send them."""
        state = self.letters.c.state
        return or_(state == "leased", and_(state == "queued", ~self._kept_back))

    def settle(
        self,
        c: Connection,
        wanted: ColumnElement[bool],
        state: str,
        now: datetime,
        more: Mapping[str, Any] | None = None,
    ) -> int:
        """Bring letters to an end, and return how many there were."""
        return self._change(c, wanted, {"state": state, "settled_at": now, **_FREE, **(more or {})})

    def _next(
        self, c: Connection, what: Table | ColumnElement[int], now: datetime, lease: timedelta
    ) -> Row[Any] | None:
        return self._due(c, what, "leased", now, lease) or self._due(c, what, "queued", now, lease)

    def _due(
        self, c: Connection, what: Table | ColumnElement[int], state: str, now: datetime, lease: timedelta
    ) -> Row[Any] | None:
        # A lease writes its end into next_at as well, so that one index finds both kinds in order. A lease
        # that ran out is not blocked by anything: it is the one that blocks the others.
        table = self.letters
        free = true() if state == "leased" else and_(~self._kept_back, ~self.blocked)
        waits = select(what).where(table.c.state == state, free).limit(1)
        first = waits.order_by(table.c.next_at, table.c.id).where(table.c.next_at <= now)
        # Nobody ever waits for so long: the clock was ahead when this was written, and has been set back.
        last = waits.order_by(table.c.next_at.desc()).where(table.c.next_at > now + _MOST_LEASES * lease)
        last = last.where(table.c.next_at < NEVER)
        locked = (each.with_for_update(skip_locked=True, of=table) for each in (first, last))
        return next((row for each in locked if (row := c.execute(each).first()) is not None), None)

    def _take(self, c: Connection, row: Row[Any], owner: str, now: datetime, lease: timedelta) -> L_co | None:
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
                self._change(c, self.letters.c.id == row.id, taken)
        except IntegrityError:
            return None  # at the same moment another worker leased one that goes in turn with it: look again
        values = row._asdict() | taken | {"body": bytes(row.body)}
        return self._leased(**{name: values[name] for name in self._fields})

    def _mine(self, letter_id: int, owner: str) -> ColumnElement[bool]:
        held = self.letters.c
        return and_(held.id == letter_id, held.state == "leased", held.lease_owner == owner)

    def _change(self, c: Connection, wanted: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        return c.execute(update(self.letters).where(wanted).values(**values)).rowcount


def new_row(  # noqa: PLR0913 - one for each column, all named
    *, letter: str, language: str, recipient: str, message_id: str, body: bytes, at: datetime
) -> dict[str, Any]:
    """Return the columns of a letter that was just written and may leave at once."""
    return {
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


def _replied(reply: str) -> dict[str, str]:
    return {"last_reply": reply[:_LONGEST_REPLY]}
