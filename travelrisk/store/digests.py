"""Who does not want the daily digest, or the monthly report: a row for each, so that all others get it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, Table, delete, select

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import digest_refusals, report_refusals, slots

Kind = Literal["digests", "reports"]

_REFUSALS: Final[Mapping[Kind, Table]] = {"digests": digest_refusals, "reports": report_refusals}


def refusing(c: Connection, kind: Kind = "digests") -> frozenset[str]:
    """Return the ids of those who do not want them."""
    return frozenset(c.scalars(select(_REFUSALS[kind].c.person_id)))


def refuse(c: Connection, person_id: str, at: datetime, kind: Kind = "digests") -> None:
    """Send somebody none any more; harmless when repeated."""
    unless = insert_unless(c.dialect.name, _REFUSALS[kind]).on_conflict_do_nothing()
    c.execute(unless.values(person_id=person_id, at=at))


def accept(c: Connection, person_id: str, kind: Kind = "digests") -> None:
    """Send them to somebody again; harmless when repeated."""
    refusals = _REFUSALS[kind]
    c.execute(delete(refusals).where(refusals.c.person_id == person_id))


def last_before(c: Connection, job: str, slot: str) -> datetime | None:
    """Return when the latest earlier slot of a job was taken; None where there was none."""
    earlier = select(slots.c.at).where(slots.c.job == job, slots.c.slot < slot)
    found: datetime | None = c.scalar(earlier.order_by(slots.c.slot.desc()).limit(1))
    return found
