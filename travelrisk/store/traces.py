"""Where a traveller stands in the tables: by address, or by the reference of a trip."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, or_, select, update

from travelrisk.store import erasing
from travelrisk.store.shapes import canonical
from travelrisk.store.tables import (
    METADATA,
    answers,
    calendar_letters,
    calendars,
    cancellations,
    desk_letters,
    erasures,
    itineraries,
    mails,
    notes,
    originals,
    outbox,
    touches,
    trips,
)

_KEYS: Final = frozenset({"token", "token_sha256", "lease_owner", "lease_until", "told_by"})
_OF_OTHERS: Final = frozenset({"flight_letters", "lookup_trips"})  # tell of other bookings, and of colleagues
_AT_ONCE: Final = 500  # itineraries in memory at a time
_SENT: Final = ("sent", "superseded", "dead", "hold")


class Trace(NamedTuple):
    """A trip that somebody stands in.

    Attributes:
        last_day: of its newest itinerary; None where no day of travel is known.
        is_off: it was cancelled. is_erased: nothing of a person is left in it.
    """

    trip_id: int
    reference: str
    office: str
    last_day: date | None
    is_off: bool
    is_erased: bool

    def is_upcoming(self, today: date) -> bool:
        """Say whether somebody may still need to be warned."""
        return not (self.is_off or self.is_erased) and (self.last_day is None or self.last_day >= today)


def by_reference(c: Connection, reference: str) -> Trace | None:
    """Return the trip with this reference."""
    return next(iter(_traces(c, trips.c.reference == reference.strip().upper())), None)


def by_address(c: Connection, address: str) -> tuple[Trace, ...]:
    """Return the trips whose contact or one of whose travellers has this address, the oldest first."""
    return _traces(c, or_(_is(c, trips.c.contact, address), trips.c.id.in_(_travelling(c, address))))


def rows_of(c: Connection, trip_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a trip in every table, by table: without what opens something or tells of others."""
    found = {}
    for table in METADATA.sorted_tables:
        mine = erasing.rows_of_trip(table, trip_id)
        if mine is not None and table.name not in _OF_OTHERS:
            found[table.name] = _rows(c, table, mine)
    return found


def rows_of_mails(c: Connection, address: str) -> dict[str, list[dict[str, Any]]]:
    """Return what is still known of the mails of somebody, and the letters that answered them."""
    wrote = mails_of(c, address)
    theirs = answers.c.mail_id.in_(select(mails.c.id).where(wrote))
    return {"mails": _rows(c, mails, wrote), "answers": _rows(c, answers, theirs)}


def own_documents(c: Connection, trip_id: int) -> list[str]:
    """Return the documents of a trip that are still kept and out of which no other trip came."""
    others = itineraries.alias("others")
    shared = exists().where(others.c.original == originals.c.sha256, others.c.trip_id != trip_id)
    mine = select(itineraries.c.original).where(itineraries.c.trip_id == trip_id)
    held = func.length(originals.c.content) > 0
    return list(c.scalars(select(originals.c.sha256).where(originals.c.sha256.in_(mine), held, ~shared)))


def mails_of(c: Connection, address: str) -> ColumnElement[bool]:
    """Return which mails somebody wrote, about whatever trip or none."""
    return _is(c, mails.c.sender, address)


def count_mails(c: Connection, address: str) -> int:
    """Return how many mails of somebody are still known to be theirs."""
    return c.scalar(select(func.count()).select_from(mails).where(mails_of(c, address))) or 0


def unread_documents(c: Connection, address: str) -> list[str]:
    """Return the documents still kept in which nothing was found and in which an address stands as text."""
    read = exists().where(itineraries.c.original == originals.c.sha256)
    held = func.length(originals.c.content) > 0
    waiting = select(originals.c.sha256, originals.c.content).where(held, ~read)
    sought = address.lower().encode()
    return [row.sha256 for row in c.execute(waiting) if sought in bytes(row.content).lower()]


def forget_address(c: Connection, address: str) -> None:
    """Take an address out of all that is not a trip of its own: calendars, copies to it, words from it."""
    c.execute(delete(calendars).where(_is(c, calendars.c.contact, address)))
    erasing.empty_letters(c, calendar_letters, _is(c, calendar_letters.c.recipient, address))
    done = outbox.c.state.in_(_SENT)
    erasing.empty_letters(c, outbox, _is(c, outbox.c.recipient, address) & done)
    c.execute(delete(notes).where(_is(c, notes.c.author, address)))
    second = _is(c, trips.c.second_contact, address)
    c.execute(update(trips).where(second).values(second_contact=None))
    erasing.forget_mails(c, mails_of(c, address))


def empty_desk_letters(c: Connection, trip_ids: Sequence[int]) -> None:
    """Forget what was written to the desk since the first of these trips was known: it may name anybody.

    What still waits to be sent is left, and goes when its own time is over.
    """
    since = c.scalar(select(func.min(trips.c.created_at)).where(trips.c.id.in_(trip_ids)))
    if since is not None:
        done = desk_letters.c.state.in_(_SENT) & (desk_letters.c.queued_at >= since)
        erasing.empty_letters(c, desk_letters, done)


def _is(c: Connection, column: ColumnElement[str], address: str) -> ColumnElement[bool]:
    """Return the condition that this address stands there, however it is capitalised.

    The database, in which it stands encrypted, only finds what is written exactly so.
    """
    known = c.scalars(select(column).distinct())
    return column.in_([each for each in known if each and each.lower() == address.lower()])


def _travelling(c: Connection, address: str) -> list[int]:
    """Return the trips of which this is the address of a traveller."""
    named = f'"email":{canonical(address.lower())}'
    rows = c.execute(select(itineraries.c.trip_id, itineraries.c.body).execution_options(yield_per=_AT_ONCE))
    return sorted({row.trip_id for row in rows if named in row.body.lower()})


def _rows(c: Connection, table: Table, wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [each for each in table.columns if each.name not in _KEYS]
    return [dict(row) for row in c.execute(select(*columns).where(wanted)).mappings()]


def _traces(c: Connection, wanted: ColumnElement[bool]) -> tuple[Trace, ...]:
    itself = touches.c.itinerary_id == itineraries.c.id
    last = (
        select(func.max(touches.c.last_day))
        .join(itineraries, itself)
        .where(itineraries.c.trip_id == trips.c.id, touches.c.kind == "")
        .correlate(trips)
        .scalar_subquery()
    )
    off = exists().where(cancellations.c.trip_id == trips.c.id, cancellations.c.taken_back_at.is_(None))
    gone = exists().where(erasures.c.trip_id == trips.c.id)
    rows = c.execute(
        select(trips.c.id, trips.c.reference, trips.c.office, last, off, gone)
        .where(wanted)
        .order_by(trips.c.id)
    )
    return tuple(
        Trace(number, reference, office, _known(day), bool(is_off), bool(is_gone))
        for number, reference, office, day, is_off, is_gone in rows
    )


def _known(day: str | None) -> date | None:
    found = date.max if day is None else date.fromisoformat(day)
    return found if found.year < date.max.year else None
