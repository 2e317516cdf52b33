"""A warning for which there is no address: a task in the transaction that records it, so that somebody calls.

What a batch brought whose letters nobody has released becomes one as late as such a letter does. The travel
unit is written to about the first of an office, and not again for each that comes soon after: the list has
them all. Where the trip has a second address, the letter goes there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.itineraries import Itinerary
from travelrisk.logs import logger
from travelrisk.mail.undelivered import UndeliveredFacts
from travelrisk.mail.undelivered import undelivered as letter_about
from travelrisk.services.application import Application
from travelrisk.services.letters.patience import begins, day_begins, due_at
from travelrisk.services.letters.writing import Envelope, envelope, envelope_to, whom_to_tell
from travelrisk.store import (
    advisories,
    audit,
    outbox,
    trips,
    unaddressed,
    undelivered,
    unit_letters,
    unreleased,
)
from travelrisk.store.audit import Entry
from travelrisk.store.database import reading, transact
from travelrisk.store.unaddressed import Unannounced


class Owed(NamedTuple):
    """A warning that only a person can tell."""

    advisory_id: int
    trip_id: int
    itinerary: Itinerary


def note(app: Application, c: Connection, owed: Sequence[Owed], actor: str) -> None:
    """Make tasks of warnings, of some hundred trips, in the transaction that records them."""
    now = app.clock()
    kept = unreleased.kept_since(c, {each.trip_id for each in owed})
    unaddressed.add(c, [(each.advisory_id, _since(app, each, kept.get(each.trip_id), now)) for each in owed])
    entries = [
        Entry(
            "warning.undelivered",
            actor,
            now,
            f"advisory:{each.advisory_id}",
            {"advisory": each.advisory_id, "reason": unaddressed.UNADDRESSED},
        )
        for each in owed
    ]
    audit.append_all(c, entries)


def _since(app: Application, owed: Owed, kept_since: datetime | None, now: datetime) -> datetime:
    if kept_since is None:
        return now
    return max(now, due_at(kept_since, begins(owed.itinerary), app.policy.policy.undelivered_hours))


class _Due(NamedTuple):
    """Whom the travel unit is told of first, and how many more of the office are in the same list."""

    first: Unannounced
    more: int


def write_to_second(app: Application) -> int:
    """Write the letters of those whose trip has a second address; return how many that were.

    Raises:
        StoreError: the database cannot be written; letters already written stay.
    """
    with reading(app.engine) as c:
        found = unaddressed.with_second_address(c, app.clock())
    return sum(_write_to_second(app, each) for each in found)


def _write_to_second(app: Application, advisory_id: int) -> bool:
    with reading(app.engine) as c:
        known = advisories.load(c, advisory_id)
        trip, itinerary = trips.by_id(c, known.trip_id), trips.itinerary(c, known.itinerary_id)
        before = outbox.of_trip(c, trip.id)
    there = replace(trip, contact=trip.second_contact or "")
    written = envelope(app, there, itinerary, known.advisory, before)
    return written is not None and transact(
        app.engine, partial(_queue_to_second, app, trip.id, advisory_id, written)
    )


def _queue_to_second(
    app: Application, trip_id: int, advisory_id: int, written: Envelope, c: Connection
) -> bool:
    trips.hold(c, trip_id)
    if advisory_id not in unaddressed.with_second_address(c, app.clock()):
        return False  # another worker was faster, or it was told meanwhile
    number = outbox.queue(c, trip_id=trip_id, advisory_id=advisory_id, at=app.clock(), **written._asdict())
    undelivered.note_second(c, advisory_id, number)
    return True


def announce(app: Application) -> int:
    """Write to the travel unit about those of which it does not know yet; return how many letters that were.

    Raises:
        StoreError: the database cannot be written; letters already written stay.
    """
    with reading(app.engine) as c:
        last = unaddressed.announced_at(c)
        due = list(_due(app, last, unaddressed.unannounced(c, app.clock())))
    return sum(_announce(app, each, last.get(each.first.office)) for each in due)


def _due(app: Application, last: Mapping[str, datetime], found: Sequence[Unannounced]) -> Iterator[_Due]:
    """Give one of each office, who leaves first, unless its last letter is young enough to stand for it."""
    of_office = defaultdict[str, list[Unannounced]](list)
    for each in found:
        of_office[each.office].append(each)
    for office, theirs in of_office.items():
        news = [each for each in theirs if _is_news(app, each, last.get(office))]
        if news:
            yield _Due(news[0], len(theirs) - 1)


def _is_news(app: Application, found: Unannounced, last: datetime | None) -> bool:
    departs_at = day_begins(found.first_day) if found.first_day else None
    hours = app.policy.policy.undelivered_hours
    return last is None or due_at(last, departs_at, hours) <= found.found_at


def _announce(app: Application, due: _Due, last: datetime | None) -> bool:
    number, email = due.first.advisory_id, whom_to_tell(app.policy.policy)
    if not email:
        logger().error("letter.no_address", contact="travel_unit", letter="undelivered")
        return False
    with reading(app.engine) as c:
        advisory = advisories.load(c, number)
        trip, itinerary = trips.by_id(c, advisory.trip_id), trips.itinerary(c, advisory.itinerary_id)
    facts = UndeliveredFacts(
        reference=trip.reference,
        verdict=advisory.advisory.verdict,
        itinerary=itinerary,
        reason=unaddressed.UNADDRESSED,
        reply="",
        has_second=False,
        base_url=app.facts.base_url,
        more=due.more,
        demo=app.facts.demo,
    )
    written = envelope_to(app, email, letter_about(facts, app.facts.language))
    return transact(app.engine, partial(_queue, app, due.first, last, written))


def _queue(
    app: Application, first: Unannounced, last: datetime | None, written: Envelope, c: Connection
) -> bool:
    if unaddressed.announced_at(c).get(first.office) != last:
        return False  # another worker was faster
    logger().error("warning.undelivered", advisory=first.advisory_id, reason=unaddressed.UNADDRESSED)
    return unit_letters.queue(c, advisory_id=first.advisory_id, at=app.clock(), **written._asdict())
