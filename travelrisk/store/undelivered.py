"""Warnings that reached nobody: which letters make one, and who has told the traveller in another way.

There is one for each advisory. It is open until somebody says that the traveller was told, or until it has no
point any more: a letter that was late has left after all, a newer verdict has letters of its own, or the
journey is over. One for which there was no address has no letter; the newest takes the place of those before.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select, update

from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.store import unaddressed
from travelrisk.store.bounces import last_word, returned
from travelrisk.store.database import insert_unless
from travelrisk.store.offices import within
from travelrisk.store.tables import (
    advisories,
    bounces,
    outbox,
    segments,
    touches,
    trips,
    undelivered,
    unreleased,
)
from travelrisk.store.turns import OUTDATED
from travelrisk.store.unaddressed import UNADDRESSED
from travelrisk.store.unreleased import KEPT_BACK

FORGOTTEN_AFTER: Final = timedelta(days=30)
"""Letters that were queued before are nobody's task any more: their journeys are over."""

KEPT: Final = "kept"
"""Why nobody got a letter that nobody has released: told while that is so, and never stored."""

_NO_DAY, _SOME_DAY = date.min.isoformat(), date.max.isoformat()
_LOST: Final = ("dead", "hold")
_WAITING: Final = ("queued", "leased")
_BOUNCED: Final = returned("trip", outbox)
_KEPT_BACK: Final = and_(outbox.c.state == "queued", KEPT_BACK)
_KNOWN: Final = exists().where(undelivered.c.advisory_id == outbox.c.advisory_id).correlate(outbox)
_LATE_NO_MORE: Final = and_(undelivered.c.reason == "unsent", outbox.c.state == "sent", ~_BOUNCED)
_OF_LETTERS: Final = and_(
    undelivered.c.outbox_id.is_not(None),
    undelivered.c.told_at.is_(None),
    undelivered.c.over_at.is_(None),
    ~_LATE_NO_MORE,
    ~OUTDATED,
)


class Candidate(NamedTuple):
    """A warning that has not left, was given up, or came back."""

    outbox_id: int
    advisory_id: int
    trip_id: int
    itinerary_id: int
    letter: str
    language: Language
    recipient: str
    state: str
    queued_at: datetime
    is_bounced: bool
    is_kept_back: bool

    @property
    def reason(self) -> str:
        """Why nobody got it."""
        return "bounced" if self.is_bounced else self.state if self.state in _LOST else "unsent"


class Task(NamedTuple):
    """A warning that reached nobody.

    Attributes:
        recipient: whom it was for, or what stands in the booking in place of an address.
        second: how the copy to the second address stands, empty = none.
        office: whose travel it is.
    """

    advisory_id: int
    trip_id: int
    itinerary_id: int
    reference: str
    verdict: str
    reason: str
    found_at: datetime
    recipient: str
    reply: str
    second: str
    told_by: str | None
    told_at: datetime | None
    note: str | None
    office: str


class Past(NamedTuple):
    """That a warning reached nobody, since when and from whom its traveller knows; None = nobody said so."""

    advisory_id: int
    reason: str
    told_at: datetime | None
    told_by: str | None
    note: str | None


def candidates(
    c: Connection, now: datetime, patience: timedelta, longest: timedelta
) -> tuple[Candidate, ...]:
    """Return the warnings that may have to be told in another way, the oldest first.

    Args:
        c: connection.
        now: aware time.
        patience: letters that have waited for less are left alone.
        longest: those that have waited for less count only where the journey begins within as much again.
    """
    rows = c.execute(_candidates(now, _late(now, patience, longest)).order_by(outbox.c.id))
    return tuple(_candidate(row) for row in rows)


def still(c: Connection, found: Candidate, now: datetime) -> bool:
    """Say whether a candidate is one at this moment, for the same reason."""
    waiting = outbox.c.state.in_(_WAITING)
    row = c.execute(_candidates(now, waiting).where(outbox.c.id == found.outbox_id)).first()
    return row is not None and _candidate(row).reason == found.reason


def last_reply(c: Connection, found: Candidate) -> str:
    """Return what was said of its letter last, without addresses."""
    said = select(last_word("trip", outbox)).where(outbox.c.id == found.outbox_id)
    return c.scalar(said) or ""


