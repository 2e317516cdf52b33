"""What reports count, selected in a fixed number of statements: offices and moments, and nobody's name.

The counting itself is left to ``services.reports``. A span without an office is the whole organisation.
"""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    select,
)

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import base_id
from travelrisk.domain.verdicts import Verdict
from travelrisk.store.bounces import returned
from travelrisk.store.shapes import canonical, is_counted, record_from
from travelrisk.store.tables import (
    advisories,
    editions,
    itineraries,
    outbox,
    records,
    touches,
    trips,
    undelivered,
)

_FIELDS: Final = ("code", "carrier", "matched")
_AT_ONCE: Final = 500  # advisories in memory at a time


class Span(NamedTuple):
    """From a moment on, until before another one; *office* None = all of them."""

    since: datetime
    until: datetime
    office: str | None = None


class Arrival(NamedTuple):
    """An itinerary that arrived, and of which office."""

    itinerary: int
    trip: int
    office: str
    at: datetime


class Judgement(NamedTuple):
    """An advisory on a trip: its verdict, and when it was made."""

    id: int
    trip: int
    itinerary: int
    verdict: Verdict
    at: datetime


class Noted(NamedTuple):
    """A finding about lead times or about what is not rated.

    Attributes:
        carrier: ICAO designator; empty for an airport. matched: the subject as readers know it.
        slots: of the message, as JSON.
    """

    trip: int
    itinerary: int
    code: str
    carrier: str
    matched: str
    slots: str


class Answering(NamedTuple):
    """The letters about one advisory: when the first of them left; None = none has left yet."""

    advisory: int
    sent_at: datetime | None


class Posted(NamedTuple):
    """A letter to a traveller: how far it has come, and whether it came back."""

    office: str
    state: str
    bounced: bool


class Lost(NamedTuple):
    """A warning that reached nobody: when that was found, and when a person told the traveller."""

    office: str
    reason: str
    found_at: datetime
    told_at: datetime | None
    over_at: datetime | None


class Allowed(NamedTuple):
    """An exception that was granted: for which office, and by whom."""

    office: str
    approved_by: str


def offices(c: Connection) -> tuple[str, ...]:
    """Return the offices that have trips, by name."""
    return tuple(c.scalars(select(trips.c.office).where(trips.c.office != "").distinct().order_by("office")))


def arrivals(c: Connection, span: Span) -> tuple[Arrival, ...]:
    """Return the itineraries that arrived in a span."""
    wanted = _arrived(span, itineraries.c.id, itineraries.c.trip_id, trips.c.office, itineraries.c.added_at)
    return tuple(Arrival(*row) for row in c.execute(wanted.order_by(itineraries.c.id)))


def departures(c: Connection, span: Span) -> dict[int, str]:
    """Return the local day on which each trip that sent something in begins, as its newest itinerary says."""
    itself = (touches.c.kind == "") & (touches.c.code == "")
    wanted = (
        select(itineraries.c.trip_id, touches.c.first_day)
        .join(touches, (touches.c.itinerary_id == itineraries.c.id) & itself)
        .where(itineraries.c.trip_id.in_(_arrived(span, itineraries.c.trip_id)))
    )
    return {row[0]: row[1] for row in c.execute(wanted)}


def judgements(c: Connection, span: Span) -> tuple[Judgement, ...]:
    """Return every advisory on the trips that sent something in, the oldest first."""
    mine = advisories.c.trip_id.in_(_arrived(span, itineraries.c.trip_id))
    return tuple(
        Judgement(
            row.id,
            row.trip_id,
            row.itinerary_id,
            Verdict.from_word(row.verdict),
            datetime.fromisoformat(json.loads(row.body)["at"]),
        )
        for row in _judged(c, mine)
    )


def noted(c: Connection, span: Span) -> tuple[Noted, ...]:
    """Return what was found late or not rated on the itineraries that arrived, each finding once."""
    found: dict[Noted, None] = {}
    for row in _judged(c, advisories.c.itinerary_id.in_(_arrived(span, itineraries.c.id))):
        for each in json.loads(row.body)["findings"]:
            if is_counted(each["code"]):
                code, carrier, matched = map(each.get, _FIELDS)
                slots = canonical(each["slots"])
                found[Noted(row.trip_id, row.itinerary_id, code, carrier, matched, slots)] = None
    return tuple(found)


