"""What travel units said of the headings of tables: saved, ended, and what was in force at a moment."""

from datetime import datetime
from typing import Final, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, or_, select, update

from travelrisk.domain.columns import ColumnMapping
from travelrisk.store.shapes import canonical
from travelrisk.store.tables import mappings

_SHAPE: Final = TypeAdapter(ColumnMapping)


class Saved(NamedTuple):
    """A mapping of a unit, and who said it."""

    id: int
    mapping: ColumnMapping
    made_by: str
    made_at: datetime


def save(c: Connection, unit: str, mapping: ColumnMapping, by: str, at: datetime) -> int:
    """Keep what a unit says of a row of headings, in place of what it had said of the same row."""
    same = (mappings.c.unit == unit, mappings.c.fingerprint == mapping.fingerprint)
    c.execute(update(mappings).where(*same, mappings.c.ended_at.is_(None)).values(ended_at=at))
    row = {"unit": unit, "fingerprint": mapping.fingerprint, "body": canonical(mapping)}
    made = c.execute(insert(mappings).values(**row, made_by=by, made_at=at).returning(mappings.c.id))
    return int(made.scalar_one())


def end(c: Connection, unit: str, number: int, at: datetime) -> bool:
    """Let a mapping of a unit end; False where the unit has none of that number."""
    mine = (mappings.c.id == number, mappings.c.unit == unit, mappings.c.ended_at.is_(None))
    return c.execute(update(mappings).where(*mine).values(ended_at=at)).rowcount == 1


def of_unit(c: Connection, unit: str) -> tuple[Saved, ...]:
    """Return what a unit says today, the newest first."""
    columns = (mappings.c.id, mappings.c.body, mappings.c.made_by, mappings.c.made_at)
    mine = select(*columns).where(mappings.c.unit == unit, mappings.c.ended_at.is_(None))
    found = c.execute(mine.order_by(mappings.c.id.desc()))
    return tuple(
        Saved(each.id, _SHAPE.validate_json(each.body), each.made_by, each.made_at) for each in found
    )


def in_force(c: Connection, unit: str, at: datetime) -> tuple[ColumnMapping, ...]:
    """Return what a unit had said by a moment and not taken back by then; nothing for no unit."""
    was_open = or_(mappings.c.ended_at.is_(None), mappings.c.ended_at > at)
    mine = select(mappings.c.body).where(mappings.c.unit == unit, mappings.c.made_at <= at, was_open)
    bodies = c.scalars(mine.order_by(mappings.c.id.desc())) if unit else ()
    return tuple(_SHAPE.validate_json(body) for body in bodies)
