"""Files that are screened for an office: how far each has come. Nobody is told of one of another office."""

import secrets
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select, update

from travelrisk.domain.errors import NotFoundError
from travelrisk.store.database import insert_unless
from travelrisk.store.tables import batches as table

_UNMISTAKABLE: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 6


class Batch(NamedTuple):
    """A file and how far its screening has come.

    Attributes:
        made_by: id of the person or key that brought it, or of the watched folder.
        source: where the file lies that a watched folder has not put away yet; empty = nowhere.
        keeps_back: whether its letters wait until somebody releases them.
        rows: how many rows the file has; None = not known beforehand. at_row: as far as it was read.
        done: bookings done. attempts: how often a worker took it up.
        finished_at: None while there is more to do. trouble: why it was given up; empty = it was not.
    """

    id: int
    reference: str
    office: str
    made_by: str
    made_at: datetime
    original: str
    name: str
    source: str
    keeps_back: bool
    rows: int | None
    at_row: int
    done: int
    attempts: int
    turn_at: datetime
    finished_at: datetime | None
    trouble: str


class New(NamedTuple):
    """What is known of a batch before anything is read."""

    office: str
    made_by: str
    original: str
    name: str
    keeps_back: bool
    rows: int | None = None
    source: str = ""


_COLUMNS: Final = tuple(table.c[name] for name in Batch._fields)


def add(c: Connection, new: New, at: datetime) -> Batch:
    """Keep a batch under a fresh reference."""
    counts = dict.fromkeys(("at_row", "done", "attempts"), 0)
    values = new._asdict() | counts | {"made_at": at, "turn_at": at, "trouble": ""}
    values["keeps_back"] = int(new.keeps_back)
    unless = insert_unless(c.dialect.name, table).on_conflict_do_nothing(index_elements=["reference"])
    row = None
    while row is None:
        reference = "BA-" + "".join(secrets.choice(_UNMISTAKABLE) for _ in range(_LENGTH))
        row = c.execute(unless.values(values | {"reference": reference}).returning(*_COLUMNS)).first()
    return _batch(row)


def of_office(c: Connection, office: str, reference: str) -> Batch:
    """Return a batch of an office.

    Raises:
        NotFoundError: this office has none of that reference.
    """
    wanted = and_(table.c.office == office, table.c.reference == reference.strip().upper())
    found = _one(c, and_(wanted, table.c.office != ""))
    if found is None:
        raise NotFoundError(f"your office has no batch {reference}")
    return found


def newest_of_office(c: Connection, office: str, limit: int, before: int | None = None) -> tuple[Batch, ...]:
    """Return the batches of an office, the newest first; on demand only those before one with this id."""
    mine = select(*_COLUMNS).where(table.c.office == office, table.c.office != "")
    if before is not None:
        mine = mine.where(table.c.id < before)
    return tuple(_batch(row) for row in c.execute(mine.order_by(table.c.id.desc()).limit(limit)))


def of_original(c: Connection, office: str, original: str) -> Batch | None:
    """Return the newest batch that an office made of a document."""
    return _one(c, and_(table.c.office == office, table.c.original == original))


def of_source(c: Connection, office: str, source: str, original: str) -> Batch | None:
    """Return the batch of a file that still lies in a watched folder."""
    return _one(c, and_(table.c.office == office, table.c.source == source, table.c.original == original))


def unfinished(c: Connection, limit: int) -> tuple[Batch, ...]:
    """Return the batches with something left to do; whoever has waited longest for a turn comes first."""
    waits = select(*_COLUMNS).where(table.c.finished_at.is_(None))
    return tuple(_batch(row) for row in c.execute(waits.order_by(table.c.turn_at, table.c.id).limit(limit)))


def count_unfinished(c: Connection, office: str) -> tuple[int, int]:
    """Return how many batches have something left to do: of an office, and of all of them."""
    mine = func.count().filter(table.c.office == office)
    row = c.execute(select(mine, func.count()).where(table.c.finished_at.is_(None))).one()
    return int(row[0]), int(row[1])


def oldest_unfinished(c: Connection) -> datetime | None:
    """Return when the oldest batch with something left to do was brought."""
    made: datetime | None = c.scalar(select(func.min(table.c.made_at)).where(table.c.finished_at.is_(None)))
    return made


def is_finished(c: Connection, batch_id: int) -> bool:
    """Say whether nothing is left to do."""
    return c.scalar(select(table.c.finished_at).where(table.c.id == batch_id)) is not None


def begin_turn(c: Connection, batch_id: int, at: datetime) -> int:
    """Note that a worker takes it up, and return how often that happened; all others come before it next."""
    taken = {"attempts": table.c.attempts + 1, "turn_at": at}
    return int(c.execute(_change(batch_id).values(taken).returning(table.c.attempts)).scalar_one())


def end_turn(c: Connection, batch_id: int) -> None:
    """Note that a worker leaves it in order."""
    c.execute(_change(batch_id).values(attempts=0))


def advance(c: Connection, batch_id: int, *, at_row: int, done: int) -> None:
    """Note how far it has come; whoever takes it up again begins with the first row and passes them by."""
    forward = (table.c.at_row <= at_row, table.c.done <= done)
    kept = case((table.c.done < done, 0), else_=table.c.attempts)
    c.execute(_change(batch_id).where(*forward).values(at_row=at_row, done=done, attempts=kept))


def finish(c: Connection, batch_id: int, at: datetime, trouble: str = "") -> None:
    """Note that nothing is left to do, or that it was given up."""
    c.execute(_change(batch_id).values(finished_at=at, trouble=trouble))


def put_away(c: Connection, batch_id: int) -> None:
    """Note that its file does not lie in the watched folder any more."""
    c.execute(_change(batch_id).values(source=""))


def _change(batch_id: int) -> Any:  # noqa: ANN401 - an UPDATE, which values() makes another type
    return update(table).where(table.c.id == batch_id)


def _one(c: Connection, wanted: ColumnElement[bool]) -> Batch | None:
    row = c.execute(select(*_COLUMNS).where(wanted).order_by(table.c.id.desc()).limit(1)).first()
    return _batch(row) if row else None


def _batch(row: Row[Any]) -> Batch:
    return Batch(**row._asdict() | {"keeps_back": bool(row.keeps_back)})
