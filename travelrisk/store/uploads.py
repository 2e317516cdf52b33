"""Tables that people brought in and have not decided on yet: one a person, forgotten after some hours.

They are not among the originals, which are kept for good: what nobody proposed decided nothing.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select

from travelrisk.domain.errors import NotFoundError
from travelrisk.store.database import insert_unless
from travelrisk.store.shapes import sha256 as sha256_of
from travelrisk.store.tables import uploads

KEPT_FOR: Final = timedelta(hours=24)


class Upload(NamedTuple):
    """A file under its name; *until* is the moment it is forgotten at."""

    sha256: str
    name: str
    content: bytes
    until: datetime


def keep(c: Connection, person_id: str, name: str, content: bytes, at: datetime) -> str:
    """Keep a file in the place of the last one of this person, and return its SHA-256."""
    forget_old(c, at)
    row = {"sha256": sha256_of(content), "name": name, "content": content, "kept_at": at}
    new = insert_unless(c.dialect.name, uploads).values(person_id=person_id, **row)
    c.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=row))
    return str(row["sha256"])


def of_person(c: Connection, person_id: str, at: datetime) -> Upload | None:
    """Return the file that somebody brought in last; None where it was forgotten, or there was none."""
    columns = (uploads.c.sha256, uploads.c.name, uploads.c.content, uploads.c.kept_at)
    mine = (uploads.c.person_id == person_id) & (uploads.c.kept_at > at - KEPT_FOR)
    row = c.execute(select(*columns).where(mine)).first()
    return Upload(row.sha256, row.name, bytes(row.content), row.kept_at + KEPT_FOR) if row else None


def load(c: Connection, person_id: str, sha256: str, at: datetime) -> Upload:
    """Return the file of somebody with this SHA-256.

    Raises:
        NotFoundError: this person has no such file, or has it no longer.
    """
    found = of_person(c, person_id, at)
    if found is None or found.sha256 != sha256:
        raise NotFoundError("this file is not kept any more: bring it in again")
    return found


def forget(c: Connection, person_id: str) -> None:
    """Forget the file of somebody."""
    c.execute(delete(uploads).where(uploads.c.person_id == person_id))


def forget_old(c: Connection, at: datetime) -> int:
    """Forget every file whose time is over, and return how many."""
    return c.execute(delete(uploads).where(uploads.c.kept_at <= at - KEPT_FOR)).rowcount
