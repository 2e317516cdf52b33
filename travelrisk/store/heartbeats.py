"""When each worker was last seen, so that silence can be noticed."""

from datetime import datetime

from sqlalchemy import Connection, select

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import heartbeats


def beat(c: Connection, name: str, at: datetime) -> None:
    """Note that *name* was alive at the aware time *at*."""
    c.execute(
        insert_unless(c.dialect.name, heartbeats)
        .values(name=name, seen_at=at)
        .on_conflict_do_update(index_elements=["name"], set_={"seen_at": at})
    )


def last(c: Connection, name: str) -> datetime | None:
    """Return when *name* was last seen; None = never."""
    return c.scalar(select(heartbeats.c.seen_at).where(heartbeats.c.name == name))
