"""A program says what a trip is now, by an id of its own: made, changed, or nothing new.

The same content again is nothing new, whatever a traveller has told us about it since; anything else is a
new version of the same trip, kept as it was sent, judged and written about like whatever arrives.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import ChangedMeanwhileError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.merging import replaces
from travelrisk.intake.partners.queries import Query, kept
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import address_problem, recipient_of
from travelrisk.services.trips.addressing import given_to_same
from travelrisk.services.trips.cancelling import resume
from travelrisk.services.trips.current import Current, current
from travelrisk.services.trips.judging import judge
from travelrisk.services.trips.understanding import Understood, understand_query
from travelrisk.store import audit, external_trips, originals, trips
from travelrisk.store.database import reading, transact
from travelrisk.store.external_trips import Name, Sent
from travelrisk.store.shapes import sha256
from travelrisk.store.trips import Stored, Trip


class Change(StrEnum):
    """What became of the trip."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Put:
    """What became of what was sent; *nobody* says why no letter could be written."""

    change: Change
    current: Current
    part: Understood
    letters: int
    nobody: str


class _Placed(NamedTuple):
    change: Change
    waiting: Stored | None


def put(
    app: Application,
    name: Name,
    query: Query,
    *,
    actor: str,
    is_expected: Callable[[Current | None], bool] = lambda _current: True,
) -> Put:
    """Let the trip of a name be what *query* says, in segments.

    Args:
        app: the parts of the service.
        name: office, system and id.
        query: one itinerary, in our own form.
        actor: who says so.
        is_expected: whether the trip is (None = it is not there) as its sender believes it to be.

    Raises:
        ChangedMeanwhileError: it is not; then nothing is done.
        StoreError: the database cannot be written.
    """
    (part,) = understand_query(app, query, lambda document: document)  # segments: no table is in it
    (itinerary,) = part.itineraries
    placed = transact(
        app.engine, partial(_place, app, name, query, itinerary, actor=actor, is_expected=is_expected)
    )
    made = judge(app, [placed.waiting] if placed.waiting else [], actor)
    with reading(app.engine) as c:
        sent = external_trips.find(c, name)
        if sent is None:
            raise ChangedMeanwhileError(f"the trip {name.external_id} was erased meanwhile")
        now = current(c, trips.by_id(c, sent.trip_id))
    letters = sum(each.letters for each in made)
    return Put(placed.change, now, part, letters, now.nobody)


def _place(  # noqa: PLR0913 - what is sent, by whom, and what they know
    app: Application,
    name: Name,
    query: Query,
    itinerary: Itinerary,
    c: Connection,
    *,
    actor: str,
    is_expected: Callable[[Current | None], bool],
) -> _Placed:
    known = external_trips.find(c, name, alone=True)
    if known is not None:
        trips.hold(c, known.trip_id)
    before = current(c, trips.by_id(c, known.trip_id)) if known else None
    if not is_expected(before):
        raise ChangedMeanwhileError(f"the trip {name.external_id} is not as it was when it was read")
    content = sha256(json.dumps(query, sort_keys=True))
    is_again = before is not None and known is not None and known.sent_sha256 == content
    if before is not None and is_again and not resume(app, c, before.trip, actor):
        # Where a process died before it judged, that is made up for.
        return _Placed(Change.UNCHANGED, None if before.answer else trips.stored(c, before.itinerary_id))
    trip = _readdressed(c, before.trip, itinerary) if before else _trip_for(app, c, name, itinerary)
    resume(app, c, trip, actor)
    revision = known.revision + 1 if known else 1
    original = _keep(app, c, kept(query, name.office, " ".join((*name[1:], str(revision)))), actor)
    at = app.clock()
    (external_trips.change if known else external_trips.add)(c, name, Sent(trip.id, content, revision), at)
    number = trips.add_itinerary(c, trip.id, itinerary, original=original, position=0, at=at)
    return _Placed(Change.CHANGED if known else Change.CREATED, Stored(trip, number, itinerary, at))


def _trip_for(app: Application, c: Connection, name: Name, itinerary: Itinerary) -> Trip:
    """Return the trip of the same booking that came to the office another way, or a new one."""
    contact, language = recipient_of(itinerary, "", None)
    if itinerary.locators:
        for trip, known in trips.latest_of_contact(c, contact, but_not_from=""):
            is_free = trip.office == name.office and external_trips.name_of(c, trip.id) is None
            if is_free and replaces(itinerary, known):
                return trip
    given = given_to_same(c, itinerary, contact, name.office, but_not_from="")
    if given is not None and external_trips.name_of(c, given.id) is None:
        return given
    return trips.new_trip(c, contact=contact, language=language, at=app.clock(), office=name.office)


def _readdressed(c: Connection, trip: Trip, itinerary: Itinerary) -> Trip:
    """Let letters go to the address that stands in the booking now, unless it cannot be used."""
    contact, language = recipient_of(itinerary, "", None)
    if address_problem(contact) or (contact, language) == (trip.contact, trip.language):
        return trip
    return trips.readdress(c, trip, contact=contact, language=language)


def _keep(app: Application, c: Connection, content: bytes, actor: str) -> str:
    at = app.clock()
    digest = originals.keep(c, content, "query.json", "application/json", at)
    body = {"sha256": digest}
    audit.append(c, kind="document.received", actor=actor, at=at, subject=f"original:{digest}", body=body)
    return digest
