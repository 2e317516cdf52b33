"""Sessions of the desk: a random token in the cookie, only its SHA-256 here, and a row that dies at sign-out.

Nothing of a session is worth anything without its row, so that a stolen cookie ends with it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from travelrisk.store.tables import sessions

MOST: Final = 20  # of one person; a further one ends the oldest
_TOKEN_BYTES: Final = 32
_SEEN_EVERY: Final = timedelta(minutes=1)  # a page costs a write at most once a minute
_SESSION: Final = (
    sessions.c.token_sha256,
    sessions.c.person_id,
    sessions.c.begun_at,
    sessions.c.seen_at,
    sessions.c.until,
    sessions.c.note,
    sessions.c.note_for,
)


class Session(NamedTuple):
    """One sign-in.

    Attributes:
        seen_at: the last time it was used. until: its end whatever happens.
        note: what was typed into a form that was not taken, because a new sign-in was asked for first;
            *note_for* is the address that it was sent to.
    """

    token_sha256: str
    person_id: str
    begun_at: datetime
    seen_at: datetime
    until: datetime
    note: str | None = None
    note_for: str | None = None


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(c: Connection, person_id: str, *, at: datetime, until: datetime) -> str:
    """Begin a session and return its token, which is known to nobody else and stored nowhere."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = Session(digest(token), person_id, at, at, until)
    _make_room(c, person_id)
    c.execute(insert(sessions), row._asdict())
    return token


def find(c: Connection, token: str, *, at: datetime, idle: timedelta) -> Session | None:
    """Return the session of a token; None where there is none, or its time is over."""
    row = c.execute(select(*_SESSION).where(sessions.c.token_sha256 == digest(token))).mappings().first()
    session = _session(row) if row else None
    return session if session and _lives(session, at, idle) else None


def of_person(c: Connection, person_id: str, *, at: datetime, idle: timedelta) -> tuple[Session, ...]:
    """Return the living sessions of somebody, the one used last first."""
    mine = select(*_SESSION).where(sessions.c.person_id == person_id)
    rows = c.execute(mine.order_by(sessions.c.seen_at.desc(), sessions.c.token_sha256)).mappings()
    return tuple(each for each in map(_session, rows) if _lives(each, at, idle))


def is_stale(session: Session, at: datetime) -> bool:
    """Say whether it is time to note that the session is in use."""
    return at - session.seen_at >= _SEEN_EVERY


def touch(c: Connection, session: Session, at: datetime) -> None:
    """Note that the session is in use; one that has ended meanwhile stays ended."""
    mine = sessions.c.token_sha256 == session.token_sha256
    c.execute(update(sessions).where(mine).values(seen_at=at))


def put_by(c: Connection, token_sha256: str, note: str | None, note_for: str | None) -> None:
    """Keep what was typed until its form is sent again; None forgets it."""
    mine = sessions.c.token_sha256 == token_sha256
    c.execute(update(sessions).where(mine).values(note=note, note_for=note_for))


def end(c: Connection, token: str) -> str | None:
    """End the session of a token and return whose it was; None where there was none."""
    gone = delete(sessions).where(sessions.c.token_sha256 == digest(token))
    person_id: str | None = c.execute(gone.returning(sessions.c.person_id)).scalar()
    return person_id


def end_all(c: Connection, person_id: str, *, but: str = "") -> int:
    """End every session of somebody, save the one with this SHA-256, and return how many ended."""
    theirs = (sessions.c.person_id == person_id) & (sessions.c.token_sha256 != but)
    return c.execute(delete(sessions).where(theirs)).rowcount


def forget_ended(c: Connection, *, at: datetime, idle: timedelta) -> int:
    """Delete the sessions whose time is over, and return how many."""
    over = (sessions.c.until <= at) | (sessions.c.seen_at <= at - idle)
    return c.execute(delete(sessions).where(over)).rowcount


def _make_room(c: Connection, person_id: str) -> None:
    theirs = sessions.c.person_id == person_id
    newest_first = select(sessions.c.token_sha256).where(theirs).order_by(sessions.c.begun_at.desc())
    surplus = list(c.scalars(newest_first.offset(MOST - 1)))
    if surplus:
        c.execute(delete(sessions).where(sessions.c.token_sha256.in_(surplus)))


def _lives(session: Session, at: datetime, idle: timedelta) -> bool:
    return session.begun_at <= at < session.until and at < session.seen_at + idle


def _session(row: RowMapping) -> Session:
    return Session(**row)