def add(c: Connection, found: Candidate, at: datetime) -> bool:
    """Keep a warning as one that reached nobody; False where that is known."""
    row = {
        "advisory_id": found.advisory_id,
        "outbox_id": found.outbox_id,
        "reason": found.reason,
        "found_at": at,
    }
    unless = insert_unless(c.dialect.name, undelivered).on_conflict_do_nothing(index_elements=["advisory_id"])
    return c.execute(unless.values(row).returning(undelivered.c.advisory_id)).first() is not None


def has_others_of_batch(c: Connection, found: Candidate) -> bool:
    """Say whether another warning of the same batch, that nobody has released either, is a task already."""
    batch = select(unreleased.c.batch_id).where(unreleased.c.trip_id == found.trip_id).scalar_subquery()
    others = (
        select(undelivered.c.advisory_id)
        .join(outbox, outbox.c.id == undelivered.c.outbox_id)
        .join(unreleased, unreleased.c.trip_id == outbox.c.trip_id)
        .where(unreleased.c.batch_id == batch, undelivered.c.advisory_id != found.advisory_id, _OF_LETTERS)
    )
    return c.execute(others.limit(1)).first() is not None


def note_second(c: Connection, advisory_id: int, outbox_id: int) -> None:
    """Note which letter is the copy to the second address."""
    _change(c, undelivered.c.advisory_id == advisory_id, second_id=outbox_id)


def note_told(  # noqa: PLR0913 - one for each column, all named, and who may
    c: Connection, advisory_id: int, *, by: str, note: str, at: datetime, office: str | None = None
) -> bool:
    """Note who told the traveller; False where somebody had, or the office has no such warning."""
    seen = select(advisories.c.id).join(trips, trips.c.id == advisories.c.trip_id)
    mine = undelivered.c.advisory_id.in_(seen.where(advisories.c.id == advisory_id, within(office)))
    wanted = and_(mine, undelivered.c.told_at.is_(None))
    return _change(c, wanted, told_by=by, told_at=at, note=note) == 1


def note_over(c: Connection, advisory_id: int, at: datetime) -> bool:
    """Note that the journey is over; False where somebody told the traveller before, or it was noted."""
    mine = (undelivered.c.advisory_id == advisory_id, undelivered.c.told_at.is_(None))
    return _change(c, and_(*mine, undelivered.c.over_at.is_(None)), over_at=at) == 1


def open_tasks(
    c: Connection, now: datetime, limit: int, office: str | None = None, reference: str | None = None
) -> tuple[Task, ...]:
    """Return the warnings that nobody has told yet; whose journey begins first comes first.

    Args:
        c: connection.
        now: aware time.
        limit: at most so many.
        office: whose, as for ``offices.within``.
        reference: of one trip; None = of all.
    """
    wanted = _tasks().where(_is_open(now), within(office))
    if reference is not None:
        wanted = wanted.where(trips.c.reference == reference)
    return _found(c, wanted.limit(limit))


def count_open(c: Connection, now: datetime) -> int:
    """Return how many warnings nobody has told yet."""
    counted = _joined(select(func.count()))
    return c.scalar(counted.where(_is_open(now))) or 0


def untold_trips(c: Connection, now: datetime, office: str) -> frozenset[int]:
    """Return the trips of an office with a warning that nobody has told yet."""
    mine = (
        _joined(select(trips.c.id))
        .join(trips, trips.c.id == advisories.c.trip_id)
        .where(_is_open(now), within(office))
    )
    return frozenset(c.scalars(mine))


def of_trip(c: Connection, trip_id: int) -> tuple[Past, ...]:
    """Return what became of the warnings of a trip that reached nobody, the oldest first."""
    columns = (undelivered.c[name] for name in Past._fields)
    mine = select(*columns).join(advisories, advisories.c.id == undelivered.c.advisory_id)
    rows = c.execute(mine.where(advisories.c.trip_id == trip_id).order_by(undelivered.c.advisory_id))
    return tuple(Past(*row) for row in rows)


def _is_open(now: datetime) -> ColumnElement[bool]:
    return or_(_OF_LETTERS, unaddressed.is_open(now))