def answering(c: Connection, span: Span) -> tuple[Answering, ...]:
    """Return when the letters about the itineraries that arrived left, one row for each advisory with any."""
    sent = func.min(case((outbox.c.state == "sent", outbox.c.settled_at)))
    about = select(advisories.c.id).where(advisories.c.itinerary_id.in_(_arrived(span, itineraries.c.id)))
    wanted = select(outbox.c.advisory_id, sent).where(outbox.c.advisory_id.in_(about))
    return tuple(Answering(*row) for row in c.execute(wanted.group_by(outbox.c.advisory_id)))


def posted(c: Connection, span: Span) -> tuple[Posted, ...]:
    """Return the letters to travellers that were written in a span."""
    came_back = case((returned("trip", outbox), 1), else_=0)
    wanted = (
        select(trips.c.office, outbox.c.state, came_back)
        .join_from(outbox, trips, trips.c.id == outbox.c.trip_id)
        .where(_during(outbox.c.queued_at, span))
    )
    return tuple(Posted(office, state, bool(back)) for office, state, back in c.execute(wanted))


def lost(c: Connection, span: Span) -> tuple[Lost, ...]:
    """Return the warnings of which it was found in a span that they reached nobody."""
    columns = (undelivered.c[name] for name in ("reason", "found_at", "told_at", "over_at"))
    wanted = (
        select(trips.c.office, *columns)
        .join_from(undelivered, advisories, advisories.c.id == undelivered.c.advisory_id)
        .join(trips, trips.c.id == advisories.c.trip_id)
        .where(_during(undelivered.c.found_at, span))
    )
    return tuple(Lost(*row) for row in c.execute(wanted))


def allowed(c: Connection, span: Span) -> tuple[Allowed, ...]:
    """Return the exceptions that were first published in a span; one that was changed since is no new one."""
    wanted = (
        select(records.c.body, records.c.opened_in, records.c.closed_in)
        .join(editions, editions.c.number == records.c.opened_in)
        .where(records.c.record == "authorisation", _between(editions.c.published_at, span))
        .order_by(records.c.id)
    )
    opened = [record_from(*row) for row in c.execute(wanted)]
    granted = [each for each in opened if isinstance(each, Authorisation) and each.id == base_id(each.id)]
    of_trips = _offices_of(c, {each.trip for each in granted if each.trip})
    found = (Allowed(each.office or of_trips.get(each.trip, ""), each.approved_by) for each in granted)
    return tuple(each for each in found if span.office is None or each.office == span.office)


def _offices_of(c: Connection, references: Collection[str]) -> dict[str, str]:
    wanted = select(trips.c.reference, trips.c.office).where(trips.c.reference.in_(sorted(references)))
    return {row[0]: row[1] for row in c.execute(wanted)}


def _arrived(span: Span, *columns: ColumnElement[Any]) -> Select[Any]:
    """Return columns of the itineraries that arrived in a span, and of their trips."""
    joined = select(*columns).join_from(itineraries, trips, trips.c.id == itineraries.c.trip_id)
    return joined.where(_during(itineraries.c.added_at, span))


def _during(moment: ColumnElement[datetime], span: Span) -> ColumnElement[bool]:
    """Return the condition that something happened in a span, to a trip of its office."""
    inside = _between(moment, span)
    return inside if span.office is None else and_(inside, trips.c.office == span.office)


def _between(moment: ColumnElement[datetime], span: Span) -> ColumnElement[bool]:
    return and_(moment >= span.since, moment < span.until)


def _judged(c: Connection, wanted: ColumnElement[bool]) -> Iterator[Row[Any]]:
    """Give advisories, the oldest first; what was found stands encrypted, so that it is opened here."""
    columns = ("id", "trip_id", "itinerary_id", "verdict", "body")
    query = select(*(advisories.c[name] for name in columns)).where(wanted).order_by(advisories.c.id)
    yield from c.execute(query.execution_options(yield_per=_AT_ONCE))
