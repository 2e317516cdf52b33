"""What came of each booking of a batch: its trip, where it stands in the file, and the verdict of today."""

from collections import Counter
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, exists, func, literal, select

from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.verdicts import Verdict
from travelrisk.store.database import insert_unless
from travelrisk.store.tables import advisories, batch_rows, batches, itineraries, outbox, trips, unreleased


class Change(StrEnum):
    """What a booking of a file was to the trips of its office."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Standing(StrEnum):
    """How a row stands, problems first; *incomplete* is what nobody could understand as a whole."""

    NOT_CLEARED = "not_cleared"
    INCOMPLETE = "incomplete"
    REVIEW = "review"
    CONDITIONAL = "conditional"
    CLEARED = "cleared"
    WAITING = "waiting"


class Place(NamedTuple):
    """Where something stands in a file; each may be empty.

    Attributes:
        part: file inside the file. sheet: of a workbook. rows: numbers with blanks between them.
    """

    part: str = ""
    sheet: str = ""
    rows: str = ""


class Line(NamedTuple):
    """A row as it is kept.

    Attributes:
        position: which booking of the file, from 0; below 0 what stands in no booking.
        unread: lines that nobody understood, one below the other.
    """

    position: int
    place: Place
    outcome: Outcome
    reason: str = ""
    unread: str = ""
    trip_id: int | None = None
    itinerary_id: int | None = None
    change: Change | None = None
    fingerprint: str | None = None
    locator: str | None = None


class Result(NamedTuple):
    """A row as it stands today; *advisory_id* is the newest of its trip, with its *judged* itinerary."""

    position: int
    place: Place
    outcome: Outcome
    reason: str
    unread: str
    trip_id: int | None
    itinerary_id: int | None
    change: Change | None
    standing: Standing
    advisory_id: int | None
    judged: int | None


_any = advisories.alias("any")
_newest: Final = (
    select(func.max(_any.c.id))
    .where(_any.c.trip_id == batch_rows.c.trip_id)
    .correlate(batch_rows)
    .scalar_subquery()
)
_is_whole: Final = batch_rows.c.outcome == Outcome.COMPLETE.value
# Not cleared is told before all, however little was understood of the rest.
_STANDING: Final = case(
    (advisories.c.verdict == Verdict.NOT_CLEARED.word, Standing.NOT_CLEARED.value),
    (batch_rows.c.trip_id.is_(None), Standing.INCOMPLETE.value),
    (advisories.c.verdict.is_(None), Standing.WAITING.value),
    (and_(advisories.c.verdict == Verdict.REVIEW.word, ~_is_whole), Standing.INCOMPLETE.value),
    else_=advisories.c.verdict,
)
_PLAIN: Final = ("outcome", "reason", "unread", "trip_id", "itinerary_id", "change")
_WITH_LETTER: Final = (
    exists()
    .where(
        unreleased.c.trip_id == batch_rows.c.trip_id,
        outbox.c.trip_id == batch_rows.c.trip_id,
        outbox.c.state == "queued",
    )
    .correlate(batch_rows)
)
_ORDER: Final = {standing.value: place for place, standing in enumerate(Standing)}


def keep(c: Connection, batch_id: int, lines: Sequence[Line]) -> None:
    """Keep rows of a batch; those that are known stay as they were found first."""
    if lines:
        unless = insert_unless(c.dialect.name, batch_rows).on_conflict_do_nothing()
        c.execute(unless, [{"batch_id": batch_id} | _columns(each) for each in lines])


def counts(c: Connection, batch_id: int) -> dict[Standing, int]:
    """Return how many rows stand at what."""
    query = _joined(select(_STANDING.label("standing"), func.count())).where(
        batch_rows.c.batch_id == batch_id
    )
    found = Counter({row[0]: row[1] for row in c.execute(query.group_by("standing"))})
    return {standing: found[standing.value] for standing in Standing}


def results(  # noqa: PLR0913 - which of them, all named
    c: Connection,
    batch_id: int,
    *,
    standing: Standing | None = None,
    start: int = 0,
    limit: int = 200,
    in_order: bool = False,
    after: int | None = None,
    with_letter: bool = False,
) -> tuple[Result, ...]:
    """Return rows of a batch, problems first, or in the order of the file.

    Args:
        c: connection.
        batch_id: of which batch.
        standing: only rows that stand so.
        start: how many to leave out at the beginning.
        limit: how many to return at most.
        in_order: by position instead.
        after: only rows behind this position.
        with_letter: only rows whose trip has a letter that waits to be released.
    """
    rank = case(_ORDER, value=_STANDING, else_=literal(len(_ORDER)))
    order = () if in_order else (rank,)
    columns = (
        batch_rows.c.position,
        batch_rows.c.part,
        batch_rows.c.sheet,
        batch_rows.c.rows,
        *(batch_rows.c[name] for name in _PLAIN),
        _STANDING.label("standing"),
        advisories.c.id.label("advisory_id"),
        advisories.c.itinerary_id.label("judged"),
    )
    query = _joined(select(*columns)).where(batch_rows.c.batch_id == batch_id)
    if standing is not None:
        query = query.where(_STANDING.in_([standing.value]))
    if after is not None:
        query = query.where(batch_rows.c.position > after)
    if with_letter:
        query = query.where(_WITH_LETTER)
    rows = c.execute(query.order_by(*order, batch_rows.c.position).offset(start).limit(limit))
    return tuple(map(_result, rows))


def positions_of(c: Connection, batch_id: int, trip_ids: Collection[int]) -> dict[int, int]:
    """Return which row of a batch each of these trips has, where it has one."""
    mine = and_(batch_rows.c.batch_id == batch_id, batch_rows.c.trip_id.in_(trip_ids))
    found = c.execute(select(batch_rows.c.trip_id, batch_rows.c.position).where(mine)) if trip_ids else ()
    return {row[0]: row[1] for row in found}


def changed_last(c: Connection, trip_id: int) -> str | None:
    """Return the document whose batch made or changed a trip last; None where none did."""
    made = (batch_rows.c.trip_id == trip_id, batch_rows.c.change != Change.UNCHANGED.value)
    query = select(batches.c.original).join(batch_rows, batch_rows.c.batch_id == batches.c.id).where(*made)
    found: str | None = c.scalar(query.order_by(batches.c.id.desc()).limit(1))
    return found


class Known(NamedTuple):
    """A trip of the office that an earlier file brought, its newest itinerary, and where that is from."""

    trip_id: int
    itinerary_id: int
    position: int
    original: str | None
    body: str


def known_by(c: Connection, office: str, *, fingerprint: str, locators: Collection[str]) -> tuple[Known, ...]:
    """Return the trips of an office that its files brought with this content or locator, the oldest first."""
    same = select(batch_rows.c.trip_id).join(batches, batches.c.id == batch_rows.c.batch_id)
    of_office = (batches.c.office == bindparam("office"), batch_rows.c.trip_id.is_not(None))
    by_content = same.where(*of_office, batch_rows.c.fingerprint == bindparam("fingerprint"))
    by_locator = same.where(*of_office, batch_rows.c.locator.in_(bindparam("locators", expanding=True)))
    latest = (
        select(func.max(itineraries.c.id))
        .where(itineraries.c.trip_id == trips.c.id)
        .correlate(trips)
        .scalar_subquery()
    )
    columns = (trips.c.id, *(itineraries.c[name] for name in ("id", "position", "original", "body")))
    query = (
        select(*columns)
        .join(itineraries, itineraries.c.id == latest)
        .where(trips.c.id.in_(by_content.union(by_locator)), trips.c.office == bindparam("office"))
        .order_by(trips.c.id)
    )
    values = {"office": office, "fingerprint": fingerprint, "locators": list(locators)}
    return tuple(Known(*row) for row in c.execute(query, values))


def _joined(query: Select[Any]) -> Select[Any]:
    return query.select_from(batch_rows).outerjoin(advisories, advisories.c.id == _newest)


def _columns(line: Line) -> dict[str, Any]:
    columns = line._asdict() | line.place._asdict()
    del columns["place"]
    return columns | {"outcome": line.outcome.value, "change": line.change.value if line.change else None}


def _result(row: Row[Any]) -> Result:
    values = row._asdict()
    place = Place(*(values.pop(name) for name in Place._fields))
    change = Change(row.change) if row.change else None
    return Result(
        **values
        | {
            "place": place,
            "outcome": Outcome(row.outcome),
            "change": change,
            "standing": Standing(row.standing),
        }
    )
