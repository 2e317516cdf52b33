"""Letters leave: claimed one at a time, checked once more against the newest verdict, and accounted for.

A worker that is killed loses nothing: its lease runs out and another takes the letter. No transaction is open
while the mail server is spoken to.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from travelrisk.logs import logger
from travelrisk.mail.transport import PermanentFailure, Sent, TransientFailure, Transport, Withheld
from travelrisk.services.application import Application
from travelrisk.store import audit, heartbeats, holds, rescreenings
from travelrisk.store.audit import Word
from travelrisk.store.database import transact
from travelrisk.store.leasing import Box, Claimed
from travelrisk.store.rescreenings import Cause
from travelrisk.store.unsent import BOXES

LEASE = timedelta(seconds=900)  # longer than DATA, body and final dot may take together: 840 s
_FIRST_PAUSE = timedelta(seconds=60)  # suits servers that put strangers off at first
_LONGEST_PAUSE = timedelta(minutes=15)
GIVEN_UP_AFTER = timedelta(hours=24)
GIVEN_UP_AT = 6  # attempts at least: after days without a worker the first failure says little


class Held(NamedTuple):
    """A letter that this worker has leased, and where it was taken from."""

    box: Box[Any]
    letter: Claimed


@dataclass(slots=True)
class Dispatched:
    """What became of the letters of one round."""

    sent: int = 0
    withheld: int = 0
    retried: int = 0
    dead: int = 0


def dispatch(app: Application, transport: Transport, owner: str, limit: int = 200) -> Dispatched:
    """Send up to *limit* due letters over *transport*, as the worker named *owner*.

    Raises:
        StoreError: the database cannot be written; letters that were claimed come back when their lease ends.
    """
    tally = Dispatched()
    transact(app.engine, lambda c: heartbeats.beat(c, "dispatch", app.clock()))
    try:
        for _ in range(limit):
            held = transact(app.engine, lambda c: _claim(app, c, owner))
            if held is None:
                break
            _send(app, transport, owner, held, tally)
    finally:
        transport.close()
    return tally


def _claim(app: Application, c: Connection, owner: str) -> Held | None:
    if holds.current(c) is not None:
        return None  # nothing leaves until a person says so
    if audit.behind_what(c, app.clock()) is not None:
        return None  # the job that holds the letters for it looks once a minute, and may come later than this
    if rescreenings.is_unfinished(c, Cause.CLOCK):
        return None  # what waits may say what was found by a clock that had been ahead
    for box in BOXES:
        letter = box.claim(c, owner=owner, now=app.clock(), lease=LEASE)
        if letter is not None:
            return Held(box, letter)
    return None


def _send(app: Application, transport: Transport, owner: str, held: Held, tally: Dispatched) -> None:
    box, letter = held

    def may_go() -> bool:
        return transact(app.engine, lambda c: box.start_body(c, letter.id, owner, app.clock(), LEASE))

    try:
        result = transport.send(letter.body, _sender(app, held), letter.recipient, may_go)
    except TransientFailure as failure:
        _again(app, owner, held, failure, tally)
    except PermanentFailure as failure:
        _give_up(app, owner, held, failure.reply, tally)
    else:
        if isinstance(result, Sent):
            _sent(app, owner, held, result, tally)
        else:
            assert isinstance(result, Withheld)  # noqa: S101 - the protocol knows no third answer
            tally.withheld += 1


def _sender(app: Application, held: Held) -> str:
    """Return the envelope sender: where bounces are received it names the letter, and differs each time."""
    paths = app.facts.return_paths
    return paths.of(held.box.kind, held.letter.id, app.clock()) if paths else app.facts.mail_from


def _sent(app: Application, owner: str, held: Held, result: Sent, tally: Dispatched) -> None:
    def note(c: Connection) -> bool:
        if not held.box.mark_sent(c, held.letter.id, owner, app.clock(), result.reply):
            return False
        _record(c, "letter.sent", held.letter, app.clock())
        return True

    if transact(app.engine, note):
        tally.sent += 1
    else:  # the letter is out; whoever has the lease now sends the same bytes under the same Message-ID
        logger().warning("letter.lease_lost", letter=held.letter.called)


def _again(app: Application, owner: str, held: Held, failure: TransientFailure, tally: Dispatched) -> None:
    now = app.clock()
    if now - held.letter.queued_at > GIVEN_UP_AFTER and held.letter.attempts >= GIVEN_UP_AT:
        _give_up(app, owner, held, failure.reply, tally)
        return
    next_at = now + pause(held.letter.attempts)
    transact(
        app.engine,
        lambda c: held.box.retry(
            c, held.letter.id, owner, now, next_at=next_at, reply=failure.reply, ambiguous=failure.ambiguous
        ),
    )
    tally.retried += 1
    logger().warning(
        "letter.delayed", letter=held.letter.called, reply=failure.reply, ambiguous=failure.ambiguous
    )


def _give_up(app: Application, owner: str, held: Held, reply: str, tally: Dispatched) -> None:
    def note(c: Connection) -> bool:
        if not held.box.mark_dead(c, held.letter.id, owner, app.clock(), reply):
            return False
        _record(c, "letter.undeliverable", held.letter, app.clock())
        return True

    if transact(app.engine, note):
        tally.dead += 1
        logger().error("letter.undeliverable", letter=held.letter.called, reply=reply)


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: a minute, doubling to 15 minutes, with jitter."""
    longest: timedelta = min(_FIRST_PAUSE * 2 ** min(attempts - 1, 8), _LONGEST_PAUSE)
    return longest * random.uniform(0.75, 1.25)  # noqa: S311 - spreads the load, hides nothing


def _record(c: Connection, kind: str, letter: Claimed, at: datetime) -> None:
    body: dict[str, Word] = {
        **letter.cause,
        "letter": letter.letter,
        "attempts": letter.attempts,
    }
    audit.append(c, kind=kind, actor="worker", at=at, subject=letter.called, body=body)
