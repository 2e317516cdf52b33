"""Holding all letters, and letting them leave again, which a person decides."""

from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.services.application import Application
from travelrisk.store import audit, holds
from travelrisk.store.database import reading, transact
from travelrisk.store.holds import Hold, Reason


class Held(NamedTuple):
    """The hold that stands (None = letters leave), and how many letters are put aside."""

    hold: Hold | None
    aside: int


def held(app: Application) -> Held:
    """Return whether letters are held.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        return Held(holds.current(c), holds.aside(c))


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


def release(app: Application, by: str, *, with_letters: bool) -> int:
    """Let letters leave again, and return how many of those put aside are queued.

    Args:
        app: the parts of the service.
        by: the person who decides it.
        with_letters: whether letters that were put aside go, too; some may have been sent before.

    Raises:
        NotFoundError: nothing is held, and nothing is put aside that is asked for.
    """

    def let_go(c: Connection) -> int:
        at = app.clock()
        released, queued = holds.release(c, by, at), holds.queue_again(c, at) if with_letters else 0
        if released is None and not queued:
            raise NotFoundError("no letter is held: there is nothing to release")
        subject = f"hold:{released.id}" if released else "hold:released"
        audit.append(c, kind="letters.released", actor=by, at=at, subject=subject, body={"letters": queued})
        return queued

    return transact(app.engine, let_go)
