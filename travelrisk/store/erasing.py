"""Erasing what is about a traveller, where the tables let nothing be changed: one act, named in the trail.

Of a trip its ids, its office, its verdicts with the codes of what was found, and the entries of the trail are
left, about nobody. The row of the erasure is what the triggers look for (see ``tables.privacy``); it is
unfinished only inside of the transaction that erases. Nothing emptied is ever read as an itinerary or an
advisory again: whoever tries gets an ``ErasedError``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import Text as Words

from travelrisk.store import audit, segments
from travelrisk.store.personal import ERASED, GONE
from travelrisk.store.shapes import erased_advisory, erased_itinerary, sha256
from travelrisk.store.tables import (
    METADATA,
    advisories,
    answers,
    asides,
    batch_rows,
    batches,
    bounces,
    broadcast_answers,
    broadcast_letters,
    broadcast_trips,
    certificates,
    desk_steps,
    drafts,
    erasures,
    external_trips,
    flight_letters,
    flights,
    given_addresses,
    itineraries,
    mails,
    notes,
    originals,
    outbox,
    statements,
    touches,
    trips,
    undelivered,
    unit_letters,
    unreleased,
)
from travelrisk.store.tables import segments as flown

Cause = Literal["request", "retention", "end"]

# Rows that go as a whole.
_GOES: Final = (
    drafts,
    statements,
    notes,
    flights,
    asides,
    certificates,
    broadcast_answers,
    broadcast_letters,
    broadcast_trips,
    batch_rows,
    unreleased,
    desk_steps,
    given_addresses,
    external_trips,
)
_NOTHING: Final = sha256(b"")


class Erased(NamedTuple):
    """What was erased, or would be: rows of each kind."""

    itineraries: int = 0
    letters: int = 0
    mails: int = 0
    notes: int = 0
    statements: int = 0


@contextmanager
def erasing(c: Connection, trip_id: int | None, cause: Cause, actor: str, at: datetime) -> Iterator[None]:
    """Let the rows of a trip (None: documents) be emptied inside of the block; the trail names it."""
    subject = "originals" if trip_id is None else f"trip:{trip_id}"
    seq = audit.append(c, kind="erased", actor=actor, at=at, subject=subject, body={"cause": cause})
    row = {"trip_id": trip_id, "cause": cause, "at": at, "audit_seq": seq, "unfinished": 0}
    number = c.execute(insert(erasures).values(**row).returning(erasures.c.id)).scalar_one()
    yield
    c.execute(update(erasures).where(erasures.c.id == number).values(unfinished=None))


def since(c: Connection, trip_id: int) -> datetime | None:
    """Return when a trip was erased; None = it was not."""
    mine = select(func.min(erasures.c.at)).where(erasures.c.trip_id == trip_id)
    found: datetime | None = c.scalar(mine)
    return found


def erase_trip(c: Connection, trip_id: int, cause: Cause, actor: str, at: datetime) -> None:
    """Erase who travelled, all that was written to and by them, and, where they ask for it, the route."""
    with erasing(c, trip_id, cause, actor, at):
        _empty_judgements(c, trip_id)
        _forget_letters(c, trip_id)
        for table in (*_GOES, *(() if cause == "retention" else (flown,))):
            c.execute(delete(table).where(_of_trip(table, trip_id)))
        _leave_the_index(c, trip_id)
        _empty_documents(c, trip_id)
        token = literal(GONE) + cast(trips.c.id, Words)
        gone = {"token": token, "token_sha256": token, "contact": "", "second_contact": None}
        c.execute(update(trips).where(trips.c.id == trip_id).values(**gone))


def end_trip(c: Connection, trip_id: int, actor: str, at: datetime) -> None:
    """Delete every row that is left of an erased trip, in whichever table."""
    with erasing(c, trip_id, "end", actor, at):
        c.execute(update(mails).where(mails.c.trip_id == trip_id).values(trip_id=None))
        for table in reversed(METADATA.sorted_tables):
            if table is not erasures and (mine := rows_of_trip(table, trip_id)) is not None:
                c.execute(delete(table).where(mine))


def empty_originals(c: Connection, shas: list[str], cause: Cause, actor: str, at: datetime) -> int:
    """Forget the content and the name of documents; their hashes stay. Return of how many."""
    if not shas:
        return 0
    of = select(batches.c.id).where(batches.c.original.in_(shas))
    unread = (batch_rows.c.batch_id.in_(of), batch_rows.c.trip_id.is_(None))
    c.execute(update(batch_rows).where(*unread).values(unread=""))
    with erasing(c, None, cause, actor, at):
        return c.execute(_emptying(originals.c.sha256.in_(shas))).rowcount


def drop_originals(c: Connection, before: datetime, actor: str, at: datetime) -> int:
    """Forget even the hashes of emptied documents that no itinerary names any more; return how many."""
    named = or_(
        exists().where(itineraries.c.original == originals.c.sha256),
        exists().where(batches.c.original == originals.c.sha256),
    )
    old = (func.length(originals.c.content) == 0) & (originals.c.kept_at <= before) & ~named
    if c.scalar(select(originals.c.sha256).where(old).limit(1)) is None:
        return 0
    with erasing(c, None, "end", actor, at):
        return c.execute(delete(originals).where(old)).rowcount


def forget_mails(c: Connection, wanted: ColumnElement[bool]) -> int:
    """Forget who wrote some mails and what stood in them, and the letters that answered them."""
    ids = select(mails.c.id).where(wanted)
    empty_letters(c, answers, answers.c.mail_id.in_(ids))
    gone = {"content": None, "sender": "", "name": "", "reason": "", "problem": "", "message_id": ""}
    asks = mails.c.state.in_(("waiting", "leased"))
    c.execute(update(mails).where(wanted, asks).values(state="done", lease_owner=None))
    return c.execute(update(mails).where(wanted).values(**gone)).rowcount


def empty_letters(c: Connection, table: Table, wanted: ColumnElement[bool]) -> int:
    """Forget whom letters went to and what they said; what was not sent never will be."""
    letters = table.c
    c.execute(
        update(table)
        .where(wanted, letters.state != "sent")
        .values(state="superseded", lease_owner=None, lease_until=None, data_started_at=None)
    )
    gone: dict[str, Any] = {
        "recipient": literal(GONE) + cast(letters.id, Words),
        "body": b"",
        "body_sha256": _NOTHING,
        "last_reply": "",
    }
    return c.execute(update(table).where(wanted).values(**gone)).rowcount


def counts(c: Connection, trip_id: int) -> Erased:
    """Count what erasing a trip would erase."""

    def of(table: Table, wanted: ColumnElement[bool] | None = None) -> int:
        mine = _of_trip(table, trip_id) if wanted is None else wanted
        return c.scalar(select(func.count()).select_from(table).where(mine)) or 0

    letters = sum(map(of, (outbox, flight_letters, unit_letters, broadcast_letters)))
    said = of(statements) + of(broadcast_answers)
    return Erased(of(itineraries), letters, of(mails, mails.c.trip_id == trip_id), of(notes), said)


def rows_of_trip(table: Table, trip_id: int) -> ColumnElement[bool] | None:
    """Return which rows of a table are of a trip, by the columns that lead there; None = no row can be.

    Mails are none of them: they outlive the trip they turned out to be about.
    """
    if table is trips:
        return trips.c.id == trip_id
    if table is mails:
        return None
    if "trip_id" in table.c:
        return table.c.trip_id == trip_id
    for name, of in (("itinerary_id", itineraries), ("advisory_id", advisories)):
        if name in table.c:
            return table.c[name].in_(select(of.c.id).where(of.c.trip_id == trip_id))
    return None


def sweep(engine: Engine) -> None:
    """Leave nothing of what was erased in the file of the database; PostgreSQL cleans up by itself."""
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _empty_judgements(c: Connection, trip_id: int) -> None:
    mine = select(advisories.c.id, advisories.c.body).where(advisories.c.trip_id == trip_id)
    for row in c.execute(mine.where(func.substr(advisories.c.body, 1, len(ERASED)) != ERASED)).all():
        left = {"body": erased_advisory(row.body), "aboard": None}
        c.execute(update(advisories).where(advisories.c.id == row.id).values(**left))


def _forget_letters(c: Connection, trip_id: int) -> None:
    kinds = (
        ("trip", outbox),
        ("unit", unit_letters),
        ("flight", flight_letters),
        ("people", broadcast_letters),
    )
    for kind, table in kinds:
        ids = select(table.c.id).where(_of_trip(table, trip_id))
        c.execute(delete(bounces).where(bounces.c.kind == kind, bounces.c.letter_id.in_(ids)))
        if table in (outbox, flight_letters):
            empty_letters(c, table, _of_trip(table, trip_id))
    for table in (unit_letters, undelivered):
        c.execute(delete(table).where(_of_trip(table, trip_id)))
    forget_mails(c, mails.c.trip_id == trip_id)


def _leave_the_index(c: Connection, trip_id: int) -> None:
    """Keep one row of the newest itinerary, long past: it was indexed, and nothing finds it."""
    newest = c.scalar(select(func.max(itineraries.c.id)).where(itineraries.c.trip_id == trip_id))
    c.execute(delete(touches).where(_of_trip(touches, trip_id)))
    if newest is not None:
        segments.enter(c, [(newest, segments.NOWHERE)])


def _empty_documents(c: Connection, trip_id: int) -> None:
    """Empty the itineraries, and the documents they came from, whoever else stands in these."""
    mine = itineraries.c.trip_id == trip_id
    shas = list(c.scalars(select(itineraries.c.original).where(mine, itineraries.c.original.is_not(None))))
    gone = {"original": None, "content_sha256": "", "body": erased_itinerary()}
    c.execute(update(itineraries).where(mine).values(**gone))
    c.execute(_emptying(originals.c.sha256.in_(shas)))


def _emptying(wanted: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a statement
    held = func.length(originals.c.content) > 0
    return update(originals).where(wanted, held).values(content=b"", name="")


def _of_trip(table: Table, trip_id: int) -> ColumnElement[bool]:
    mine = rows_of_trip(table, trip_id)
    if mine is None:
        raise LookupError(f"{table.name} has no trip")
    return mine
