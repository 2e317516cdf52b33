"""One trip as its traveller sees it: the itinerary, the newest answer, and all that happened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory, Difference, difference
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.broadcasts import words_of
from travelrisk.services.application import Application
from travelrisk.services.letters.resending import again
from travelrisk.services.trips.replay import Replayed, replay
from travelrisk.store import (
    advisories,
    bounces,
    broadcasts,
    calendars,
    cancellations,
    given_addresses,
    notes,
    outbox,
    statements,
    trips,
    undelivered,
    versions,
)
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.cancellations import Cancellation
from travelrisk.store.database import reading
from travelrisk.store.given_addresses import Given
from travelrisk.store.notes import Note
from travelrisk.store.outbox import Sending, plain_name
from travelrisk.store.statements import Statement
from travelrisk.store.trips import Trip
from travelrisk.store.unaddressed import UNADDRESSED
from travelrisk.store.undelivered import Past
from travelrisk.store.versions import Version

# In this order, in one instant.
_KINDS = (
    "received",
    "stated",
    "taken_back",
    "addressed",
    "judged",
    "unaddressed",
    "letter",
    "broadcast",
    "safe",
    "help",
    "noted",
    "returned",
    "told",
    "cancelled",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a trip.

    Attributes:
        kind: ``received`` (with *itinerary*, and *earlier* where it takes the place of one), ``stated`` (the
            same, by what *said* holds), ``judged`` (with
            all from *verdict* to *change*), ``letter`` (with *letter*, *state*, *language*), ``noted`` (a
            reply: its words in *text*, and the *letter* that it answers, empty = not known), ``returned``
            (with the *letter* that came back, and why in *text*), ``broadcast`` (what the travel unit wrote:
            its subject in *text*, with *state* and *language*), ``safe`` or ``help`` (what was answered to
            that, with a note in *text*), ``unaddressed`` (a warning had no address to go to), ``addressed``
            (the desk gave one, with *language*), ``told`` (a person told the traveller of a warning that no
            letter brought), ``cancelled`` or ``taken_back``.
        number: id of the advisory or letter, for its page, and of the warning that is told of; 0 for what has
            none.
        source: name of the document that it came from; empty where there was none.
        before: the verdict until then; None = the first.
        change: how the answer differs from the one before; None where that was on another booking.
    """

    at: datetime
    kind: Literal[
        "received",
        "stated",
        "addressed",
        "judged",
        "unaddressed",
        "letter",
        "broadcast",
        "safe",
        "help",
        "noted",
        "returned",
        "told",
        "cancelled",
        "taken_back",
    ]
    number: int = 0
    source: str = ""
    itinerary: Itinerary | None = None
    earlier: Itinerary | None = None
    verdict: Verdict | None = None
    before: Verdict | None = None
    edition: int | None = None
    advisory: Advisory | None = None
    change: Difference | None = None
    letter: str = ""
    state: str = ""
    language: Language | None = None
    text: str = ""
    said: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class TripView:
    """A trip with its newest itinerary and answer (None while it is being judged) and its timeline.

    Attributes:
        again: id of the letter that may be sent once more; None = none may.
        calendar_since: since when there is a calendar of all trips of the contact; None = there is none.
    """

    trip: Trip
    itinerary: Itinerary
    newest: StoredAdvisory | None
    entries: tuple[Entry, ...]
    is_cancelled: bool = False
    again: int | None = None
    calendar_since: datetime | None = None


def view(app: Application, token: str) -> TripView:
    """Return the trip that *token* opens.

    Raises:
        NotFoundError: no trip has this token; the same answer for whatever a stranger tries.
    """
    with reading(app.engine) as c:
        return view_of(c, opened(c, token))


def view_of(c: Connection, trip: Trip) -> TripView:
    """Return all that is known of a trip that whoever looks may see.

    Raises:
        NotFoundError: it has no booking.
    """
    history = versions.of_trip(c, trip.id)
    if not history:
        raise NotFoundError("there is no such trip")
    judged = advisories.of_trip(c, trip.id)
    letters = outbox.of_trip(c, trip.id)
    said = statements.of_trip(c, trip.id)
    calls = cancellations.of_trip(c, trip.id)
    replies, returned = notes.of_trip(c, trip.id), bounces.of_trip(c, trip.id)
    calendar_since = calendars.made_at(c, trip.contact)
    repeatable = again(c, trip, letters)
    spoken = [
        *_broadcast(broadcasts.letters_of_trip(c, trip.id)),
        *(Entry(each.at, each.answer, text=each.note) for each in broadcasts.answers_of_trip(c, trip.id)),
    ]
    itineraries = {each.itinerary_id: each.itinerary for each in history}
    entries = [
        *_received(history, said),
        *_judged(judged, itineraries),
        *map(_letter, letters),
        *_noted(replies, letters),
        *(Entry(each.at, "returned", letter=plain_name(each.letter), text=each.reply) for each in returned),
        *_reached_nobody(undelivered.of_trip(c, trip.id), judged),
        *_called_off(calls),
        *_addressed(given_addresses.of_trip(c, trip.id)),
        *spoken,
    ]
    entries.sort(key=lambda entry: (entry.at, _KINDS.index(entry.kind)), reverse=True)
    is_cancelled = any(each.taken_back_at is None for each in calls)
    return TripView(
        trip,
        history[-1].itinerary,
        judged[-1] if judged else None,
        tuple(entries),
        is_cancelled=is_cancelled,
        again=repeatable,
        calendar_since=calendar_since,
    )


