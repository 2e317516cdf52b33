"""Whether letters may leave at all: after a restore none does until a person has looked.

What waited when a backup was made may have been sent since, and what the newest verdict is may be among what
was lost. So those letters are put aside, each for a person; new ones wait, and leave once somebody releases
them.
"""

from datetime import datetime
from typing import Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, func, insert, select, update

from travelrisk.store.database import serialise
from travelrisk.store.tables import holds
from travelrisk.store.unsent import BOXES

Reason = Literal["restored", "older", "asked", "clock"]

ASIDE: Final = "put aside: it waited in the backup that was restored, and may have been sent since"
"""What stands in place of a mail server's reply in a letter that a hold has put aside."""

_DELAYS: Final = frozenset({"asked", "clock"})
_LOCK: Final = 0x7452_0030


class Hold(NamedTuple):
    """Why no letter leaves.

    Attributes:
        reason: ``restored`` from a backup, found to be an ``older`` copy, ``asked`` for by a person, or the
            ``clock`` stood before what was on record.
        missing: how many entries of the audit trail are known to have been there, and are not.
        letters: how many were put aside.
    """

    id: int
    reason: Reason
    since: datetime
    missing: int
    letters: int


def current(c: Connection) -> Hold | None:
    """Return the hold that stands; None = letters leave."""
    wanted = select(*(holds.c[name] for name in Hold._fields)).where(holds.c.released_at.is_(None))
    row = c.execute(wanted.order_by(holds.c.id).limit(1)).first()
    return Hold(*row) if row else None


def place(c: Connection, reason: Reason, at: datetime, missing: int = 0) -> Hold | None:
    """Hold all letters from now on; None where they are held already.

    Unless somebody only asked for it, or the clock did, those that wait now are put aside: a hold of another
    kind means that nobody knows which of them were sent.
    """
    serialise(c, _LOCK)
    if current(c) is not None:
        return None
    letters = 0 if reason in _DELAYS else _put_aside(c, at)
    values = {"reason": reason, "since": at, "missing": missing, "letters": letters}
    number = c.execute(insert(holds).values(values).returning(holds.c.id)).scalar_one()
    return Hold(number, reason, at, missing, letters)


def release(c: Connection, by: str, at: datetime) -> Hold | None:
    """Let letters leave again, and return the hold that stood; None where none did."""
    standing = current(c)
    if standing is not None:
        c.execute(update(holds).where(holds.c.id == standing.id).values(released_by=by, released_at=at))
    return standing


def aside(c: Connection) -> int:
    """Return how many letters are put aside."""
    tables = [box.letters for box in BOXES]
    return sum(c.scalar(select(func.count()).select_from(each).where(_aside(each))) or 0 for each in tables)


def queue_again(c: Connection, at: datetime) -> int:
    """Queue what was put aside, and return how many; what no longer holds is withdrawn later."""
    fresh = {"settled_at": None, "next_at": at, "last_reply": ""}
    return sum(box.settle(c, _aside(box.letters), "queued", at, fresh) for box in BOXES)


def _put_aside(c: Connection, at: datetime) -> int:
    reply = {"last_reply": ASIDE}
    return sum(box.settle(c, box.waiting, "hold", at, reply) for box in BOXES)


def _aside(letters: Table) -> ColumnElement[bool]:
    return and_(letters.c.state == "hold", letters.c.last_reply == ASIDE)
