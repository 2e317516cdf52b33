"""What people stated about a trip, by mail or on its page: by it a version was made of the one before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from travelrisk.store.tables import itineraries, statements


class Statement(NamedTuple):
    """An answer to a question about the itinerary before, or a correction of it, in a person's own words.

    Attributes:
        code: of the question, or what is corrected.
        segment: index of the segment it is about; None = a line of the whole booking.
        text: the words that were in doubt; empty for a correction.
        author: who was signed in; empty = the traveller.
    """

    code: str
    segment: int | None
    text: str
    value: str
    author: str = ""


def add(
    c: Connection, itinerary_id: int, mail_id: int | None, said: Iterable[Statement], at: datetime
) -> None:
    """Note by which statements an itinerary was made; without a mail they were made on the trip's page."""
    known = {"itinerary_id": itinerary_id, "mail_id": mail_id, "at": at}
    c.execute(insert(statements), [{**each._asdict(), **known} for each in said])


def of_itinerary(c: Connection, itinerary_id: int) -> tuple[Statement, ...]:
    """Return the statements by which an itinerary was made; empty where a document said it all."""
    wanted = select(*(statements.c[name] for name in Statement._fields))
    mine = wanted.where(statements.c.itinerary_id == itinerary_id).order_by(statements.c.id)
    return tuple(Statement(*row) for row in c.execute(mine))


def of_trip(c: Connection, trip_id: int) -> Mapping[int, tuple[Statement, ...]]:
    """Return all statements about a trip, by the itinerary that was made by them."""
    wanted = select(statements.c.itinerary_id, *(statements.c[name] for name in Statement._fields))
    mine = wanted.join(itineraries).where(itineraries.c.trip_id == trip_id).order_by(statements.c.id)
    found: dict[int, tuple[Statement, ...]] = defaultdict(tuple)
    for number, *row in c.execute(mine):
        found[number] += (Statement(*row),)
    return found


def of_trips(c: Connection, trip_ids: Iterable[int]) -> frozenset[int]:
    """Return those of some hundred trips about which anybody stated anything."""
    wanted = select(itineraries.c.trip_id).join(statements)
    return frozenset(c.scalars(wanted.where(itineraries.c.trip_id.in_(trip_ids)).distinct()))


def pages_since(c: Connection, trip_id: int, since: datetime) -> int:
    """Return how often a trip was restated on its page since a moment."""
    wanted = select(func.count(statements.c.itinerary_id.distinct())).join(itineraries)
    mine = wanted.where(itineraries.c.trip_id == trip_id, statements.c.mail_id.is_(None))
    return c.scalar(mine.where(statements.c.at >= since)) or 0


def made_by(c: Connection, mail_id: int) -> int | None:
    """Return the id of the itinerary that the answers in a mail made; None where they made none."""
    mine = select(statements.c.itinerary_id).where(statements.c.mail_id == mail_id).limit(1)
    found: int | None = c.scalar(mine)
    return found
