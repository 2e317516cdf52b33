"""Letters to people of the desk: written with the act that asked for them, outdated when it no longer holds.

One letter of one key is ever written. Those of a thread, as of one proposal, reach each person in order.
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from travelrisk.domain.texts import Language
from travelrisk.store.audit import Word
from travelrisk.store.database import insert_unless
from travelrisk.store.leasing import Box, new_row
from travelrisk.store.tables import desk_letters, proposals
from travelrisk.store.turns import DESK_BLOCKED, DESK_OUTDATED, STANDING


class Leased(NamedTuple):
    """A letter that is ours to send until the lease ends."""

    id: int
    key: str
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
        return f"desk_letter:{self.id}"

    @property
    def cause(self) -> dict[str, Word]:
        """The key under which it was written."""
        return {"key": self.key}


BOX: Final = Box("desk", desk_letters, Leased, Leased._fields, blocked=DESK_BLOCKED, outdated=DESK_OUTDATED)


class Sending(NamedTuple):
    """Where a letter stands; *settled_at* is when it was sent, superseded, given up or held."""

    id: int
    person_id: str
    key: str
    thread: str
    letter: str
    language: Language
    recipient: str
    message_id: str
    body: bytes
    state: str
    attempts: int
    ambiguous: int
    queued_at: datetime
    settled_at: datetime | None
    last_reply: str


def queue(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    person_id: str,
    key: str,
    thread: str,
    letter: str,
    language: Language,
    recipient: str,
    message_id: str,
    body: bytes,
    at: datetime,
    standing: str | None = None,
) -> bool:
    """Queue a finished letter; False where one of this key was ever written.

    Call it in the transaction of the act that asks for it. Somebody who leaves before it goes gets nothing.

    Args:
        c: connection in a writing transaction.
        person_id: whom it goes to.
        key: says what it is about, to whom; there is one letter of each.
        thread: what binds letters together: the reference of a proposal, or a name.
        letter: its name.
        language: what it is written in.
        recipient: address it goes to.
        message_id: with its angle brackets.
        body: the whole message, as it will be sent.
        at: aware time from which on it waits.
        standing: of the proposal, from ``standing``; when that has moved the letter does not go.
    """
    row = {
        "person_id": person_id,
        "key": key,
        "thread": thread,
        "standing": standing,
        **new_row(
            letter=letter, language=language, recipient=recipient, message_id=message_id, body=body, at=at
        ),
    }
    unless = insert_unless(c.dialect.name, desk_letters).on_conflict_do_nothing(index_elements=["key"])
    return c.execute(unless.values(row).returning(desk_letters.c.id)).first() is not None


def is_written(c: Connection, key: str) -> bool:
    """Say whether a letter of this key was ever written."""
    return c.scalar(select(desk_letters.c.id).where(desk_letters.c.key == key)) is not None


def thread_id(c: Connection, thread: str, person_id: str) -> str:
    """Return the Message-ID of the first letter of a thread to somebody; empty where there is none yet."""
    mine = (desk_letters.c.thread == thread) & (desk_letters.c.person_id == person_id)
    first = select(desk_letters.c.message_id).where(mine).order_by(desk_letters.c.id).limit(1)
    return c.scalar(first) or ""


def standing(c: Connection, reference: str) -> str:
    """Return how a proposal stands at this moment, for letters that hold only as long as it does."""
    stands: str = c.execute(select(STANDING).where(proposals.c.reference == reference)).scalar_one()
    return stands


def to(c: Connection, person_id: str) -> tuple[Sending, ...]:
    """Return the letters to somebody, the oldest first."""
    columns = (desk_letters.c[name] for name in Sending._fields)
    mine = select(*columns).where(desk_letters.c.person_id == person_id).order_by(desk_letters.c.id)
    return tuple(Sending(*row) for row in c.execute(mine))
