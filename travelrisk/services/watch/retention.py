"""Each day, what has been kept for long enough goes: limits stand in the policy, the tables in one list.

Nothing is lost that somebody still needs: before a document goes, its drafts are kept, so that answers and
corrections are still taken; a trip is left alone until its last day is long past.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import ErasedError
from travelrisk.services.application import Application
from travelrisk.services.trips.stating import drafts_in, settled
from travelrisk.store import arrivals, drafts, erasing, expired, mails, originals, trips
from travelrisk.store.arrivals import Arrival
from travelrisk.store.database import reading, transact
from travelrisk.store.expired import Over
from travelrisk.store.segments import entry_of
from travelrisk.store.shapes import itinerary_from

JOB: Final = "retention"
_AT_ONCE: Final = 200


@dataclass(slots=True)
class Let:
    """What went: documents, trips, letters, looks, and trips of which nothing is left."""

    documents: int = 0
    trips: int = 0
    letters: int = 0
    looks: int = 0
    ended: int = 0


def retain(app: Application, is_stopping: Callable[[], bool] = lambda: False) -> Let:
    """Let everything go whose time is over; harmless when repeated, and when interrupted.

    Raises:
        StoreError: the database cannot be written; what went before is gone.
    """
    now, limits, let = app.clock(), app.policy.policy.privacy, Let()
    for some in _due_documents(app, now):
        if is_stopping():
            return let
        let.documents += _forget_documents(app, some, now)
    _forget_trips(app, now, let, is_stopping)
    transact(app.engine, partial(_forget_rest, app, now, let))
    before = now - timedelta(days=limits.verdict_days)
    while not is_stopping() and (ended := transact(app.engine, partial(_end_some, before, now))):
        let.ended += ended
    return let


def _due_documents(app: Application, now: datetime) -> Iterator[list[str]]:
    """Give the documents to let go, some at a time: those that were read, and, later, all others."""
    limits = app.policy.policy.privacy
    with reading(app.engine) as c:
        old = originals.held(c, now - limits.unread)
        read = [each for each in originals.read(c, now - limits.read) if each not in set(old)]
    for some in _some_at_a_time(read):
        yield [sha256 for sha256 in some if _keep_drafts(app, sha256)]
    for some in _some_at_a_time(old):
        for sha256 in some:
            _keep_drafts(app, sha256)  # of what reads otherwise today nothing can be kept
        yield some


def _some_at_a_time(shas: list[str]) -> Iterator[list[str]]:
    return (shas[start : start + _AT_ONCE] for start in range(0, len(shas), _AT_ONCE))


def _forget_documents(app: Application, shas: list[str], now: datetime) -> int:
    return transact(app.engine, lambda c: erasing.empty_originals(c, shas, "retention", JOB, now))


def _keep_drafts(app: Application, sha256: str) -> bool:
    """Keep what itineraries of a document were settled from; False where it reads otherwise today."""
    with reading(app.engine) as c:
        original = originals.load(c, sha256)
        came = [(trips.by_id(c, each.trip_id).office, each) for each in arrivals.of_document(c, sha256)]
        came = [each for each in came if drafts.load(c, each[1].itinerary_id) is None]
    same = True
    for (office, at), some in groupby(sorted(came, key=_when), key=_when):
        same &= _keep_each(app, [each for _, each in some], drafts_in(app, original, office, at))
    return same


def _when(one: tuple[str, Arrival]) -> tuple[str, datetime]:
    return one[0], one[1].added_at


def _keep_each(app: Application, came: list[Arrival], read: Iterable[Draft]) -> bool:
    wanted = {each.position: each for each in came}
    kept = 0
    for position, draft in enumerate(read):
        arrival = wanted.get(position)
        if arrival is None:
            continue
        again = trips.content_sha256(settled(app, draft, arrival.added_at))
        if again == arrival.content_sha256:
            transact(app.engine, partial(drafts.keep, itinerary_id=arrival.itinerary_id, draft=draft))
            kept += 1
    return kept == len(came)


def _forget_trips(app: Application, now: datetime, let: Let, is_stopping: Callable[[], bool]) -> None:
    limits, past = app.policy.policy.privacy, 0
    kept = timedelta(days=limits.travel_days)
    day, undated = (now - kept).date(), now - kept - timedelta(days=app.policy.policy.horizon_days)
    while not is_stopping():
        with reading(app.engine) as c:
            some = expired.over(c, day, undated, past, _AT_ONCE)
        if not some:
            return
        past = some[-1].itinerary_id
        gone = [each.trip_id for each in some if _is_over(each, day)]
        transact(app.engine, partial(_erase, gone, now))
        let.trips += len(gone)


def _is_over(each: Over, day: date) -> bool:
    """Say whether a trip is over; one that was called off can be taken up again until it would have ended."""
    if each.off_at is None:
        return True
    try:
        last = entry_of(itinerary_from(each.body)).touches[0].last_day
    except ErasedError:
        return False
    return each.off_at.date() < day and (last < day.isoformat() or last >= expired.UNDATED)


def _erase(trip_ids: list[int], now: datetime, c: Connection) -> None:
    for trip_id in trip_ids:
        erasing.erase_trip(c, trip_id, "retention", JOB, now)


def _forget_rest(app: Application, now: datetime, let: Let, c: Connection) -> None:
    limits = app.policy.policy.privacy
    mails.forget_old(c, now, limits.read, limits.unread)
    let.letters += expired.forget_letters(c, now - timedelta(days=limits.letter_days))
    let.looks += expired.forget_lookups(c, now - timedelta(days=limits.lookup_days))
    expired.forget_calendars(c)
    before = now - timedelta(days=limits.verdict_days)
    expired.drop_mails(c, before)
    expired.drop_letters(c, before)
    erasing.drop_originals(c, before, JOB, now)


def _end_some(before: datetime, now: datetime, c: Connection) -> int:
    some = expired.ending(c, before, _AT_ONCE)
    for trip_id in some:
        erasing.end_trip(c, trip_id, JOB, now)
    return len(some)
