"""Stored journeys are judged again: for an edition, a day, a source, new rules, a wrong clock.

Whom it may concern is found by the inverted index, and judged with the same ``screen()`` as ever. Only what
changed is recorded, with its letter, in one transaction for some hundred journeys, which also notes how far
the work has come: a worker may be killed at any step, and another goes on behind the last journey done.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory, Difference, difference
from travelrisk.domain.authorisations import Whose
from travelrisk.domain.concentration import Aboard
from travelrisk.domain.ratings import Snapshot, SubjectKind, subject_of
from travelrisk.domain.staleness import StaleSource
from travelrisk.screening.effect import GRACE
from travelrisk.screening.engine import ENGINE, screen
from travelrisk.services.application import Application
from travelrisk.services.desk.expiring import dates_of
from travelrisk.services.letters.writing import Envelope, envelope
from travelrisk.services.trips.aboard import Counted, count
from travelrisk.services.trips.concentration import Crowded, told
from travelrisk.services.trips.recording import Ready, keep_policy, record_all
from travelrisk.services.trips.routes import compare, touched
from travelrisk.services.watch.sources import resting_on
from travelrisk.store import advisories, audit, outbox, ratings, rescreenings, segments, trips
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.database import reading, transact
from travelrisk.store.outbox import Sending
from travelrisk.store.rescreenings import Cause, Claimed
from travelrisk.store.trips import Stored

LEASE: Final = timedelta(minutes=5)  # far longer than a piece takes; each piece renews it
_AT_ONCE: Final = 200
_ENOUGH: Final = 32  # digits of a hash: the key is a word of the audit trail, which takes no more than 128
_ON_THE_WAY: Final = (SubjectKind.AIRSPACE, SubjectKind.COUNTRY)  # a State has airspaces too
_IS_OUT: Final = ("sent", "leased")


@dataclass(slots=True)
class Rescreened:
    """What became of the journeys that something concerned; *is_finished*: False where more is left to do."""

    called: str
    screened: int = 0
    changed: int = 0
    letters: int = 0
    is_finished: bool = False


class _Again(NamedTuple):
    """A journey whose answer changes: what was on record, what is found now, and how they differ."""

    journey: Stored
    seen: StoredAdvisory
    advisory: Advisory
    difference: Difference
    aboard: tuple[Aboard, ...] | None
    crowded: tuple[Crowded, ...]


class _Before(NamedTuple):
    """The letters of a trip so far, the oldest first, and the advisory of the last that is out, or may be."""

    sent: Sequence[Sending]
    told: StoredAdvisory | None


class _Said(NamedTuple):
    """The letter about a changed answer: None where there is no address, or it *is_news* for nobody."""

    envelope: Envelope | None
    is_news: bool


class _Piece(NamedTuple):
    """Journeys judged with one edition and the same stale sources, and what is to be written of them."""

    past: int
    edition: int
    stale: tuple[StaleSource, ...]
    screened: int
    changed: Sequence[tuple[_Again, _Said]]


def rescreen(
    app: Application, owner: str, is_to_stop: Callable[[], bool] = lambda: False
) -> Rescreened | None:
    """Work off the oldest thing that makes journeys be judged again; None where there is none.

    Args:
        app: the parts of the service.
        owner: name of this worker, unlike that of any other.
        is_to_stop: asked between two pieces; what is left is then done by whoever comes next.

    Raises:
        StoreError: the database cannot be written; what was done so far stays done.
    """
    claimed = transact(app.engine, lambda c: rescreenings.claim(c, owner=owner, now=app.clock(), lease=LEASE))
    if claimed is None:
        return None
    done = Rescreened(claimed.called)
    if _follows_tracks(app, claimed):
        compare(app, int(claimed.key) if claimed.cause is Cause.EDITION else 0)
    with reading(app.engine) as c:
        ids = [number for number in concerned(app, c, claimed) if number > claimed.past]
    for start in range(0, len(ids), _AT_ONCE):
        if is_to_stop():
            transact(app.engine, lambda c: rescreenings.release(c, claimed))
            return done
        if not _one_piece(app, claimed, ids[start : start + _AT_ONCE], done):
            return done
    done.is_finished = transact(app.engine, lambda c: rescreenings.finish(c, claimed, app.clock()))
    return done


def begin_day(app: Application) -> bool:
    """Ask for what a new day, or changed rules, may have made different; False where that was asked for.

    Days are days in UTC, which knows no summer time. A day on which no worker ran is caught up with the next.
    """
    rules = f"{app.policy.sha256[:_ENOUGH]}:{ENGINE}"

    def ask(c: Connection) -> bool:
        latest = rescreenings.latest(c, Cause.RULES)
        same_rules = latest is not None and latest.key.partition("#")[0] == rules
        at = app.clock()
        new_rules = not same_rules and rescreenings.add(c, Cause.RULES, f"{rules}#{at:%Y%m%dT%H%M%S}", at)
        return rescreenings.add(c, Cause.DAY, at.date().isoformat(), at) or new_rules

    return transact(app.engine, ask)


def concerned(app: Application, c: Connection, claimed: Claimed) -> list[int]:
    """Return the itineraries, not over yet, whose answer may change, by id: rather too many than too few."""
    since = app.clock().date() - GRACE
    if claimed.cause is Cause.EDITION:
        opened, closed = ratings.changed_in(c, int(claimed.key))
        return touched(app, c, {subject_of(each) for each in (*opened, *closed)}, since, is_compared=True)
    if claimed.cause is Cause.SOURCE:
        return touched(app, c, resting_on(c, claimed.key), since, is_compared=True)
    today = date.fromisoformat(claimed.key) if claimed.cause is Cause.DAY else None
    before = rescreenings.day_before(c, today) if today else None
    if today is None or before is None:
        return segments.upcoming(c, since)
    turning = {
        subject_of(each)
        for each in ratings.in_force(c)
        if any(before <= day <= today for day in dates_of(each))
    }
    far = segments.ahead_of(c, before + timedelta(days=app.policy.policy.horizon_days))
    # Whatever turned or did not: nobody departs on an answer that was not looked at since the eve.
    leaving = (*segments.departing(c, today), *segments.departing(c, today + timedelta(days=1)))
    return sorted({*touched(app, c, turning, since, is_compared=True), *far, *leaving})


def _follows_tracks(app: Application, claimed: Claimed) -> bool:
    """Say whether whom it concerns depends on which tracks pass which airspaces."""
    if claimed.cause is not Cause.EDITION:
        return claimed.cause in {Cause.DAY, Cause.SOURCE}
    with reading(app.engine) as c:
        changed = ratings.changed_in(c, int(claimed.key))
    return any(subject_of(each).kind in _ON_THE_WAY for records in changed for each in records)


def _one_piece(app: Application, claimed: Claimed, ids: Sequence[int], done: Rescreened) -> bool:
    """Judge some journeys, anew where anything was written meanwhile; False where the lease was lost."""
    while True:
        with reading(app.engine) as c:
            audit.refuse_if_behind(c, app.clock())
            snapshot = app.shelf.newest(c)
            journeys = trips.newest_among(c, ids)
            seen = advisories.newest_on(c, ids)
            counted = count(app, c, journeys)
            changed = list(_changed(app, snapshot, journeys, seen, counted))
            before = _letters_before(c, changed)
        letters = [_letter(app, *pair) for pair in zip(changed, before, strict=True)]
        changes = list(zip(changed, letters, strict=True))
        piece = _Piece(ids[-1], snapshot.edition, snapshot.stale, len(journeys), changes)
        written = transact(app.engine, partial(_write, app, claimed, piece))
        if written is None:
            continue
        if written:
            done.screened += piece.screened
            done.changed += len(changed)
            done.letters += _count(piece.changed)
        return written


def _changed(
    app: Application,
    snapshot: Snapshot,
    journeys: Sequence[Stored],
    seen: dict[int, StoredAdvisory],
    counted: Counted,
) -> Iterator[_Again]:
    at = app.clock()
    for each in journeys:
        before = seen.get(each.itinerary_id)
        if before is None:
            continue  # just arrived: it is judged by whoever received it
        whose = Whose(each.trip.reference, each.trip.office)
        aboard = counted.aboard(each.itinerary_id)
        now = screen(each.itinerary, snapshot, app.policy.policy, at, whose, each.added_at, aboard)
        if all(verdict is None for verdict in now.segment_verdicts):
            continue  # everything has been flown
        found = difference(before.advisory, now)
        if found is not None:
            crowded = told(app, each, now, counted.companies.get(each.itinerary_id))
            yield _Again(each, before, now, found, aboard, crowded)


def _letters_before(c: Connection, changed: Sequence[_Again]) -> list[_Before]:
    """Return what the travellers were written, and what the last letter that is out, or may be, said."""
    trip_ids = [again.journey.trip.id for again in changed]
    sent = outbox.of_trips(c, trip_ids)
    last = {
        trip: each.advisory_id
        for trip, letters in sent.items()
        for each in letters
        if each.state in _IS_OUT or each.ambiguous
    }
    told = advisories.by_ids(c, list(last.values()))
    return [_Before(sent[trip], told.get(last.get(trip, 0))) for trip in trip_ids]


def _letter(app: Application, again: _Again, before: _Before) -> _Said:
    """Write what is different from what the traveller was told last, unless that is nothing to act on.

    Whoever was told nothing yet, and has a letter waiting, is always written to: the new one takes its place.
    """
    sent, told = before
    # what was said of another itinerary says nothing about this one
    is_of_this = told is not None and told.itinerary_id == again.journey.itinerary_id
    was = told.advisory if told and is_of_this else None
    news = difference(was, again.advisory) if was else again.difference
    is_owed = was is None and any(each.state == "queued" for each in sent)
    if not is_owed and (news is None or not news.is_for_the_traveller):
        return _Said(None, is_news=False)
    journey = again.journey
    written = envelope(app, journey.trip, journey.itinerary, again.advisory, sent, was=was)
    return _Said(written, is_news=True)


def _count(changed: Sequence[tuple[_Again, _Said]]) -> int:
    """Return how many letters are written."""
    return sum(said.envelope is not None for _, said in changed)


def _write(app: Application, claimed: Claimed, piece: _Piece, c: Connection) -> bool | None:
    """Record a piece; None where it must be judged anew, False where another worker has the lease."""
    if ratings.hold(c, alone=True) != piece.edition or app.shelf.stale(c) != piece.stale:
        return None
    if _has_moved(c, piece):
        return None
    is_ours = rescreenings.advance(
        c,
        claimed,
        past=piece.past,
        screened=piece.screened,
        changed=len(piece.changed),
        letters=_count(piece.changed),
        until=app.clock() + LEASE,
    )
    if not is_ours:
        return False
    if piece.changed:
        keep_policy(app, c)
        ready = [
            Ready(again.journey, again.advisory, said.envelope, again.aboard, again.crowded, said.is_news)
            for again, said in piece.changed
        ]
        record_all(app, c, ready, "worker", claimed.called)
    return True


def _has_moved(c: Connection, piece: _Piece) -> bool:
    """Say whether another advisory or itinerary of these trips was written since they were read."""
    trip_ids = [again.journey.trip.id for again, _ in piece.changed]
    newest, judged = trips.newest_ids(c, trip_ids), advisories.newest_ids(c, trip_ids)
    return any(
        newest[again.journey.trip.id] != again.journey.itinerary_id
        or judged[again.journey.trip.id] != again.seen.id
        for again, _ in piece.changed
    )
