"""Holding all letters, and letting them leave again, which a person decides."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.logs import logger
from travelrisk.services.application import Application
from travelrisk.store import answers, audit, holds, rescreenings
from travelrisk.store.database import reading, transact
from travelrisk.store.holds import Hold, Reason
from travelrisk.store.rescreenings import Cause


class Held(NamedTuple):
    """The hold that stands (None = letters leave), and how many letters are put aside.

    Attributes:
        behind: the moment on record before which the clock stands; None = the clock is well.
    """

    hold: Hold | None
    aside: int
    behind: datetime | None = None


def held(app: Application) -> Held:
    """Return whether letters are held.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        return Held(holds.current(c), holds.aside(c), audit.behind_what(c, app.clock()))


def hold(app: Application, by: str, *, restored: bool = False) -> Hold | None:
    """Let no letter leave from now on; None where none leaves already.

    Args:
        app: the parts of the service.
        by: who asks for it.
        restored: whether the database was just brought back from a backup, so that letters that wait may have
            been sent since it was made.
    """
    return transact(app.engine, lambda c: place(app, c, "restored" if restored else "asked", by=by))


def place(
    app: Application, c: Connection, reason: Reason, missing: int = 0, by: str = "worker"
) -> Hold | None:
    """Hold all letters, in a transaction, and note it; None where they are held already."""
    placed = holds.place(c, reason, app.clock(), missing)
    if placed is not None:
        body: dict[str, audit.Word] = {"reason": reason, "missing": missing, "letters": placed.letters}
        subject = f"hold:{placed.id}"
        audit.append(c, kind="letters.held", actor=by, at=placed.since, subject=subject, body=body)
    return placed


def hold_while_behind(app: Application) -> datetime | None:
    """Hold all letters where the clock stands before what is on record, and return that moment.

    Raises:
        StoreError: the database cannot be read or written.
    """
    with reading(app.engine) as c:
        late = audit.behind_what(c, app.clock())
    if late is None:
        return None

    def held_now(c: Connection) -> Hold | None:  # unless somebody has confirmed the clock meanwhile
        return place(app, c, "clock") if audit.behind_what(c, app.clock()) else None

    if transact(app.engine, held_now) is not None:
        logger().error("letters.held", reason="clock", behind=late.isoformat())
    return late


def release(app: Application, by: str, *, with_letters: bool, clock_is_right: bool = False) -> int:
    """Let letters leave again, and return how many of those put aside are queued.

    Args:
        app: the parts of the service.
        by: the person who decides it.
        with_letters: whether letters that were put aside go, too; some may have been sent before.
        clock_is_right: whether that person answers for the clock, although it stands before what is on
            record: it had been ahead. Then only a hold because of the clock is released, and no letter leaves
            before all journeys ahead have been judged again.

    Raises:
        ClockError: the clock stands before what is on record, and nobody answers for it.
        NotFoundError: nothing is held, and nothing is put aside that is asked for.
    """

    def let_go(c: Connection) -> int:
        at = app.clock()
        confirmed = clock_is_right and _confirm(c, by, at)
        audit.refuse_if_behind(c, at)
        standing = holds.current(c)
        if confirmed and (standing is None or standing.reason != "clock"):
            return 0  # what else letters are held for is a question of its own
        released, queued = holds.release(c, by, at), holds.queue_again(c, at) if with_letters else 0
        if released is None and not queued:
            raise NotFoundError("no letter is held: there is nothing to release")
        subject = f"hold:{released.id}" if released else "hold:released"
        audit.append(c, kind="letters.released", actor=by, at=at, subject=subject, body={"letters": queued})
        return queued

    return transact(app.engine, let_go)


def _confirm(c: Connection, by: str, at: datetime) -> bool:
    """Write down who says that the clock is right; False where nothing on record is later.

    What was judged while it was ahead took the wrong day for today. Since when it was, nobody knows: so all
    journeys that are not over are judged again.
    """
    late = audit.behind_what(c, at)
    if late is None:
        return False
    body = {"behind": late.isoformat()}
    seq = audit.append(c, kind=audit.CONFIRMED, actor=by, at=at, subject="clock", body=body)
    rescreenings.add(c, Cause.CLOCK, str(seq), at)
    rescreenings.forget_days_after(c, at.date())
    answers.withdraw_verdicts(c, at)
    return True