def _late(now: datetime, patience: timedelta, longest: timedelta) -> ColumnElement[bool]:
    """Return which letters may have waited for too long: few, even where thousands wait for a mail server."""
    begins_by = (now + longest + timedelta(days=1)).date().isoformat()  # whatever the zone
    begins_soon = (
        exists()
        .where(
            advisories.c.id == outbox.c.advisory_id,
            segments.c.itinerary_id == advisories.c.itinerary_id,
            segments.c.first_day <= begins_by,
        )
        .correlate(outbox)
    )
    waits = and_(outbox.c.state.in_(_WAITING), outbox.c.queued_at <= now - patience)
    return and_(waits, or_(outbox.c.queued_at <= now - longest, begins_soon))


def _candidates(now: datetime, is_late: ColumnElement[bool]) -> Select[Any]:
    lost = select(outbox.c.id).where(outbox.c.state.in_(_LOST))
    late = select(outbox.c.id).where(is_late)
    back = select(bounces.c.letter_id).where(bounces.c.kind == "trip")
    return (
        select(
            outbox.c.id.label("outbox_id"),
            outbox.c.advisory_id,
            outbox.c.trip_id,
            advisories.c.itinerary_id,
            outbox.c.letter,
            outbox.c.language,
            outbox.c.recipient,
            outbox.c.state,
            outbox.c.queued_at,
            _BOUNCED.label("is_bounced"),
            _KEPT_BACK.label("is_kept_back"),
        )
        .join(advisories, advisories.c.id == outbox.c.advisory_id)
        .where(
            outbox.c.id.in_(lost.union(late, back)),
            outbox.c.queued_at > now - FORGOTTEN_AFTER,
            advisories.c.verdict != Verdict.CLEARED.word,
            ~_KNOWN,
            ~OUTDATED,
        )
    )


def _candidate(row: Any) -> Candidate:  # noqa: ANN401 - a row of the columns above
    flags = {name: bool(getattr(row, name)) for name in ("is_bounced", "is_kept_back")}
    return Candidate(**row._asdict() | flags)


def _tasks() -> Select[Any]:
    second = outbox.alias("second")
    begins = (
        select(func.min(touches.c.first_day))
        .where(
            touches.c.itinerary_id == advisories.c.itinerary_id, touches.c.kind == "", touches.c.code == ""
        )
        .correlate(advisories)
        .scalar_subquery()
    )  # of an older version of the booking nothing stands in the index, and of one without flights no day
    columns = (
        undelivered.c.advisory_id,
        advisories.c.trip_id,
        advisories.c.itinerary_id,
        trips.c.reference,
        advisories.c.verdict,
        case((and_(undelivered.c.reason == "unsent", _KEPT_BACK), KEPT), else_=undelivered.c.reason),
        undelivered.c.found_at,
        outbox.c.recipient,
        last_word("trip", outbox),
        func.coalesce(second.c.state, ""),
        undelivered.c.told_by,
        undelivered.c.told_at,
        undelivered.c.note,
        trips.c.office,
        trips.c.contact,
    )
    return (
        _joined(select(*columns))
        .join(trips, trips.c.id == advisories.c.trip_id)
        .outerjoin(second, second.c.id == undelivered.c.second_id)
        .order_by(
            func.coalesce(func.nullif(begins, _NO_DAY), _SOME_DAY),
            undelivered.c.found_at,
            undelivered.c.advisory_id,
        )
    )


def _joined(wanted: Select[Any]) -> Select[Any]:
    """Return a query of tasks with their advisories, and their letters where they have one."""
    return (
        wanted.select_from(undelivered)
        .join(advisories, advisories.c.id == undelivered.c.advisory_id)
        .outerjoin(outbox, outbox.c.id == undelivered.c.outbox_id)
    )


def _found(c: Connection, wanted: Select[Any]) -> tuple[Task, ...]:
    """Return tasks; what stands in the booking is told where there was no letter."""
    found = ((Task(*row[:-1]), row[-1]) for row in c.execute(wanted))
    return tuple(
        task._replace(recipient=contact, reply="") if task.reason == UNADDRESSED else task
        for task, contact in found
    )


def _change(c: Connection, wanted: ColumnElement[bool], **values: object) -> int:
    return c.execute(update(undelivered).where(wanted).values(**values)).rowcount