def opened(c: Connection, token: str) -> Trip:
    """Return the trip that *token* opens.

    Raises:
        NotFoundError: no trip has this token.
    """
    trip = trips.find(c, token)
    if trip is None:
        raise NotFoundError("there is no such trip")
    return trip


@dataclass(frozen=True, slots=True)
class MadeAgain:
    """An answer on a trip, with what it was given on, and as it is made again from what was known then."""

    trip: Trip
    itinerary: Itinerary
    replayed: Replayed


def made_again(app: Application, token: str, advisory_id: int) -> MadeAgain:
    """Make an answer on a trip again.

    Raises:
        NotFoundError: no trip has this token, or it has no such answer.
    """
    with reading(app.engine) as c:
        trip = opened(c, token)
        stored = advisories.load(c, advisory_id)
        if stored.trip_id != trip.id:
            raise NotFoundError(f"{trip.reference} has no advisory {advisory_id}")
        itinerary = trips.itinerary(c, stored.itinerary_id)
    return MadeAgain(trip, itinerary, replay(app, advisory_id))


def _received(history: Sequence[Version], said: Mapping[int, tuple[Statement, ...]]) -> Iterator[Entry]:
    yield _arrival(history[0], None)
    for before, each in pairwise(history):
        if each.itinerary_id in said:
            stated, known = said[each.itinerary_id], before.itinerary
            yield Entry(each.added_at, "stated", itinerary=each.itinerary, earlier=known, said=stated)
        elif each.itinerary != before.itinerary or each.name is not None:
            # else it was only asked about again
            yield _arrival(each, before.itinerary)


def _arrival(version: Version, earlier: Itinerary | None) -> Entry:
    return Entry(
        version.added_at,
        "received",
        source=version.name or "",
        itinerary=version.itinerary,
        earlier=earlier,
    )


def _judged(stored: Sequence[StoredAdvisory], itineraries: dict[int, Itinerary]) -> Iterator[Entry]:
    before: StoredAdvisory | None = None
    for each in stored:
        advisory, itinerary = each.advisory, itineraries[each.itinerary_id]
        is_same = before is not None and itineraries[before.itinerary_id] == itinerary
        yield Entry(
            advisory.at,
            "judged",
            number=each.id,
            itinerary=itinerary,
            verdict=advisory.verdict,
            before=before.advisory.verdict if before else None,
            edition=advisory.edition,
            advisory=advisory,
            change=difference(before.advisory, advisory) if before and is_same else None,
        )
        before = each


def _letter(sending: Sending) -> Entry:
    return Entry(
        sending.settled_at or sending.queued_at,
        "letter",
        number=sending.id,
        letter=plain_name(sending.letter),
        state=sending.state,
        language=sending.language,
    )


def _noted(replies: Sequence[Note], letters: Sequence[Sending]) -> Iterator[Entry]:
    names = {each.id: plain_name(each.letter) for each in letters}
    for each in replies:
        yield Entry(each.at, "noted", letter=names.get(each.letter_id or 0, ""), text=each.text)


def _broadcast(letters: Sequence[broadcasts.OfTrip]) -> Iterator[Entry]:
    for each in letters:
        yield Entry(
            each.at,
            "broadcast",
            state=each.state,
            language=each.language,
            text=words_of(each.body).in_short(each.language),
        )


def _reached_nobody(warnings: Sequence[Past], judged: Sequence[StoredAdvisory]) -> Iterator[Entry]:
    answers = {each.id: each.advisory for each in judged}
    for each in warnings:
        warning = answers[each.advisory_id]
        entry = Entry(
            warning.at,
            "unaddressed",
            number=each.advisory_id,
            verdict=warning.verdict,
            edition=warning.edition,
        )
        if each.reason == UNADDRESSED:
            yield entry
        if each.told_at is not None:
            yield replace(entry, at=each.told_at, kind="told")


def _addressed(given: Sequence[Given]) -> Iterator[Entry]:
    return (Entry(each.at, "addressed", language=each.language) for each in given)


def _called_off(calls: Sequence[Cancellation]) -> Iterator[Entry]:
    for each in calls:
        yield Entry(each.at, "cancelled")
        if each.taken_back_at is not None:
            yield Entry(each.taken_back_at, "taken_back")
