"""What reaches the desk from outside: travellers' safety reports, corrections of airlines, facts."""

from datetime import date
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, ForbiddenError
from travelrisk.domain.people import Act, may
from travelrisk.domain.ratings import Subject
from travelrisk.services.application import Application
from travelrisk.store import audit, people, queue
from travelrisk.store.database import reading, transact
from travelrisk.store.queue import Notice
from travelrisk.telling.foreign import linkable, visible

LONGEST: Final = 2000
LONGEST_TITLE: Final = 200
NOBODY: Final = "somebody"  # in the audit trail, for a report without a name
_WORDS_OF_TITLE: Final = 80


def report(  # noqa: PLR0913 - the parts of a report, all named
    app: Application,
    by: str,
    *,
    carrier: Subject,
    text: str,
    flight: str = "",
    day: date | None = None,
    named: bool = False,
) -> bool:
    """Keep what a traveller saw, and say whether it is new; whose words they are is kept only if wished.

    Raises:
        BadInputError: nothing is told, too much, or a day to come.
        ForbiddenError: this person may not report.
    """
    words = _text(text)
    today = app.clock().date()
    if day is not None and day > today:
        raise BadInputError(f"{day} is still to come: give the day of the flight, or none")
    when = ", ".join(filter(None, (flight, day.isoformat() if day else "")))

    def keep(c: Connection) -> bool:
        person = people.by_id(c, by)
        if not may(person, Act.REPORT, today, people.delegated(c, today)):
            raise ForbiddenError(f"{person.name} may not report: ask an administrator")
        return _kept(
            app,
            c,
            by if named else NOBODY,
            kind="safety_report",
            subject=carrier,
            title=when or _beginning(words),
            body=words,
            source="",
            sender=f"{person.name}, {person.email}" if named else "",
        )

    return transact(app.engine, keep)


def receive_notice(  # noqa: PLR0913 - the parts of a notice, all named
    app: Application,
    by: str,
    *,
    kind: str,
    subject: Subject | None,
    title: str,
    body: str,
    source: str = "",
    sender: str = "",
) -> bool:
    """Keep what somebody sent to the desk, and say whether it is new.

    Raises:
        BadInputError: nothing is told, too much, or the source is no address of a page.
    """
    head = visible(title).strip()
    if not head or len(head) > LONGEST_TITLE:
        raise BadInputError(f"the title cannot be used: write one line of at most {LONGEST_TITLE} letters")
    if source and not linkable(source):
        raise BadInputError("the source is no address of a page: write https://...")
    words = _text(body)

    def keep(c: Connection) -> bool:
        told = {"title": head, "body": words, "source": source, "sender": visible(sender)}
        return _kept(app, c, by, kind=kind, subject=subject, **told)

    return transact(app.engine, keep)


def waiting_notices(app: Application, *, everything: bool = False) -> tuple[Notice, ...]:
    """Return the notices that nobody has put aside, or every one; the newest first."""
    with reading(app.engine) as c:
        return tuple(notice for _, notice in queue.notices_waiting(c, everything=everything))


def _kept(
    app: Application, c: Connection, actor: str, *, kind: str, subject: Subject | None, **told: str
) -> bool:
    is_new = queue.notify(c, kind=kind, subject=subject, at=app.clock(), **told)
    if is_new:
        about = str(subject) if subject else "desk"
        audit.append(
            c, kind="notice.received", actor=actor, at=app.clock(), subject=about, body={"kind": kind}
        )
    return is_new


def _text(text: str) -> str:
    words = " ".join(visible(text).split())
    if not words or len(words) > LONGEST:
        raise BadInputError(f"say what happened, in at most {LONGEST} letters")
    return words


def _beginning(words: str) -> str:
    return words if len(words) <= _WORDS_OF_TITLE else words[: _WORDS_OF_TITLE - 1].rstrip() + "…"
