"""Who is booked on a flight, in the order in which the bookings were judged; and letters about too many.

The same table holds the other letters to whom the policy names about bookings: those that leave soon.

The rows of the index are written with those of ``segments``, for the newest itinerary of each trip.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, false, func, select

from travelrisk.domain.concentration import Aboard
from travelrisk.domain.texts import Language
from travelrisk.store.audit import Word
from travelrisk.store.database import insert_unless
from travelrisk.store.leasing import Box, new_row
from travelrisk.store.shapes import aboard_from
from travelrisk.store.tables import advisories, flight_letters, flights

_AT_ONCE: Final = 400  # flights in one query; SQLite takes a few thousand values


class Leased(NamedTuple):
    """A letter that is ours to send until the lease ends."""

    id: int
    advisory_id: int
    letter: str
    recipient: str
    message_id: str
    body: bytes
    attempts: int
    ambiguous: int
    queued_at: datetime

    @property
    def called(self) -> str:
        """What the audit trail and the log call it."""
        return f"flight_letter:{self.id}"

    @property
    def cause(self) -> dict[str, Word]:
        """The advisory on the booking that broke a ceiling."""
        return {"advisory": self.advisory_id}


BOX: Final = Box("flight", flight_letters, Leased, Leased._fields, blocked=false(), outdated=false())


def booked(c: Connection, wanted: Collection[str]) -> dict[str, dict[int, int]]:
    """Return which itineraries may be on each of these flights, with the number of their first advisory.

    Those that nobody has judged yet are left out.
    """
    found: dict[str, dict[int, int]] = {}
    keys = sorted(wanted)
    for start in range(0, len(keys), _AT_ONCE):
        query = (
            select(flights.c.flight, flights.c.itinerary_id, func.min(advisories.c.id))
            .join(advisories, advisories.c.itinerary_id == flights.c.itinerary_id)
            .where(flights.c.flight.in_(keys[start : start + _AT_ONCE]))
            .group_by(flights.c.flight, flights.c.itinerary_id)
        )
        for flight, itinerary_id, first in c.execute(query):
            found.setdefault(flight, {})[itinerary_id] = first
    return found


def queue(  # noqa: PLR0913 - one for each column, all named
    c: Connection,
    *,
    key: str,
    advisory_id: int,
    letter: str,
    language: Language,
    recipient: str,
    message_id: str,
    body: bytes,
    at: datetime,
) -> bool:
    """Queue a finished letter; False where one of this key was ever written."""
    row = {
        "key": key,
        "advisory_id": advisory_id,
        **new_row(
            letter=letter, language=language, recipient=recipient, message_id=message_id, body=body, at=at
        ),
    }
    unless = insert_unless(c.dialect.name, flight_letters).on_conflict_do_nothing(index_elements=["key"])
    return c.execute(unless.values(row).returning(flight_letters.c.id)).first() is not None


class Counting(NamedTuple):
    """The newest answer on a booking, and how many of our people it counted on each of its flights."""

    itinerary_id: int
    aboard: tuple[Aboard, ...]


def counted(c: Connection, since: date) -> tuple[Counting, ...]:
    """Return what was counted for the bookings that fly on *since* or later, by their newest answers."""
    upcoming = select(flights.c.itinerary_id).where(flights.c.flight >= since.isoformat())
    latest = (
        select(func.max(advisories.c.id))
        .where(advisories.c.itinerary_id.in_(upcoming))
        .group_by(advisories.c.itinerary_id)
    )
    wanted = select(advisories.c.itinerary_id, advisories.c.aboard).where(
        advisories.c.id.in_(latest), advisories.c.aboard.is_not(None)
    )
    return tuple(Counting(row[0], aboard_from(row[1])) for row in c.execute(wanted.order_by(advisories.c.id)))
