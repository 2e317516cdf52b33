"""The letters of a trip: as they were sent, as they would be in each language, and once more.

A letter is sent again only while it states the newest verdict, with the same body, and says that it repeats.
Whoever sends it may put a preface before it; the repetition of a prefaced letter is one of the letter alone.
"""

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.addresses import address
from travelrisk.mail.letters import compose
from travelrisk.mail.opened import Opened, opened
from travelrisk.mail.prefacing import Preface
from travelrisk.mail.render import Letter
from travelrisk.mail.repeating import repeated
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import facts_of
from travelrisk.services.trail import TERMINAL
from travelrisk.store import advisories, audit, bounces, notes, outbox, people, trips, units, unreleased
from travelrisk.store.database import reading, transact
from travelrisk.store.holds import ASIDE
from travelrisk.store.notes import Reply
from travelrisk.store.outbox import Sending
from travelrisk.store.trips import Trip
from travelrisk.store.units import Step

_UNDER_WAY: Final = ("queued", "leased")


class Sent(NamedTuple):
    """A letter of a trip, and why it came back; empty = it did not."""

    letter: Sending
    returned: str


class Repeat(NamedTuple):
    """A letter that would be sent again, and to whom."""

    reference: str
    letter_id: int
    letter: str
    recipient: str


class Correspondence(NamedTuple):
    """The letters of a trip and the replies to them, the oldest first.

    Attributes:
        again: the letter that may be sent once more.
        questions: of the travel unit to those who decide, with the names of who asked.
    """

    trip: Trip
    letters: tuple[Sent, ...]
    replies: tuple[Reply, ...]
    again: Repeat | None
    questions: tuple[tuple[str, Step], ...] = ()


def of_trip(app: Application, reference: str, office: str | None = None) -> Correspondence:
    """Return all that was written about a trip.

    Args:
        app: the parts of the service.
        reference: of the trip.
        office: of whoever looks, as for ``store.offices.within``.

    Raises:
        NotFoundError: there is no such trip, or not for them.
    """
    with reading(app.engine) as c:
        trip = _trip(c, reference, office)
        letters = _letters(c, trip)
        replies = notes.replies(c, trip.id)
        asked = [each for each in units.steps(c, [trip.id]).get(trip.id, ()) if each.kind == "asked"]
        names = {each.id: each.name for each in people.everybody(c)} if asked else {}
    questions = tuple((names.get(each.actor, each.actor), each) for each in asked)
    try:
        (again,) = repeatable(app, [reference], office=office)
    except (BadInputError, NotFoundError):
        return Correspondence(trip, letters, replies, None, questions)
    return Correspondence(trip, letters, replies, again, questions)


def letters_of(app: Application, reference: str) -> tuple[Sent, ...]:
    """Return the letters of a trip, the oldest first.

    Raises:
        NotFoundError: there is no such trip.
    """
    with reading(app.engine) as c:
        return _letters(c, _trip(c, reference))


def original(app: Application, letter_id: int) -> bytes:
    """Return a letter to the last byte.

    Raises:
        NotFoundError: there is no such letter.
    """
    with reading(app.engine) as c:
        return outbox.body(c, letter_id)


def preview(app: Application, reference: str) -> Mapping[Language, Letter]:
    """Write the letter of the newest answer in each language, and send none.

    Raises:
        NotFoundError: there is no such trip, or it has not been judged yet.
    """
    with reading(app.engine) as c:
        trip = _trip(c, reference)
        newest = advisories.newest(c, trip.id)
        if newest is None:
            raise NotFoundError(
                f"{trip.reference} has not been judged yet: run travelrisk worker --once judge"
            )
        itinerary = trips.itinerary(c, newest.itinerary_id)
    facts = facts_of(app, trip, itinerary, newest.advisory)
    return {language: compose(facts, language) for language in LANGUAGES}


def repeatable(
    app: Application, references: Sequence[str], to: str = "", office: str | None = None
) -> tuple[Repeat, ...]:
    """Return what ``repeat`` would send, and to whom; each trip once.

    Raises:
        NotFoundError: there is no such trip, or not for this office; or it has no letter.
        BadInputError: its last letter must not be sent again; the message says why.
    """
    with reading(app.engine) as c:
        found = [_repeatable(c, _trip(c, each, office), to) for each in references]
    return tuple(dict.fromkeys(found))


