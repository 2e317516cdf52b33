"""Itineraries that arrived are judged; advisory, audit entry and letter are one transaction.

Screening and rendering happen with nothing locked; the transaction then checks that no newer edition was
published meanwhile. What a kill leaves unjudged is found by ``judge_waiting`` and finished.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import Whose
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application
from travelrisk.services.letters import envelope
from travelrisk.services.recording import Ready, keep_policy, record
from travelrisk.store import advisories, outbox, ratings, trips
from travelrisk.store.database import reading, transact
from travelrisk.store.trips import Stored


class Judged(NamedTuple):
    """An advisory, its id, and how many letters were queued with it."""

    advisory: Advisory
    advisory_id: int
    letters: int


def judge(app: Application, waiting: Sequence[Stored], actor: str) -> list[Judged]:
    """Judge and record, in the given order; with the newest edition, even if it is published meanwhile.

    Raises:
        StoreError: the database cannot be written; then nothing of this call is recorded.
    """
    if not waiting:
        return []
    while True:
        with reading(app.engine) as c:
            snapshot = app.shelf.newest(c)
            before = {each.trip.id: outbox.of_trip(c, each.trip.id) for each in waiting}
        at = app.clock()
        ready = []
        for each in waiting:
            whose = Whose(each.trip.reference, each.trip.office)
            advisory = screen(each.itinerary, snapshot, app.policy.policy, at, whose, each.added_at)
            written = envelope(app, each.trip, each.itinerary, advisory, before[each.trip.id])
            ready.append(Ready(each, advisory, written))
        recorded = transact(app.engine, partial(_record, app, ready, snapshot.edition, actor))
        if recorded is not None:
            return recorded


def judge_waiting(app: Application, limit: int = 200) -> int:
    """Judge up to *limit* itineraries that a killed process left without an advisory; return how many.

    Raises:
        StoreError: the database cannot be written.
    """
    with reading(app.engine) as c:
        waiting = [trips.stored(c, number) for number in trips.unjudged(c, limit)]
    return len(judge(app, waiting, "worker"))


def _record(
    app: Application, ready: Sequence[Ready], edition: int, actor: str, c: Connection
) -> list[Judged] | None:
    if ratings.hold(c, alone=True) != edition:  # alone: of two that judge the same itinerary one comes first
        return None
    keep_policy(app, c)
    return [_recorded(app, c, each, actor) for each in ready]


def _recorded(app: Application, c: Connection, ready: Ready, actor: str) -> Judged:
    done = advisories.of_itinerary(c, ready.journey.itinerary_id)
    if done is not None:  # another process was faster, and its letter is under way
        return Judged(done.advisory, done.id, 0)
    number = record(app, c, ready, actor)
    return Judged(ready.advisory, number, int(ready.envelope is not None))
