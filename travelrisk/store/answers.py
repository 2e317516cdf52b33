"""Answers to mails that belong to no trip: written with the end of the mail, in one transaction.

An answer that holds a verdict rests on an edition of the ratings. When a newer one is out before it leaves,
or it was written by a clock that had been ahead, it does not go: the mail is taken up again, and answered
anew.
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, Text, cast, exists, false, select, update

from travelrisk.domain.texts import Language
from travelrisk.store.audit import Word
from travelrisk.store.database import insert_unless
from travelrisk.store.leasing import Box, new_row
from travelrisk.store.tables import answers, editions


class Leased(NamedTuple):
    """An answer that is ours to send until the lease ends."""

    id: int
    mail_id: int
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
        return f"answer:{self.id}"

    @property
    def cause(self) -> dict[str, Word]:
        """The mail that it answers."""
        return {"mail": self.mail_id}


_OUTDATED: Final = exists().where(editions.c.number > answers.c.edition).correlate(answers)
BOX: Final = Box("answer", answers, Leased, Leased._fields, blocked=false(), outdated=_OUTDATED)


class Sending(NamedTuple):
    """Where an answer stands."""

    id: int
    letter: str
    language: Language
    recipient: str
    message_id: str
    body: bytes
    state: str
    queued_at: datetime


def queue(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    mail_id: int,
    edition: int | None,
    letter: str,
    language: Language,
    recipient: str,
    message_id: str,
    body: bytes,
    at: datetime,
) -> bool:
    """Queue a finished answer; False where this mail has been given the same letter on the same edition.

    Args:
        c: connection in the transaction that settles the mail.
        mail_id: what is answered.
        edition: of the ratings that a verdict in it rests on; None = it holds none.
        letter: its name.
        language: what it is written in.
        recipient: address it goes to.
        message_id: with its angle brackets.
        body: the whole message, as it will be sent.
        at: aware time from which on it waits.
    """
    row = {
        "mail_id": mail_id,
        "key": f"{mail_id}:{letter}:{edition or ''}",
        "edition": edition,
        **new_row(
            letter=letter, language=language, recipient=recipient, message_id=message_id, body=body, at=at
        ),
    }
    unless = insert_unless(c.dialect.name, answers).on_conflict_do_nothing(index_elements=["key"])
    return c.execute(unless.values(row).returning(answers.c.id)).first() is not None


def withdraw_verdicts(c: Connection, at: datetime) -> None:
    """Withdraw the waiting answers that hold a verdict: their mails are answered anew, on any edition."""
    waiting = (answers.c.state == "queued", answers.c.edition.is_not(None))
    freed = answers.c.key + ":" + cast(answers.c.id, Text)
    c.execute(update(answers).where(*waiting).values(state="superseded", settled_at=at, key=freed))


def of_mail(c: Connection, mail_id: int) -> tuple[Sending, ...]:
    """Return the answers to a mail, the oldest first."""
    columns = (answers.c[name] for name in Sending._fields)
    found = c.execute(select(*columns).where(answers.c.mail_id == mail_id).order_by(answers.c.id))
    return tuple(Sending(*row) for row in found)
