"""The file between the two steps of an import: kept by the service, so that no browser has to be believed."""

from pathlib import PurePath
from typing import Final

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act, Person
from travelrisk.services.application import Application
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.proposals.turns import allowed
from travelrisk.store import uploads
from travelrisk.store.database import reading, transact
from travelrisk.store.uploads import Upload

__all__ = ["Upload", "forget", "forget_old", "keep", "kept", "last"]
_LONGEST_NAME: Final = 120


def keep(app: Application, by: str, name: str, content: bytes) -> str:
    """Keep a table for somebody in the place of the last one, and return its SHA-256.

    Raises:
        BadInputError: it is no table, or beyond the limits; nothing is kept then.
        ForbiddenError: this person may not propose changes.
    """
    path = PurePath(name.replace("\\", "/"))
    short = f"{path.stem[:_LONGEST_NAME]}{path.suffix}"
    if not content:
        raise BadInputError(f"{short}: is empty: choose the file again")
    read_table(short, content)
    at = app.clock()
    return transact(
        app.engine,
        lambda c: uploads.keep(c, allowed(app, c, by, Act.PROPOSE).id, short, content, at),
    )


def kept(app: Application, by: Person, sha256: str) -> Upload:
    """Return the file that somebody brought in.

    Raises:
        NotFoundError: it is somebody else's, another one took its place, or its time is over.
    """
    with reading(app.engine) as c:
        return uploads.load(c, by.id, sha256, app.clock())


def last(app: Application, by: Person) -> Upload | None:
    """Return the file that somebody brought in last, where it is still kept."""
    with reading(app.engine) as c:
        return uploads.of_person(c, by.id, app.clock())


def forget(app: Application, by: Person) -> None:
    """Forget the file of somebody: it became a proposal, or nothing."""
    transact(app.engine, lambda c: uploads.forget(c, by.id))


def forget_old(app: Application) -> int:
    """Forget every file whose time is over, and return how many."""
    return transact(app.engine, lambda c: uploads.forget_old(c, app.clock()))
