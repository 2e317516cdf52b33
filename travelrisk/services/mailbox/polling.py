"""Mails come in: each is kept, dealt with once, and only then taken out of its mailbox.

What a kill interrupts is repeated, and the repetition is harmless: a document arrives once by its bytes, a
mail is answered once by its row, and its end and its answer are one transaction. Whom nobody vouches for gets
no answer and learns nothing; the mail is put aside for a person.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import TravelriskError
from travelrisk.intake.mailbox.senders import message_id_of
from travelrisk.intake.mailbox.waiting import Mailbox, Message
from travelrisk.logs import logger
from travelrisk.services.application import Application
from travelrisk.services.mailbox.answering import post
from travelrisk.services.mailbox.outcomes import Outcome
from travelrisk.services.mailbox.vetting import deal_with
from travelrisk.store import audit, heartbeats, mails, notes
from travelrisk.store.database import reading, transact
from travelrisk.store.mails import Mail

AT_ONCE: Final = 50
"""Mails in one round."""
JOB: Final = "mailbox"
_LEASE = timedelta(minutes=10)
_PAUSE = timedelta(minutes=1)
_MOST_ATTEMPTS = 5


@dataclass(slots=True)
class Polled:
    """What became of the mails of one round; those that were settled before do not count."""

    done: int = 0
    failed: int = 0
    put_off: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def count(self, mail: Mail | None) -> None:
        """Count a mail: settled, or left for later."""
        if mail is None:
            self.put_off += 1
            return
        self.kinds[mail.kind] = self.kinds.get(mail.kind, 0) + 1
        if mail.state == "failed":
            self.failed += 1
        else:
            self.done += 1


def poll(
    app: Application, mailbox: Mailbox, owner: str, is_stopping: Callable[[], bool] = lambda: False
) -> Polled:
    """Deal with what waits in *mailbox*, and with what was left behind or taken up again.

    Args:
        app: the parts of the service.
        mailbox: where mails wait.
        owner: name of this worker, unlike that of any other.
        is_stopping: asked between two mails.

    Raises:
        MailboxError: the mailbox cannot be read; mails dealt with so far are settled.
        StoreError: the database cannot be written; then nothing was taken out of the mailbox.
    """
    polled = Polled()
    transact(app.engine, partial(_begin, app))
    _left_behind(app, owner, is_stopping, polled)  # first, for the mailbox may be out of reach
    try:
        for message in mailbox.waiting(AT_ONCE):
            if is_stopping():
                break
            _deal_with_message(app, mailbox, message, owner, polled)
    finally:
        mailbox.close()
    return polled


def failed(app: Application, limit: int = 100) -> tuple[Mail, ...]:
    """Return the mails that a person should look at, the newest first."""
    with reading(app.engine) as c:
        return mails.failed(c, limit)


def one(app: Application, mail_id: int) -> Mail:
    """Return one mail.

    Raises:
        NotFoundError: there is none.
    """
    with reading(app.engine) as c:
        return mails.by_id(c, mail_id)


def take_up_again(app: Application, mail_id: int) -> bool:
    """Let a failed mail be dealt with at the next round; False where it did not fail, or was forgotten."""

    def again(c: Connection) -> bool:
        if not mails.take_up_again(c, mail_id, app.clock()):
            return False
        _record(app, c, "mail.taken_up", mail_id, "")
        return True

    return transact(app.engine, again)


def dismiss(app: Application, mail_id: int) -> bool:
    """Note that a person has looked at a failed mail; False where it did not fail."""

    def away(c: Connection) -> bool:
        if not mails.dismiss(c, mail_id):
            return False
        _record(app, c, "mail.dismissed", mail_id, "")
        return True

    return transact(app.engine, away)


def _begin(app: Application, c: Connection) -> None:
    now, limits = app.clock(), app.policy.policy.privacy
    heartbeats.beat(c, JOB, now)
    mails.reopen_outdated(c, now)
    mails.forget_old(c, now, limits.read, limits.unread)


def _take(app: Application, message: Message, owner: str, c: Connection) -> Mail | None:
    return mails.take(
        c,
        message.content,
        message_id="" if message.name else message_id_of(message.content),
        name=message.name,
        problem=message.problem,
        arrived_at=message.arrived_at,
        owner=owner,
        now=app.clock(),
        lease=_LEASE,
    )


def _deal_with_message(
    app: Application, mailbox: Mailbox, message: Message, owner: str, polled: Polled
) -> None:
    mail = transact(app.engine, partial(_take, app, message, owner))
    if mail is None or mail.state == "leased":
        mail = _dealt_with(app, mail, owner) if mail else None
        polled.count(mail)
    if mail is not None:  # it was dealt with just now, or before a kill
        _settle_in(mailbox, message, mail)


def _left_behind(app: Application, owner: str, is_stopping: Callable[[], bool], polled: Polled) -> None:
    for _ in range(AT_ONCE):
        if is_stopping():
            return
        claim = partial(mails.claim, owner=owner, now=app.clock(), lease=_LEASE)
        mail = transact(app.engine, claim)
        if mail is None:
            return
        polled.count(_dealt_with(app, mail, owner))


def _dealt_with(app: Application, mail: Mail, owner: str) -> Mail | None:
    """Bring a leased mail to its end and return it; None where that has to wait."""
    try:
        outcome = _outcome(app, mail)
    except BaseException as error:
        transact(app.engine, lambda c: mails.release(c, mail.id, owner, app.clock() + _PAUSE))
        if not isinstance(error, TravelriskError):
            raise
        logger().error("mail.put_off", mail=mail.id, reason=str(error))
        return None
    if not transact(app.engine, partial(_finish, app, mail, owner, outcome)):
        logger().warning("mail.lease_lost", mail=mail.id)
        return None
    return one(app, mail.id)


def _outcome(app: Application, mail: Mail) -> Outcome:
    if mail.attempts > _MOST_ATTEMPTS:
        return Outcome("broken", f"it could not be dealt with in {_MOST_ATTEMPTS} attempts; look at the log")
    return deal_with(app, mail)


def _finish(app: Application, mail: Mail, owner: str, outcome: Outcome, c: Connection) -> bool:
    """Note how a mail ended and queue its answer; neither without the other."""
    now = app.clock()
    kind, reason = outcome.kind, outcome.reason
    if not mails.settle(c, mail.id, owner, now, kind=kind, reason=reason, trip_id=outcome.trip_id):
        return False
    for written in outcome.answers if outcome.sender else ():
        post(app, c, mail, outcome.sender, written)
    if outcome.note and outcome.trip_id is not None:
        told = {"author": outcome.sender, "text": outcome.note}
        answered = outcome.letter_id
        notes.add(c, trip_id=outcome.trip_id, mail_id=mail.id, at=now, letter_id=answered, **told)
    _record(app, c, "mail.settled", mail.id, outcome.kind)
    return True


def _record(app: Application, c: Connection, kind: str, mail_id: int, what: str) -> None:
    audit.append(c, kind=kind, actor=JOB, at=app.clock(), subject=f"mail:{mail_id}", body={"kind": what})


def _settle_in(mailbox: Mailbox, message: Message, mail: Mail) -> None:
    if mail.state == "failed":
        mailbox.failed(message, mail.reason)
    else:
        mailbox.done(message)
