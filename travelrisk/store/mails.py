"""Mails that came in: each taken once, leased to one worker at a time, settled once, forgotten after a while.

A message is one row by its Message-ID and the SHA-256 of its bytes. What a killed worker had begun is taken
up again when its lease ends; whatever it did before is harmless when repeated.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select, update

from travelrisk.domain.errors import NotFoundError
from travelrisk.store.database import insert_unless, serialise
from travelrisk.store.shapes import sha256
from travelrisk.store.tables import answers, mails

UNAUTHENTICATED: Final = "unauthenticated"
"""Kind of the mails whose sender nobody vouches for."""

_USABLE: Final = re.compile(r"<[!-;=?-~]{1,400}>", re.ASCII)
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_NAME_AT_MOST: Final = 200


class Mail(NamedTuple):
    """A message, and how far it has come.

    Attributes:
        name: of the file, where it lay in a folder.
        content: None where it was forgotten.
        problem: why it was not fetched whole; then *content* is its header.
        sender: authenticated address; empty until known, and for all others.
        kind: what it turned out to be; empty until settled.
        reason: why it failed.
    """

    id: int
    message_id: str
    name: str
    content: bytes | None
    problem: str
    sender: str
    arrived_at: datetime
    taken_at: datetime
    state: str
    kind: str
    reason: str
    attempts: int
    settled_at: datetime | None


_MAIL: Final = tuple(mails.c[name] for name in Mail._fields)
# What nobody can read any more is not shown for ever.
_ASIDE: Final = and_(mails.c.state == "failed", mails.c.content.is_not(None))


def take(  # noqa: PLR0913 - what is known of a message, all named
    c: Connection,
    content: bytes,
    *,
    message_id: str,
    name: str,
    problem: str,
    arrived_at: datetime,
    owner: str,
    now: datetime,
    lease: timedelta,
) -> Mail | None:
    """Keep a message and lease it; one that is settled comes back as it is, None = not now, or not ours.

    Commit before anything is done with it.
    """
    known = message_id if _USABLE.fullmatch(message_id) else ""
    row = {
        "message_id": known,
        "sha256": sha256(content),
        "body_sha256": sha256(_body(content)),
        "name": name[-_NAME_AT_MOST:],
        "content": content,
        "problem": problem,
        "sender": "",
        "arrived_at": arrived_at,
        "taken_at": now,
        "state": "waiting",
        "kind": "",
        "reason": "",
        "attempts": 0,
        "due_at": now,
    }
    unless = insert_unless(c.dialect.name, mails).on_conflict_do_nothing()
    c.execute(unless.values(row))
    same = and_(mails.c.message_id == known, mails.c.sha256 == row["sha256"])
    found = c.execute(select(mails).where(same).with_for_update()).one()
    if found.state in {"done", "failed"}:
        return _mail(found)
    return _leased(c, found, owner, now, lease) if found.due_at <= now else None


def claim(c: Connection, *, owner: str, now: datetime, lease: timedelta) -> Mail | None:
    """Lease a message that waits although no mailbox shows it: it was taken up again, or left behind."""
    due = and_(mails.c.state.in_(("waiting", "leased")), mails.c.due_at <= now)
    found = c.execute(
        select(mails)
        .where(due)
        .order_by(mails.c.due_at, mails.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    return _leased(c, found, owner, now, lease) if found else None


def release(c: Connection, mail_id: int, owner: str, due_at: datetime) -> bool:
    """Let a message wait until *due_at*; False where the lease was lost."""
    waiting = {"state": "waiting", "due_at": due_at, "lease_owner": None}
    return _change(c, _mine(mail_id, owner), waiting) == 1


def admit(c: Connection, mail_id: int, sender: str, now: datetime, most: int) -> bool:
    """Note who sent a message, and say whether it is among the first *most* of this sender in 24 hours.

    Whoever asks for the same sender at the same moment waits, so that two workers do not both let one in.
    """
    serialise(c, int.from_bytes(bytes.fromhex(sha256(sender)[:16]), "big", signed=True))
    _change(c, mails.c.id == mail_id, {"sender": sender})
    recent = and_(mails.c.sender == sender, mails.c.admitted_at > now - timedelta(days=1))
    count = c.scalar(select(func.count()).select_from(mails).where(recent, mails.c.id != mail_id)) or 0
    if count >= most:
        return False
    _change(c, and_(mails.c.id == mail_id, mails.c.admitted_at.is_(None)), {"admitted_at": now})
    return True


def came_before(c: Connection, mail: Mail, sender: str) -> bool:
    """Say whether this sender's message was dealt with in another copy: other header lines, the same body."""
    if not mail.message_id or mail.content is None:
        return False
    same = and_(mails.c.message_id == mail.message_id, mails.c.body_sha256 == sha256(_body(mail.content)))
    dealt_with = and_(mails.c.sender == sender, mails.c.state == "done", mails.c.id != mail.id)
    return c.scalar(select(mails.c.id).where(same, dealt_with).limit(1)) is not None


