"""Itineraries that arrived are judged; advisory, audit entry and letter are one transaction.

Screening and rendering happen with nothing locked; the transaction then checks that no newer edition was
published meanwhile, that no source grew stale, and that nobody was judged who travels on the same flights.
What a kill leaves unjudged is found by ``judge_waiting`` and finished.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import Whose
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.ratings import Snapshot
from travelrisk.domain.staleness import StaleSource
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import envelope
from travelrisk.services.trips.aboard import Before, Counted, before, count
from travelrisk.services.trips.concentration import told
from travelrisk.services.trips.recording import Ready, keep_policy, record
from travelrisk.services.trips.replacing import dropped
from travelrisk.store import advisories, audit, outbox, ratings, trips, versions
from travelrisk.store.database import reading, transact
from travelrisk.store.trips import Stored, Trip


class Judged(NamedTuple):
    """An advisory, its id, and how many letters were queued with it."""

    advisory: Advisory
    advisory_id: int
    letters: int


class _Seen(NamedTuple):
    """What was judged with: the edition, stale sources, and those who come before on the same flights."""

    edition: int
    stale: tuple[StaleSource, ...]
    before: Before


def judge(app: Application, waiting: Sequence[Stored], actor: str) -> list[Judged]:
    """Judge and record, in the given order; with the newest edition, even if it is published meanwhile.

    Raises:
        StoreError: the database cannot be written; then nothing of this call is recorded.
    """
    if not waiting:
        return []
    while True:
        with reading(app.engine) as c:
            audit.refuse_if_behind(c, app.clock())
            snapshot = app.shelf.newest(c)
            counted = count(app, c, waiting)
            sent = {each.trip.id: outbox.of_trip(c, each.trip.id) for each in waiting}
            gone = dropped(c, waiting)
        at = app.clock()
        ready = []
        for each in waiting:
            number, trip = each.itinerary_id, each.trip
            advisory = _screened(app, each, snapshot, counted, at)
            written = envelope(
                app, trip, each.itinerary, advisory, sent[trip.id], dropped=gone.get(number, ())
            )
            crowded = told(app, each, advisory, counted.companies.get(number))
            ready.append(Ready(each, advisory, written, counted.aboard(number), crowded))
        seen = _Seen(snapshot.edition, snapshot.stale, counted.before)
        recorded = transact(app.engine, partial(_record, app, ready, seen, actor))
        if recorded is not None:
            return recorded


def foresee(app: Application, trip: Trip, itinerary: Itinerary) -> Advisory:
    """Return the answer that *itinerary* would be given as the newest version of *trip*; nothing is stored.

    Raises:
        StoreError: the database cannot be read.
    """
    at = app.clock()
    journey = Stored(trip, 0, itinerary, at)  # what is not stored has no number, and comes after all others
    with reading(app.engine) as c:
        audit.refuse_if_behind(c, at)
        snapshot, counted = app.shelf.newest(c), count(app, c, [journey])
    return _screened(app, journey, snapshot, counted, at)


def _screened(
    app: Application, journey: Stored, snapshot: Snapshot, counted: Counted, at: datetime
) -> Advisory:
    whose, aboard = Whose(journey.trip.reference, journey.trip.office), counted.aboard(journey.itinerary_id)
    return screen(journey.itinerary, snapshot, app.policy.policy, at, whose, journey.added_at, aboard)


def once_more(c: Connection, trip: Trip) -> Stored:
    """Add the newest itinerary of a trip once more, as old as it is, to be judged by what holds now."""
    newest = versions.of_trip(c, trip.id)[-1]
    number = trips.add_itinerary(
        c, trip.id, newest.itinerary, original=None, position=newest.position, at=newest.added_at
    )
    return Stored(trip, number, newest.itinerary, newest.added_at)


def judge_waiting(app: Application, limit: int = 200) -> int:
    """Judge up to *limit* itineraries that a killed process left without an advisory; return how many.

    Raises:
        StoreError: the database cannot be written.
    """
    with reading(app.engine) as c:
        waiting = [trips.stored(c, number) for number in trips.unjudged(c, limit)]
    return len(judge(app, waiting, "worker"))


def _record(
    app: Application, ready: Sequence[Ready], seen: _Seen, actor: str, c: Connection
) -> list[Judged] | None:
    # Alone: of two that judge the same itinerary, or two on the same flight, one comes first.
    if ratings.hold(c, alone=True) != seen.edition or app.shelf.stale(c) != seen.stale:
        return None
    if before(app, c, [each.journey for each in ready]) != seen.before:
        return None
    keep_policy(app, c)
    return [_recorded(app, c, each, actor) for each in ready]


def _recorded(app: Application, c: Connection, ready: Ready, actor: str) -> Judged:
    done = advisories.since_itinerary(c, ready.journey.trip.id, ready.journey.itinerary_id)
    # Another process was faster, and its letter is under way; or the booking has changed and been judged
    # since, and an answer to what it was before would be taken for the newest.
    if done is not None:
        return Judged(done.advisory, done.id, 0)
    number = record(app, c, ready, actor)
    return Judged(ready.advisory, number, int(ready.envelope is not None))
