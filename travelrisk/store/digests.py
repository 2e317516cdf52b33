"""Who does not want the daily digest: a row for each, so that everybody else gets it."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import digest_refusals, slots


def refusing(c: Connection) -> frozenset[str]:
    """Return the ids of those who do not want it."""
    return frozenset(c.scalars(select(digest_refusals.c.person_id)))


def refuse(c: Connection, person_id: str, at: datetime) -> None:
    """Send somebody no digests any more; harmless when repeated."""
    unless = insert_unless(c.dialect.name, digest_refusals).on_conflict_do_nothing()
    c.execute(unless.values(person_id=person_id, at=at))


def accept(c: Connection, person_id: str) -> None:
    """Send somebody the digests again; harmless when repeated."""
    c.execute(delete(digest_refusals).where(digest_refusals.c.person_id == person_id))


def last_before(c: Connection, job: str, slot: str) -> datetime | None:
    """Return when the latest earlier slot of a job was taken; None where there was none."""
    earlier = select(slots.c.at).where(slots.c.job == job, slots.c.slot < slot)
    found: datetime | None = c.scalar(earlier.order_by(slots.c.slot.desc()).limit(1))
    return found
