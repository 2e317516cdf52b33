"""What the work queue asks of the database: demand by subject, what people decided about an item, notices."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Column, Connection, Executable, Select, func, insert, select, union, update

from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.store.database import insert_unless
from travelrisk.store.shapes import canonical, sha256
from travelrisk.store.tables import marks, notices, segments

_AT_ONCE: Final = 400
_UNKNOWN: Final = ""
Where = Literal["carrier", "airport", "pair"]
_COLUMNS: Final[dict[Where, tuple[Column[str], ...]]] = {
    "carrier": (segments.c.operating,),
    "airport": (segments.c.origin, segments.c.destination),
    "pair": (segments.c.pair,),
}


class Demand(NamedTuple):
    """How many upcoming itineraries touch a subject, and the day of the first such flight."""

    itineraries: int
    earliest: date | None


class Mark(NamedTuple):
    """What somebody decided about an item of the queue, and what the item looked like then."""

    state: str
    fingerprint: str
    person: str
    note: str
    at: datetime


class Notice(NamedTuple):
    """What reached the desk from outside: a fact of a public feed, a correction, a safety report."""

    id: int
    kind: str
    subject: str
    title: str
    body: str
    source: str
    sender: str
    received_at: datetime


def carriers_flown(c: Connection) -> frozenset[str]:
    """Return the operating carriers in the index, those of past flights too; the index alone is read."""
    return frozenset(c.scalars(select(segments.c.operating).distinct())) - {_UNKNOWN}


def demands(c: Connection, codes: Collection[str], today: date, where: Where) -> dict[str, Demand]:
    """Return how many upcoming itineraries touch each of these codes; a code that none touches is left out.

    Args:
        c: connection.
        codes: carriers (as operators), airports or pairs.
        today: flights that ended before are past.
        where: which of the three they are.
    """
    found: dict[str, Demand] = {}
    for some in _batches(codes):
        for row in c.execute(_counted(_COLUMNS[where], some, today)):
            found[row[0]] = Demand(row[1], _day(row[2]))
    return found


def demand(c: Connection, codes: Collection[str], today: date, where: Where) -> Demand:
    """Return how many upcoming itineraries touch any of these codes."""
    touched: set[int] = set()
    earliest: list[str] = []
    for some in _batches(codes):
        for column in _COLUMNS[where]:
            for row in c.execute(_touching(column, some, today)):
                touched.add(row.itinerary_id)
                earliest.append(row.day)
    return Demand(len(touched), _day(min(earliest, default="")))


def mark(  # noqa: PLR0913 - the parts of a mark, all named
    c: Connection, item: str, *, state: str, fingerprint: str, person: str, note: str, at: datetime
) -> None:
    """Keep what somebody decided about an item; a later decision takes the place of an earlier one."""
    values = {"state": state, "fingerprint": fingerprint, "person_id": person, "note": note, "at": at}
    done = c.execute(update(marks).where(marks.c.item == item).values(values))
    if done.rowcount == 0:
        c.execute(insert(marks), {"item": item, **values})


def marked(c: Connection) -> dict[str, Mark]:
    """Return every decision about an item, by the item's key."""
    rows = c.execute(select(marks)).mappings()
    return {
        row["item"]: Mark(row["state"], row["fingerprint"], row["person_id"], row["note"], row["at"])
        for row in rows
    }


def notify(  # noqa: PLR0913 - the parts of a notice, all named
    c: Connection,
    *,
    kind: str,
    subject: Subject | None,
    title: str,
    body: str,
    source: str,
    sender: str,
    at: datetime,
) -> bool:
    """Keep a notice, and say whether it is new; the same words about the same subject come in once."""
    about = str(subject) if subject else ""
    row = {
        "kind": kind,
        "subject": about,
        "title": title,
        "body": body,
        "source": source,
        "sender": sender,
        "fingerprint": sha256(canonical([kind, about, title, body, source])),
        "received_at": at,
    }
    unless = insert_unless(c.dialect.name, notices).on_conflict_do_nothing(index_elements=["fingerprint"])
    return c.execute(unless.returning(notices.c.id), row).first() is not None


def notices_since(c: Connection, limit: int = 200) -> tuple[Notice, ...]:
    """Return the newest notices, the newest first."""
    columns = [notices.c[name] for name in Notice._fields]
    rows = c.execute(select(*columns).order_by(notices.c.id.desc()).limit(limit))
    return tuple(Notice(*row) for row in rows)


def subject_of(text: str) -> Subject | None:
    """Return the subject written as ``kind:key``; None for an empty text."""
    kind, _, key = text.partition(":")
    return Subject(SubjectKind(kind), key) if text else None


def _counted(columns: tuple[Column[str], ...], codes: list[str], today: date) -> Executable:
    # All of this stands in the index of the column, so that no row has to be fetched.
    if len(columns) == 1:
        code, number, day = columns[0], segments.c.itinerary_id, segments.c.first_day
        upcoming = code.in_(codes) & (segments.c.last_day >= today.isoformat())
        return select(code, func.count(number.distinct()), func.min(day)).where(upcoming).group_by(code)
    each = union(*(_touching(column, codes, today) for column in columns)).subquery()
    counted = func.count(each.c.itinerary_id.distinct())
    return select(each.c.code, counted, func.min(each.c.day)).group_by(each.c.code)


def _touching(column: Column[str], codes: list[str], today: date) -> Select[Any]:
    return (
        select(column.label("code"), segments.c.itinerary_id, func.min(segments.c.first_day).label("day"))
        .where(column.in_(codes), segments.c.last_day >= today.isoformat())
        .group_by(column, segments.c.itinerary_id)
    )


def _batches(codes: Collection[str]) -> Iterable[list[str]]:
    listed = sorted(codes)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))


def _day(text: str | None) -> date | None:
    """Read a day; the far future stands for a flight without a date."""
    if not text:
        return None
    found = date.fromisoformat(text)
    return found if found.year < date.max.year else None