def settle(  # noqa: PLR0913 - who and when, then what it was, all named
    c: Connection,
    mail_id: int,
    owner: str,
    now: datetime,
    *,
    kind: str,
    reason: str = "",
    trip_id: int | None = None,
) -> bool:
    """Bring a message to its end, as failed where there is a *reason*; False where the lease was lost."""
    values = {
        "state": "failed" if reason else "done",
        "kind": kind,
        "reason": reason,
        "trip_id": trip_id,
        "lease_owner": None,
        "settled_at": now,
    }
    return _change(c, _mine(mail_id, owner), values) == 1


def dismiss(c: Connection, mail_id: int) -> bool:
    """Note that a person has looked at a failed message; False where it did not fail."""
    return _change(c, and_(mails.c.id == mail_id, mails.c.state == "failed"), {"state": "done"}) == 1


def failed(c: Connection, limit: int) -> tuple[Mail, ...]:
    """Return the messages that a person should look at, the newest first."""
    wanted = select(*_MAIL).where(_ASIDE).order_by(mails.c.id.desc()).limit(limit)
    return tuple(map(_mail, c.execute(wanted)))


def counts(c: Connection) -> dict[str, int]:
    """Return how many failed messages there are of each kind."""
    wanted = select(mails.c.kind, func.count()).where(_ASIDE).group_by(mails.c.kind)
    return {row[0]: row[1] for row in c.execute(wanted.order_by(mails.c.kind))}


def by_id(c: Connection, mail_id: int) -> Mail:
    """Return one message.

    Raises:
        NotFoundError: there is none.
    """
    found = c.execute(select(*_MAIL).where(mails.c.id == mail_id)).first()
    if found is None:
        raise NotFoundError(f"there is no mail {mail_id}")
    return _mail(found)


def take_up_again(c: Connection, mail_id: int, now: datetime) -> bool:
    """Let a failed message wait once more; False where it did not fail, or its content is forgotten."""
    wanted = and_(mails.c.id == mail_id, mails.c.state == "failed", mails.c.content.is_not(None))
    again = {"state": "waiting", "kind": "", "reason": "", "attempts": 0, "due_at": now, "settled_at": None}
    return _change(c, wanted, again) == 1


def reopen_outdated(c: Connection, now: datetime) -> int:
    """Let messages wait again whose answer was outdated before it left: the question is still open."""
    later = answers.alias("later")
    replaced = exists().where(later.c.mail_id == answers.c.mail_id, later.c.id > answers.c.id)
    outdated = exists().where(answers.c.mail_id == mails.c.id, answers.c.state == "superseded", ~replaced)
    wanted = and_(mails.c.state == "done", mails.c.content.is_not(None), outdated)
    return _change(c, wanted, {"state": "waiting", "attempts": 0, "due_at": now, "settled_at": None})


def forget_old(c: Connection, now: datetime, read: timedelta, unread: timedelta) -> int:
    """Forget content and sender of messages that were settled some time ago, and return of how many.

    Args:
        c: connection in a writing transaction.
        now: aware time.
        read: how long a message is kept that was dealt with, and whose answer has left: one that is outdated
            before it leaves is written anew.
        unread: how long one is kept otherwise.
    """
    waits = exists().where(answers.c.mail_id == mails.c.id, answers.c.state.in_(("queued", "leased")))
    old = or_(
        and_(mails.c.state == "done", mails.c.settled_at <= now - read, ~waits),
        and_(mails.c.state.in_(("done", "failed")), mails.c.settled_at <= now - unread),
    )
    return _change(
        c, and_(old, mails.c.content.is_not(None)), {"content": None, "sender": "", "name": "", "reason": ""}
    )


def _leased(c: Connection, row: Row[Any], owner: str, now: datetime, lease: timedelta) -> Mail:
    taken = {"state": "leased", "attempts": row.attempts + 1, "due_at": now + lease, "lease_owner": owner}
    _change(c, mails.c.id == row.id, taken)
    return _mail(row)._replace(state="leased", attempts=row.attempts + 1)


def _mine(mail_id: int, owner: str) -> ColumnElement[bool]:
    return and_(mails.c.id == mail_id, mails.c.state == "leased", mails.c.lease_owner == owner)


def _change(c: Connection, wanted: ColumnElement[bool], values: dict[str, Any]) -> int:
    return c.execute(update(mails).where(wanted).values(**values)).rowcount


def _mail(row: Row[Any]) -> Mail:
    content = row.content
    values: Sequence[Any] = [getattr(row, name) for name in Mail._fields]
    return Mail(*values)._replace(content=None if content is None else bytes(content))


def _body(content: bytes) -> bytes:
    end = _END_OF_HEAD.search(content)
    return content[end.end() :] if end else content