def preview_of(app: Application, wanted: Repeat, preface: Preface | None) -> Opened:
    """Return a letter as ``repeat`` would send it, and send none.

    Raises:
        BadInputError: it must not be sent again any more.
    """
    with reading(app.engine) as c:
        row = _still(c, _trip(c, wanted.reference), wanted)
        return opened(_repetition(app, c, row, wanted, preface)[1])


def repeat(
    app: Application, wanted: Sequence[Repeat], actor: str = TERMINAL, preface: Preface | None = None
) -> int:
    """Send letters again, each in a transaction that looks once more whether it still may; return how many.

    Args:
        app: the parts of the service.
        wanted: which ones, and to whom.
        actor: who asked for it, for the audit trail.
        preface: words of this person, to stand before each letter.

    Raises:
        BadInputError: one of them must not be sent again any more; those before it are in the outbox.
    """
    return sum(transact(app.engine, partial(_repeat, app, each, actor, preface)) for each in wanted)


def _repeat(app: Application, wanted: Repeat, actor: str, preface: Preface | None, c: Connection) -> bool:
    trip, now = _trip(c, wanted.reference), app.clock()
    row = _still(c, trip, wanted)
    if wanted.recipient != trip.contact:
        trips.readdress(c, trip, contact=wanted.recipient, language=trip.language)
    message_id, body = _repetition(app, c, row, wanted, preface)
    number = outbox.queue(
        c,
        trip_id=trip.id,
        advisory_id=row.advisory_id,
        letter=outbox.next_name(c, row.advisory_id, row.letter),
        language=row.language,
        recipient=wanted.recipient,
        message_id=message_id,
        body=body,
        at=now,
    )
    audit.append(
        c,
        kind="letter.repeated",
        actor=actor,
        at=now,
        subject=f"letter:{number}",
        body={
            "advisory": row.advisory_id,
            "repeats": row.id,
            **({"preface": preface.sha256} if preface else {}),
        },
    )
    return True


def _still(c: Connection, trip: Trip, wanted: Repeat) -> Row[Any]:
    if _repeatable(c, trip, wanted.recipient) != wanted:
        raise BadInputError(f"{trip.reference} has a newer letter by now: look at its letters again")
    return _last(c, trip)


def _repetition(
    app: Application, c: Connection, row: Row[Any], wanted: Repeat, preface: Preface | None
) -> tuple[str, bytes]:
    """Return the Message-ID and the bytes of a repetition, made of the letter as it was first written."""
    message_id = f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
    first = outbox.first_of(c, row.advisory_id, row.letter)
    return message_id, repeated(
        first,
        row.language,
        recipient=wanted.recipient,
        message_id=message_id,
        at=app.clock(),
        preface=preface,
    )


def _repeatable(c: Connection, trip: Trip, to: str) -> Repeat:
    row = _last(c, trip)
    if row.state in _UNDER_WAY and unreleased.are_kept_back(c, [trip.id]):
        raise BadInputError(f"{trip.reference}: its letter waits on the page of its batch: send it there")
    if row.state in _UNDER_WAY:
        raise BadInputError(f"{trip.reference}: its letter is still on its way; travelrisk worker sends it")
    if row.state == "hold" and row.last_reply == ASIDE:
        raise BadInputError(
            f"{trip.reference}: its letter was put aside after a restore; travelrisk release --with-letters"
            " queues it again"
        )
    if row.state == "hold":
        raise BadInputError(f"{trip.reference}: its letter was changed after it was written; screen it again")
    return Repeat(trip.reference, row.id, outbox.plain_name(row.letter), to or trip.contact)


def _last(c: Connection, trip: Trip) -> Row[Any]:
    row = outbox.last_said(c, trip.id)
    if row is None:
        raise NotFoundError(f"{trip.reference} has no letter that states its newest verdict")
    return row


def _letters(c: Connection, trip: Trip) -> tuple[Sent, ...]:
    returned = {each.letter_id: each.reply for each in bounces.of_trip(c, trip.id)}
    return tuple(Sent(each, returned.get(each.id, "")) for each in outbox.of_trip(c, trip.id))


def _trip(c: Connection, reference: str, office: str | None = None) -> Trip:
    trip = trips.of_office(c, reference, office)
    if trip is None:
        raise NotFoundError(f"there is no trip {reference.strip().upper()}")
    return trip
