"""What the work queue asks of the database: demand by subject, what people decided about an item, notices."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    Text,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.store.database import insert_unless
from travelrisk.store.segments import Kind
from travelrisk.store.shapes import canonical, sha256
from travelrisk.store.tables import marks, notices, touches

_ASIDE: Final = 200  # notices put aside that are shown again on demand
# One parameter for all codes: neither database takes as many parameters as there are airports.
_MEMBERS: Final = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS name, json_extract(value, '$[1]') AS kind,"
    " json_extract(value, '$[2]') AS code FROM json_each(:members)",
    "postgresql": "SELECT value ->> 0 AS name, value ->> 1 AS kind, value ->> 2 AS code"
    " FROM json_array_elements(CAST(:members AS json))",
}


class Demand(NamedTuple):
    """How many upcoming itineraries touch a subject, and the day of the first such flight."""

    itineraries: int
    earliest: date | None


class Group(NamedTuple):
    """Codes of one kind: ``operating`` for carriers as operators, ``airport`` or ``pair``."""

    kind: Kind
    codes: Collection[str]


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
    """Return the operating carriers in the index, those of past flights too; one search for each."""
    return frozenset(c.scalars(_stepping()))


def demands(c: Connection, groups: Mapping[str, Group], today: date) -> dict[str, Demand]:
    """Return how many upcoming itineraries touch each group; one that none touches is left out.

    One statement, however many groups there are.

    Args:
        c: connection.
        groups: by any name; a carrier is a group of one code, a State one of many.
        today: flights that ended before are past.
    """
    members = [(name, group.kind, code) for name, group in groups.items() for code in group.codes]
    if not members:
        return {}
    asked = {"members": json.dumps(members), "today": today.isoformat()}
    rows = c.execute(_counting(c.dialect.name), asked)
    told = ((name, *words.split()) for name, words in rows if words)  # of nothing there is no first day
    return {name: Demand(int(itineraries), _day(day)) for name, itineraries, day in told}


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


def notices_waiting(c: Connection, *, everything: bool = False) -> tuple[tuple[str, Notice], ...]:
    """Return the notices that nobody has put aside, the newest first, each with its key in the queue.

    None is left out, however long it waits: a safety report that drops off the end of a list is lost.

    Args:
        c: connection.
        everything: also the newest of those that were put aside.
    """
    key = literal("notice:") + cast(notices.c.id, Text)
    columns = [notices.c[name] for name in Notice._fields]
    rows = select(key.label("key"), *columns).order_by(notices.c.id.desc())
    put_aside = exists().where(marks.c.item == key)
    waiting = [(row[0], Notice(*row[1:])) for row in c.execute(rows.where(~put_aside))]
    if everything:
        waiting += [(row[0], Notice(*row[1:])) for row in c.execute(rows.where(put_aside).limit(_ASIDE))]
    return tuple(waiting)


def subject_of(words: str) -> Subject | None:
    """Return the subject written as ``kind:key``; None for an empty text."""
    kind, _, key = words.partition(":")
    return Subject(SubjectKind(kind), key) if words else None


@cache
def _stepping() -> Select[tuple[str]]:
    """Return the query that steps from one carrier to the next, instead of reading the rows of all."""
    smallest = select(func.min(touches.c.code)).where(touches.c.kind == "operating")
    found = smallest.with_only_columns(func.min(touches.c.code).label("code")).cte("found", recursive=True)
    following = smallest.where(touches.c.code > found.c.code).scalar_subquery()
    found = found.union_all(select(following).where(found.c.code.is_not(None)))
    return select(found.c.code).where(found.c.code.is_not(None))


@cache
def _counting(dialect: str) -> Select[Any]:
    """Return the query that counts for each group by itself, and reads nothing but the index.

    Grouping the rows of all groups instead means sorting them all, which takes two to five times as long.
    An itinerary has one row for a code, so that only a group of several codes can meet it twice.
    """
    columns = [column(name, Text) for name in ("name", "kind", "code")]
    members = text(_MEMBERS[dialect]).bindparams(bindparam("members", type_=Text))
    member = members.columns(*columns).cte("member")
    names = (member.c.name, func.min(member.c.kind).label("kind"), func.min(member.c.code).label("code"))
    group = select(*names, func.count().label("codes")).group_by(member.c.name).subquery("each")
    is_upcoming = touches.c.last_day >= bindparam("today")
    # Both answers in one word, because a sub-query gives one value and a second one would read all again.
    rows, several = (
        select(cast(count, Text) + literal(" ") + func.min(touches.c.first_day)).where(is_upcoming)
        for count in (func.count(), func.count(touches.c.itinerary_id.distinct()))
    )
    of_one = rows.where(touches.c.kind == group.c.kind, touches.c.code == group.c.code).correlate(group)
    of_several = (
        several.join_from(
            member, touches, (touches.c.kind == member.c.kind) & (touches.c.code == member.c.code)
        )
        .where(member.c.name == group.c.name)
        .correlate(group)
    )
    told = case((group.c.codes == 1, of_one.scalar_subquery()), else_=of_several.scalar_subquery())
    return select(group.c.name, told.label("told"))


def _day(words: str | None) -> date | None:
    """Read a day; the far future stands for a flight without a date."""
    if not words:
        return None
    found = date.fromisoformat(words)
    return found if found.year < date.max.year else None
