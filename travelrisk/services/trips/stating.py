"""What a person states about a trip becomes a new version of it, judged like any other.

One way for every door: answers by mail, and answers and corrections on the trip's page. The document is read
again, or its draft taken where the document is not kept any more, and what was stated is put into what it
said, earlier statements first. Where it reads otherwise today than when it arrived, nothing is guessed: a
person looks.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.drafts import Draft
from travelrisk.domain.itineraries import Itinerary, Outcome
from travelrisk.domain.settling import settle
from travelrisk.domain.settling.correcting import ADDED, CORRECTIONS, NO_FLIGHT, Correction, restate
from travelrisk.domain.settling.stating import Stated, Tables
from travelrisk.intake.apart.sandbox import read_line
from travelrisk.intake.document import Document
from travelrisk.intake.words.moments import whole_date
from travelrisk.services.application import Application
from travelrisk.services.trips.judging import judge
from travelrisk.services.trips.mapping import mapped
from travelrisk.services.trips.understanding import drafts_of
from travelrisk.store import audit, drafts, originals, statements, trips
from travelrisk.store.audit import Word
from travelrisk.store.database import reading, transact
from travelrisk.store.originals import Original
from travelrisk.store.statements import Statement
from travelrisk.store.trips import Origin, Trip
from travelrisk.telling.refusals import is_refusal


class Restated(NamedTuple):
    """A version of a trip with statements in it; *used* and *refused* are all of them, in their order."""

    itinerary: Itinerary
    used: tuple[Statement, ...]
    refused: tuple[Statement, ...]


class Version(NamedTuple):
    """A version of a trip to be added, and who made it of the one *before*.

    Attributes:
        kind, actor: for the trail.
        mail_id: the mail it was stated in; None = on the page of the trip.
        check: is called with the trip held, before anything is added; it raises where that must not be.
    """

    before: int
    made: Restated
    kind: str
    actor: str
    mail_id: int | None = None
    check: Callable[[Connection], None] | None = None


class _Source(NamedTuple):
    """A version of a trip as its draft, with what it was settled by."""

    draft: Draft
    itinerary: Itinerary
    tables: Tables


def restated(app: Application, trip: Trip, itinerary_id: int, said: Sequence[Statement]) -> Restated | None:
    """Return a version of a trip with *said* in it; nothing is stored. None where it cannot be made again.

    Raises:
        StoreError: the database cannot be read.
    """
    source = _source(app, trip, itinerary_id)
    return None if source is None else _restated(app, source.draft, source.itinerary, said, source.tables)[1]


def add_version(app: Application, trip: Trip, version: Version) -> bool:
    """Make a version the newest of a trip, and judge it; False where the trip has changed since.

    Raises:
        StoreError: the database cannot be written.
    """
    number = transact(app.engine, partial(_add, app, trip, version))
    if number is None:
        return False
    with reading(app.engine) as c:
        stored = trips.stored(c, number)
    judge(app, [stored], version.actor)
    return True


def drafts_in(app: Application, original: Original, office: str, at: datetime) -> Iterator[Draft]:
    """Read a document again as when it arrived, and yield its bookings before they are settled."""
    document = Document(*original, context_date=at.date())
    return drafts_of(mapped(app, document, office, at))


def settled(app: Application, draft: Draft, at: datetime) -> Itinerary:
    """Return the itinerary of a draft as it was settled when its document arrived."""
    return settle(draft, app.atlas, app.book, draft.issued or at.date())


def _restated(
    app: Application, draft: Draft, known: Itinerary, said: Sequence[Statement], tables: Tables
) -> tuple[Draft, Restated | None]:
    """Put statements into a draft; None where one answers what *known* does not ask."""
    asked = {(each.code, each.segment, each.text): each for each in known.questions}
    given: list[Stated | Correction] = []
    for each in said:
        if each.code in CORRECTIONS:
            given.append(_correction(app, each, tables))
        elif each[:3] in asked:
            given.append(Stated(asked[each[:3]], each.value, whole_date(each.value), each.author))
        else:
            return draft, None
    done = restate(draft, known, given, tables)
    used = tuple(each for each, what in zip(said, given, strict=True) if what in done.used)
    refused = tuple(each for each, what in zip(said, given, strict=True) if what not in done.used)
    return done.draft, Restated(_settle(done.draft, tables), used, refused)


def _correction(app: Application, said: Statement, tables: Tables) -> Correction:
    value = said.value
    if said.code == NO_FLIGHT and is_refusal(value):
        value = ""  # no line of the document: what could not be read at all may hold any flight
    if said.code != ADDED:
        return Correction(said.code, said.segment, value, said.author)
    found = read_line(value, tables.context, app.atlas, app.book)
    drafts = found.drafts if found.outcome is Outcome.COMPLETE else ()
    lines = tuple(each for draft in drafts for each in draft.segments)
    return Correction(said.code, None, value, said.author, lines)


def _source(app: Application, trip: Trip, itinerary_id: int) -> _Source | None:
    """Return a version of a trip as it was read and restated; None where that cannot be done again."""
    with reading(app.engine) as c:
        versions = [each for each in trips.origins(c, trip.id) if each.itinerary_id <= itinerary_id]
        read = max((place for place, each in enumerate(versions) if each.original), default=None)
        if read is None:
            return None
        base = versions[read]
        kept, original = drafts.load(c, base.itinerary_id), None
        if kept is None and originals.is_kept(c, base.original or ""):
            original = originals.load(c, base.original or "")
        later = [statements.of_itinerary(c, each.itinerary_id) for each in versions[read + 1 :]]
        wanted = trips.itinerary(c, itinerary_id)
    draft = kept
    if original is not None:
        read_again = drafts_in(app, original, trip.office, base.added_at)
        draft = next(islice(read_again, base.position, None), None)
    return None if draft is None else _replayed(app, draft, base, later, wanted)


def _replayed(
    app: Application, draft: Draft, base: Origin, later: Sequence[Sequence[Statement]], wanted: Itinerary
) -> _Source | None:
    tables = Tables(app.atlas, app.book, draft.issued or base.added_at.date())
    itinerary = _settle(draft, tables)
    for said in filter(None, later):
        draft, made = _restated(app, draft, itinerary, said, tables)
        if made is None:
            return None
        itinerary = made.itinerary
    is_same = trips.content_sha256(itinerary) == trips.content_sha256(wanted)
    return _Source(draft, itinerary, tables) if is_same else None


def _settle(draft: Draft, tables: Tables) -> Itinerary:
    return settle(draft, tables.atlas, tables.book, tables.context)


def _add(app: Application, trip: Trip, version: Version, c: Connection) -> int | None:
    """Add the new version, unless the trip has changed since; only what was stated made it."""
    trips.hold(c, trip.id)
    if trips.history(c, trip.id)[-1].itinerary_id != version.before:
        return None
    if version.check is not None:
        version.check(c)
    at, made = app.clock(), version.made
    number = trips.add_itinerary(c, trip.id, made.itinerary, original=None, position=0, at=at)
    statements.add(c, number, version.mail_id, made.used, at)
    body: dict[str, Word] = {"before": version.before, "statements": [each.code for each in made.used]}
    if version.mail_id is not None:
        body["mail"] = version.mail_id
    audit.append(c, kind=version.kind, actor=version.actor, at=at, subject=f"itinerary:{number}", body=body)
    return number
