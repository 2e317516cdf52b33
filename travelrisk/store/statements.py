"""What travellers answered to our questions: the itinerary that was made of the one before it by them."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from travelrisk.store.tables import statements


class Statement(NamedTuple):
    """An answer to a question about one segment of the itinerary before, in the traveller's own words.

    Attributes:
        code, text: of the question.
    """

    code: str
    segment: int
    text: str
    value: str


def add(c: Connection, itinerary_id: int, mail_id: int, said: Iterable[Statement], at: datetime) -> None:
    """Note by which answers an itinerary was made."""
    known = {"itinerary_id": itinerary_id, "mail_id": mail_id, "at": at}
    c.execute(insert(statements), [{**each._asdict(), **known} for each in said])


def of_itinerary(c: Connection, itinerary_id: int) -> tuple[Statement, ...]:
    """Return the answers by which an itinerary was made; empty where a document said it all."""
    wanted = select(*(statements.c[name] for name in Statement._fields))
    mine = wanted.where(statements.c.itinerary_id == itinerary_id).order_by(statements.c.id)
    return tuple(Statement(*row) for row in c.execute(mine))


def made_by(c: Connection, mail_id: int) -> int | None:
    """Return the id of the itinerary that the answers in a mail made; None where they made none."""
    mine = select(statements.c.itinerary_id).where(statements.c.mail_id == mail_id).limit(1)
    found: int | None = c.scalar(mine)
    return found
