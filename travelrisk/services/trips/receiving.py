"""A document arrives: kept by its SHA-256, read apart, stored, judged, and a letter written.

The same bytes a second time are the same arrival: nothing is judged again and nobody is written to twice.
Only where nobody could be written to at all, and now an address is given, the owed letter is written.
What is stored is never half a trip: arrivals are one transaction, judgements another (see judging).
"""

import itertools
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Outcome
from travelrisk.domain.merging import replaces
from travelrisk.domain.texts import Language
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import address_problem, recipient_of
from travelrisk.services.trips import placing
from travelrisk.services.trips.addressing import given_to_same
from travelrisk.services.trips.cancelling import resume
from travelrisk.services.trips.judging import Judged, judge
from travelrisk.services.trips.mapping import mapped
from travelrisk.services.trips.placing import Arriving, is_same, latest, note, own
from travelrisk.services.trips.understanding import Understood, understand
from travelrisk.store import advisories, arrivals, audit, originals, trips, unreleased
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.arrivals import Arrival
from travelrisk.store.batch_rows import Change
from travelrisk.store.batches import Batch
from travelrisk.store.database import transact
from travelrisk.store.trips import Stored, Trip

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one itinerary of a document, or of a part in which none was found.

    Attributes:
        trip, itinerary, advisory: None together, where nothing was found; *reason* says why and what to do.
        advisory_id: for a replay.
        is_new: False where the same booking had arrived before, unchanged.
        letters: how many letters were queued. nobody: why none could be, where there is no usable address.
    """

    form: str
    outcome: Outcome
    reason: str
    unread: tuple[str, ...]
    trip: Trip | None = None
    itinerary: Itinerary | None = None
    advisory: Advisory | None = None
    advisory_id: int | None = None
    is_new: bool = False
    letters: int = 0
    nobody: str = ""


class _Delivery(NamedTuple):
    """What is the same for all itineraries of a document."""

    original: str
    recipient: str
    language: Language | None
    office: str
    actor: str
    second: str
    at: datetime
    batch: Batch | None


class _Arrived(NamedTuple):
    """An itinerary in its trip; *known* is its advisory, where it had arrived and been judged before."""

    waiting: Stored
    known: StoredAdvisory | None
    change: Change


def receive(  # noqa: PLR0913 - how it is delivered, all named
    app: Application,
    document: Document,
    *,
    recipient: str = "",
    language: Language | None = None,
    office: str = "",
    second: str = "",
    actor: str = "cli",
    batch: Batch | None = None,
    start: int = 0,
) -> Generator[Received]:
    """Receive *document* and yield what became of each itinerary in it.

    Args:
        app: the parts of the service.
        document: as it arrived.
        recipient: address for the letters; empty = the travellers' own, where the document has them.
        language: of the letters; None = the traveller's own, or English.
        office: whose travel it is, and who says what the headings of its tables mean; empty where nobody
            said it.
        second: address for warnings that the first one does not take; empty = none, or as it was.
        actor: which door it came through, for the audit trail.
        batch: of which file of an office this is; then only trips of that office are touched, and what comes
            of each booking is noted with it.
        start: the first booking to receive; those before it had arrived, and are yielded as they are read.

    Raises:
        StoreError: the database cannot be written; parts already yielded are stored.
    """
    at = app.clock()
    original = transact(app.engine, partial(_keep, document, actor, at))
    delivery = _Delivery(original, recipient, language, office.strip(), actor, second, at, batch)
    positions = itertools.count()
    said_by = batch.made_at if batch else at  # taken up again, a file is read as it was before
    for part in understand(app, mapped(app, document, delivery.office, said_by)):
        if not part.itineraries:
            yield Received(part.form, part.outcome, part.reason, part.unread)
        placed = [(next(positions), itinerary) for itinerary in part.itineraries]
        for _, itinerary in itertools.takewhile(lambda each: each[0] < start, placed):
            yield Received(part.form, part.outcome, part.reason, part.unread, itinerary=itinerary)
        fresh = [each for each in placed if each[0] >= start]
        for first in range(0, len(fresh), _AT_ONCE):
            some = fresh[first : first + _AT_ONCE]
            arrived = transact(app.engine, partial(_arrive, app, some, delivery))
            yield from _judged(app, part, arrived, actor)


def _keep(document: Document, actor: str, at: datetime, c: Connection) -> str:
    sha256 = originals.keep(c, document.content, document.name, document.media_type, at)
    subject = f"original:{sha256}"
    audit.append(c, kind="document.received", actor=actor, at=at, subject=subject, body={"sha256": sha256})
    return sha256


def _arrive(
    app: Application, placed: Sequence[tuple[int, Itinerary]], delivery: _Delivery, c: Connection
) -> list[_Arrived]:
    known = _known(c, placed, delivery)
    arrived = []
    for position, itinerary in placed:
        before = known.own.get(position) or _in_other_files(c, position, itinerary, delivery)
        if before is not None and is_same(c, before, itinerary, delivery.batch):
            version = latest(c, before, itinerary) if delivery.batch else before
            one = _again(app, c, version, itinerary, delivery)
        else:
            one = _anew(app, c, before, _new(known, position, itinerary, delivery), delivery)
        arrived.append(one)
        if delivery.batch is not None:
            note(c, delivery.batch, Arriving(position, one.waiting, one.change))
    if delivery.batch is None:  # whoever asks themselves is answered, whatever an office keeps back
        unreleased.release_kept_back(c, {each.waiting.trip.id for each in arrived}, delivery.at)
    if delivery.second:
        for each in arrived:
            trips.add_second(c, each.waiting.trip.id, delivery.second)
    return arrived


class _New(NamedTuple):
    """An itinerary to be added: its document, unless that has brought the very same before, and its place."""

    itinerary: Itinerary
    original: str | None
    position: int


class _Known(NamedTuple):
    """What came of the same places of the document before: the newest of each, and all contents by place.

    *own* has nothing of another office, which is not told of.
    """

    own: dict[int, Arrival]
    contents: frozenset[tuple[int, str]]


def _known(c: Connection, placed: Sequence[tuple[int, Itinerary]], delivery: _Delivery) -> _Known:
    here = range(placed[0][0], placed[-1][0] + 1)
    found = arrivals.of_document(c, delivery.original, here)
    mine = own(c, found, delivery.office) if delivery.office or delivery.batch else found
    contents = frozenset((each.position, each.content_sha256) for each in found)
    return _Known({each.position: each for each in mine}, contents)


def _new(known: _Known, position: int, itinerary: Itinerary, delivery: _Delivery) -> _New:
    is_known = (position, trips.content_sha256(itinerary)) in known.contents
    return _New(itinerary, None if is_known else delivery.original, position)


def _in_other_files(
    c: Connection, position: int, itinerary: Itinerary, delivery: _Delivery
) -> Arrival | None:
    return placing.known(c, delivery.batch, position, itinerary) if delivery.batch else None


def _anew(
    app: Application, c: Connection, before: Arrival | None, new: _New, delivery: _Delivery
) -> _Arrived:
    """Add an itinerary to the trip that it belongs to, or to a new one."""
    found = trips.by_id(c, before.trip_id) if before else _trip_of(c, new.itinerary, delivery)
    trip = found or _new_trip(c, new.itinerary, delivery)
    if delivery.batch is not None:
        trip = placing.adopted(c, trip, delivery.office)
    trip = _addressed(c, trip, new.itinerary, delivery)
    resume(app, c, trip, delivery.actor)
    number = trips.add_itinerary(
        c, trip.id, new.itinerary, original=new.original, position=new.position, at=delivery.at
    )
    change = Change.NEW if found is None else Change.CHANGED
    return _Arrived(Stored(trip, number, new.itinerary, delivery.at), None, change)


def _again(
    app: Application, c: Connection, before: Arrival, itinerary: Itinerary, delivery: _Delivery
) -> _Arrived:
    """Take what had arrived before, with its advisory if it has one and the trip has not changed since.

    Where nobody could be written to then and an address is given now, the letter is still owed, as it is
    where the trip had been cancelled: the same itinerary counts as a new version, to be judged and told.
    """
    trip = trips.by_id(c, before.trip_id)
    if delivery.batch is not None:
        trip = placing.adopted(c, trip, delivery.office)
    known = _advisory_on(c, before)
    reachable = _addressed(c, trip, itinerary, delivery)
    is_owed = known is not None and reachable != trip
    trip = reachable
    if not resume(app, c, trip, delivery.actor) and not is_owed:
        return _Arrived(
            Stored(trip, before.itinerary_id, itinerary, before.added_at), known, Change.UNCHANGED
        )
    number = trips.add_itinerary(
        c, trip.id, itinerary, original=None, position=before.position, at=delivery.at
    )
    return _Arrived(Stored(trip, number, itinerary, delivery.at), None, Change.CHANGED)


def _addressed(c: Connection, trip: Trip, itinerary: Itinerary, delivery: _Delivery) -> Trip:
    """Let a trip whose letters had no address to go to have the one that is given now."""
    contact, language = recipient_of(itinerary, delivery.recipient, delivery.language)
    if not address_problem(trip.contact) or address_problem(contact):
        return trip
    return trips.readdress(c, trip, contact=contact, language=language)


def _advisory_on(c: Connection, before: Arrival) -> StoredAdvisory | None:
    newest = advisories.newest(c, before.trip_id)
    if newest is None or newest.itinerary_id == before.itinerary_id:
        return newest
    judged = trips.itinerary(c, newest.itinerary_id)
    return newest if trips.content_sha256(judged) == before.content_sha256 else None


def _trip_of(c: Connection, itinerary: Itinerary, delivery: _Delivery) -> Trip | None:
    """Return the trip whose booking this itinerary replaces; None where there is none."""
    contact, _ = recipient_of(itinerary, delivery.recipient, delivery.language)
    if itinerary.locators:
        for trip, known in trips.latest_of_contact(c, contact, but_not_from=delivery.original):
            if _may_be_theirs(trip, delivery.office) and replaces(itinerary, known):
                return trip
    return given_to_same(c, itinerary, contact, delivery.office, but_not_from=delivery.original)


def _new_trip(c: Connection, itinerary: Itinerary, delivery: _Delivery) -> Trip:
    contact, language = recipient_of(itinerary, delivery.recipient, delivery.language)
    return trips.new_trip(c, contact=contact, language=language, at=delivery.at, office=delivery.office)


def _may_be_theirs(trip: Trip, office: str) -> bool:
    """Say whether a trip may be one of an office: what another office booked is none of its concern."""
    return not trip.office or not office or trip.office == office


def _judged(
    app: Application, part: Understood, arrived: Sequence[_Arrived], actor: str
) -> Iterator[Received]:
    fresh = [each.waiting for each in arrived if each.known is None]
    made = dict(zip((each.itinerary_id for each in fresh), judge(app, fresh, actor), strict=True))
    for waiting, known, _ in arrived:
        judged = Judged(known.advisory, known.id, 0) if known else made[waiting.itinerary_id]
        yield Received(
            form=part.form,
            outcome=part.outcome,
            reason=part.reason,
            unread=part.unread,
            trip=waiting.trip,
            itinerary=waiting.itinerary,
            advisory=judged.advisory,
            advisory_id=judged.advisory_id,
            is_new=known is None,
            letters=judged.letters,
            nobody=address_problem(waiting.trip.contact),
        )
