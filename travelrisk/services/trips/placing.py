"""Which trip a booking of an office's file is of: the same as before, a later state of it, or a new one.

Only trips of that office count, and those of nobody's, which become its own: what another office has sent is
not there, even where it is the same file.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.codes import plain
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.merging import replaces, unplaced
from travelrisk.store import batch_rows, office_trips, trips, unreleased
from travelrisk.store.arrivals import Arrival
from travelrisk.store.batch_rows import Change, Known, Line, Place
from travelrisk.store.batches import Batch
from travelrisk.store.shapes import canonical, itinerary_from, sha256
from travelrisk.store.trips import Stored, Trip

_ROW: Final = re.compile(r"(?:sheet (?P<sheet>.{1,80}) )?row (?P<row>[0-9]{1,7})[:,]")


class Arriving(NamedTuple):
    """A booking of a file, and what it was found to be."""

    position: int
    stored: Stored
    change: Change


def is_same(c: Connection, before: Arrival, itinerary: Itinerary, batch: Batch | None) -> bool:
    """Say whether a booking says what it said before, wherever it stands now, and whenever it is read.

    Where another file of the office has changed it since, it is compared with that: the file that was sent
    before it, sent once more, takes the change back.
    """
    if batch is not None and batch_rows.changed_last(c, before.trip_id) not in {None, batch.original}:
        newest = trips.newest_ids(c, [before.trip_id])[before.trip_id]
        return unplaced(trips.itinerary(c, newest)) == unplaced(itinerary)
    if before.content_sha256 == trips.content_sha256(itinerary):
        return True
    return unplaced(trips.itinerary(c, before.itinerary_id)) == unplaced(itinerary)


def latest(c: Connection, before: Arrival, itinerary: Itinerary) -> Arrival:
    """Return the newest version of a booking where it says the same: a kill may have left it unjudged."""
    newest = trips.newest_ids(c, [before.trip_id])[before.trip_id]
    if newest == before.itinerary_id:
        return before
    version = trips.stored(c, newest)
    if unplaced(version.itinerary) != unplaced(itinerary):
        return before  # somebody has told us more since
    return before._replace(
        itinerary_id=newest,
        content_sha256=trips.content_sha256(version.itinerary),
        added_at=version.added_at,
    )


def own(c: Connection, found: Sequence[Arrival], office: str) -> list[Arrival]:
    """Return what came of a document before in trips that are this office's, or nobody's."""
    offices = office_trips.offices_of(c, {each.trip_id for each in found})
    return [each for each in found if offices[each.trip_id] in {"", office}]


def known(c: Connection, batch: Batch, position: int, itinerary: Itinerary) -> Arrival | None:
    """Return the booking as another file of the office brought it; its newest state, if it has changed since.

    A trip that a row of the same file has taken is another booking: two lines may be alike to the letter.
    """
    found = batch_rows.known_by(
        c, batch.office, fingerprint=_fingerprint(itinerary), locators=_locators(itinerary)
    )
    taken = batch_rows.positions_of(c, batch.id, [each.trip_id for each in found])
    free = [each for each in found if taken.get(each.trip_id, position) == position]
    states = [(each, itinerary_from(each.body)) for each in free]
    same = (each for each, state in states if unplaced(state) == unplaced(itinerary))
    later = (each for each, state in states if each.original != batch.original and replaces(itinerary, state))
    one = next(same, None) or next(later, None)
    return _arrival(c, one) if one else None


def note(c: Connection, batch: Batch, arrived: Arriving) -> None:
    """Note what a booking was found to be, and keep the letters back that will tell of what is new."""
    _, stored, change = arrived
    if batch.keeps_back and change is not Change.UNCHANGED:
        unreleased.keep_back(c, stored.trip.id, batch.id, stored.added_at)
    itinerary = stored.itinerary
    line = Line(
        arrived.position,
        place_of(itinerary),
        itinerary.outcome,
        trip_id=stored.trip.id,
        itinerary_id=stored.itinerary_id,
        change=change,
        fingerprint=_fingerprint(itinerary),
        locator=next(iter(_locators(itinerary)), None),
    )
    batch_rows.keep(c, batch.id, [line])


def adopted(c: Connection, trip: Trip, office: str) -> Trip:
    """Return a trip as the office's own; one that was nobody's becomes it."""
    return trip if trip.office == office else office_trips.adopt(c, trip, office)


def place_of(itinerary: Itinerary) -> Place:
    """Return where a booking stands: the file inside the file, and the rows of a table."""
    part = next((each.part for each in itinerary.segments if each.part), "")
    found = [_ROW.match(text) for text in (*(each.source for each in itinerary.segments), *itinerary.unread)]
    matched = [each for each in found if each is not None]
    sheet = next((each["sheet"] for each in matched if each["sheet"]), "")
    rows = dict.fromkeys(sorted(int(each["row"]) for each in matched))
    return Place(part, sheet, " ".join(map(str, rows)))


def _arrival(c: Connection, one: Known) -> Arrival:
    stored = trips.stored(c, one.itinerary_id)
    return Arrival(one.trip_id, one.itinerary_id, one.position, sha256(one.body), stored.added_at)


def _fingerprint(itinerary: Itinerary) -> str:
    return sha256(canonical(unplaced(itinerary)))


def _locators(itinerary: Itinerary) -> list[str]:
    return sorted({plain(each.code) for each in itinerary.locators} - {""})
