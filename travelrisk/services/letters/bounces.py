"""Letters that came back: noted on the letter, which was sent and stays so; what nobody got becomes a task.

A bounce can only raise an alarm. It is believed where it came to the return path that we signed, or names the
Message-ID of a letter, which is random and was seen by nobody else. The sweep of ``undelivered`` makes tasks.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.logs import logger
from travelrisk.mail.bounces import Bounce
from travelrisk.services.application import Application
from travelrisk.store import audit, bounces
from travelrisk.store.audit import Word
from travelrisk.store.database import transact
from travelrisk.store.leasing import Box
from travelrisk.store.unsent import BOXES

ACCEPTED_FOR: Final = timedelta(days=8)  # servers try for five days, some a little longer
_CLOCKS_DIFFER: Final = timedelta(hours=1)
_BY_KIND: Final[dict[str, Box[Any]]] = {box.kind: box for box in BOXES}


class Noted(StrEnum):
    """What became of a bounce."""

    NEW = "new"
    KNOWN = "known"  # the letter had come back before
    LATE = "late"  # it left too long ago
    STRANGE = "strange"  # it is about no letter of ours, or nobody of ours signed its return path


class _Letter(NamedTuple):
    """The letter that came back, and when it left."""

    kind: str
    number: int
    left_at: datetime


def take_back(app: Application, bounce: Bounce) -> Noted:
    """Note on its letter that it came back; twice the same counts once.

    Raises:
        StoreError: the database cannot be written; give the bounce again.
    """
    noted = transact(app.engine, partial(_noted, app, bounce))
    logger().warning("letter.bounce", noted=noted.value, reply=bounce.reply)
    return noted


def _noted(app: Application, bounce: Bounce, c: Connection) -> Noted:
    letter, now = _letter(app, bounce, c), app.clock()
    if letter is None:
        return Noted.STRANGE
    if not letter.left_at - _CLOCKS_DIFFER <= now <= letter.left_at + ACCEPTED_FOR:
        return Noted.LATE
    is_new = bounces.note(
        c,
        kind=letter.kind,
        letter_id=letter.number,
        reply=bounce.reply,
        is_permanent=bounce.is_permanent,
        at=now,
    )
    if not is_new:
        return Noted.KNOWN
    body: dict[str, Word] = {"letter": letter.number, "status": bounce.status}
    audit.append(
        c, kind="letter.bounced", actor="mail", at=now, subject=f"{letter.kind}:{letter.number}", body=body
    )
    return Noted.NEW


def _letter(app: Application, bounce: Bounce, c: Connection) -> _Letter | None:
    paths = app.facts.return_paths
    for path in bounce.to if paths else ():
        named = paths.opened(path) if paths else None
        box = _BY_KIND.get(named.kind) if named else None
        if named and box and bounces.by_number(c, box, named.number):
            return _Letter(box.kind, named.number, named.at)
    for message_id in bounce.letters:
        for box in BOXES:
            sent = bounces.by_message_id(c, box, message_id)
            if sent is not None and sent.attempts:
                return _Letter(box.kind, sent.id, sent.settled_at or sent.queued_at)
    return None
